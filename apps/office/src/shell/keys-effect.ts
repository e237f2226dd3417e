import { type RefObject, useEffect, useEffectEvent } from 'react';

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

/** Esc leaves what is open beside the rows, wherever the focus is. */
export const useEscape = (leave: () => void): void => {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) leave();
  });
  // A key of the whole page has no element of its own to listen on.
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
};

/** `/` goes to the search box, unless something is being typed elsewhere. */
export const useSearchKey = (box: RefObject<HTMLInputElement | null>): void => {
  // A key of the whole page has no element of its own to listen on.
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, [box]);
};
