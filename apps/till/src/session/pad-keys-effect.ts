import type { PadKey } from '@zhanggui/ui';
import { useEffect, useEffectEvent } from 'react';

/** Digits, Backspace and Enter of a real keyboard, for screens where the number pad is the only field. */
export const usePadKeys = (onKey: (key: PadKey) => void, onEnter: () => void): void => {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    const digit = /^[0-9]$/.exec(event.key)?.[0] as PadKey | undefined;
    if (digit) onKey(digit);
    else if (event.key === 'Backspace') onKey('back');
    else if (event.key === '.') onKey('.');
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) onEnter();
  });
  // A keyboard is a device outside React.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
};
