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

const take = (source: Source, codec: ValueCodec, units: number, field: string): FieldValue => {
  const end = source.at + codec.bytesFor(units);
  if (end > source.bytes.length) throw new CodecError('value-truncated', { field, offset: source.at });
  const value = codec.get(source, units, field);
  source.at = end;
  return value;
};

const fixedField = (field: string, codec: ValueCodec, length: number): FieldCodec => ({
  put(out, at, value) {
    if (codec.measure(value, field) !== length) throw new CodecError('length-mismatch', { field });
    return codec.put(out, at, value, field);
  },
  get: (source) => take(source, codec, length, field),
});

const variableField = (field: string, codec: ValueCodec, prefix: LengthCodec, max: number): FieldCodec => ({
  put(out, at, value) {
    const units = codec.measure(value, field);
    if (units > max) throw new CodecError('length-exceeds-max', { field });
    prefix.put(out, at, units);
    return codec.put(out, at + prefix.bytes, value, field);
  },
  get(source) {
    const offset = source.at;
    if (offset + prefix.bytes > source.bytes.length) throw new CodecError('value-truncated', { field, offset });
    const units = prefix.get(source.bytes, offset);
    if (units === undefined) throw new CodecError('length-malformed', { field, offset });
    if (units > max) throw new CodecError('length-exceeds-max', { field, offset });
    source.at = offset + prefix.bytes;
    return take(source, codec, units, field);
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
const BITMAP_BYTES = 8;
const FIRST_SECONDARY_FIELD = 65;

/** Codecs of a table by field number, and room for the longest message it allows. */
type CompiledTable = { readonly codecs: readonly (FieldCodec | undefined)[]; readonly bytesMax: number };

const compileTable = (table: FieldTable, encoding: Encoding): CompiledTable => {
  const codecs: (FieldCodec | undefined)[] = Array.from({ length: 2 * BITMAP_BYTES * 8 + 1 }, () => undefined);
  let bytesMax = MTI_DIGITS + 2 * BITMAP_BYTES;
  for (const [number, spec] of Object.entries(table)) {
    codecs[Number(number)] = compileField(`F${number}`, spec, encoding);
    bytesMax += fieldBytesMax(spec);
  }
  return { codecs, bytesMax };
};

const copyOut = (scratch: Uint8Array, length: number): Uint8Array => {
  const pooled = Buffer.allocUnsafe(length);
  pooled.set(scratch.subarray(0, length));
  return new Uint8Array(pooled.buffer, pooled.byteOffset, length);
};

const compileEncoder = ({ codecs, bytesMax }: CompiledTable, encoding: Encoding) => {
  const scratch = new Uint8Array(bytesMax);
  return (mti: string, fields: object): Uint8Array => {
    if (encoding.mti.measure(mti, 'MTI') !== MTI_DIGITS) throw new CodecError('mti-malformed', { field: 'MTI' });
    const bitmapAt = encoding.mti.put(scratch, 0, mti, 'MTI');
    const entries = fields as Readonly<Record<string, FieldValue | undefined>>;
    // Integer keys are enumerated in ascending order, which is the order of the fields in a message.
    const numbers = Object.keys(entries);
    const last = Number(numbers.findLast((number) => entries[number] !== undefined) ?? 0);
    const bitmapBytes = last >= FIRST_SECONDARY_FIELD ? 2 * BITMAP_BYTES : BITMAP_BYTES;
    scratch.fill(0, bitmapAt, bitmapAt + bitmapBytes);
    if (bitmapBytes > BITMAP_BYTES) scratch[bitmapAt] = 0x80;
    let at = bitmapAt + bitmapBytes;
    for (const key of numbers) {
      const value = entries[key];
      if (value === undefined) continue;
      const number = Number(key);
      const codec = codecs[number];
      if (codec === undefined) throw new CodecError('field-unknown', { field: `F${key}` });
      const bit = number - 1;
      const byte = bitmapAt + (bit >> 3);
      scratch[byte] = (scratch[byte] ?? 0) | (0x80 >> (bit & 7));
      at = codec.put(scratch, at, value);
    }
    return copyOut(scratch, at);
  };
};

/** Values read so far, in the order of the bitmap; what is complete when a fault stops the reading is kept. */
type Reading = { mti: string; readonly numbers: number[]; readonly values: FieldValue[] };

const wordAt = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

/** Length of the bitmap, whose first bit announces a second half. A second half without fields would not be written again. */
const measureBitmap = (source: Source): number => {
  const { bytes, at } = source;
  if (at + BITMAP_BYTES > bytes.length) throw new CodecError('bitmap-malformed', { offset: at });
  if (((bytes[at] ?? 0) & 0x80) === 0) return BITMAP_BYTES;
  const second = at + BITMAP_BYTES;
  const isWhole = second + BITMAP_BYTES <= bytes.length;
  if (!isWhole || (wordAt(bytes, second) | wordAt(bytes, second + 4)) === 0) {
    throw new CodecError('bitmap-malformed', { offset: second });
  }
  return 2 * BITMAP_BYTES;
};

const readFields = (source: Source, codecs: CompiledTable['codecs'], reading: Reading): void => {
  const bitmapAt = source.at;
  const bitmapBytes = measureBitmap(source);
  source.at = bitmapAt + bitmapBytes;
  for (let wordByte = 0; wordByte < bitmapBytes; wordByte += 4) {
    let word = wordAt(source.bytes, bitmapAt + wordByte);
    if (wordByte === 0) word &= 0x7fff_ffff;
    while (word !== 0) {
      const bit = Math.clz32(word);
      word &= ~(0x8000_0000 >>> bit);
      const number = wordByte * 8 + bit + 1;
      const codec = codecs[number];
      if (codec === undefined) throw new CodecError('field-unknown', { field: `F${number}`, offset: source.at });
      const value = codec.get(source);
      reading.numbers.push(number);
      reading.values.push(value);
    }
  }
  if (source.at !== source.bytes.length) throw new CodecError('trailing-bytes', { offset: source.at });
};

const openSource = (bytes: Uint8Array, encoding: Encoding): Source => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { bytes, text: buffer.toString('latin1'), hex: encoding.needsHex ? buffer.toString('hex') : '', at: 0 };
};

const read = (bytes: Uint8Array, codecs: CompiledTable['codecs'], encoding: Encoding, reading: Reading): void => {
  const source = openSource(bytes, encoding);
  reading.mti = take(source, encoding.mti, MTI_DIGITS, 'MTI') as string;
  readFields(source, codecs, reading);
};

/** Compiles a field table and an encoding into a dialect. The fields' type follows from the table: see `FieldsOf`. */
export const defineDialect = <Fields extends object>({ name, table, encoding }: DialectDefinition): Dialect<Fields> => {
  const compiled = compileTable(table, encoding);
  const encodeFields = compileEncoder(compiled, encoding);
  const classes = maskedClasses<Fields>(table);

  const toMessage = ({ mti, numbers, values }: Reading): Message<Fields> => {
    const fields: Record<number, FieldValue | undefined> = classes.emptyFields();
    // From the highest number down, so that the engine sizes the object's elements once.
    for (let index = numbers.length - 1; index >= 0; index -= 1) fields[numbers[index] ?? 0] = values[index];
    return classes.message(mti, fields as Fields);
  };

  const decodePartial = (bytes: Uint8Array): Decoded<Fields> => {
    const reading: Reading = { mti: '', numbers: [], values: [] };
    try {
      read(bytes, compiled.codecs, encoding, reading);
    } catch (error) {
      if (error instanceof CodecError) return { message: toMessage(reading), error };
      throw error;
    }
    return { message: toMessage(reading) };
  };

  return {
    name,
    table,
    message: (mti, fields) => classes.message(mti, Object.assign(classes.emptyFields(), fields)),
    encode: ({ mti, fields }) => encodeFields(mti, fields),
    decode(bytes) {
      const reading: Reading = { mti: '', numbers: [], values: [] };
      read(bytes, compiled.codecs, encoding, reading);
      return toMessage(reading);
    },
    decodePartial,
    masked: (message) => classes.masked(message),
  };
};
