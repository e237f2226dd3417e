/** How a dialect lies in bytes: everything about it that its field table does not say. A row may differ in any part. */
export type Encoding = {
  /** n and z, and the type indicator: one character per digit, or two digits to a byte. */
  readonly digits: 'ascii' | 'bcd' | 'ebcdic';
  /** All other text. EBCDIC is code page 1047. */
  readonly text: 'ascii' | 'ebcdic';
  /** b as it is, or as two upper-case hexadecimal characters a byte. */
  readonly bytes: 'binary' | 'hex';
  /** The length in front of a variable value; `hex` is hexadecimal characters. */
  readonly lengths: 'ascii' | 'bcd' | 'ebcdic' | 'binary' | 'hex';
  readonly bitmap: 'binary' | 'hex';
};

/** Digits packed two to a byte (BCD), as terminals speak; text stays one byte per character. */
export const packedDigits: Encoding = {
  digits: 'bcd',
  text: 'ascii',
  bytes: 'binary',
  lengths: 'bcd',
  bitmap: 'binary',
};

/** One ASCII character per digit, as institutions speak. */
export const characterDigits: Encoding = {
  digits: 'ascii',
  text: 'ascii',
  bytes: 'binary',
  lengths: 'ascii',
  bitmap: 'binary',
};

/** ASCII characters throughout: bytes and bitmap are hexadecimal. */
export const hexCharacters: Encoding = { ...characterDigits, bytes: 'hex', bitmap: 'hex' };

/** EBCDIC characters for digits, text and lengths. */
export const ebcdicCharacters: Encoding = { ...characterDigits, digits: 'ebcdic', text: 'ebcdic', lengths: 'ebcdic' };
