export { buildDol } from './dol.ts';
export { TAGS, type TagFormat, type TagName, tagName } from './tags.ts';
export {
  type DolEntry,
  decodeTlv,
  encodeTlv,
  findTag,
  parseDol,
  type Tlv,
  TlvError,
  type TlvErrorCode,
} from './tlv.ts';
