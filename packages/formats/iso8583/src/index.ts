export { CodecError, type CodecErrorCode, type CodecPlace } from './codec-error.ts';
export { type Decoded, type Dialect, type DialectDefinition, defineDialect } from './dialect.ts';
export { characterDigits, type Encoding, ebcdicCharacters, hexCharacters, packedDigits } from './encoding.ts';
export {
  type Composite,
  type Extended,
  extendTable,
  type FieldElement,
  type FieldSpec,
  type FieldsOf,
  type FieldTable,
  type FieldValue,
  type Format,
  fixed,
  type Length,
  llllllvar,
  lllllvar,
  llllvar,
  lllvar,
  llvar,
  lvar,
  type NamedFieldsOf,
  type PartFields,
  type PartValue,
  pick,
  type TableChanges,
} from './field-table.ts';
export { fixedText } from './fixed-text.ts';
export { type InterchangeFields, interchange, interchangeFields } from './interchange.ts';
export {
  answerInterchangeHeader,
  decodeInterchangeFrame,
  encodeInterchangeFrame,
  type InterchangeFrame,
  type InterchangeHeader,
  interchangeHeader,
} from './interchange-frame.ts';
export { type Balance, field54, field90, interchangeField60, type OriginalTransaction } from './interchange-views.ts';
export {
  type CodeText,
  codeTexts,
  entryMode,
  pointOfService,
  processingCode,
  reconciliationPrimary,
} from './iso-views.ts';
export { type Iso1987Fields, iso1987, iso1987Ascii, iso1987Binary, iso1987Fields } from './iso1987.ts';
export { type Iso1993Fields, iso1993Ascii, iso1993Binary, iso1993Fields } from './iso1993.ts';
export { type Iso2003Fields, iso2003Ascii, iso2003Binary, iso2003Fields } from './iso2003.ts';
export { interchangeMacInput, posMac, posMacInput } from './mac-input.ts';
export type { Message } from './message.ts';
export {
  answerTpdu,
  decodePosFrame,
  encodePosFrame,
  type LineInformation,
  type PosFrame,
  type PosHeader,
  type Tpdu,
} from './pos-frame.ts';
export { type DeliveredKey, posField44, posField60, posField61, type SignInKeys, signInKeys } from './pos-views.ts';
export {
  isReversalDone,
  RESPONSE_CODES,
  type ResponseCategory,
  type ResponseCode,
  responseCode,
} from './response-codes.ts';
export { type UnionPayPosFields, unionPayPos, unionPayPosFields } from './union-pay-pos.ts';
