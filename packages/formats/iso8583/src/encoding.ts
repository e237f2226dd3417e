import { decodeGb18030, encodeGb18030 } from '@zhanggui/bytes';
import { CodecError, type CodecErrorCode } from './codec-error.ts';
import type { FieldSpec, FieldValue } from './field-table.ts';

/**
 * The bytes being read and a position in them. `text` is the whole message rendered once, one character per byte: a field
 * of characters is then a substring, which costs far less than a conversion of its own.
 */
export type Source = { readonly bytes: Uint8Array; readonly text: string; at: number };

/** How values of one format lie in bytes. `units` is what the length prefix counts: digits or bytes. */
export type ValueCodec<Value extends FieldValue = FieldValue> = {
  /** Units the value takes. Throws when it is text for bytes, or bytes for text. */
  measure(value: FieldValue, field: string): number;
  bytesFor(units: number): number;
  /** Writes a value that was measured; the position after it. */
  put(out: Uint8Array, at: number, value: Value, field: string): number;
  /** Reads `units` at the position of the source, which the caller advances. */
  get(source: Source, units: number, field: string): Value;
};

/** How the length before a variable value lies in bytes. */
export type LengthCodec = {
  readonly bytes: number;
  put(out: Uint8Array, at: number, length: number): void;
  /** The length, or undefined when the bytes are not digits. */
  get(bytes: Uint8Array, at: number): number | undefined;
};

/** How a dialect writes digits: everything about it that its field table does not say. */
export type Encoding = {
  readonly mti: ValueCodec<string>;
  lengthCodec(prefixDigits: 2 | 3): LengthCodec;
  valueCodec(spec: FieldSpec): ValueCodec;
};

const fail = (code: CodecErrorCode, field: string, offset?: number): never => {
  throw new CodecError(code, offset === undefined ? { field } : { field, offset });
};

const classOf = (accepts: (byte: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (accepts(byte) ? 1 : 0));

const DIGIT = classOf((byte) => byte >= 0x30 && byte <= 0x39);
const PRINTABLE = classOf((byte) => byte >= 0x20 && byte <= 0x7e);
const TRACK = classOf((byte) => DIGIT[byte] === 1 || (byte >= 0x41 && byte <= 0x46) || byte === 0x3d);

/** Characters by the nibble that carries them. Nibble D is the separator of a track. */
const NIBBLE_CHARACTERS = '0123456789ABC=EF';
const NO_NIBBLE = 0xff;
const NIBBLES = Uint8Array.from({ length: 256 }, (_, code) => {
  const nibble = NIBBLE_CHARACTERS.indexOf(String.fromCharCode(code));
  return nibble === -1 ? NO_NIBBLE : nibble;
});

const measureText = (value: FieldValue, field: string): number =>
  typeof value === 'string' ? value.length : fail('value-malformed', field);
const same = (units: number): number => units;

const requireClass = ({ bytes, at }: Source, count: number, accepted: Uint8Array, field: string): void => {
  const end = at + count;
  for (let index = at; index < end; index += 1) {
    if (accepted[bytes[index] ?? 0] !== 1) fail('value-malformed', field, index);
  }
};

/** One byte per character, each of the accepted class. */
const characters = (accepted: Uint8Array): ValueCodec<string> => ({
  measure: measureText,
  bytesFor: same,
  put(out, at, value, field) {
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (accepted[code] !== 1) fail('value-malformed', field);
      out[at + index] = code;
    }
    return at + value.length;
  },
  get(source, units, field) {
    requireClass(source, units, accepted, field);
    return source.text.slice(source.at, source.at + units);
  },
});

const printable = characters(PRINTABLE);

const WIDE = /[^\x20-\x7e]/;
const CONTROL = /\p{Cc}/u;

