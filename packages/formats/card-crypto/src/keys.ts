import { type AesKeyInput, aesKey } from './aes.ts';
import { aesCmac, sm4Cmac, tdesCmac } from './cmac.ts';
import { type DesKeyInput, desKey } from './des.ts';
import type { Sm4KeyInput } from './sm4.ts';

const zeros = new Uint8Array(8);
const aesZeros = new Uint8Array(16);

/** Key check value: eight zero bytes enciphered, all 8 bytes of it; messages carry the first 3 or 4. */
export const kcv = (key: DesKeyInput): Uint8Array => desKey(key).encrypt(zeros);

/** The old way for AES, a block of zeros enciphered: 16 bytes. X9.24-1 asks for `aesCmacKcv`. */
export const aesKcv = (key: AesKeyInput): Uint8Array => aesKey(key).encrypt(aesZeros);

/** Check value by CMAC over a block of zeros (X9.24-1 annex A): 8 bytes, of which 3 travel. */
export const tdesCmacKcv = (key: DesKeyInput): Uint8Array => tdesCmac(key, zeros);

/** Check value by CMAC over a block of zeros (X9.24-1 annex A): 16 bytes, of which 5 travel. */
export const aesCmacKcv = (key: AesKeyInput): Uint8Array => aesCmac(key, aesZeros);

/** Check value by CMAC over a block of zeros, as AES has it: 16 bytes. */
export const sm4CmacKcv = (key: Sm4KeyInput): Uint8Array => sm4Cmac(key, aesZeros);

/** How China's acquirers send keys under keys: ECB, one block after the other. Throws `key-length`, `not-whole-blocks`. */
export const desEcbEncrypt = (key: DesKeyInput, data: Uint8Array): Uint8Array => desKey(key).encrypt(data);
export const desEcbDecrypt = (key: DesKeyInput, data: Uint8Array): Uint8Array => desKey(key).decrypt(data);

/** Sets the lowest bit of every byte so that the byte has an odd number of ones (FIPS 46-3). */
export const adjustParity = (key: Uint8Array): Uint8Array =>
  key.map((byte) => {
    let ones = byte & 0xfe;
    ones ^= ones >> 4;
    ones ^= ones >> 2;
    ones ^= ones >> 1;
    return (byte & 0xfe) | (~ones & 1);
  });
