export const blockBytes = 8;

/** The four bytes at `at`, the first the most significant; behind the end of the data come zeros. */
export const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);

export const putWord = (bytes: Uint8Array, at: number, value: number): void => {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
};

export const blockOf = (left: number, right: number): Uint8Array => {
  const block = new Uint8Array(blockBytes);
  putWord(block, 0, left);
  putWord(block, 4, right);
  return block;
};
