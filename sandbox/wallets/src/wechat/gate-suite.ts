import {
  constants,
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  sign,
  verify,
} from 'node:crypto';
import {
  type CertificateContent,
  keySigner,
  Sm4Key,
  sm2CipherFromDer,
  sm2Decrypt,
  sm2NumberFromPkcs8,
  sm2PointFromSpki,
  sm2Sign,
  sm2SignatureFromDer,
  sm2SignatureToDer,
  sm2Verify,
  sm3,
} from '@zhanggui/card-crypto';

type KeyPair = Readonly<{ privateKey: KeyObject; publicKey: KeyObject }>;
type Bytes = (count: number) => Uint8Array;

/** One family of algorithms of API v3: RSA with AES, or 国密 SM2 with SM3 and SM4. */
export type Suite = Readonly<{
  /** What Authorization and `Wechatpay-Signature-Type` say. */
  scheme: string;
  /** What a sealed resource names. */
  sealing: string;
  generate(): KeyPair;
  sign(data: Uint8Array, key: KeyObject, random: Bytes): Uint8Array;
  verify(data: Uint8Array, signature: Uint8Array, key: KeyObject): boolean;
  /** Ciphertext and tag, under the APIv3 key. */
  seal(apiV3Key: string, nonce: string, plain: string, associatedData: string): Uint8Array;
  /** A sensitive field; throws when it is not for this key. */
  open(cipher: Uint8Array, key: KeyObject): string;
  /** What signs a certificate. */
  signer(key: KeyObject, random: Bytes): CertificateContent['signer'];
}>;

const rsa: Suite = {
  scheme: 'WECHATPAY2-SHA256-RSA2048',
  sealing: 'AEAD_AES_256_GCM',
  generate: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  sign: (data, key) => sign('sha256', data, key),
  verify: (data, signature, key) => verify('sha256', data, key, signature),
  seal: (apiV3Key, nonce, plain, associatedData) => {
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
    cipher.setAAD(Buffer.from(associatedData));
    return Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  },
  open: (cipher, key) =>
    privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, cipher).toString(),
  signer: (key) => keySigner(key),
};

const numberOf = (key: KeyObject): Uint8Array =>
  sm2NumberFromPkcs8(new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })));
const pointOf = (key: KeyObject): Uint8Array =>
  sm2PointFromSpki(new Uint8Array(key.export({ type: 'spki', format: 'der' })));
/** The SM4 key is the first half of the digest of the APIv3 key. */
const sm4KeyOf = (apiV3Key: string): Sm4Key => new Sm4Key(sm3(Buffer.from(apiV3Key)).subarray(0, 16));

const signSm2 = (data: Uint8Array, key: KeyObject, random: Bytes): Uint8Array =>
  sm2SignatureToDer(sm2Sign({ privateKey: numberOf(key), nonce: random(32), data }));

const nationalSecret: Suite = {
  scheme: 'WECHATPAY2-SM2-WITH-SM3',
  sealing: 'AEAD_SM4_GCM',
  generate: () => generateKeyPairSync('ec', { namedCurve: 'SM2' }),
  sign: signSm2,
  verify: (data, signature, key) =>
    sm2Verify({ publicKey: pointOf(key), signature: sm2SignatureFromDer(signature), data }),
  seal: (apiV3Key, nonce, plain, associatedData) => {
    const sealed = sm4KeyOf(apiV3Key).seal({
      nonce: Buffer.from(nonce),
      data: Buffer.from(plain),
      attributes: Buffer.from(associatedData),
    });
    return Buffer.concat([sealed.data, sealed.tag]);
  },
  open: (cipher, key) =>
    Buffer.from(sm2Decrypt({ privateKey: numberOf(key), cipher: sm2CipherFromDer(new Uint8Array(cipher)) })).toString(),
  signer: (key, random) => ({ algorithm: 'sm2-sm3', sign: (data) => signSm2(data, key, random) }),
};

export const suites = { RSA: rsa, SM2: nationalSecret } as const satisfies Readonly<Record<string, Suite>>;
export type SuiteName = keyof typeof suites;
export const suiteOfScheme = (scheme: string): SuiteName | undefined =>
  (Object.keys(suites) as SuiteName[]).find((name) => suites[name].scheme === scheme);

/** The key of a PEM text, with its public half. */
export const pairOf = (pem: string): KeyPair => {
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
};