/** Text that may hold two-byte GBK characters. What does not come back as the same bytes is refused. */
const chinese: ValueCodec<string> = {
  measure: (value, field) =>
    typeof value === 'string' && WIDE.test(value) ? encodeGb18030(value).length : measureText(value, field),
  bytesFor: same,
  put(out, at, value, field) {
    if (!WIDE.test(value)) return printable.put(out, at, value, field);
    const encoded = encodeGb18030(value);
    if (CONTROL.test(value) || decodeGb18030(encoded) !== value) fail('value-malformed', field);
    out.set(encoded, at);
    return at + encoded.length;
  },
  get(source, units, field) {
    const text = source.text.slice(source.at, source.at + units);
    if (!WIDE.test(text)) return text;
    const encoded = source.bytes.subarray(source.at, source.at + units);
    const decoded = decodeGb18030(encoded);
    const again = encodeGb18030(decoded);
    if (CONTROL.test(decoded) || Buffer.compare(again, encoded) !== 0) fail('value-malformed', field, source.at);
    return decoded;
  },
};

const binary: ValueCodec<Uint8Array> = {
  measure: (value, field) => (typeof value === 'string' ? fail('value-malformed', field) : value.length),
  bytesFor: same,
  put(out, at, value) {
    out.set(value, at);
    return at + value.length;
  },
  get: (source, units) => new Uint8Array(source.bytes.buffer, source.bytes.byteOffset + source.at, units),
};

const packedSize = (digits: number): number => (digits + 1) >> 1;

type Packing = {
  readonly align: 'left' | 'right' /** 9 for decimal digits, 15 for tracks. */;
  readonly nibbleMax: number;
};

const nibbleAt = (value: string, index: number, nibbleMax: number, field: string): number => {
  const nibble = NIBBLES[value.charCodeAt(index)] ?? NO_NIBBLE;
  return nibble > nibbleMax ? fail('value-malformed', field) : nibble;
};

/** An odd count leaves one nibble zero, on the side away from the digits. */
const putPacked = (
  { align, nibbleMax }: Packing,
  out: Uint8Array,
  start: number,
  value: string,
  field: string,
): number => {
  let at = start;
  let index = 0;
  if ((value.length & 1) === 1 && align === 'right') {
    out[at] = nibbleAt(value, 0, nibbleMax, field);
    at += 1;
    index = 1;
  }
  for (; index < value.length; index += 2) {
    const low = index + 1 < value.length ? nibbleAt(value, index + 1, nibbleMax, field) : 0;
    out[at] = (nibbleAt(value, index, nibbleMax, field) << 4) | low;
    at += 1;
  }
  return at;
};

const isDecimal = (byte: number): boolean => byte >> 4 <= 9 && (byte & 0x0f) <= 9;

/** Two digits of every byte and four of every pair of bytes; nothing where a nibble is no decimal digit. */
const TWO_DIGITS = Array.from({ length: 0x100 }, (_, byte) =>
  isDecimal(byte) ? byte.toString(16).padStart(2, '0') : '',
);
const FOUR_DIGITS = Array.from({ length: 0x1_0000 }, (_, pair) =>
  isDecimal(pair >> 8) && isDecimal(pair & 0xff) ? pair.toString(16).padStart(4, '0') : '',
);

const TWO_TRACK_CHARACTERS = Array.from(
  { length: 0x100 },
  (_, byte) => NIBBLE_CHARACTERS.charAt(byte >> 4) + NIBBLE_CHARACTERS.charAt(byte & 0x0f),
);

