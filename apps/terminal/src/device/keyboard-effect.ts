import type { Key } from '@zhanggui/terminal';
import { useEffect, useEffectEvent } from 'react';

const named: Readonly<Record<string, Key>> = {
  Enter: 'confirm',
  Escape: 'cancel',
  Backspace: 'clear',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

const keyOf = (event: KeyboardEvent): Key | undefined =>
  /^\d$/.test(event.key) ? (event.key as Key) : named[event.key];

const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, input, textarea, [role="dialog"]') !== null;

/** The keyboard of a computer stands in for the keys of the device; a focused control keeps its own Enter. */
export const useKeyboard = (onKey: (key: Key) => void): void => {
  const press = useEffectEvent(onKey);
  // A window listener: the device has no field that could hold the focus.
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const key = keyOf(event);
      if (key === undefined || isElsewhere(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      press(key);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
};
