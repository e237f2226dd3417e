import type { PadKey } from '@zhanggui/ui';
import { useEffect, useRef } from 'react';

/** Digits, Backspace and Enter of a real keyboard, for screens where the number pad is the only field. */
export const usePadKeys = (onKey: (key: PadKey) => void, onEnter: () => void): void => {
  const handlers = useRef({ onKey, onEnter });
  handlers.current = { onKey, onEnter };
  // A keyboard is a device outside React; the newest handlers are called without listening anew.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      const digit = /^[0-9]$/.exec(event.key)?.[0] as PadKey | undefined;
      if (digit) handlers.current.onKey(digit);
      else if (event.key === 'Backspace') handlers.current.onKey('back');
      else if (event.key === '.') handlers.current.onKey('.');
      else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) handlers.current.onEnter();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
};
