import type { DesKeyInput } from './des.ts';
import { x919Mac } from './mac.ts';
import { decimalDigits, demand, pack, panPattern } from './nibbles.ts';

/**
 * Card verification value (CVV, UnionPay's CVN), three digits. `expiry` is YYMM. The service code is the stripe's own;
 * 000 gives the value printed on the card, 999 the chip's.
 */
export const cvv = ({
  key,
  pan,
  expiry,
  serviceCode,
}: {
  key: DesKeyInput;
  pan: string;
  expiry: string;
  serviceCode: string;
}): string => {
  demand(pan, panPattern, 'pan-format');
  demand(expiry + serviceCode, /^\d{7}$/, 'card-data-format');
  return decimalDigits(x919Mac(key, pack((pan + expiry + serviceCode).padEnd(32, '0'))), 3);
};
