import { constants, createDecipheriv, privateDecrypt, publicEncrypt, sign, verify } from 'node:crypto';
import type { Suite } from './crypto.ts';

/** Sensitive fields: RSA-OAEP with SHA-1. */
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } as const;

/** SHA256 with RSA, PKCS#1 v1.5, and AES-256-GCM. */
export const rsaSuite: Suite = {
  scheme: 'WECHATPAY2-SHA256-RSA2048',
  sealing: 'AEAD_AES_256_GCM',
  certificatesPath: '/v3/certificates',
  signsForScripts: true,
  sign: (text, key) => sign('sha256', Buffer.from(text), key).toString('base64'),
  isSignatureOf: (bytes, signature, key) => verify('sha256', bytes, key, signature),
  open({ data, tag, nonce, attributes }, apiV3Key) {
    // A key of 16 bytes, of published examples, is AES-128.
    const name = apiV3Key.symmetricKeySize === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
    const decipher = createDecipheriv(name, apiV3Key, nonce, { authTagLength: 16 });
    decipher.setAAD(attributes);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  },
  encryptField: (text, key) => publicEncrypt({ key, ...oaep }, Buffer.from(text)),
  decryptField: (bytes, key) => privateDecrypt({ key, ...oaep }, bytes),
};
