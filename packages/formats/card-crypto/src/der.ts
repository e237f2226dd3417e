import { concat, fromHex } from '@zhanggui/bytes';

/** One element of ASN.1 in DER (X.690). */
export const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = concat(...parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return concat(Uint8Array.of(tag, ...length), content);
};

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(0x30, ...parts);
export const identifier = (digits: string): Uint8Array => der(0x06, fromHex(digits));
export const bits = (content: Uint8Array): Uint8Array => der(0x03, Uint8Array.of(0), content);
export const octets = (content: Uint8Array): Uint8Array => der(0x04, content);

/** A number that is not negative, of big-endian bytes, in the fewest bytes that say so. */
export const integer = (bytes: Uint8Array): Uint8Array => {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  return (digits[0] ?? 0) < 0x80 ? der(0x02, digits) : der(0x02, Uint8Array.of(0), digits);
};

/** The contents of the elements of these tags that make up `bytes`, one after the other; undefined when it is anything else. */
export const contentsOf = (bytes: Uint8Array, tags: readonly number[]): readonly Uint8Array[] | undefined => {
  const contents: Uint8Array[] = [];
  let at = 0;
  for (const tag of tags) {
    const first = bytes[at + 1] ?? 0xff;
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    if (bytes[at] !== tag || lengthBytes > 2) return undefined;
    const start = at + 2 + lengthBytes;
    const size = lengthBytes === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    if (start + size > bytes.length) return undefined;
    contents.push(bytes.subarray(start, start + size));
    at = start + size;
  }
  return at === bytes.length ? contents : undefined;
};
