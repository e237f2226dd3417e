import { CryptoError, type CryptoErrorCode } from './crypto-error.ts';

/** Checks text from outside before it is packed. */
export const demand = (text: string, pattern: RegExp, code: CryptoErrorCode): void => {
  if (!pattern.test(text)) throw new CryptoError(code);
};

export const panPattern = /^\d{12,19}$/;
export const pinPattern = /^\d{4,12}$/;

/** Packs hexadecimal digits that were checked before, two to a byte; faster than the general `fromHex`. */
export const pack = (digits: string): Uint8Array => {
  const bytes = new Uint8Array(digits.length >> 1);
  for (let index = 0; index < bytes.length; index += 1)
    bytes[index] = (valueOf(digits, 2 * index) << 4) | valueOf(digits, 2 * index + 1);
  return bytes;
};

/** 0-9, A-F and a-f: the low four bits of the character, nine more for letters. */
const valueOf = (digits: string, index: number): number => {
  const code = digits.charCodeAt(index);
  return (code & 15) + (code > 0x40 ? 9 : 0);
};

/** The half byte at `place`, 0 being the upper half of the first byte. */
export const nibbleAt = (bytes: Uint8Array, place: number): number => {
  const byte = bytes[place >> 1] ?? 0;
  return place % 2 === 0 ? byte >> 4 : byte & 15;
};

/** The first `count` decimal digits of a block, left to right; if it has too few, its letters less ten follow. */
export const decimalDigits = (block: Uint8Array, count: number): string => {
  let decimals = '';
  let letters = '';
  for (let place = 0; place < 2 * block.length; place += 1) {
    const nibble = nibbleAt(block, place);
    if (nibble < 10) decimals += nibble;
    else letters += nibble - 10;
  }
  return (decimals + letters).slice(0, count);
};
