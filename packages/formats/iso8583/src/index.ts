export { CodecError, type CodecErrorCode, type CodecPlace } from './codec-error.ts';
export { type Decoded, type Dialect, type DialectDefinition, defineDialect } from './dialect.ts';
export { characterDigits, type Encoding, packedDigits } from './encoding.ts';
export {
  type FieldSpec,
  type FieldsOf,
  type FieldTable,
  type FieldValue,
  type Format,
  fixed,
  type Length,
  lllvar,
  llvar,
  pick,
} from './field-table.ts';
export { type InterchangeFields, interchange, interchangeFields } from './interchange.ts';
export { iso1987 } from './iso1987.ts';
export type { Message } from './message.ts';
export { type UnionPayPosFields, unionPayPos, unionPayPosFields } from './union-pay-pos.ts';
