/** Upper-case hexadecimal text of the bytes, two digits each. */
export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();

/** Bytes of hexadecimal text; spaces are allowed between digits. Throws `RangeError` on an odd or foreign digit. */
export const fromHex = (text: string): Uint8Array => {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError('not hexadecimal text');
  return new Uint8Array(Buffer.from(digits, 'hex'));
};

/** One character per byte (ISO 8859-1), the identity on ASCII. */
export const ascii = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** One byte per character. Throws `RangeError` when a character does not fit in a byte. */
export const fromAscii = (text: string): Uint8Array => {
  const out = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0xff) throw new RangeError(`character ${index} does not fit in a byte`);
    out[index] = code;
  }
  return out;
};

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
};

/** Exclusive or of two strings of the same length. */
export const xor = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  if (left.length !== right.length) throw new RangeError('xor needs equal lengths');
  const out = new Uint8Array(left.length);
  for (let index = 0; index < out.length; index += 1) out[index] = (left[index] ?? 0) ^ (right[index] ?? 0);
  return out;
};

/** Compares without an early exit, so that the time taken tells nothing about where two MACs differ. */
export const equal = (left: Uint8Array, right: Uint8Array): boolean => {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) difference |= (left[index] ?? 0) ^ (right[index] ?? 0);
  return difference === 0;
};

/** Packs decimal digits two to a byte; an odd count gets a leading zero nibble (`right`) or a trailing one (`left`). */
export const bcd = (digits: string, align: 'left' | 'right' = 'right'): Uint8Array => {
  if (!/^\d*$/.test(digits)) throw new RangeError('not decimal digits');
  const even = digits.length % 2 === 0 ? digits : align === 'right' ? `0${digits}` : `${digits}0`;
  return new Uint8Array(Buffer.from(even, 'hex'));
};
