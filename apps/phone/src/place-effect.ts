import { useSyncExternalStore } from 'react';
import { hashOf, type Place, placeOf } from './place.ts';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

export const usePlace = (): Place => placeOf(useSyncExternalStore(subscribe, () => location.hash));

export const goTo = (place: Place): void => {
  location.hash = hashOf(place);
};

/** As the phone's own back gesture; a screen opened by its address alone goes home instead of away. */
export const goBack = (): void => {
  if (history.length > 1) history.back();
  else goTo({ screen: 'home' });
};
