import { CodecError, fail } from './codec-error.ts';
import { compositeCodec, isWrittenInHex, type PartsCodec } from './composite.ts';
import type { Encoding } from './encoding.ts';
import type { FieldSpec, Length, PartValue } from './field-table.ts';
import { type LengthCodec, lengthCodec } from './length-codec.ts';
import { type PlainField, plainField, putPlain, readPlain } from './plain-field.ts';
import type { Source, ValueCodec } from './source.ts';
import { valueCodec } from './value-codec.ts';

export type FieldCodec = {
  /** Writes the value with its length prefix; the position after it. */
  put(out: Uint8Array, at: number, value: unknown): number;
  /** Reads the value and advances the source. */
  get(source: Source): PartValue;
  /** With it `putPlain` and `readPlain` do the same, and faster. */
  readonly plain?: PlainField;
};

type Variable = Extract<Length, { kind: 'variable' }>;

const fixedField = (field: string, codec: ValueCodec, length: number): FieldCodec => {
  const bytes = codec.bytesFor(length);
  return {
    put(out, at, value) {
      if (codec.measure(value, field) !== length) throw new CodecError('length-mismatch', { field });
      if (at + bytes > out.length) throw new CodecError('length-exceeds-max', { field });
      return codec.put(out, at, value as string, field);
    },
    get(source) {
      const end = source.at + bytes;
      if (end > source.end) throw new CodecError('value-truncated', { field, offset: source.at });
      const value = codec.get(source, length, field);
      source.at = end;
      return value;
    },
  };
};

/** Text filled up to a fixed length. The value has none of the filling, so that it has one form only. */
const paddedCodec = (
  codec: ValueCodec,
  length: number,
  { side, with: filler }: NonNullable<FieldSpec['pad']>,
): ValueCodec => ({
  ...codec,
  measure(value, field) {
    const units = codec.measure(value, field);
    if (units > length) fail('length-exceeds-max', field);
    const text = String(value);
    if (side === 'left' ? text.startsWith(filler) : text.endsWith(filler)) fail('padding-malformed', field);
    return length;
  },
  put(out, at, value, field) {
    const filling = filler.repeat(length - codec.measure(value, field));
    return codec.put(out, at, side === 'left' ? `${filling}${value}` : `${value}${filling}`, field);
  },
  get(source, units, field) {
    const text = String(codec.get(source, units, field));
    let start = 0;
    let end = text.length;
    while (side === 'left' && start < end && text.startsWith(filler, start)) start += 1;
    while (side === 'right' && end > start && text.startsWith(filler, end - 1)) end -= 1;
    return text.slice(start, end);
  },
});

/** The length in front that counts what `max` counts. */
const variableField = (field: string, codec: ValueCodec, prefix: LengthCodec, max: number): FieldCodec => ({
  put(out, at, value) {
    const units = codec.measure(value, field);
    const start = at + prefix.bytes;
    if (units > max || start + codec.bytesFor(units) > out.length)
      throw new CodecError('length-exceeds-max', { field });
    prefix.put(out, at, units);
    return codec.put(out, start, value as string, field);
  },
  get(source) {
    const offset = source.at;
    const start = offset + prefix.bytes;
    if (start > source.end) throw new CodecError('value-truncated', { field, offset });
    const units = prefix.get(source.bytes, offset);
    if (units === undefined) throw new CodecError('length-malformed', { field, offset });
    if (units > max) throw new CodecError('length-exceeds-max', { field, offset });
    const end = start + codec.bytesFor(units);
    if (end > source.end) throw new CodecError('value-truncated', { field, offset: start });
    source.at = start;
    const value = codec.get(source, units, field);
    source.at = end;
    return value;
  },
});

/** A length that counts otherwise: from units to what is announced, and back (undefined when no value is that long). */
type Count = { announced(units: number): number; units(announced: number): number | undefined };

const even = (count: number): number | undefined => (count % 2 === 0 ? count / 2 : undefined);

const countOf = (spec: FieldSpec, encoding: Encoding, { counts }: Variable): Count => {
  const isPacked = encoding.digits === 'bcd' && (spec.format === 'n' || spec.format === 'z');
  const isHex = spec.format === 'b' && encoding.bytes === 'hex';
  if (counts === 'bytes' && isPacked) return { announced: (units) => (units + 1) >> 1, units: (bytes) => 2 * bytes };
  if (spec.format === 'b' && (counts === 'digits' || (counts === 'bytes' && isHex)))
    return { announced: (units) => 2 * units, units: even };
  return { announced: (units) => units, units: (units) => units };
};

