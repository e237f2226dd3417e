import { decodeGb18030, encodeGb18030 } from '@zhanggui/bytes';
import { ALPHABETS, type Alphabet, EBCDIC, HEX_DIGITS } from './charset.ts';
import { fail } from './codec-error.ts';
import type { Encoding } from './encoding.ts';
import type { FieldSpec } from './field-table.ts';
import { packed, packedTrack } from './packed-codec.ts';
import { measureText, type Source, type ValueCodec } from './source.ts';

const same = (units: number): number => units;

/** One ASCII byte per character. Throws on a character that is not of the alphabet. */
export const readCharacters = (
  { bytes, text, at }: Source,
  units: number,
  accepted: Alphabet,
  field: string,
): string => {
  const end = at + units;
  for (let index = at; index < end; index += 1) {
    if (accepted[bytes[index] ?? 0] !== 1) fail('value-malformed', field, index);
  }
  return text.slice(at, end);
};

/** The position behind the characters. Throws on one that is not of the alphabet. */
export const putCharacters = (
  out: Uint8Array,
  at: number,
  value: string,
  accepted: Alphabet,
  field: string,
): number => {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (accepted[code] !== 1) fail('value-malformed', field);
    out[at + index] = code;
  }
  return at + value.length;
};

/** A view of the bytes. */
export const readBytes = ({ bytes, at }: Source, units: number): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset + at, units);

/** One ASCII byte per character of the alphabet. */
const asciiCharacters = (accepted: Alphabet): ValueCodec<string> => ({
  measure: measureText,
  bytesFor: same,
  put: (out, at, value, field) => putCharacters(out, at, value, accepted, field),
  get: (source, units, field) => readCharacters(source, units, accepted, field),
});

const ebcdicCharacters = (accepted: Alphabet): ValueCodec<string> => ({
  measure: measureText,
  bytesFor: same,
  put(out, at, value, field) {
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (accepted[code] !== 1) fail('value-malformed', field);
      out[at + index] = EBCDIC.byteOf[code] ?? 0;
    }
    return at + value.length;
  },
  get({ bytes, at }, units, field) {
    let text = '';
    for (let index = at; index < at + units; index += 1) {
      const code = EBCDIC.codeOf[bytes[index] ?? 0] ?? 0;
      if (accepted[code] !== 1) fail('value-malformed', field, index);
      text += String.fromCharCode(code);
    }
    return text;
  },
});

export const characters = (charset: 'ascii' | 'ebcdic', accepted: Alphabet): ValueCodec<string> =>
  charset === 'ascii' ? asciiCharacters(accepted) : ebcdicCharacters(accepted);

const printable = asciiCharacters(ALPHABETS.ans);

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

const measureBytes = (value: unknown, field: string): number =>
  value instanceof Uint8Array ? value.length : fail('value-malformed', field);

const binary: ValueCodec<Uint8Array> = {
  measure: measureBytes,
  bytesFor: same,
  put(out, at, value) {
    out.set(value, at);
    return at + value.length;
  },
  get: readBytes,
};

/** Bytes as two hexadecimal characters each. */
const hexadecimal = (charset: 'ascii' | 'ebcdic'): ValueCodec<Uint8Array> => {
  const digits = characters(charset, HEX_DIGITS);
  return {
    measure: measureBytes,
    bytesFor: (units) => 2 * units,
    put: (out, at, value, field) => digits.put(out, at, Buffer.from(value).toString('hex').toUpperCase(), field),
    get: (source, units, field) => new Uint8Array(Buffer.from(digits.get(source, 2 * units, field), 'hex')),
  };
};

/** C or D as a character, then digits in the dialect's way. */
const signed = ({ digits, text }: Encoding, spec: FieldSpec): ValueCodec<string> => {
  const sign = characters(text, ALPHABETS['x+n']);
  const number = digits === 'bcd' ? packed(spec.align ?? 'right', spec.spare) : characters(digits, ALPHABETS.n);
  const isSign = (value: string): boolean => value.startsWith('C') || value.startsWith('D');
  return {
    measure: measureText,
    bytesFor: (units) => (units === 0 ? 0 : 1 + number.bytesFor(units - 1)),
    put(out, at, value, field) {
      if (!isSign(value)) fail('value-malformed', field);
      return number.put(out, sign.put(out, at, value.slice(0, 1), field), value.slice(1), field);
    },
    get(source, units, field) {
      if (units === 0) fail('value-malformed', field, source.at);
      const side = sign.get(source, 1, field);
      if (!isSign(side)) fail('value-malformed', field, source.at);
      source.at += 1;
      return side + number.get(source, units - 1, field);
    },
  };
};

/** How the values of a row lie in bytes. */
export const valueCodec = (spec: FieldSpec, encoding: Encoding): ValueCodec => {
  const { format, length, charset } = spec;
  if (format === 'b') return encoding.bytes === 'binary' ? binary : hexadecimal(encoding.text);
  if (format === 'x+n') return signed(encoding, spec);
  if (format === 'n' || format === 'z') {
    if (encoding.digits !== 'bcd') return characters(encoding.digits, ALPHABETS[format]);
    const countsBytes = length.kind === 'variable' && length.counts === 'bytes';
    const align = spec.align ?? (format === 'n' && length.kind === 'fixed' ? 'right' : 'left');
    return format === 'z' ? packedTrack(align, spec.spare, countsBytes) : packed(align, spec.spare, countsBytes);
  }
  return charset === 'gbk' ? chinese : characters(encoding.text, ALPHABETS[format]);
};
