import { EBCDIC, HEX_DIGITS } from './charset.ts';
import type { Encoding } from './encoding.ts';
import { isDecimal, packedSize } from './packed-codec.ts';

/** How the length before a variable value lies in bytes. */
export type LengthCodec = {
  readonly bytes: number;
  /** The largest length it can announce. */
  readonly max: number;
  put(out: Uint8Array, at: number, length: number): void;
  /** The length, or undefined when the bytes are not digits. */
  get(bytes: Uint8Array, at: number): number | undefined;
};

const NO_NUMBER = 0xff;

/** Number below a hundred that a byte of two digits stands for. */
const NUMBERS = Uint8Array.from({ length: 0x100 }, (_, byte) =>
  isDecimal(byte) ? (byte >> 4) * 10 + (byte & 0x0f) : NO_NUMBER,
);
const BYTES = Uint8Array.from({ length: 100 }, (_, number) => (Math.trunc(number / 10) << 4) | (number % 10));

const oneByte = (max: number): LengthCodec => ({
  bytes: 1,
  max,
  put(out, at, length) {
    out[at] = BYTES[length] ?? 0;
  },
  get(bytes, at) {
    const length = NUMBERS[bytes[at] ?? NO_NUMBER] ?? NO_NUMBER;
    return length > max ? undefined : length;
  },
});

const packedLength = (digits: number): LengthCodec => {
  const size = packedSize(digits);
  const max = 10 ** digits - 1;
  if (size === 1) return oneByte(max);
  return {
    bytes: size,
    max,
    put(out, at, length) {
      let rest = length;
      for (let index = at + size - 1; index >= at; index -= 1) {
        out[index] = BYTES[rest % 100] ?? 0;
        rest = Math.trunc(rest / 100);
      }
    },
    get(bytes, at) {
      let length = 0;
      for (let index = at; index < at + size; index += 1) {
        const number = NUMBERS[bytes[index] ?? NO_NUMBER] ?? NO_NUMBER;
        if (number === NO_NUMBER) return undefined;
        length = length * 100 + number;
      }
      return length > max ? undefined : length;
    },
  };
};

const characterLength = (digits: number, zero: number): LengthCodec => ({
  bytes: digits,
  max: 10 ** digits - 1,
  put(out, at, length) {
    let rest = length;
    for (let index = digits - 1; index >= 0; index -= 1) {
      out[at + index] = zero + (rest % 10);
      rest = Math.trunc(rest / 10);
    }
  },
  get(bytes, at) {
    let length = 0;
    for (let index = at; index < at + digits; index += 1) {
      const digit = (bytes[index] ?? 0) - zero;
      if (digit < 0 || digit > 9) return undefined;
      length = length * 10 + digit;
    }
    return length;
  },
});

/** Upper-case hexadecimal ASCII characters, as many as the row has digits. */
const hexLength = (digits: number): LengthCodec => ({
  bytes: digits,
  max: 16 ** digits - 1,
  put(out, at, length) {
    const text = length.toString(16).toUpperCase().padStart(digits, '0');
    for (let index = 0; index < digits; index += 1) out[at + index] = text.charCodeAt(index);
  },
  get(bytes, at) {
    let length = 0;
    for (let index = at; index < at + digits; index += 1) {
      const code = bytes[index] ?? 0;
      if (HEX_DIGITS[code] !== 1) return undefined;
      length = length * 16 + (code & 0x0f) + (code > 0x40 ? 9 : 0);
    }
    return length;
  },
});

/** As many bytes as the row has digits, big-endian. */
const binaryLength = (size: number): LengthCodec => ({
  bytes: size,
  max: 2 ** (8 * size) - 1,
  put(out, at, length) {
    let rest = length;
    for (let index = at + size - 1; index >= at; index -= 1) {
      out[index] = rest % 0x100;
      rest = Math.trunc(rest / 0x100);
    }
  },
  get(bytes, at) {
    let length = 0;
    for (let index = at; index < at + size; index += 1) length = length * 0x100 + (bytes[index] ?? 0);
    return length;
  },
});

export const lengthCodec = (lengths: Encoding['lengths'], digits: number): LengthCodec => {
  if (lengths === 'bcd') return packedLength(digits);
  if (lengths === 'binary') return binaryLength(digits);
  if (lengths === 'hex') return hexLength(digits);
  return characterLength(digits, lengths === 'ascii' ? 0x30 : (EBCDIC.byteOf[0x30] ?? 0));
};
