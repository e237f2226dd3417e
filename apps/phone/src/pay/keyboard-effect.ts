import { useEffect, useEffectEvent } from 'react';

const named: Readonly<Record<string, string>> = { Backspace: 'back', Delete: 'clear' };

/** On a computer the keyboard types the password too. */
export const useKeyboard = (onKey: (key: string) => void): void => {
  const press = useEffectEvent(onKey);
  // A window listener: there is no field that could hold the focus, on purpose.
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const key = /^\d$/.test(event.key) ? event.key : named[event.key];
      if (key === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      press(key);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
};
