import type { PhoneView } from '@zhanggui/api/contract';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { PhoneState, PhoneWire } from './ports.ts';
import type { Session, SessionEvent } from './session.ts';

export const WireContext = createContext<PhoneWire | undefined>(undefined);

/** The phone after its first view: every screen stands on one. */
export type OpenPhone = Readonly<{
  view: PhoneView;
  /** How far the server's clock is ahead of this device's. */
  aheadMs: number;
  session: Session;
  tell: (event: SessionEvent) => void;
}>;
export const PhoneContext = createContext<OpenPhone | undefined>(undefined);

export const useWire = (): PhoneWire => {
  const wire = useContext(WireContext);
  if (!wire) throw new Error('the phone is mounted inside its wire');
  return wire;
};

export const usePhoneState = (): PhoneState => {
  const wire = useWire();
  return useSyncExternalStore(wire.subscribe, wire.state);
};

export const usePhone = (): OpenPhone => {
  const phone = useContext(PhoneContext);
  if (!phone) throw new Error('a screen is shown after the first view');
  return phone;
};
