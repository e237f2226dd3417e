import { HEX_DIGITS, EBCDIC } from './charset.ts';
import { CodecError } from './codec-error.ts';
import type { Encoding } from './encoding.ts';

/** Bytes of one bitmap: of fields 1 to 64, 65 to 128, or 129 to 192. */
const BITMAP_BYTES = 8;
const BITMAP_FIELDS = 8 * BITMAP_BYTES;
const BITMAPS_MAX = 3;
export const FIELDS_MAX = BITMAPS_MAX * BITMAP_FIELDS;

/** Bytes of a bitmap that are looked at together: bit 31 of a word is its lowest field. */
export const WORD_BYTES = 4;

/** The first bit of a bitmap says that another follows. The second one's does so only where a dialect has a third. */
const FOLLOWED = 0x80;

/** Four bytes, big-endian, without a sign. */
const wordAt = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;

const isEmpty = (bytes: Uint8Array, at: number): boolean => (wordAt(bytes, at) | wordAt(bytes, at + WORD_BYTES)) === 0;

/** Bytes of the bitmaps at a place. A later one without fields would not be written again. */
const measureBitmaps = (bytes: Uint8Array, at: number, end: number, bitmapsMax: number): number => {
  if (at + BITMAP_BYTES > end) throw new CodecError('bitmap-malformed', { offset: at });
  let last = at;
  for (let count = 1; count < bitmapsMax && ((bytes[last] ?? 0) & FOLLOWED) !== 0; count += 1) {
    last += BITMAP_BYTES;
    if (last + BITMAP_BYTES > end || isEmpty(bytes, last)) throw new CodecError('bitmap-malformed', { offset: last });
  }
  return last + BITMAP_BYTES - at;
};

const lastBit = (word: number): number => 31 - Math.clz32(word & -word);

/** Number of the last field announced, or 0. */
const highestField = (bytes: Uint8Array, bitmapAt: number, bitmapBytes: number): number => {
  for (let wordByte = bitmapBytes - WORD_BYTES; wordByte >= 0; wordByte -= WORD_BYTES) {
    const word = wordAt(bytes, bitmapAt + wordByte);
    if (word !== 0) return wordByte * 8 + 32 - lastBit(word);
  }
  return 0;
};

/** The fields that a bitmap announces, as 32-bit words without the bits that only announce another bitmap. */
export type Announced = {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly size: number;
  readonly highest: number;
};

export const announcedWord = ({ bytes, at, size }: Announced, wordByte: number): number => {
  const word = wordAt(bytes, at + wordByte);
  const announcesNext = wordByte === 0 || (wordByte === BITMAP_BYTES && size > 2 * BITMAP_BYTES);
  return announcesNext ? word & 0x7fff_ffff : word;
};

/** How the bitmaps of a dialect lie in bytes. */
export type BitmapCodec = {
  /** Bytes on the wire of one byte of bitmap. */
  readonly perByte: 1 | 2;
  /** Bitmaps at a place, which take `size * perByte` bytes there. */
  read(bytes: Uint8Array, at: number, end: number): Announced;
  /** Turns the binary bitmaps at a place, with room behind them, into their form on the wire. */
  finish(out: Uint8Array, at: number, size: number): void;
};

const announced = (bytes: Uint8Array, at: number, size: number): Announced => ({
  bytes,
  at,
  size,
  highest: highestField(bytes, at, size),
});

const binaryBitmap = (bitmapsMax: number): BitmapCodec => ({
  perByte: 1,
  read: (bytes, at, end) => announced(bytes, at, measureBitmaps(bytes, at, end, bitmapsMax)),
  finish: () => undefined,
});

const DIGITS = '0123456789ABCDEF';

const hexBitmap = (bitmapsMax: number, charset: Encoding['text']): BitmapCodec => {
  const byteOf = (nibble: number): number => {
    const code = DIGITS.charCodeAt(nibble);
    return charset === 'ascii' ? code : (EBCDIC.byteOf[code] ?? 0);
  };
  const nibbleOf = (byte: number, offset: number): number => {
    const code = charset === 'ascii' ? byte : (EBCDIC.codeOf[byte] ?? 0);
    if (HEX_DIGITS[code] !== 1) throw new CodecError('bitmap-malformed', { offset });
    return DIGITS.indexOf(String.fromCharCode(code));
  };
  return {
    perByte: 2,
    read(bytes, at, end) {
      const bits = new Uint8Array(BITMAPS_MAX * BITMAP_BYTES);
      let size = 0;
      do {
        const start = at + 2 * size;
        if (start + 2 * BITMAP_BYTES > end) throw new CodecError('bitmap-malformed', { offset: start });
        for (let index = 0; index < BITMAP_BYTES; index += 1) {
          const place = start + 2 * index;
          bits[size + index] = (nibbleOf(bytes[place] ?? 0, place) << 4) | nibbleOf(bytes[place + 1] ?? 0, place + 1);
        }
        size += BITMAP_BYTES;
      } while (size < bitmapsMax * BITMAP_BYTES && ((bits[size - BITMAP_BYTES] ?? 0) & FOLLOWED) !== 0);
      for (let later = BITMAP_BYTES; later < size; later += BITMAP_BYTES)
        if (isEmpty(bits, later)) throw new CodecError('bitmap-malformed', { offset: at + 2 * later });
      return announced(bits, 0, size);
    },
    finish(out, at, size) {
      for (let index = size - 1; index >= 0; index -= 1) {
        const byte = out[at + index] ?? 0;
        out[at + 2 * index] = byteOf(byte >> 4);
        out[at + 2 * index + 1] = byteOf(byte & 0x0f);
      }
    },
  };
};

/** Bitmaps for fields up to a number: one is enough to read 64, and a third exists only beyond 128. */
export const bitmapCodec = ({ bitmap, text }: Encoding, fieldMax: number): BitmapCodec => {
  const bitmapsMax = fieldMax > 2 * BITMAP_FIELDS ? BITMAPS_MAX : 2;
  return bitmap === 'binary' ? binaryBitmap(bitmapsMax) : hexBitmap(bitmapsMax, text);
};

/** Empty bitmaps for fields up to `last`, each but the last announcing the next. Their size in bytes. */
export const startBitmaps = (out: Uint8Array, at: number, last: number): number => {
  const size = last > BITMAP_FIELDS ? (last > 2 * BITMAP_FIELDS ? 3 : 2) * BITMAP_BYTES : BITMAP_BYTES;
  out.fill(0, at, at + size);
  for (let next = BITMAP_BYTES; next < size; next += BITMAP_BYTES) out[at + next - BITMAP_BYTES] = FOLLOWED;
  return size;
};
