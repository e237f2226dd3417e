import { BITMAP_BYTES, highestField, measureBitmap, WORD_BYTES, wordAt } from './bitmap.ts';
import { CodecError } from './codec-error.ts';
import type { Encoding, LengthCodec, Source, ValueCodec } from './encoding.ts';
import type { FieldSpec, FieldTable, FieldValue } from './field-table.ts';
import { type Message, maskedClasses } from './message.ts';

/** One way of writing ISO 8583: a field table and an encoding, compiled once. `Fields` derives from the table. */
export type Dialect<Fields extends object> = {
  readonly name: string;
  readonly table: FieldTable;
  /** A message whose printed form is masked. It is not checked until it is encoded. */
  message(mti: string, fields: Fields): Message<Fields>;
  /** Throws `CodecError`. A fixed field wants exactly its length: nothing is padded or cut silently. */
  encode(message: Message<Fields>): Uint8Array;
  /** Throws `CodecError` on anything that would not encode to the same bytes again. b values are views of `bytes`. */
  decode(bytes: Uint8Array): Message<Fields>;
  /** Fields up to the first fault, for a refusal that can still name its request. */
  decodePartial(bytes: Uint8Array): Decoded<Fields>;
  /** What may be logged: secrets masked, bytes as hexadecimal. */
  masked(message: Message<Fields>): object;
};

export type Decoded<Fields extends object> = { readonly message: Message<Fields>; readonly error?: CodecError };

export type DialectDefinition = {
  readonly name: string;
  readonly table: FieldTable;
  readonly encoding: Encoding;
};

type FieldCodec = {
  /** Writes the value with its length prefix; the position after it. */
  put(out: Uint8Array, at: number, value: FieldValue): number;
  /** Reads the value and advances the source. */
  get(source: Source): FieldValue;
};

const truncated = (field: string, offset: number): CodecError => new CodecError('value-truncated', { field, offset });

const fixedField = (field: string, codec: ValueCodec, length: number): FieldCodec => {
  const bytes = codec.bytesFor(length);
  return {
    put(out, at, value) {
      if (codec.measure(value, field) !== length) throw new CodecError('length-mismatch', { field });
      return codec.put(out, at, value, field);
    },
    get(source) {
      const end = source.at + bytes;
      if (end > source.bytes.length) throw truncated(field, source.at);
      const value = codec.get(source, length, field);
      source.at = end;
      return value;
    },
  };
};

const variableField = (field: string, codec: ValueCodec, prefix: LengthCodec, max: number): FieldCodec => ({
  put(out, at, value) {
    const units = codec.measure(value, field);
    if (units > max) throw new CodecError('length-exceeds-max', { field });
    prefix.put(out, at, units);
    return codec.put(out, at + prefix.bytes, value, field);
  },
  get(source) {
    const offset = source.at;
    const start = offset + prefix.bytes;
    if (start > source.bytes.length) throw truncated(field, offset);
    const units = prefix.get(source.bytes, offset);
    if (units === undefined) throw new CodecError('length-malformed', { field, offset });
    if (units > max) throw new CodecError('length-exceeds-max', { field, offset });
    const end = start + codec.bytesFor(units);
    if (end > source.bytes.length) throw truncated(field, start);
    source.at = start;
    const value = codec.get(source, units, field);
    source.at = end;
    return value;
  },
});

const compileField = (field: string, spec: FieldSpec, encoding: Encoding): FieldCodec => {
  const codec = encoding.valueCodec(spec);
  return spec.length.kind === 'fixed'
    ? fixedField(field, codec, spec.length.length)
    : variableField(field, codec, encoding.lengthCodec(spec.length.prefixDigits), spec.length.max);
};

const fieldBytesMax = (spec: FieldSpec): number =>
  spec.length.kind === 'fixed' ? spec.length.length : spec.length.prefixDigits + spec.length.max;

const MTI_DIGITS = 4;
const FIRST_SECONDARY_FIELD = 65;
const FIELDS_MAX = 2 * BITMAP_BYTES * 8;

/** Codecs of the type indicator and of the fields by number, and room for the longest message they allow. */
type CompiledTable = {
  readonly mtiCodec: FieldCodec;
  readonly codecs: readonly (FieldCodec | undefined)[];
  readonly bytesMax: number;
};

const compileTable = (table: FieldTable, encoding: Encoding): CompiledTable => {
  const codecs: (FieldCodec | undefined)[] = Array.from({ length: FIELDS_MAX + 1 }, () => undefined);
  let bytesMax = MTI_DIGITS + 2 * BITMAP_BYTES;
  for (const [number, spec] of Object.entries(table)) {
    codecs[Number(number)] = compileField(`F${number}`, spec, encoding);
    bytesMax += fieldBytesMax(spec);
  }
  return { mtiCodec: fixedField('MTI', encoding.mti, MTI_DIGITS), codecs, bytesMax };
};

