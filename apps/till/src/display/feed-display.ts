import type { Counter } from '../counter.ts';
import { displaySnapshot, isSeen } from './display-snapshot.ts';

/** Shows the customer every change that concerns them. Returns its end. */
export const feedDisplay = ({ store, ports }: Counter): (() => void) =>
  store.subscribe((state, before) => {
    if (isSeen(state, before)) ports.display.show(displaySnapshot(state));
  });
