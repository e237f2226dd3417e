import { equal, fromHex } from '@zhanggui/bytes';

/** One BER-TLV data object (EMV Book 3 Annex B). `tag` is upper-case hexadecimal. A constructed object carries its parsed `children`. */
export type Tlv = { readonly tag: string; readonly value: Uint8Array; readonly children?: readonly Tlv[] };

export type TlvErrorCode =
  | 'tag-truncated'
  | 'tag-too-long'
  | 'length-truncated'
  | 'length-unsupported'
  | 'value-truncated'
  | 'nested-too-deep'
  | 'not-canonical';

/** Malformed TLV: what is wrong and the byte where it starts, never the data (it may be a PAN). */
export class TlvError extends Error {
  override readonly name = 'TlvError';
  readonly code: TlvErrorCode;
  readonly offset: number;

  constructor(code: TlvErrorCode, offset: number) {
    super(`${code} at byte ${offset}`);
    this.code = code;
    this.offset = offset;
  }
}

const TAG_BYTES_MAX = 4;
const LENGTH_BYTES_MAX = 3;
const DEPTH_MAX = 16;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** Bit 6 of the first tag byte: the value is itself a list of data objects. */
export const isConstructed = (firstTagByte: number): boolean => (firstTagByte & 0x20) !== 0;

export type Cursor = { readonly bytes: Uint8Array; offset: number; readonly end: number };

const take = (cursor: Cursor, code: TlvErrorCode): number => {
  const byte = cursor.offset < cursor.end ? cursor.bytes[cursor.offset] : undefined;
  if (byte === undefined) throw new TlvError(code, cursor.offset);
  cursor.offset += 1;
  return byte;
};

export const takeTag = (cursor: Cursor): string => {
  const start = cursor.offset;
  let byte = take(cursor, 'tag-truncated');
  let tag = HEX[byte] ?? '';
  if ((byte & 0x1f) !== 0x1f) return tag;
  do {
    if (cursor.offset - start === TAG_BYTES_MAX) throw new TlvError('tag-too-long', start);
    byte = take(cursor, 'tag-truncated');
    tag += HEX[byte] ?? '';
  } while (byte >= 0x80);
  return tag;
};

/** One byte up to 127, or 81/82 followed by one or two bytes; the indefinite form 80 is not allowed (Annex B2). */
export const takeLength = (cursor: Cursor, bytesMax: number = LENGTH_BYTES_MAX): number => {
  const start = cursor.offset;
  const first = take(cursor, 'length-truncated');
  if (first < 0x80) return first;
  const following = first - 0x80;
  if (following === 0 || following >= bytesMax) throw new TlvError('length-unsupported', start);
  let length = 0;
  for (let index = 0; index < following; index += 1) length = length * 256 + take(cursor, 'length-truncated');
  return length;
};

const takeObjects = (cursor: Cursor, depth: number): Tlv[] => {
  if (depth > DEPTH_MAX) throw new TlvError('nested-too-deep', cursor.offset);
  const found: Tlv[] = [];
  while (cursor.offset < cursor.end) {
    const firstTagByte = cursor.bytes[cursor.offset] ?? 0;
    if (firstTagByte === 0x00) {
      cursor.offset += 1;
      continue;
    }
    const tag = takeTag(cursor);
    const length = takeLength(cursor);
    const start = cursor.offset;
    const end = start + length;
    if (end > cursor.end) throw new TlvError('value-truncated', start);
    const value = cursor.bytes.subarray(start, end);
    cursor.offset = end;
    if (!isConstructed(firstTagByte)) found.push({ tag, value });
    else found.push({ tag, value, children: takeObjects({ bytes: cursor.bytes, offset: start, end }, depth + 1) });
  }
  return found;
};

/**
 * Data objects in order, constructed ones parsed inwards. Zero bytes between objects are padding and are skipped (Annex B1).
 * Values are views of `bytes`, not copies. Throws `TlvError`.
 */
export const decodeTlv = (bytes: Uint8Array): Tlv[] => takeObjects({ bytes, offset: 0, end: bytes.length }, 0);

/**
 * Objects of bytes that one of us wrote: no filler, no length longer than it need be. Throws `TlvError`; what does not
 * throw encodes to the same bytes again.
 */
export const decodeStrictTlv = (bytes: Uint8Array): Tlv[] => {
  const objects = decodeTlv(bytes);
  const again = encodeTlv(objects);
  if (!equal(again, bytes))
    throw new TlvError(
      'not-canonical',
      bytes.findIndex((byte, index) => byte !== again[index]),
    );
  return objects;
};

const lengthBytes = (length: number): number => (length < 0x80 ? 1 : length < 0x100 ? 2 : 3);

const contentLength = (object: Tlv): number =>
  object.children === undefined ? object.value.length : objectsLength(object.children);

const objectsLength = (objects: readonly Tlv[]): number => {
  let total = 0;
  for (const object of objects) {
    const content = contentLength(object);
    total += object.tag.length / 2 + lengthBytes(content) + content;
  }
  return total;
};

const putLength = (out: Uint8Array, at: number, length: number): number => {
  if (length < 0x80) {
    out[at] = length;
    return at + 1;
  }
  if (length < 0x100) {
    out[at] = 0x81;
    out[at + 1] = length;
    return at + 2;
  }
  if (length > 0xffff) throw new TlvError('length-unsupported', at);
  out[at] = 0x82;
  out[at + 1] = length >> 8;
  out[at + 2] = length & 0xff;
  return at + 3;
};

const putObjects = (out: Uint8Array, start: number, objects: readonly Tlv[]): number => {
  let at = start;
  for (const object of objects) {
    const tag = fromHex(object.tag);
    out.set(tag, at);
    at = putLength(out, at + tag.length, contentLength(object));
    if (object.children !== undefined) at = putObjects(out, at, object.children);
    else {
      out.set(object.value, at);
      at += object.value.length;
    }
  }
  return at;
};

/** Objects to bytes with the shortest length forms and no padding. Where `children` are given they are written, and `value` is ignored. */
export const encodeTlv = (objects: readonly Tlv[]): Uint8Array => {
  const out = new Uint8Array(objectsLength(objects));
  putObjects(out, 0, objects);
  return out;
};

/** Value of the first object with this tag, looking into constructed objects as they come. */
export const findTag = (objects: readonly Tlv[], tag: string): Uint8Array | undefined => {
  for (const object of objects) {
    if (object.tag === tag) return object.value;
    const inner = object.children === undefined ? undefined : findTag(object.children, tag);
    if (inner !== undefined) return inner;
  }
  return undefined;
};

/** A data object list entry: the card asks for `length` bytes of `tag` (EMV Book 3 §5.4). */
export type DolEntry = { readonly tag: string; readonly length: number };

/** Tags and lengths without values: PDOL, CDOL, DDOL or TDOL. Throws `TlvError`. */
export const parseDol = (bytes: Uint8Array): DolEntry[] => {
  const cursor: Cursor = { bytes, offset: 0, end: bytes.length };
  const entries: DolEntry[] = [];
  while (cursor.offset < cursor.end) entries.push({ tag: takeTag(cursor), length: takeLength(cursor) });
  return entries;
};
