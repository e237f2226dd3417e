import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Till } from './till.ts';
import type { TillState } from './till-state.ts';

const TillContext = createContext<Till | undefined>(undefined);
export const TillProvider = TillContext;

export const useTill = (): Till => {
  const till = useContext(TillContext);
  if (!till) throw new RangeError('a screen stands inside TillProvider');
  return till;
};

/** One narrow piece of the till's state; never build a fresh object in the selector. */
export const useTillState = <Piece>(select: (state: TillState) => Piece): Piece => useStore(useTill().store, select);
