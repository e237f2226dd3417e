import { CodecError } from './codec-error.ts';

/** Bytes of one half of a bitmap: fields 1 to 64, or 65 to 128. */
export const BITMAP_BYTES = 8;

/** Bytes of a bitmap that are looked at together: bit 31 of a word is its lowest field. */
export const WORD_BYTES = 4;

/** Four bytes, big-endian, without a sign. */
export const wordAt = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

/** Bytes of the bitmap at a place, whose first bit announces a second half. A second half without fields would not be written again. */
export const measureBitmap = (bytes: Uint8Array, at: number): number => {
  if (at + BITMAP_BYTES > bytes.length) throw new CodecError('bitmap-malformed', { offset: at });
  if (((bytes[at] ?? 0) & 0x80) === 0) return BITMAP_BYTES;
  const second = at + BITMAP_BYTES;
  const isWhole = second + BITMAP_BYTES <= bytes.length;
  if (!isWhole || (wordAt(bytes, second) | wordAt(bytes, second + 4)) === 0) {
    throw new CodecError('bitmap-malformed', { offset: second });
  }
  return 2 * BITMAP_BYTES;
};

const lastBit = (word: number): number => 31 - Math.clz32(word & -word);

/** Number of the last field announced, or 0. */
export const highestField = (bytes: Uint8Array, bitmapAt: number, bitmapBytes: number): number => {
  for (let wordByte = bitmapBytes - WORD_BYTES; wordByte >= 0; wordByte -= WORD_BYTES) {
    const word = wordAt(bytes, bitmapAt + wordByte);
    if (word !== 0) return wordByte * 8 + 32 - lastBit(word);
  }
  return 0;
};
