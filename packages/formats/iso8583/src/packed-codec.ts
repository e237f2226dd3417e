import { fail } from './codec-error.ts';
import { measureText, type Source, type ValueCodec } from './source.ts';

type Align = 'left' | 'right';

/** Characters by the half byte that carries them. D is the separator of a track. */
const NIBBLE_CHARACTERS = '0123456789ABC=EF';
const NO_NIBBLE = 0xff;
const NIBBLES = Uint8Array.from({ length: 256 }, (_, code) => {
  const nibble = NIBBLE_CHARACTERS.indexOf(String.fromCharCode(code));
  return nibble === -1 ? NO_NIBBLE : nibble;
});

const DECIMAL_MAX = 9;
const TRACK_MAX = 15;

export const packedSize = (digits: number): number => (digits + 1) >> 1;

const nibbleAt = (value: string, index: number, nibbleMax: number, field: string): number => {
  const nibble = NIBBLES[value.charCodeAt(index)] ?? NO_NIBBLE;
  return nibble > nibbleMax ? fail('value-malformed', field) : nibble;
};

type Packing = { readonly align: Align; readonly nibbleMax: number; readonly spare: number };

/** An odd count leaves one half byte over, on the side away from the digits. */
const putPacked = (
  { align, nibbleMax, spare }: Packing,
  out: Uint8Array,
  start: number,
  value: string,
  field: string,
): number => {
  let at = start;
  let index = 0;
  if ((value.length & 1) === 1 && align === 'right') {
    out[at] = (spare << 4) | nibbleAt(value, 0, nibbleMax, field);
    at += 1;
    index = 1;
  }
  for (; index < value.length; index += 2) {
    const low = index + 1 < value.length ? nibbleAt(value, index + 1, nibbleMax, field) : spare;
    out[at] = (nibbleAt(value, index, nibbleMax, field) << 4) | low;
    at += 1;
  }
  return at;
};

const ZERO = 0x30;

const digitAt = (value: string, index: number): number => value.charCodeAt(index) - ZERO;

/** Decimal digits only, and zero as the spare half byte: nearly all that is packed. */
export const putDigits = (align: Align, out: Uint8Array, start: number, value: string, field: string): number => {
  const count = value.length;
  let at = start;
  let index = 0;
  let isSound = true;
  if ((count & 1) === 1 && align === 'right') {
    const low = digitAt(value, 0);
    isSound = low >= 0 && low <= 9;
    out[at] = low;
    at += 1;
    index = 1;
  }
  for (; index < count; index += 2) {
    const high = digitAt(value, index);
    const low = index + 1 < count ? digitAt(value, index + 1) : 0;
    isSound &&= high >= 0 && high <= 9 && low >= 0 && low <= 9;
    out[at] = (high << 4) | low;
    at += 1;
  }
  return isSound ? at : fail('value-malformed', field);
};

export const isDecimal = (byte: number): boolean => byte >> 4 <= 9 && (byte & 0x0f) <= 9;

/** Two digits of every byte and four of every pair of bytes; nothing where a half byte is no decimal digit. */
const TWO_DIGITS = Array.from({ length: 0x100 }, (_, byte) =>
  isDecimal(byte) ? byte.toString(16).padStart(2, '0') : '',
);
const FOUR_DIGITS = Array.from({ length: 0x1_0000 }, (_, pair) =>
  isDecimal(pair >> 8) && isDecimal(pair & 0xff) ? pair.toString(16).padStart(4, '0') : '',
);

/** Codes of both characters of every byte. */
const HIGH_CODES = Uint8Array.from({ length: 0x100 }, (_, byte) => NIBBLE_CHARACTERS.charCodeAt(byte >> 4));
const LOW_CODES = Uint8Array.from({ length: 0x100 }, (_, byte) => NIBBLE_CHARACTERS.charCodeAt(byte & 0x0f));

/** Up to here joining texts of the tables costs less than a conversion of codes. */
const JOINED_BYTES_MAX = 6;
const CODES_MAX = 1024;
const codes = new Uint8Array(CODES_MAX);
const latin1Slice = Buffer.prototype.latin1Slice;

