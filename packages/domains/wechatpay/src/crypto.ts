import {
  constants,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { WeChatPayError } from './wechatpay-error.ts';

const tagBytes = 16;

export const randomNonce = (): string => randomBytes(16).toString('hex');

/** SHA256 with RSA, PKCS#1 v1.5, Base64: the signature of API v3 and of the page or app that pays. */
export const signText = (text: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(text), key).toString('base64');

export const isSignatureOf = (text: string | Uint8Array, signature: string, key: KeyObject): boolean =>
  verify('sha256', typeof text === 'string' ? Buffer.from(text) : text, key, Buffer.from(signature, 'base64'));

/** What the request signature covers: the path with its query, and an empty line in place of an absent body. */
export const requestText = (
  request: Readonly<{ method: string; path: string; timestamp: string; nonce: string; body: string }>,
): string => `${request.method}\n${request.path}\n${request.timestamp}\n${request.nonce}\n${request.body}\n`;

/** What the signature of an answer or a notification covers; bytes, because WeChat signs what it sent. */
export const answerBytes = (timestamp: string, nonce: string, body: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);

export type Sealed = Readonly<{ ciphertext: string; nonce: string; associatedData: string }>;

/** AEAD_AES_256_GCM: Base64 whose last 16 bytes are the tag. (A key of 16 bytes, of published examples, is AES-128.) */
export const openSealed = ({ ciphertext, nonce, associatedData }: Sealed, key: KeyObject): string => {
  const bytes = Buffer.from(ciphertext, 'base64');
  const name = key.symmetricKeySize === tagBytes ? 'aes-128-gcm' : 'aes-256-gcm';
  try {
    const decipher = createDecipheriv(name, key, Buffer.from(nonce), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(associatedData));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString();
  } catch {
    throw new WeChatPayError('decryption-failed', 'resource');
  }
};

/** RSA-OAEP with SHA-1, Base64; the key's serial travels in the header `Wechatpay-Serial` of the same request. */
export const encryptField = (text: string, key: KeyObject): string =>
  publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(text)).toString(
    'base64',
  );

/** Sensitive fields of answers come encrypted for the merchant's certificate. */
export const decryptField = (text: string, key: KeyObject): string => {
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return privateDecrypt({ key, padding, oaepHash: 'sha1' }, Buffer.from(text, 'base64')).toString();
  } catch {
    throw new WeChatPayError('decryption-failed', 'field');
  }
};
