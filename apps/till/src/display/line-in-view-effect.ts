import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Scrolls the list so that the changed row is seen; how far a list is scrolled is known to the browser alone. */
export const useLineInView = (lines: unknown): RefObject<HTMLOListElement | null> => {
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[data-changed]')?.scrollIntoView({ block: 'nearest' });
  }, [lines]);
  return list;
};
