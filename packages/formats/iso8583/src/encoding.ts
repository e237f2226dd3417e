import { decodeGb18030, encodeGb18030 } from '@zhanggui/bytes';
import { CodecError, type CodecErrorCode } from './codec-error.ts';
import type { FieldSpec, FieldValue } from './field-table.ts';

/**
 * The bytes being read and a position in them. `text` and `hex` are the whole message rendered once, one character and two
 * digits per byte: a field is then a substring, which costs far less than a conversion of its own.
 */
export type Source = { readonly bytes: Uint8Array; readonly text: string; readonly hex: string; at: number };

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
  readonly needsHex: boolean;
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
const PACKED = classOf((byte) => byte >> 4 <= 9 && (byte & 0x0f) <= 9);

/** Nibble of a digit or track character; 0xff for any other. The separator `=` travels as nibble D. */
const NIBBLE = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code === 0x3d) return 0x0d;
  return TRACK[code] === 1 ? Number.parseInt(String.fromCharCode(code), 16) : 0xff;
});

const measureText = (value: FieldValue, field: string): number =>
  typeof value === 'string' ? value.length : fail('value-malformed', field);
const same = (units: number): number => units;

const requireClass = (source: Source, bytes: number, accepted: Uint8Array, field: string): void => {
  const end = source.at + bytes;
  for (let at = source.at; at < end; at += 1) {
    if (accepted[source.bytes[at] ?? 0] !== 1) fail('value-malformed', field, at);
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

const putPacked = (
  out: Uint8Array,
  start: number,
  value: string,
  align: 'left' | 'right',
  field: string,
  max: number,
) => {
  const odd = value.length & 1;
  let at = start;
  let index = 0;
  if (odd === 1 && align === 'right') {
    const low = NIBBLE[value.charCodeAt(0)] ?? 0xff;
    if (low > max) fail('value-malformed', field);
    out[at] = low;
    at += 1;
    index = 1;
  }
  for (; index + 1 < value.length; index += 2) {
    const high = NIBBLE[value.charCodeAt(index)] ?? 0xff;
    const low = NIBBLE[value.charCodeAt(index + 1)] ?? 0xff;
    if (high > max || low > max) fail('value-malformed', field);
    out[at] = (high << 4) | low;
    at += 1;
  }
  if (index < value.length) {
    const high = NIBBLE[value.charCodeAt(index)] ?? 0xff;
    if (high > max) fail('value-malformed', field);
    out[at] = high << 4;
    at += 1;
  }
  return at;
};

/** The digits of a packed value; the nibble that an odd count leaves over must be zero. */
const packedText = (source: Source, units: number, align: 'left' | 'right', field: string): string => {
  const first = source.at * 2;
  if ((units & 1) === 0) return source.hex.slice(first, first + units);
  const start = align === 'right' ? first + 1 : first;
  const spare = align === 'right' ? first : first + units;
  if (source.hex.charCodeAt(spare) !== 0x30) fail('padding-malformed', field, spare >> 1);
  return source.hex.slice(start, start + units);
};

/** Decimal digits, two to a byte. */
const packed = (align: 'left' | 'right'): ValueCodec<string> => ({
  measure: measureText,
  bytesFor: packedSize,
  put: (out, at, value, field) => putPacked(out, at, value, align, field, 9),
  get(source, units, field) {
    requireClass(source, packedSize(units), PACKED, field);
    return packedText(source, units, align, field);
  },
});

const LETTER = /[a-f]/;

/** Track data, two characters to a byte. Any nibble may occur, because part of a track may be enciphered (§1.14). */
const packedTrack: ValueCodec<string> = {
  measure: measureText,
  bytesFor: packedSize,
  put: (out, at, value, field) => putPacked(out, at, value, 'left', field, 15),
  get(source, units, field) {
    const text = packedText(source, units, 'left', field).replaceAll('d', '=');
    return LETTER.test(text) ? text.toUpperCase() : text;
  },
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
    return hundreds > 9 || PACKED[low] !== 1 ? undefined : hundreds * 100 + (low >> 4) * 10 + (low & 0x0f);
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
  needsHex: true,
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
  needsHex: false,
  mti: characters(DIGIT),
  lengthCodec: characterLength,
  valueCodec(spec) {
    if (spec.format === 'b') return binary;
    if (spec.format === 'z') return characters(TRACK);
    return spec.format === 'n' ? characters(DIGIT) : textCodec(spec);
  },
};
