import { type DesKeyInput, desKey } from './des.ts';
import { decimalDigits, demand, nibbleAt, pack, panPattern, pinPattern } from './nibbles.ts';

/** How an issuer derives natural PINs: which PAN digits, what fills them to sixteen, and the decimalisation table. */
export type Ibm3624Rule = { start: number; length: number; pad: string; table: string };

/** The rightmost twelve PAN digits without the check digit (`start` counts from the end when negative). */
export const usualIbm3624Rule: Ibm3624Rule = { start: -13, length: 12, pad: 'F', table: '0123456789012345' };

/** The first `length` digits of a card's natural PIN (IBM 3624), sixteen at most. Throws `pan-format`, `table-format`. */
export const ibm3624NaturalPin = (
  { key, pan, length }: { key: DesKeyInput; pan: string; length: number },
  rule: Ibm3624Rule = usualIbm3624Rule,
): string => {
  demand(pan, panPattern, 'pan-format');
  demand(rule.table, /^\d{16}$/, 'table-format');
  demand(rule.pad, /^[0-9A-Fa-f]$/, 'table-format');
  const start = rule.start < 0 ? pan.length + rule.start : rule.start;
  const data = pan.slice(Math.max(0, start), start + rule.length).padEnd(16, rule.pad);
  const enciphered = desKey(key).encrypt(pack(data));
  let pin = '';
  for (let place = 0; place < length; place += 1) pin += rule.table.charAt(nibbleAt(enciphered, place));
  return pin;
};

/** What to add, digit by digit modulo 10, to the natural PIN to get the customer's. */
export const ibm3624Offset = (
  { key, pan, pin }: { key: DesKeyInput; pan: string; pin: string },
  rule: Ibm3624Rule = usualIbm3624Rule,
): string => {
  demand(pin, pinPattern, 'pin-format');
  const natural = ibm3624NaturalPin({ key, pan, length: pin.length }, rule);
  let offset = '';
  for (let index = 0; index < pin.length; index += 1)
    offset += (pin.charCodeAt(index) - natural.charCodeAt(index) + 10) % 10;
  return offset;
};

/** The customer's PIN out of its offset (4 to 12 digits): what an issuer prints on a PIN letter. Throws `pin-format`. */
export const ibm3624Pin = (
  { key, pan, offset }: { key: DesKeyInput; pan: string; offset: string },
  rule: Ibm3624Rule = usualIbm3624Rule,
): string => {
  demand(offset, pinPattern, 'pin-format');
  const natural = ibm3624NaturalPin({ key, pan, length: offset.length }, rule);
  let pin = '';
  for (let index = 0; index < offset.length; index += 1)
    pin += (Number(natural.charAt(index)) + Number(offset.charAt(index))) % 10;
  return pin;
};

/** PIN verification value: eleven PAN digits, key index, first four PIN digits. Later PIN digits do not enter. */
export const pvv = ({
  key,
  keyIndex,
  pan,
  pin,
}: {
  key: DesKeyInput;
  keyIndex: string;
  pan: string;
  pin: string;
}): string => {
  demand(pan, panPattern, 'pan-format');
  demand(pin, pinPattern, 'pin-format');
  demand(keyIndex, /^\d$/, 'card-data-format');
  const data = pack(pan.slice(-12, -1) + keyIndex + pin.slice(0, 4));
  return decimalDigits(desKey(key).encrypt(data), 4);
};
