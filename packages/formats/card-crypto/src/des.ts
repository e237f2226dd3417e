import { CryptoError } from './crypto-error.ts';
import { boxes, keyShares, scheduleWords } from './des-tables.ts';
import { blockBytes, blockOf, putWord, word } from './words.ts';

/** The sixteen round keys of eight key bytes, two words each; a plain array is made five times faster than a typed one. */
type Schedule = readonly number[];

/** The round function: expansion by rotation, key, then the boxes with P already in them. */
const feistel = (half: number, evenKey: number, oddKey: number): number => {
  const even = ((half >>> 4) | (half << 28)) ^ evenKey;
  const odd = half ^ oddKey;
  return (
    (boxes[(even >>> 24) & 63] ?? 0) |
    (boxes[64 | ((odd >>> 24) & 63)] ?? 0) |
    (boxes[128 | ((even >>> 16) & 63)] ?? 0) |
    (boxes[192 | ((odd >>> 16) & 63)] ?? 0) |
    (boxes[256 | ((even >>> 8) & 63)] ?? 0) |
    (boxes[320 | ((odd >>> 8) & 63)] ?? 0) |
    (boxes[384 | (even & 63)] ?? 0) |
    (boxes[448 | (odd & 63)] ?? 0)
  );
};

/**
 * DES and triple DES (FIPS 46-3) in TypeScript: a card message is two or three blocks under a key, and a call into
 * OpenSSL costs as much as four blocks, a cipher object for a session key that is used once as much as eight. Tested
 * against `node:crypto`.
 *
 * One block, two words in `block`, through every stage, the second of three backwards (encipher, decipher, encipher);
 * deciphering takes them from the last to the first, each in the other direction. Between two stages the final and the
 * initial permutation cancel out and only the swap of halves is left. The swaps of bit groups are the initial
 * permutation and its inverse.
 */
const cipher = (stages: readonly Schedule[], deciphers: boolean, block: Int32Array): void => {
  let left = block[0] ?? 0;
  let right = block[1] ?? 0;
  let swap = ((left >>> 4) ^ right) & 0x0f0f0f0f;
  right ^= swap;
  left ^= swap << 4;
  swap = ((left >>> 16) ^ right) & 0xffff;
  right ^= swap;
  left ^= swap << 16;
  swap = ((right >>> 2) ^ left) & 0x33333333;
  left ^= swap;
  right ^= swap << 2;
  swap = ((right >>> 8) ^ left) & 0x00ff00ff;
  left ^= swap;
  right ^= swap << 8;
  right = (right << 1) | (right >>> 31);
  swap = (left ^ right) & 0xaaaaaaaa;
  left ^= swap;
  right ^= swap;
  left = (left << 1) | (left >>> 31);

  for (let count = 0; count < stages.length; count += 1) {
    const rounds = stages[deciphers ? stages.length - 1 - count : count] ?? [];
    const step = deciphers === (count % 2 === 0) ? -2 : 2;
    let round = step > 0 ? 0 : scheduleWords - 2;
    for (let pair = 0; pair < 8; pair += 1) {
      left ^= feistel(right, rounds[round] ?? 0, rounds[round + 1] ?? 0);
      round += step;
      right ^= feistel(left, rounds[round] ?? 0, rounds[round + 1] ?? 0);
      round += step;
    }
    swap = left;
    left = right;
    right = swap;
  }

  left = (left >>> 1) | (left << 31);
  swap = (left ^ right) & 0xaaaaaaaa;
  left ^= swap;
  right ^= swap;
  right = (right >>> 1) | (right << 31);
  swap = ((right >>> 8) ^ left) & 0x00ff00ff;
  left ^= swap;
  right ^= swap << 8;
  swap = ((right >>> 2) ^ left) & 0x33333333;
  left ^= swap;
  right ^= swap << 2;
  swap = ((left >>> 16) ^ right) & 0xffff;
  right ^= swap;
  left ^= swap << 16;
  swap = ((left >>> 4) ^ right) & 0x0f0f0f0f;
  right ^= swap;
  left ^= swap << 4;
  block[0] = left;
  block[1] = right;
};

const schedule = (key: Uint8Array, from: number): Schedule => {
  const share = (index: number): number => (128 * index + ((key[from + index] ?? 0) >> 1)) * scheduleWords;
  const [a, b, c, d, e, f, g, h] = [share(0), share(1), share(2), share(3), share(4), share(5), share(6), share(7)];
  const rounds = Array<number>(scheduleWords);
  for (let word = 0; word < scheduleWords; word += 1) {
    rounds[word] =
      (keyShares[a + word] ?? 0) |
      (keyShares[b + word] ?? 0) |
      (keyShares[c + word] ?? 0) |
      (keyShares[d + word] ?? 0) |
      (keyShares[e + word] ?? 0) |
      (keyShares[f + word] ?? 0) |
      (keyShares[g + word] ?? 0) |
      (keyShares[h + word] ?? 0);
  }
  return rounds;
};

