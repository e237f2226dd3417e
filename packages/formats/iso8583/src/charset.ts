import type { Format } from './field-table.ts';

/** Which ASCII codes a format takes: 1 where it does. */
export type Alphabet = Uint8Array;

const alphabetOf = (pattern: RegExp): Alphabet =>
  Uint8Array.from({ length: 0x100 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));

export const HEX_DIGITS = alphabetOf(/[0-9A-F]/);

export const ALPHABETS: Readonly<Record<Exclude<Format, 'b'>, Alphabet>> = {
  n: alphabetOf(/[0-9]/),
  a: alphabetOf(/[A-Za-z]/),
  an: alphabetOf(/[0-9A-Za-z]/),
  anp: alphabetOf(/[0-9A-Za-z ]/),
  as: alphabetOf(/[\x20-\x2f\x3a-\x7e]/),
  ans: alphabetOf(/[\x20-\x7e]/),
  z: alphabetOf(/[0-9A-F=]/),
  'x+n': alphabetOf(/[0-9CD]/),
};

const NO_CODE = 0xff;

/** Bytes by ASCII code and back. What is not printable has none. */
export type Charset = { readonly byteOf: Uint8Array; readonly codeOf: Uint8Array };

const charsetOf = (rows: Readonly<Record<number, string>>): Charset => {
  const byteOf = new Uint8Array(0x100).fill(NO_CODE);
  const codeOf = new Uint8Array(0x100).fill(NO_CODE);
  for (const [start, characters] of Object.entries(rows)) {
    for (let index = 0; index < characters.length; index += 1) {
      const code = characters.charCodeAt(index);
      byteOf[code] = Number(start) + index;
      codeOf[Number(start) + index] = code;
    }
  }
  return { byteOf, codeOf };
};

/** Printable ASCII in code page 1047, by the first byte of each run. */
export const EBCDIC: Charset = charsetOf({
  0x40: ' ',
  0x4b: '.<(+|&',
  0x5a: '!$*);^-/',
  0x6b: ',%_>?',
  0x79: '`:#@\'="',
  0x81: 'abcdefghi',
  0x91: 'jklmnopqr',
  0xa1: '~stuvwxyz',
  0xad: '[',
  0xbd: ']',
  0xc0: '{ABCDEFGHI',
  0xd0: '}JKLMNOPQR',
  0xe0: '\\',
  0xe2: 'STUVWXYZ',
  0xf0: '0123456789',
});
