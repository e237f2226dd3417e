import {
  type Announced,
  announcedWord,
  type BitmapCodec,
  bitmapCodec,
  FIELDS_MAX,
  startBitmaps,
  WORD_BYTES,
} from './bitmap.ts';
import { CodecError } from './codec-error.ts';
import type { Encoding } from './encoding.ts';
import { compileField, type FieldCodec, fieldBytesMax } from './field-codec.ts';
import { type FieldsOf, type FieldTable, fixed, type NamedFieldsOf, type PartValue } from './field-table.ts';
import { matchKey } from './match-key.ts';
import { type Message, maskedClasses } from './message.ts';
import { putPlain, readPlain } from './plain-field.ts';
import type { Source } from './source.ts';

/** One way of writing ISO 8583: a field table and an encoding, compiled once. `Fields` derives from the table. */
export type Dialect<Fields extends object, Named extends object = object> = {
  readonly name: string;
  readonly table: FieldTable;
  readonly encoding: Encoding;
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
  /** The same fields keyed by the names of the table; they print masked too. */
  named(fields: Fields): Named;
  /** Fields keyed by number again. Throws `CodecError` on a name that the table does not have. */
  numbered(named: Named): Fields;
  /** Text that a request and its answer have in common, and no other pair under way: see `matchOn`. */
  matchKey(message: Message<Fields>): string;
};

export type Decoded<Fields extends object> = { readonly message: Message<Fields>; readonly error?: CodecError };

export type DialectDefinition<Table extends FieldTable> = {
  readonly name: string;
  readonly table: Table;
  readonly encoding: Encoding;
  /** Fields by which answers find their requests. Trace number and terminal (11, 41) unless stated. */
  readonly matchOn?: readonly number[];
};

const MTI = { name: 'mti', zh: '消息类型', format: 'n', length: fixed(4) } as const;
const MTI_BYTES_MAX = 4;
const BITMAP_BYTES_MAX = FIELDS_MAX / 4;
const FIELDS_OF_TWO = 128;

/** Codecs of the type indicator and of the fields by number, and room for the longest message they allow. */
type CompiledTable = {
  readonly mtiCodec: FieldCodec;
  readonly bitmap: BitmapCodec;
  readonly codecs: readonly (FieldCodec | undefined)[];
  readonly bytesMax: number;
};

const compileTable = (table: FieldTable, encoding: Encoding): CompiledTable => {
  const codecs: (FieldCodec | undefined)[] = Array.from({ length: FIELDS_MAX + 1 }, () => undefined);
  let bytesMax = MTI_BYTES_MAX + BITMAP_BYTES_MAX;
  let fieldMax = 0;
  for (const [key, spec] of Object.entries(table)) {
    const number = Number(key);
    if (number < 2 || number > FIELDS_MAX) throw new RangeError(`${spec.name}: there is no field ${number}`);
    codecs[number] = compileField(`F${number}`, spec, encoding);
    bytesMax += fieldBytesMax(spec);
    fieldMax = Math.max(fieldMax, number);
  }
  if (fieldMax > FIELDS_OF_TWO && codecs[65] !== undefined) throw new RangeError('bit 65 announces the third bitmap');
  return {
    mtiCodec: compileField('MTI', MTI, encoding),
    bitmap: bitmapCodec(encoding, fieldMax),
    codecs,
    bytesMax,
  };
};

const copyOut = (scratch: Buffer, length: number): Uint8Array => {
  const pooled = Buffer.allocUnsafe(length);
  scratch.copy(pooled, 0, 0, length);
  return new Uint8Array(pooled.buffer, pooled.byteOffset, length);
};

const compileEncoder = ({ mtiCodec, bitmap, codecs, bytesMax }: CompiledTable) => {
  const scratch = new Uint8Array(bytesMax);
  const scratchBuffer = Buffer.from(scratch.buffer);
  return (mti: string, fields: object): Uint8Array => {
    const bitmapAt = mtiCodec.put(scratch, 0, mti);
    const entries = fields as Readonly<Record<number, unknown>>;
    // Numbers come first and in their order. Asking for each number there could be costs more, once messages of several makes meet here.
    const keys = Object.keys(fields);
    let count = keys.length;
    while (count > 0 && entries[Number(keys[count - 1])] === undefined) count -= 1;
    const bitmapBytes = startBitmaps(scratch, bitmapAt, count === 0 ? 0 : Number(keys[count - 1]));
    let at = bitmapAt + bitmapBytes * bitmap.perByte;
    for (let index = 0; index < count; index += 1) {
      const number = Number(keys[index]);
      const value = entries[number];
      if (value === undefined) continue;
      const codec = codecs[number];
      if (codec === undefined) throw new CodecError('field-unknown', { field: `F${keys[index]}` });
      const bit = number - 1;
      const byte = bitmapAt + (bit >> 3);
      scratch[byte] = (scratch[byte] ?? 0) | (0x80 >> (bit & 7));
      const { plain } = codec;
      at = plain === undefined ? codec.put(scratch, at, value) : putPlain(scratch, at, value, plain);
    }
    bitmap.finish(scratch, bitmapAt, bitmapBytes);
    return copyOut(scratchBuffer, at);
  };
};