/** A prefix that announces `count`, plus its own bytes when inclusive, and gives units. */
const counting = (prefix: LengthCodec, count: Count, inclusive: boolean): LengthCodec => {
  const own = inclusive ? prefix.bytes : 0;
  return {
    ...prefix,
    put: (out, at, units) => prefix.put(out, at, count.announced(units) + own),
    get(bytes, at) {
      const announced = prefix.get(bytes, at);
      return announced === undefined || announced < own ? undefined : count.units(announced - own);
    },
  };
};

/** One more than `max` digits may be announced where an odd count is sent as whole bytes. */
const announcedMax = (spec: FieldSpec, length: Variable): number =>
  spec.spare === 'F' && length.counts === 'bytes' ? length.max + (length.max & 1) : length.max;

const prefixOf = (spec: FieldSpec, encoding: Encoding, length: Variable): LengthCodec => {
  const prefix = lengthCodec(encoding.lengths, length.prefixDigits);
  const isPlain = length.counts === undefined && length.inclusive === undefined;
  const count = countOf(spec, encoding, length);
  const largest = count.announced(length.max) + (length.inclusive ? prefix.bytes : 0);
  if (largest > prefix.max) throw new RangeError(`${spec.name}: its length does not fit in its prefix`);
  return isPlain ? prefix : counting(prefix, count, length.inclusive ?? false);
};

/** A composite field: what is inside is written first, and then how long it became. Lengths count bytes, `perByte` characters each. */
const partsField = (
  field: string,
  parts: PartsCodec,
  { length, encoding, perByte }: { length: Length; encoding: Encoding; perByte: 1 | 2 },
): FieldCodec => {
  const prefix = length.kind === 'variable' ? lengthCodec(encoding.lengths, length.prefixDigits) : undefined;
  const before = prefix?.bytes ?? 0;
  const own = length.kind === 'variable' && length.inclusive ? before : 0;
  return {
    put(out, at, value) {
      const start = at + before;
      const end = parts.put(out, start, value);
      const bytes = (end - start) / perByte;
      if (length.kind === 'variable' && bytes > length.max) throw new CodecError('length-exceeds-max', { field });
      if (length.kind === 'fixed' && bytes !== length.length) throw new CodecError('length-mismatch', { field });
      prefix?.put(out, at, bytes + own);
      return end;
    },
    get(source) {
      const offset = source.at;
      const start = offset + before;
      if (start > source.end) throw new CodecError('value-truncated', { field, offset });
      const announced = length.kind === 'fixed' ? length.length : prefix?.get(source.bytes, offset);
      if (announced === undefined || announced < own) throw new CodecError('length-malformed', { field, offset });
      const bytes = announced - own;
      if (length.kind === 'variable' && bytes > length.max)
        throw new CodecError('length-exceeds-max', { field, offset });
      const end = start + bytes * perByte;
      if (end > source.end) throw new CodecError('value-truncated', { field, offset: start });
      const outer = source.end;
      source.at = start;
      source.end = end;
      const value = parts.get(source);
      if (source.at !== source.end) throw new CodecError('trailing-bytes', { field, offset: source.at });
      source.end = outer;
      return value;
    },
  };
};

/** A fixed or variable codec of one row, composed once. */
export const compileField = (field: string, spec: FieldSpec, dialect: Encoding): FieldCodec => {
  const encoding = { ...dialect, ...spec.encoding };
  const { length, composite } = spec;
  if (composite !== undefined)
    return partsField(field, compositeCodec(field, composite, encoding, compileField), {
      length,
      encoding,
      perByte: isWrittenInHex(composite, encoding) ? 2 : 1,
    });
  const plain = plainField(field, spec, encoding);
  if (plain !== undefined)
    return {
      put: (out, at, value) => putPlain(out, at, value, plain),
      get: (source) => readPlain(source, plain),
      plain,
    };
  const codec = valueCodec(spec, encoding);
  if (length.kind === 'variable')
    return variableField(field, codec, prefixOf(spec, encoding, length), announcedMax(spec, length));
  return fixedField(field, spec.pad === undefined ? codec : paddedCodec(codec, length.length, spec.pad), length.length);
};

/** Room that the longest value of a row takes, with its length in front. */
export const fieldBytesMax = ({ length, format }: FieldSpec): number => {
  const perUnit = format === 'b' ? 2 : 1;
  return length.kind === 'fixed' ? perUnit * length.length : length.prefixDigits + perUnit * (length.max + 1);
};
