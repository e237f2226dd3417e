import { concat, xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { type DesKeyInput, desKey } from './des.ts';
import { blockBytes, blockOf, word } from './words.ts';

const hexDigits = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));

/** Exclusive or of all 8-byte blocks of the data, the last one filled with zeros. */
const foldBlocks = (data: Uint8Array): Uint8Array => {
  let left = 0;
  let right = 0;
  for (let at = 0; at < data.length; at += blockBytes) {
    left ^= word(data, at);
    right ^= word(data, at + 4);
  }
  return blockOf(left, right);
};

/** Eight ASCII characters of the four bytes at `from` in upper-case hexadecimal. */
const asciiHex = (block: Uint8Array, from: number): Uint8Array => {
  const text = new Uint8Array(blockBytes);
  for (let index = 0; index < 4; index += 1) {
    const byte = block[from + index] ?? 0;
    text[2 * index] = hexDigits[byte >> 4] ?? 0;
    text[2 * index + 1] = hexDigits[byte & 15] ?? 0;
  }
  return text;
};

/**
 * UnionPay POS "ECB" MAC of field 64: the blocks' exclusive or as sixteen hexadecimal characters, the first eight
 * enciphered, the last eight added, enciphered again; 8 ASCII bytes. The data runs from the MTI through field 63.
 */
export const unionPayEcbMac = (key: DesKeyInput, data: Uint8Array): Uint8Array => {
  const mak = desKey(key);
  const folded = foldBlocks(data);
  return asciiHex(mak.encrypt(xor(mak.encrypt(asciiHex(folded, 0)), asciiHex(folded, 4))), 0);
};

/** The variant of hosts that encipher the exclusive or itself: 8 bytes. */
export const xorMac = (key: DesKeyInput, data: Uint8Array): Uint8Array => desKey(key).encrypt(foldBlocks(data));

/**
 * ISO 9797-1 paddings: `zeros` fills to a whole block (1), `80` always adds a byte 80 before that (2), `length` puts a
 * block with the length in bits in front and fills with zeros (3).
 */
export type MacPadding = 'zeros' | '80' | 'length';

const mark = Uint8Array.of(0x80);

/** The data as the chain takes it, which fills the last block with zeros by itself. */
const padded = (data: Uint8Array, padding: MacPadding): Uint8Array => {
  switch (padding) {
    case 'zeros':
      return data;
    case '80':
      return concat(data, mark);
    case 'length':
      return concat(lengthBlock(data.length), data.length === 0 ? new Uint8Array(blockBytes) : data);
  }
};

const lengthBlock = (bytes: number): Uint8Array => blockOf(Math.floor(bytes / 2 ** 29), (bytes << 3) >>> 0);

/**
 * CBC-MAC with a zero initial vector, the whole (triple) key on every block (ISO 9797-1 algorithm 1; with an 8-byte key
 * ANSI X9.9): 8 bytes.
 */
export const cbcMac = (
  key: DesKeyInput,
  data: Uint8Array,
  { padding }: { padding: MacPadding } = { padding: 'zeros' },
): Uint8Array => desKey(key).chain(padded(data, padding));

/** ANSI X9.9, ISO 9797-1 algorithm 1 with single DES: 8 bytes. Throws `key-length` unless the key has 8. */
export const x99Mac = (key: Uint8Array, data: Uint8Array, options?: { padding: MacPadding }): Uint8Array => {
  if (key.length !== 8) throw new CryptoError('key-length');
  return cbcMac(key, data, options);
};

/** ANSI X9.19, ISO 9797-1 algorithm 3: 8 bytes. */
export const x919Mac = (
  key: DesKeyInput,
  data: Uint8Array,
  { padding }: { padding: MacPadding } = { padding: 'zeros' },
): Uint8Array => desKey(key).retail(padded(data, padding));

/** Field 128 of the interchange: the first half of the CBC-MAC in hexadecimal, 8 ASCII bytes. */
export const interchangeMac = (key: DesKeyInput, data: Uint8Array): Uint8Array => asciiHex(cbcMac(key, data), 0);
