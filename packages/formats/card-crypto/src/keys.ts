import { type DesKeyInput, desKey } from './des.ts';

const zeros = new Uint8Array(8);

/** Key check value: eight zero bytes enciphered, all 8 bytes of it; messages carry the first 3 or 4. */
export const kcv = (key: DesKeyInput): Uint8Array => desKey(key).encrypt(zeros);

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