const noVector = new Uint8Array(blockBytes);

const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A DES key of 8 bytes, or a triple DES key of 16 or 24, made ready for use. Keep it when the key is used again: making
 * one costs about as much as two blocks. Prints masked.
 */
export class DesKey {
  readonly blockBytes = 8;
  readonly keyBytes: 8 | 16 | 24;
  readonly #stages: readonly Schedule[];

  /** Throws `key-length` unless the key has 8, 16 or 24 bytes. Parity bits are ignored, as DES does. */
  constructor(key: Uint8Array) {
    if (key.length !== 8 && key.length !== 16 && key.length !== 24) throw new CryptoError('key-length');
    this.keyBytes = key.length;
    const first = schedule(key, 0);
    if (key.length === 8) this.#stages = [first];
    else this.#stages = [first, schedule(key, 8), key.length === 16 ? first : schedule(key, 16)];
  }

  /** ECB without padding. Throws `not-whole-blocks`. */
  encrypt(data: Uint8Array): Uint8Array {
    return this.#ecb(data, false);
  }

  /** ECB without padding. Throws `not-whole-blocks`. */
  decrypt(data: Uint8Array): Uint8Array {
    return this.#ecb(data, true);
  }

  /** CBC without padding; the initial vector is zero unless given. Throws `not-whole-blocks`. */
  encryptCbc(data: Uint8Array, vector: Uint8Array = noVector): Uint8Array {
    if (data.length % blockBytes !== 0) throw new CryptoError('not-whole-blocks');
    const output = new Uint8Array(data.length);
    const block = Int32Array.of(word(vector, 0), word(vector, 4));
    for (let at = 0; at < data.length; at += blockBytes) {
      block[0] = (block[0] ?? 0) ^ word(data, at);
      block[1] = (block[1] ?? 0) ^ word(data, at + 4);
      cipher(this.#stages, false, block);
      putWord(output, at, block[0] ?? 0);
      putWord(output, at + 4, block[1] ?? 0);
    }
    return output;
  }

  /** CBC without padding; the initial vector is zero unless given. Throws `not-whole-blocks`. */
  decryptCbc(data: Uint8Array, vector: Uint8Array = noVector): Uint8Array {
    const output = this.#ecb(data, true);
    for (let at = 0; at < data.length; at += 1)
      output[at] = (output[at] ?? 0) ^ ((at < blockBytes ? vector[at] : data[at - blockBytes]) ?? 0);
    return output;
  }

  /** Last block of CBC with a zero initial vector, the data filled with zeros to whole blocks (at least one). */
  chain(data: Uint8Array): Uint8Array {
    return this.#absorb(data, this.#stages);
  }

  /** ISO 9797-1 MAC algorithm 3 (the retail MAC): CBC under the left key, only the last block under the whole key. */
  retail(data: Uint8Array): Uint8Array {
    return this.#absorb(data, this.#stages.slice(0, 1));
  }

  #absorb(data: Uint8Array, chaining: readonly Schedule[]): Uint8Array {
    const block = new Int32Array(2);
    let at = 0;
    do {
      block[0] = (block[0] ?? 0) ^ word(data, at);
      block[1] = (block[1] ?? 0) ^ word(data, at + 4);
      at += blockBytes;
      cipher(at < data.length ? chaining : this.#stages, false, block);
    } while (at < data.length);
    return blockOf(block[0] ?? 0, block[1] ?? 0);
  }

  #ecb(data: Uint8Array, deciphers: boolean): Uint8Array {
    if (data.length % blockBytes !== 0) throw new CryptoError('not-whole-blocks');
    const output = new Uint8Array(data.length);
    const block = new Int32Array(2);
    for (let at = 0; at < data.length; at += blockBytes) {
      block[0] = word(data, at);
      block[1] = word(data, at + 4);
      cipher(this.#stages, deciphers, block);
      putWord(output, at, block[0]);
      putWord(output, at + 4, block[1]);
    }
    return output;
  }

  toJSON(): string {
    return '****';
  }

  [inspect](): string {
    return 'DesKey(****)';
  }
}

/** A key as a function takes it: its bytes, or made ready when it is used again and again. */
export type DesKeyInput = Uint8Array | DesKey;

export const desKey = (key: DesKeyInput): DesKey => (key instanceof DesKey ? key : new DesKey(key));
