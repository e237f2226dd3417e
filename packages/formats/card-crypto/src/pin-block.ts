import { fromHex, hex, xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';

/**
 * ISO 9564-1 PIN block formats over 8 bytes. 0 and 3 bind the PIN to a PAN; 1 and 2 do not. UnionPay's "without PAN"
 * (field 53 digit 1 = 1) is format 0 with a PAN of zeros. `fill` gives the random digits a format asks for: as many
 * hexadecimal digits as make fourteen with the PIN (any for format 1, A to F for format 3).
 */
export type PinBlockRequest =
  | { format: '0'; pin: string; pan: string }
  | { format: '1'; pin: string; fill: string }
  | { format: '2'; pin: string }
  | { format: '3'; pin: string; pan: string; fill: string };

export type PinBlock = { format: '0' | '3'; block: Uint8Array; pan: string } | { format: '1' | '2'; block: Uint8Array };

const fillPatterns = { 0: /^F*$/, 1: /^[0-9A-F]*$/, 2: /^F*$/, 3: /^[A-F]*$/ } as const;
const fieldDigits = 14;

/** Throws `CryptoError` `pin-format` (4 to 12 digits), `pan-format`, `fill-format`. */
export const pinBlockEncode = (request: PinBlockRequest): Uint8Array => {
  const { format, pin } = request;
  if (!/^\d{4,12}$/.test(pin)) throw new CryptoError('pin-format');
  const fill = 'fill' in request ? request.fill : 'F'.repeat(fieldDigits - pin.length);
  if (fill.length !== fieldDigits - pin.length || !fillPatterns[format].test(fill))
    throw new CryptoError('fill-format');
  const field = fromHex(format + pin.length.toString(16) + pin + fill);
  return 'pan' in request ? xor(field, panField(request.pan)) : field;
};

/** The PIN of a clear block. Throws `pin-format` when the block is not of that format, which a wrong key looks like. */
export const pinBlockDecode = (request: PinBlock): string => {
  const { format, block } = request;
  if (block.length !== 8) throw new CryptoError('pin-format');
  const field = hex('pan' in request ? xor(block, panField(request.pan)) : block);
  const length = Number.parseInt(field.charAt(1), 16);
  const pin = field.slice(2, 2 + length);
  const sound = field.startsWith(format) && length >= 4 && length <= 12 && /^\d+$/.test(pin);
  if (!sound || !fillPatterns[format].test(field.slice(2 + length))) throw new CryptoError('pin-format');
  return pin;
};

/** 0000 and the rightmost twelve digits of the PAN, its check digit left out. Throws `pan-format`. */
const panField = (pan: string): Uint8Array => {
  if (!/^\d{12,19}$/.test(pan)) throw new CryptoError('pan-format');
  const field = new Uint8Array(8);
  for (let index = Math.max(0, pan.length - 13), place = index - pan.length + 17; index < pan.length - 1; index += 1) {
    const nibble = pan.charCodeAt(index) & 15;
    field[place >> 1] = (field[place >> 1] ?? 0) | (place % 2 === 0 ? nibble << 4 : nibble);
    place += 1;
  }
  return field;
};
