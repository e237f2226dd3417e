import { hex } from '@zhanggui/bytes';
import { CryptoError, type CryptoErrorCode } from './crypto-error.ts';

export const requireDigits = (text: string, pattern: RegExp, code: CryptoErrorCode): void => {
  if (!pattern.test(text)) throw new CryptoError(code);
};

/** The first `count` decimal digits of a block in hexadecimal, left to right; if too few, its letters less ten follow. */
export const decimalDigits = (block: Uint8Array, count: number): string => {
  const text = hex(block);
  const decimals = text.replace(/[A-F]/g, '');
  const letters = text.replace(/[0-9]/g, '').replace(/[A-F]/g, (letter) => String(letter.charCodeAt(0) - 65));
  return (decimals + letters).slice(0, count);
};