/** Characters of packed bytes, any half byte taken. */
const nibbleText = ({ bytes, at }: Source, size: number): string => {
  const out = 2 * size > CODES_MAX ? new Uint8Array(2 * size) : codes;
  for (let index = 0; index < size; index += 1) {
    const byte = bytes[at + index] ?? 0;
    out[2 * index] = HIGH_CODES[byte] ?? 0;
    out[2 * index + 1] = LOW_CODES[byte] ?? 0;
  }
  return latin1Slice.call(out, 0, 2 * size);
};

/** Digits of packed bytes; shorter than twice the size when a half byte is no decimal digit. */
const decimalText = (source: Source, size: number): string => {
  const { bytes, at } = source;
  const end = at + size;
  if (size > JOINED_BYTES_MAX) {
    for (let index = at; index < end; index += 1) if (!isDecimal(bytes[index] ?? 0)) return '';
    return nibbleText(source, size);
  }
  const odd = size & 1;
  let text = odd === 1 ? (TWO_DIGITS[bytes[at] ?? 0] ?? '') : '';
  for (let index = at + odd; index < end; index += 2) {
    text += FOUR_DIGITS[((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)] ?? '';
  }
  return text;
};

/** Takes off the half byte that an odd count leaves over. */
const withoutSpare = (
  text: string,
  units: number,
  { align, spare }: Pick<Packing, 'align' | 'spare'>,
  field: string,
  offset: number,
): string => {
  if (text.length === units) return text;
  const spareAt = align === 'right' ? 0 : units;
  if (text.charAt(spareAt) !== NIBBLE_CHARACTERS.charAt(spare)) fail('padding-malformed', field, offset);
  return align === 'right' ? text.slice(1) : text.slice(0, units);
};

/** Any half bytes, the spare one being zero or F. With `countsBytes` the length tells whole bytes only, and an F itself that it is spare. */
const nibbles = (packing: Packing, countsBytes: boolean): ValueCodec<string> => {
  const { align, nibbleMax, spare } = packing;
  const isSelfTelling = countsBytes && spare === TRACK_MAX;
  const hasSpare = (text: string): boolean => (align === 'left' ? text.endsWith('F') : text.startsWith('F'));
  return {
    measure(value, field) {
      const units = measureText(value, field);
      const isOdd = (units & 1) === 1;
      if (isSelfTelling && !isOdd && hasSpare(String(value))) fail('padding-malformed', field);
      if (countsBytes && !isSelfTelling && isOdd) fail('length-mismatch', field);
      return units;
    },
    bytesFor: packedSize,
    put: (out, at, value, field) => putPacked(packing, out, at, value, field),
    get(source, units, field) {
      const whole = nibbleText(source, packedSize(units));
      const digits = isSelfTelling && hasSpare(whole) ? units - 1 : units;
      const text = withoutSpare(whole, digits, packing, field, source.at);
      if (nibbleMax === DECIMAL_MAX && /[^0-9]/.test(text)) fail('value-malformed', field, source.at);
      return text;
    },
  };
};

/** Decimal digits, two to a byte, and zero as the spare half byte. */
export const readPacked = (source: Source, units: number, align: Align, field: string): string => {
  const size = packedSize(units);
  const text = decimalText(source, size);
  if (text.length !== 2 * size) fail('value-malformed', field, source.at);
  return withoutSpare(text, units, { align, spare: 0 }, field, source.at);
};

/** Decimal digits, two to a byte. */
export const packed = (align: Align, spare?: 'F', countsBytes = false): ValueCodec<string> => {
  if (spare === 'F' || countsBytes)
    return nibbles({ align, nibbleMax: DECIMAL_MAX, spare: spare === 'F' ? 0x0f : 0 }, countsBytes);
  return {
    measure: measureText,
    bytesFor: packedSize,
    put: (out, at, value, field) => putDigits(align, out, at, value, field),
    get: (source, units, field) => readPacked(source, units, align, field),
  };
};

/** Track data, two characters to a byte. Any half byte may occur, because part of a track may be enciphered. */
export const packedTrack = (align: Align, spare?: 'F', countsBytes = false): ValueCodec<string> =>
  nibbles({ align, nibbleMax: TRACK_MAX, spare: spare === 'F' ? 0x0f : 0 }, countsBytes);
