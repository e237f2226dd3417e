import { type KeyObject, randomBytes } from 'node:crypto';
import { rsaSuite } from './rsa-suite.ts';
import { sm2Suite } from './sm2-suite.ts';
import { WeChatPayError } from './wechatpay-error.ts';

/** A family of algorithms of API v3: RSA with AES, or 国密: SM2 with SM3 and SM4. */
export type Suite = Readonly<{
  /** What `Authorization` and `Wechatpay-Signature-Type` say. */
  scheme: string;
  /** What certificates and notifications are sealed with. */
  sealing: string;
  /** Where the platform certificates of this family are. */
  certificatesPath: string;
  /** Whether WeChat's script and kit, which open payments in pages and apps, take its signatures. */
  signsForScripts: boolean;
  sign(text: string, key: KeyObject): string;
  isSignatureOf(bytes: Uint8Array, signature: Uint8Array, key: KeyObject): boolean;
  /** Opens what was sealed under the APIv3 key; throws whatever does not open. */
  open(sealed: SealedBytes, apiV3Key: KeyObject): Uint8Array;
  encryptField(text: string, key: KeyObject): Uint8Array;
  decryptField(bytes: Uint8Array, key: KeyObject): Uint8Array;
}>;
type SealedBytes = Readonly<{ data: Uint8Array; tag: Uint8Array; nonce: Uint8Array; attributes: Uint8Array }>;

/** The merchant's key decides: node:crypto has a name for RSA keys and none for SM2's. */
export const suiteOf = (key: KeyObject): Suite => (key.asymmetricKeyType === 'rsa' ? rsaSuite : sm2Suite);

export const randomNonce = (): string => randomBytes(16).toString('hex');

/** Base64: the signature of API v3 and of the page or app that pays. */
export const signText = (text: string, key: KeyObject): string => suiteOf(key).sign(text, key);

export const isSignatureOf = (text: string | Uint8Array, signature: string, key: KeyObject): boolean =>
  suiteOf(key).isSignatureOf(
    typeof text === 'string' ? Buffer.from(text) : text,
    Buffer.from(signature, 'base64'),
    key,
  );

/** What the request signature covers: the path with its query, and an empty line in place of an absent body. */
export const requestText = (
  request: Readonly<{ method: string; path: string; timestamp: string; nonce: string; body: string }>,
): string => `${request.method}\n${request.path}\n${request.timestamp}\n${request.nonce}\n${request.body}\n`;

/** What the signature of an answer or a notification covers; bytes, because WeChat signs what it sent. */
export const answerBytes = (timestamp: string, nonce: string, body: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);

export type Sealed = Readonly<{ ciphertext: string; nonce: string; associatedData: string }>;

const tagBytes = 16;

/** Base64 whose last 16 bytes are the tag. */
export const openSealed = ({ ciphertext, nonce, associatedData }: Sealed, key: KeyObject, suite: Suite): string => {
  const bytes = Buffer.from(ciphertext, 'base64');
  const sealed = {
    data: bytes.subarray(0, -tagBytes),
    tag: bytes.subarray(-tagBytes),
    nonce: Buffer.from(nonce),
    attributes: Buffer.from(associatedData),
  };
  try {
    return Buffer.from(suite.open(sealed, key)).toString();
  } catch {
    throw new WeChatPayError('decryption-failed', 'resource');
  }
};

/** Base64; the key's serial travels in the header `Wechatpay-Serial` of the same request. */
export const encryptField = (text: string, key: KeyObject): string =>
  Buffer.from(suiteOf(key).encryptField(text, key)).toString('base64');

/** Sensitive fields of answers come encrypted for the merchant's certificate. */
export const decryptField = (text: string, key: KeyObject): string => {
  try {
    return Buffer.from(suiteOf(key).decryptField(Buffer.from(text, 'base64'), key)).toString();
  } catch {
    throw new WeChatPayError('decryption-failed', 'field');
  }
};
