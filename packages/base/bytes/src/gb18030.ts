/**
 * GB18030 text, the superset of GBK that Chinese terminals, hosts and printers carry.
 * Decoding is the platform's; encoding inverts the two-byte area once, on first use.
 */
const decoder = new TextDecoder('gb18030');

const isTrail = (byte: number): boolean => byte >= 0x40 && byte <= 0xfe && byte !== 0x7f;

const invertTwoByteArea = (): ReadonlyMap<string, number> => {
  const table = new Map<string, number>();
  const pair = new Uint8Array(2);
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (!isTrail(trail)) continue;
      pair[0] = lead;
      pair[1] = trail;
      const character = decoder.decode(pair);
      if (character.length === 1 && character !== '\ufffd' && !table.has(character))
        table.set(character, (lead << 8) | trail);
    }
  }
  return table;
};

const memo: { table?: ReadonlyMap<string, number> } = {};
const twoByteArea = (): ReadonlyMap<string, number> => (memo.table ??= invertTwoByteArea());

/** Text to GB18030 bytes; a character outside the two-byte area becomes '?'. */
export const encodeGb18030 = (text: string): Uint8Array => {
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0x3f;
    const pair = code < 0x80 ? undefined : twoByteArea().get(character);
    if (code < 0x80) out.push(code);
    else if (pair === undefined) out.push(0x3f);
    else out.push(pair >> 8, pair & 0xff);
  }
  return Uint8Array.from(out);
};

/** GB18030 bytes to text; malformed bytes become U+FFFD. */
export const decodeGb18030 = (bytes: Uint8Array): string => decoder.decode(bytes);
