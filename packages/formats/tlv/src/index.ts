export { TSI_BITS, TVR_BITS } from './bit-tables.ts';
export { buildDol } from './dol.ts';
export { type DumpOptions, dumpTlv, shownValue } from './dump.ts';
export { EXPLAINED_TAGS, explainTag } from './explain.ts';
export { type LenientTlv, readTlv } from './lenient.ts';
export type { Meaning } from './meaning.ts';
export { TAGS, type TagFormat, type TagName, tagName, tagSecret } from './tags.ts';
export {
  type DolEntry,
  decodeStrictTlv,
  decodeTlv,
  encodeTlv,
  findTag,
  parseDol,
  type Tlv,
  TlvError,
  type TlvErrorCode,
} from './tlv.ts';
