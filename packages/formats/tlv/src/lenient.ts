import { type Cursor, isConstructed, type Tlv, TlvError, takeLength, takeTag } from './tlv.ts';

/** All that could be read, and what was wrong on the way: code and byte offset, never the data. */
export type LenientTlv = { readonly objects: readonly Tlv[]; readonly faults: readonly TlvError[] };

const LENGTH_BYTES_MAX = 5;
const DEPTH_MAX = 16;

/** Bytes of filler at the cursor: any 00; FF where there are two or more, or at the end, since one alone may begin a tag. */
const fillerBytes = ({ bytes, offset, end }: Cursor): number => {
  if (bytes[offset] === 0x00) return 1;
  let at = offset;
  while (at < end && bytes[at] === 0xff) at += 1;
  return at - offset > 1 || at === end ? at - offset : 0;
};

/** Adds to `found` as it goes, so that what was read before a fault stays. Throws `TlvError`. */
const readObjects = (found: Tlv[], cursor: Cursor, depth: number, faults: TlvError[]): void => {
  while (cursor.offset < cursor.end) {
    const filler = fillerBytes(cursor);
    cursor.offset += filler;
    if (filler > 0) continue;
    const first = cursor.bytes[cursor.offset] ?? 0;
    const tag = takeTag(cursor);
    const length = takeLength(cursor, LENGTH_BYTES_MAX);
    const start = cursor.offset;
    if (length > cursor.end - start) faults.push(new TlvError('value-truncated', start));
    const end = Math.min(cursor.end, start + length);
    cursor.offset = end;
    const value = cursor.bytes.subarray(start, end);
    const children = isConstructed(first)
      ? childrenOf(cursor.bytes, { start, end, depth: depth + 1 }, faults)
      : undefined;
    found.push(children === undefined ? { tag, value } : { tag, value, children });
  }
};

const childrenOf = (
  bytes: Uint8Array,
  { start, end, depth }: { start: number; end: number; depth: number },
  faults: TlvError[],
): Tlv[] | undefined => {
  if (depth > DEPTH_MAX) {
    faults.push(new TlvError('nested-too-deep', start));
    return undefined;
  }
  try {
    const children: Tlv[] = [];
    readObjects(children, { bytes, offset: start, end }, depth, faults);
    return children;
  } catch (error) {
    if (!(error instanceof TlvError)) throw error;
    faults.push(error);
    return undefined;
  }
};

/**
 * What real cards send: filler of 00 and FF between objects, lengths longer than they need be (up to four bytes), a value cut
 * short, a template that holds none. Nothing is thrown; what could not be read is among the faults.
 */
export const readTlv = (bytes: Uint8Array): LenientTlv => {
  const faults: TlvError[] = [];
  const objects: Tlv[] = [];
  const cursor: Cursor = { bytes, offset: 0, end: bytes.length };
  try {
    readObjects(objects, cursor, 0, faults);
  } catch (error) {
    if (!(error instanceof TlvError)) throw error;
    faults.push(error);
  }
  return { objects, faults };
};
