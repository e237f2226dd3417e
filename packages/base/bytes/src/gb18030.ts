/**
 * GB18030 text, the superset of GBK that Chinese terminals, hosts and printers carry.
 * Decoding is the platform's; encoding inverts the two-byte area once, on first use.
 */
const decoder = new TextDecoder('gb18030');

const isTrail = (byte: number): boolean => byte >= 0x40 && byte <= 0xfe && byte !== 0x7f;

/** Lead and trail byte by character code; 0 where the two-byte area has no such character. */
const invertTwoByteArea = (): Uint16Array => {
  const table = new Uint16Array(0x10000);
  const pair = new Uint8Array(2);
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (!isTrail(trail)) continue;
      pair[0] = lead;
      pair[1] = trail;
      const character = decoder.decode(pair);
      const code = character.charCodeAt(0);
      if (character.length === 1 && code !== 0xfffd && table[code] === 0) table[code] = (lead << 8) | trail;
    }
  }
  return table;
};

const memo: { table?: Uint16Array } = {};
const twoByteArea = (): Uint16Array => (memo.table ??= invertTwoByteArea());

const isLeadSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isTrailSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Text to GB18030 bytes; a character outside the two-byte area becomes '?'. */
export const encodeGb18030 = (text: string): Uint8Array => {
  const pairs = twoByteArea();
  const out = new Uint8Array(2 * text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const pair = code < 0x80 ? 0 : (pairs[code] ?? 0);
    if (pair > 0) out[length++] = pair >> 8;
    out[length++] = code < 0x80 ? code : pair > 0 ? pair & 0xff : 0x3f;
    // A character beyond the basic plane is two codes and one question mark.
    if (isLeadSurrogate(code) && isTrailSurrogate(text.charCodeAt(index + 1))) index += 1;
  }
  return out.slice(0, length);
};

/** GB18030 bytes to text; malformed bytes become U+FFFD. */
export const decodeGb18030 = (bytes: Uint8Array): string => decoder.decode(bytes);