type MutableFields = Record<number, PartValue>;

const readBitmap = (source: Source, { bitmap }: CompiledTable): Announced => {
  const announced = bitmap.read(source.bytes, source.at, source.end);
  source.at += announced.size * bitmap.perByte;
  return announced;
};

const readFields = (source: Source, announced: Announced, { codecs }: CompiledTable, fields: MutableFields): void => {
  for (let wordByte = 0; wordByte < announced.size; wordByte += WORD_BYTES) {
    let word = announcedWord(announced, wordByte);
    while (word !== 0) {
      const bit = Math.clz32(word);
      word &= ~(0x8000_0000 >>> bit);
      const number = wordByte * 8 + bit + 1;
      const codec = codecs[number];
      if (codec === undefined) throw new CodecError('field-unknown', { field: `F${number}`, offset: source.at });
      fields[number] = codec.plain === undefined ? codec.get(source) : readPlain(source, codec.plain);
    }
  }
  if (source.at !== source.end) throw new CodecError('trailing-bytes', { offset: source.at });
};

const latin1Slice = Buffer.prototype.latin1Slice;

// The method is called on what may be no Buffer, since making one of it first costs more than the conversion.
const openSource = (bytes: Uint8Array): Source => ({
  bytes,
  text: latin1Slice.call(bytes, 0, bytes.length),
  at: 0,
  end: bytes.length,
});

const numbersByName = (table: FieldTable): ReadonlyMap<string, number> =>
  new Map(Object.entries(table).map(([number, { name }]) => [name, Number(number)]));

/** Compiles a field table and an encoding into a dialect. The fields' type follows from the table: see `FieldsOf`. */
export const defineDialect = <const Table extends FieldTable>({
  name,
  table,
  encoding,
  matchOn = [11, 41],
}: DialectDefinition<Table>): Dialect<FieldsOf<Table>, NamedFieldsOf<Table>> => {
  type Fields = FieldsOf<Table>;
  const compiled = compileTable(table, encoding);
  const encodeFields = compileEncoder(compiled);
  const classes = maskedClasses<Fields>(table);
  const numbers = numbersByName(table);

  const decodePartial = (bytes: Uint8Array): Decoded<Fields> => {
    const source = openSource(bytes);
    let mti = '';
    let fields: MutableFields = classes.emptyFields(0);
    try {
      mti = compiled.mtiCodec.get(source) as string;
      const announced = readBitmap(source, compiled);
      fields = classes.emptyFields(announced.highest);
      readFields(source, announced, compiled, fields);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return { message: classes.message(mti, fields as Fields), error };
    }
    return { message: classes.message(mti, fields as Fields) };
  };

  const numbered = (named: object): Fields => {
    const fields = classes.emptyFields(0);
    for (const [key, value] of Object.entries(named)) {
      const number = numbers.get(key);
      if (number === undefined) throw new CodecError('field-unknown', { field: key });
      if (value !== undefined) fields[number] = value;
    }
    return fields as Fields;
  };

  return {
    name,
    table,
    encoding,
    message: (mti, fields) => classes.message(mti, Object.assign(classes.emptyFields(0), fields)),
    encode: ({ mti, fields }) => encodeFields(mti, fields),
    decode(bytes) {
      const source = openSource(bytes);
      const mti = compiled.mtiCodec.get(source) as string;
      const announced = readBitmap(source, compiled);
      const fields = classes.emptyFields(announced.highest);
      readFields(source, announced, compiled, fields);
      return classes.message(mti, fields as Fields);
    },
    decodePartial,
    masked: (message) => classes.masked(message),
    named: (fields) => classes.named(fields) as NamedFieldsOf<Table>,
    numbered,
    matchKey: (message) => matchKey(message, matchOn),
  };
};
