import { type RefObject, useEffect, useRef } from 'react';

/** Keeps the changed line in sight: scrolling a list is done to the page, not to React. */
export const useFollowChanged = (changedCount: number): RefObject<HTMLOListElement | null> => {
  const list = useRef<HTMLOListElement>(null);
  // The line is on the page only after React has drawn it.
  useEffect(() => {
    if (changedCount > 0) list.current?.querySelector('[data-changed]')?.scrollIntoView({ block: 'nearest' });
  }, [changedCount]);
  return list;
};
