import { createContext, useContext, useSyncExternalStore } from 'react';
import type { FaceState, TerminalWire } from './ports.ts';

export const WireContext = createContext<TerminalWire | undefined>(undefined);

export const useWire = (): TerminalWire => {
  const wire = useContext(WireContext);
  if (!wire) throw new Error('the face is mounted inside its wire');
  return wire;
};

export const useFaceState = (): FaceState => {
  const wire = useWire();
  return useSyncExternalStore(wire.subscribe, wire.state);
};