const decimalText = ({ bytes, at }: Source, size: number): string => {
  const odd = size & 1;
  const end = at + size;
  let text = odd === 1 ? (TWO_DIGITS[bytes[at] ?? 0] ?? '') : '';
  for (let index = at + odd; index < end; index += 2) {
    text += FOUR_DIGITS[((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)] ?? '';
  }
  return text;
};

const trackText = ({ bytes, at }: Source, size: number): string => {
  let text = '';
  for (let index = at; index < at + size; index += 1) text += TWO_TRACK_CHARACTERS[bytes[index] ?? 0] ?? '';
  return text;
};

/** Takes off the nibble that an odd count leaves over, which must be zero. */
const withoutSpare = (text: string, units: number, align: 'left' | 'right', field: string, offset: number): string => {
  if (text.length === units) return text;
  const spareAt = align === 'right' ? 0 : units;
  if (text.charCodeAt(spareAt) !== 0x30) fail('padding-malformed', field, offset);
  return align === 'right' ? text.slice(1) : text.slice(0, units);
};

/** Decimal digits, two to a byte. */
const packed = (align: Packing['align']): ValueCodec<string> => {
  const packing: Packing = { align, nibbleMax: 9 };
  return {
    measure: measureText,
    bytesFor: packedSize,
    put: (out, at, value, field) => putPacked(packing, out, at, value, field),
    get(source, units, field) {
      const size = packedSize(units);
      const text = decimalText(source, size);
      if (text.length !== 2 * size) fail('value-malformed', field, source.at);
      return withoutSpare(text, units, align, field, source.at);
    },
  };
};

const TRACK_PACKING: Packing = { align: 'left', nibbleMax: 15 };

/** Track data, two characters to a byte. Any nibble may occur, because part of a track may be enciphered. */
const packedTrack: ValueCodec<string> = {
  measure: measureText,
  bytesFor: packedSize,
  put: (out, at, value, field) => putPacked(TRACK_PACKING, out, at, value, field),
  get: (source, units, field) => withoutSpare(trackText(source, packedSize(units)), units, 'left', field, source.at),
};

const packedLength = (prefixDigits: 2 | 3): LengthCodec => ({
  bytes: packedSize(prefixDigits),
  put(out, at, length) {
    const low = (Math.trunc((length % 100) / 10) << 4) | (length % 10);
    if (prefixDigits === 2) out[at] = low;
    else {
      out[at] = Math.trunc(length / 100);
      out[at + 1] = low;
    }
  },
  get(bytes, at) {
    const low = bytes[prefixDigits === 2 ? at : at + 1] ?? 0xff;
    const hundreds = prefixDigits === 2 ? 0 : (bytes[at] ?? 0xff);
    return hundreds > 9 || !isDecimal(low) ? undefined : hundreds * 100 + (low >> 4) * 10 + (low & 0x0f);
  },
});

const characterLength = (prefixDigits: 2 | 3): LengthCodec => ({
  bytes: prefixDigits,
  put(out, at, length) {
    let rest = length;
    for (let index = prefixDigits - 1; index >= 0; index -= 1) {
      out[at + index] = 0x30 + (rest % 10);
      rest = Math.trunc(rest / 10);
    }
  },
  get(bytes, at) {
    let length = 0;
    for (let index = at; index < at + prefixDigits; index += 1) {
      const digit = (bytes[index] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      length = length * 10 + digit;
    }
    return length;
  },
});

const textCodec = (spec: FieldSpec): ValueCodec<string> => (spec.charset === 'gbk' ? chinese : printable);

/** Digits packed two to a byte (BCD), as terminals speak; text stays one byte per character. */
export const packedDigits: Encoding = {
  mti: packed('right'),
  lengthCodec: packedLength,
  valueCodec(spec) {
    if (spec.format === 'b') return binary;
    if (spec.format === 'z') return packedTrack;
    if (spec.format !== 'n') return textCodec(spec);
    return packed(spec.align ?? (spec.length.kind === 'fixed' ? 'right' : 'left'));
  },
};

/** One ASCII character per digit, as institutions speak. */
export const characterDigits: Encoding = {
  mti: characters(DIGIT),
  lengthCodec: characterLength,
  valueCodec(spec) {
    if (spec.format === 'b') return binary;
    if (spec.format === 'z') return characters(TRACK);
    return spec.format === 'n' ? characters(DIGIT) : textCodec(spec);
  },
};