const copyOut = (scratch: Uint8Array, length: number): Uint8Array => {
  const pooled = Buffer.allocUnsafe(length);
  pooled.set(scratch.subarray(0, length));
  return new Uint8Array(pooled.buffer, pooled.byteOffset, length);
};

const compileEncoder = ({ mtiCodec, codecs, bytesMax }: CompiledTable) => {
  const scratch = new Uint8Array(bytesMax);
  return (mti: string, fields: object): Uint8Array => {
    const bitmapAt = mtiCodec.put(scratch, 0, mti);
    const entries = fields as Readonly<Record<number, FieldValue | undefined>>;
    let last = FIELDS_MAX;
    while (last > 0 && entries[last] === undefined) last -= 1;
    const bitmapBytes = last >= FIRST_SECONDARY_FIELD ? 2 * BITMAP_BYTES : BITMAP_BYTES;
    scratch.fill(0, bitmapAt, bitmapAt + bitmapBytes);
    if (bitmapBytes > BITMAP_BYTES) scratch[bitmapAt] = 0x80;
    let at = bitmapAt + bitmapBytes;
    // By number and not by key: asking for every number costs less than having the keys listed.
    for (let number = 1; number <= last; number += 1) {
      const value = entries[number];
      if (value === undefined) continue;
      const codec = codecs[number];
      if (codec === undefined) throw new CodecError('field-unknown', { field: `F${number}` });
      const bit = number - 1;
      const byte = bitmapAt + (bit >> 3);
      scratch[byte] = (scratch[byte] ?? 0) | (0x80 >> (bit & 7));
      at = codec.put(scratch, at, value);
    }
    return copyOut(scratch, at);
  };
};

/** Holds the place of the highest field until it is read. */
const UNREAD = new Uint8Array();

type MutableFields = Record<number, FieldValue>;

const readFields = (source: Source, codecs: CompiledTable['codecs'], fields: MutableFields): void => {
  const bitmapAt = source.at;
  const bitmapBytes = measureBitmap(source.bytes, bitmapAt);
  source.at = bitmapAt + bitmapBytes;
  // Written first, so that the engine makes room for all fields at once instead of growing with each.
  const highest = highestField(source.bytes, bitmapAt, bitmapBytes);
  if (highest > 1) fields[highest] = UNREAD;
  for (let wordByte = 0; wordByte < bitmapBytes; wordByte += WORD_BYTES) {
    let word = wordAt(source.bytes, bitmapAt + wordByte);
    if (wordByte === 0) word &= 0x7fff_ffff;
    while (word !== 0) {
      const bit = Math.clz32(word);
      word &= ~(0x8000_0000 >>> bit);
      const number = wordByte * 8 + bit + 1;
      const codec = codecs[number];
      if (codec === undefined) throw new CodecError('field-unknown', { field: `F${number}`, offset: source.at });
      fields[number] = codec.get(source);
    }
  }
  if (source.at !== source.bytes.length) throw new CodecError('trailing-bytes', { offset: source.at });
};

const withoutUnread = (fields: MutableFields): void => {
  for (const [number, value] of Object.entries(fields)) if (value === UNREAD) delete fields[Number(number)];
};

const openSource = (bytes: Uint8Array): Source => {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { bytes, text: buffer.toString('latin1'), at: 0 };
};

/** Compiles a field table and an encoding into a dialect. The fields' type follows from the table: see `FieldsOf`. */
export const defineDialect = <Fields extends object>({ name, table, encoding }: DialectDefinition): Dialect<Fields> => {
  const compiled = compileTable(table, encoding);
  const encodeFields = compileEncoder(compiled);
  const classes = maskedClasses<Fields>(table);

  const decodePartial = (bytes: Uint8Array): Decoded<Fields> => {
    const fields = classes.emptyFields();
    const source = openSource(bytes);
    let mti = '';
    try {
      mti = compiled.mtiCodec.get(source) as string;
      readFields(source, compiled.codecs, fields);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      withoutUnread(fields);
      return { message: classes.message(mti, fields as Fields), error };
    }
    return { message: classes.message(mti, fields as Fields) };
  };

  return {
    name,
    table,
    message: (mti, fields) => classes.message(mti, Object.assign(classes.emptyFields(), fields)),
    encode: ({ mti, fields }) => encodeFields(mti, fields),
    decode(bytes) {
      const fields = classes.emptyFields();
      const source = openSource(bytes);
      const mti = compiled.mtiCodec.get(source) as string;
      readFields(source, compiled.codecs, fields);
      return classes.message(mti, fields as Fields);
    },
    decodePartial,
    masked: (message) => classes.masked(message),
  };
};
