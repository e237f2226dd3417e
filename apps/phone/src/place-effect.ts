import { useSyncExternalStore } from 'react';
import { hashOf, type Place, placeOf } from './place.ts';

const moved = 'popstate';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener(moved, listener);
  return () => window.removeEventListener(moved, listener);
};

/** How many screens of ours lie before this one; the browser keeps it with the entry of its history. */
const stepsBefore = (): number => {
  const state = history.state as { steps?: unknown } | null;
  return typeof state?.steps === 'number' ? state.steps : 0;
};

export const usePlace = (): Place => placeOf(useSyncExternalStore(subscribe, () => location.hash));

export const goTo = (place: Place): void => {
  history.pushState({ steps: stepsBefore() + 1 }, '', hashOf(place));
  window.dispatchEvent(new PopStateEvent(moved));
};

/** Another side of the same screen: going back passes it by. */
export const turnTo = (place: Place): void => {
  history.replaceState({ steps: stepsBefore() }, '', hashOf(place));
  window.dispatchEvent(new PopStateEvent(moved));
};

/** As the phone's own back gesture; a screen that was opened by its address leads home and not out of the phone. */
export const goBack = (): void => (stepsBefore() > 0 ? history.back() : turnTo({ screen: 'home' }));

/** All the way back, so that home has nothing behind it. */
export const goHome = (): void => {
  const steps = stepsBefore();
  if (steps > 0) history.go(-steps);
  turnHomeUnlessThere(steps);
};

/** The first of our screens need not have been home. */
const turnHomeUnlessThere = (steps: number): void => {
  const turn = (): void => {
    if (placeOf(location.hash).screen !== 'home') turnTo({ screen: 'home' });
  };
  if (steps > 0) window.addEventListener(moved, turn, { once: true });
  else turn();
};
