import type { Alphabet } from './charset.ts';
import { ALPHABETS } from './charset.ts';
import { CodecError } from './codec-error.ts';
import type { Encoding } from './encoding.ts';
import type { FieldSpec, FieldValue } from './field-table.ts';
import { packedSize, putDigits, readPacked } from './packed-codec.ts';
import type { Source } from './source.ts';
import { putCharacters, readBytes, readCharacters } from './value-codec.ts';

/** The values that nearly all fields have, each with a number: packed decimal digits, ASCII characters of an alphabet, bytes. */
const kinds = { digits: 0, characters: 1, bytes: 2 } as const;

/**
 * A row that is read by its numbers alone. A call that goes to another function for every field costs more than most
 * values do, since an engine cannot see through it; these rows are read by one function, which it compiles as a whole. All
 * have the same keys, so that they are of one make.
 */
export type PlainField = {
  readonly field: string;
  readonly kind: (typeof kinds)[keyof typeof kinds];
  /** Units of a fixed field, the most of a variable one. */
  readonly units: number;
  /** Bytes of the length in front, none of a fixed field, and the most that it can say. */
  readonly prefixBytes: number;
  readonly prefixMax: number;
  /** What a byte of the length is worth next to the one behind it: 100 with two digits in each, 10 with a character. */
  readonly prefixBase: number;
  readonly alphabet: Alphabet;
  readonly align: 'left' | 'right';
};

const kindOf = ({ format, charset, spare }: FieldSpec, encoding: Encoding): PlainField['kind'] | undefined => {
  if (format === 'b') return encoding.bytes === 'binary' ? kinds.bytes : undefined;
  if (format === 'n' && encoding.digits === 'bcd') return spare === undefined ? kinds.digits : undefined;
  const isDigits = format === 'n' || format === 'z';
  if (format === 'x+n' || charset !== undefined || (isDigits ? encoding.digits : encoding.text) !== 'ascii')
    return undefined;
  return kinds.characters;
};

/** A row as numbers, or undefined when there is more to it. */
export const plainField = (field: string, spec: FieldSpec, encoding: Encoding): PlainField | undefined => {
  const { length, format } = spec;
  const kind = kindOf(spec, encoding);
  const isPlain = spec.composite === undefined && spec.pad === undefined && kind !== undefined;
  if (!isPlain) return undefined;
  const alphabet = format === 'b' ? ALPHABETS.n : ALPHABETS[format];
  const align = spec.align ?? (length.kind === 'fixed' ? 'right' : 'left');
  if (length.kind === 'fixed')
    return { field, kind, units: length.length, prefixBytes: 0, prefixMax: 0, prefixBase: 0, alphabet, align };
  const { prefixDigits, max: units, counts, inclusive } = length;
  const isPacked = encoding.lengths === 'bcd';
  if (counts !== undefined || inclusive || (!isPacked && encoding.lengths !== 'ascii')) return undefined;
  const [prefixBytes, prefixBase] = isPacked ? [packedSize(prefixDigits), 100] : [prefixDigits, 10];
  const prefixMax = 10 ** prefixDigits - 1;
  return units > prefixMax ? undefined : { field, kind, units, prefixBytes, prefixMax, prefixBase, alphabet, align };
};

const readLength = (source: Source, plain: PlainField): number => {
  const { bytes, at: offset } = source;
  const { field, prefixBase } = plain;
  const start = offset + plain.prefixBytes;
  if (start > source.end) throw new CodecError('value-truncated', { field, offset });
  let length = 0;
  let isSound = true;
  for (let index = offset; index < start; index += 1) {
    const byte = bytes[index] ?? 0;
    const [high, low] = [byte >> 4, byte & 0x0f];
    isSound &&= low <= 9 && (prefixBase === 100 ? high <= 9 : high === 3);
    length = length * prefixBase + (prefixBase === 100 ? high * 10 + low : low);
  }
  if (!isSound || length > plain.prefixMax) throw new CodecError('length-malformed', { field, offset });
  if (length > plain.units) throw new CodecError('length-exceeds-max', { field, offset });
  source.at = start;
  return length;
};

/** Reads the value and advances the source. */
export const readPlain = (source: Source, plain: PlainField): FieldValue => {
  const { field, kind } = plain;
  const units = plain.prefixBytes === 0 ? plain.units : readLength(source, plain);
  const start = source.at;
  const end = start + (kind === kinds.digits ? packedSize(units) : units);
  if (end > source.end) throw new CodecError('value-truncated', { field, offset: start });
  let value: FieldValue;
  if (kind === kinds.digits) value = readPacked(source, units, plain.align, field);
  else if (kind === kinds.characters) value = readCharacters(source, units, plain.alphabet, field);
  else value = readBytes(source, units);
  source.at = end;
  return value;
};

const unitsOf = (value: unknown, { kind, field }: PlainField): number => {
  if (kind === kinds.bytes ? value instanceof Uint8Array : typeof value === 'string')
    return (value as FieldValue).length;
  throw new CodecError('value-malformed', { field });
};

const putLength = (out: Uint8Array, start: number, length: number, { prefixBytes, prefixBase }: PlainField): void => {
  let rest = length;
  for (let at = start + prefixBytes - 1; at >= start; at -= 1) {
    const number = rest % prefixBase;
    out[at] = prefixBase === 100 ? (Math.trunc(number / 10) << 4) | (number % 10) : 0x30 + number;
    rest = Math.trunc(rest / prefixBase);
  }
};

/** Writes the value with its length in front; the position behind it. */
export const putPlain = (out: Uint8Array, at: number, value: unknown, plain: PlainField): number => {
  const { field, kind, prefixBytes } = plain;
  const units = unitsOf(value, plain);
  if (prefixBytes === 0 && units !== plain.units) throw new CodecError('length-mismatch', { field });
  const start = at + prefixBytes;
  const end = start + (kind === kinds.digits ? packedSize(units) : units);
  if (units > plain.units || end > out.length) throw new CodecError('length-exceeds-max', { field });
  if (prefixBytes > 0) putLength(out, at, units, plain);
  if (kind === kinds.digits) putDigits(plain.align, out, start, value as string, field);
  else if (kind === kinds.characters) putCharacters(out, start, value as string, plain.alphabet, field);
  else out.set(value as Uint8Array, start);
  return end;
};
