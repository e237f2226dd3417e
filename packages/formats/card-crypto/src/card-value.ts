import { emvUdk } from './cryptogram.ts';
import type { DesKeyInput } from './des.ts';
import { x919Mac } from './mac.ts';
import { decimalDigits, demand, pack, panPattern } from './nibbles.ts';

export type CardValueInput = { key: DesKeyInput; pan: string; expiry: string; serviceCode: string };

/**
 * Card verification value (CVV, UnionPay's CVN), three digits. `expiry` is YYMM. The service code is the stripe's own;
 * 000 gives the value printed on the card, 999 the chip's.
 */
export const cvv = ({ key, pan, expiry, serviceCode }: CardValueInput): string => {
  demand(pan, panPattern, 'pan-format');
  demand(expiry + serviceCode, /^\d{7}$/, 'card-data-format');
  return decimalDigits(x919Mac(key, pack((pan + expiry + serviceCode).padEnd(32, '0'))), 3);
};

/** CVV2, the value printed on the card: service code 000. Some schemes put the expiry in as MMYY. */
export const cvv2 = (card: Omit<CardValueInput, 'serviceCode'>): string => cvv({ ...card, serviceCode: '000' });

/** iCVV, the value in the chip's track 2 equivalent: service code 999. */
export const icvv = (card: Omit<CardValueInput, 'serviceCode'>): string => cvv({ ...card, serviceCode: '999' });

/**
 * dCVV of a contactless stripe: a CVV under the card's own key (`mdk` is the issuer's MK-AC), where `counter`, four digits of
 * the transaction counter as the track carries them, stands in the place of the first four PAN digits.
 */
export const dcvv = ({
  mdk,
  psn,
  counter,
  ...card
}: Omit<CardValueInput, 'key'> & { mdk: DesKeyInput; psn: string; counter: string }): string => {
  demand(counter, /^\d{4}$/, 'card-data-format');
  const key = emvUdk({ mdk, pan: card.pan, psn });
  return cvv({ ...card, key, pan: counter + card.pan.slice(4) });
};
