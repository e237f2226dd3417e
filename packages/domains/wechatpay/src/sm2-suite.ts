import { type KeyObject, randomBytes } from 'node:crypto';
import {
  Sm4Key,
  sm2CipherFromDer,
  sm2CipherToDer,
  sm2Decrypt,
  sm2Encrypt,
  sm2NumberFromPkcs8,
  sm2PointFromSpki,
  sm2Sign,
  sm2SignatureFromDer,
  sm2SignatureToDer,
  sm2Verify,
  sm3,
} from '@zhanggui/card-crypto';
import type { Suite } from './crypto.ts';

const numberOf = (key: KeyObject): Uint8Array =>
  sm2NumberFromPkcs8(new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })));
const pointOf = (key: KeyObject): Uint8Array =>
  sm2PointFromSpki(new Uint8Array(key.export({ type: 'spki', format: 'der' })));

/** SM4 takes the first half of the digest of the APIv3 key. */
const sm4KeyOf = (apiV3Key: KeyObject): Sm4Key => new Sm4Key(sm3(new Uint8Array(apiV3Key.export())).subarray(0, 16));

const nonceBytes = 32;

/** 国密: SM2 with SM3 under the usual identity, numbers and points in DER (GM/T 0009), SM4-GCM. */
export const sm2Suite: Suite = {
  scheme: 'WECHATPAY2-SM2-WITH-SM3',
  sealing: 'AEAD_SM4_GCM',
  certificatesPath: '/v3/certificates?algorithm_type=SM2',
  signsForScripts: false,
  sign(text, key) {
    const signature = sm2Sign({ privateKey: numberOf(key), nonce: randomBytes(nonceBytes), data: Buffer.from(text) });
    return Buffer.from(sm2SignatureToDer(signature)).toString('base64');
  },
  isSignatureOf: (bytes, signature, key) =>
    sm2Verify({ publicKey: pointOf(key), signature: sm2SignatureFromDer(signature), data: bytes }),
  open: (sealed, apiV3Key) => sm4KeyOf(apiV3Key).open(sealed),
  encryptField: (text, key) =>
    sm2CipherToDer(sm2Encrypt({ publicKey: pointOf(key), nonce: randomBytes(nonceBytes), data: Buffer.from(text) })),
  decryptField: (bytes, key) => sm2Decrypt({ privateKey: numberOf(key), cipher: sm2CipherFromDer(bytes) }),
};
