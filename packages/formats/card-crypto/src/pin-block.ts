import { xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { demand, nibbleAt, pack, panPattern, pinPattern } from './nibbles.ts';

/**
 * ISO 9564-1 PIN block formats over 8 bytes. 0 and 3 bind the PIN to a PAN; 1 and 2 do not. `without-pan` is UnionPay's
 * (field 53 digit 1 = 1): format 0 with a PAN of zeros. Format 4 is enciphered in one go with its AES key:
 * `pinBlock4Encrypt`. `fill` gives the random digits a format asks for: as many
 * hexadecimal digits as make fourteen with the PIN (any for format 1, A to F for format 3).
 */
export type PinBlockRequest =
  | { format: '0'; pin: string; pan: string }
  | { format: '1'; pin: string; fill: string }
  | { format: '2'; pin: string }
  | { format: '3'; pin: string; pan: string; fill: string }
  | { format: 'without-pan'; pin: string };

export type PinBlock =
  | { format: '0' | '3'; block: Uint8Array; pan: string }
  | { format: '1' | '2' | 'without-pan'; block: Uint8Array };

/** The least digit that may fill a block behind the PIN; the greatest is F. */
const leastFill = { 0: 0xf, 1: 0, 2: 0xf, 3: 0xa, 'without-pan': 0xf } as const;
const digitOf = (format: PinBlock['format']): string => (format === 'without-pan' ? '0' : format);
const fieldPlaces = 16;

/** Throws `CryptoError` `pin-format` (4 to 12 digits), `pan-format`, `fill-format`. */
export const pinBlockEncode = (request: PinBlockRequest): Uint8Array => {
  const { format, pin } = request;
  demand(pin, pinPattern, 'pin-format');
  const fill = 'fill' in request ? request.fill : 'F'.repeat(14 - pin.length);
  demand(fill, /^[0-9A-F]*$/, 'fill-format');
  if (fill.length !== 14 - pin.length) throw new CryptoError('fill-format');
  const field = pack(digitOf(format) + pin.length.toString(16) + pin + fill);
  if (!isFilled(field, 2 + pin.length, leastFill[format])) throw new CryptoError('fill-format');
  return 'pan' in request ? xor(field, panField(request.pan)) : field;
};

/** The PIN of a clear block. Throws `pin-format` when the block is not of that format, which a wrong key looks like. */
export const pinBlockDecode = (request: PinBlock): string => {
  const { format, block } = request;
  if (block.length !== 8) throw new CryptoError('pin-format');
  const field = 'pan' in request ? xor(block, panField(request.pan)) : block;
  const end = 2 + nibbleAt(field, 1);
  let pin = '';
  for (let place = 2; place < end; place += 1) pin += nibbleAt(field, place);
  const isSound = nibbleAt(field, 0) === Number(digitOf(format)) && pin.length === end - 2 && pinPattern.test(pin);
  if (!isSound || !isFilled(field, end, leastFill[format])) throw new CryptoError('pin-format');
  return pin;
};

const isFilled = (field: Uint8Array, from: number, least: number): boolean => {
  for (let place = from; place < fieldPlaces; place += 1) if (nibbleAt(field, place) < least) return false;
  return true;
};

/** 0000 and the rightmost twelve digits of the PAN, its check digit left out. Throws `pan-format`. */
const panField = (pan: string): Uint8Array => {
  demand(pan, panPattern, 'pan-format');
  return pack(pan.slice(-13, -1).padStart(fieldPlaces, '0'));
};
