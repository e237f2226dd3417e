import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** SM3 digest (GB/T 32905): 32 bytes. */
export const sm3 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash('sm3').update(data).digest());

/** SM4 (GB/T 32907) of whole 16-byte blocks, ECB without padding, under a 16-byte key. */
export const sm4EcbEncrypt = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createCipheriv('sm4-ecb', key, null).setAutoPadding(false).update(data));

export const sm4EcbDecrypt = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createDecipheriv('sm4-ecb', key, null).setAutoPadding(false).update(data));
