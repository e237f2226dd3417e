import { createHash, createHmac } from 'node:crypto';

/** SM3 digest (GB/T 32905): 32 bytes. */
export const sm3 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash('sm3').update(data).digest());

/** HMAC with SM3 (GB/T 15852.2): 32 bytes. */
export const sm3Hmac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sm3', key).update(data).digest());
