import { xor } from '@zhanggui/bytes';
import { type AesKeyInput, aesKey } from './aes.ts';
import { type DesKeyInput, desKey } from './des.ts';
import { type Sm4KeyInput, sm4Key } from './sm4.ts';

/** What CMAC needs of a block cipher: one block enciphered, and the chain of many. */
type Blocks = Readonly<{
  blockBytes: 8 | 16;
  encrypt(block: Uint8Array): Uint8Array;
  encryptCbc(data: Uint8Array): Uint8Array;
}>;

/**
 * CMAC with triple DES (NIST SP 800-38B, ISO 9797-1 algorithm 5), 8 bytes. Two TDES kinds of key check value and the
 * key derivation of TR-31 B are made of it too.
 */
export const tdesCmac = (key: DesKeyInput, data: Uint8Array): Uint8Array => cmac(desKey(key), data);

/** CMAC with AES (NIST SP 800-38B, RFC 4493, ISO 9797-1 algorithm 5): 16 bytes. */
export const aesCmac = (key: AesKeyInput, data: Uint8Array): Uint8Array => cmac(aesKey(key), data);

/** CMAC with SM4 (GB/T 15852.1 algorithm 5): 16 bytes. */
export const sm4Cmac = (key: Sm4KeyInput, data: Uint8Array): Uint8Array => {
  const ready = sm4Key(key);
  return cmac(
    {
      blockBytes: ready.blockBytes,
      encrypt: (block) => ready.encrypt(block),
      encryptCbc: (blocks) => ready.encrypt(blocks, { mode: 'cbc' }),
    },
    data,
  );
};

const cmac = (key: Blocks, data: Uint8Array): Uint8Array => {
  const size = key.blockBytes;
  const once = doubled(key.encrypt(new Uint8Array(size)));
  const isWhole = data.length > 0 && data.length % size === 0;
  const padded = new Uint8Array(isWhole ? data.length : data.length + size - (data.length % size));
  padded.set(data);
  if (!isWhole) padded[data.length] = 0x80;
  const last = padded.subarray(-size);
  last.set(xor(last, isWhole ? once : doubled(once)));
  return key.encryptCbc(padded).slice(-size);
};

/** The polynomials of the field: x^64 + x^4 + x^3 + x + 1 and x^128 + x^7 + x^2 + x + 1 without their highest term. */
const remainders = { 8: 0x1b, 16: 0x87 } as const;

/** Twice a block in the field: shifted left by one bit, reduced when a one falls out. */
const doubled = (block: Uint8Array): Uint8Array => {
  const twice = block.map((byte, index) => (byte << 1) | ((block[index + 1] ?? 0) >> 7));
  const remainder = block.length === 8 ? remainders[8] : remainders[16];
  if ((block[0] ?? 0) & 0x80) twice[block.length - 1] = (twice[block.length - 1] ?? 0) ^ remainder;
  return twice;
};
