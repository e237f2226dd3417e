import { fromHex } from '@zhanggui/bytes';
import { DataError } from './command.ts';

/** Bytes of hexadecimal text; white space between digits and a leading 0x are allowed. Throws `DataError` with the place. */
export const bytesOf = (text: string, name: string): Uint8Array => {
  const digits = text.replace(/^\s*0x/i, '').replace(/\s+/g, '');
  const bad = digits.search(/[^0-9a-f]/i);
  if (bad >= 0) throw new DataError(`${name}: digit ${bad + 1} is not hexadecimal`);
  if (digits.length % 2 !== 0) throw new DataError(`${name}: ${digits.length} hexadecimal digits are no whole bytes`);
  return fromHex(digits);
};
