import { concat, equal, fromAscii, fromHex, hex, xor } from '@zhanggui/bytes';
import { sm2 } from 'sm-crypto-v2';
import { CryptoError } from './crypto-error.ts';
import { sm3, sm3Hmac } from './sm3.ts';

const numberBytes = 32;
const pointBytes = 65;
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** What everybody uses who has no identity of his own (GM/T 0009). */
export const usualSm2Identity = '1234567812345678';

/** `privateKey` is a number of 32 bytes, `publicKey` a point: 04, x, y, 65 bytes. `identity`: at most 8191 bytes of ASCII. */
type Signer = Readonly<{ identity?: string; data: Uint8Array }>;

/** The public point of a private number: 65 bytes. Throws `sm2-key` unless the number is from 1 to the order less two. */
export const sm2PublicKey = (privateKey: Uint8Array): Uint8Array => multiple(demandNumber(privateKey, 'sm2-key', 2n));

/**
 * A private number or a nonce for whoever has no randomness of his own: evenly out of a secret and what it is for, the
 * same for the same. As a nonce it is safe when `data` holds everything that is signed with it (the idea of RFC 6979).
 */
export const sm2NumberFrom = ({ secret, data }: { secret: Uint8Array; data: Uint8Array }): Uint8Array => {
  let bytes = sm3Hmac(secret, data);
  while (!isNumber(bytes, 2n)) bytes = sm3Hmac(secret, bytes);
  return bytes;
};

/**
 * SM2 signature (GB/T 32918.2) with SM3: r and s, 64 bytes. `nonce` is 32 bytes that are unpredictable and never used
 * again: whoever learns one, or sees one twice, has the private key. Throws `sm2-key`, `sm2-nonce` (draw another one).
 */
export const sm2Sign = ({
  privateKey,
  nonce,
  data,
  identity = usualSm2Identity,
}: Signer & { privateKey: Uint8Array; nonce: Uint8Array }): Uint8Array => {
  const secret = demandNumber(privateKey, 'sm2-key', 2n);
  const k = demandNumber(nonce, 'sm2-nonce', 1n);
  const e = numberOf(digest(multiple(secret), identity, data));
  const r = (e + numberOf(multiple(k).subarray(1, 1 + numberBytes))) % order;
  const s = modulo(inverse(secret + 1n) * (k - r * secret));
  if (r === 0n || r + k === order || s === 0n) throw new CryptoError('sm2-nonce');
  return concat(bytesOf(r), bytesOf(s));
};

/** False for anything that is not this key's signature over the data, whatever it is. Throws `sm2-key`. */
export const sm2Verify = ({
  publicKey,
  signature,
  data,
  identity = usualSm2Identity,
}: Signer & { publicKey: Uint8Array; signature: Uint8Array }): boolean => {
  demandPoint(publicKey, 'sm2-key');
  if (signature.length !== 2 * numberBytes) return false;
  try {
    const e = digest(publicKey, identity, data);
    return sm2.doVerifySignature(e, hex(signature).toLowerCase(), hex(publicKey).toLowerCase(), { hash: false });
  } catch {
    return false;
  }
};

/**
 * SM2 encryption (GB/T 32918.4): the point C1, the check C3, the ciphertext C2, 97 bytes more than the data. `nonce` as
 * for a signature. Throws `sm2-key`, `sm2-nonce`, `sm2-cipher` for no data.
 */
export const sm2Encrypt = ({
  publicKey,
  nonce,
  data,
}: {
  publicKey: Uint8Array;
  nonce: Uint8Array;
  data: Uint8Array;
}): Uint8Array => {
  demandPoint(publicKey, 'sm2-key');
  if (data.length === 0) throw new CryptoError('sm2-cipher');
  const k = demandNumber(nonce, 'sm2-nonce', 1n);
  const shared = product(k, publicKey);
  const mask = derived(shared, data.length);
  if (mask.every((byte) => byte === 0)) throw new CryptoError('sm2-nonce');
  return concat(multiple(k), checkOf(shared, data), xor(data, mask));
};

/** Throws `sm2-cipher` when it is not a ciphertext for this key, `sm2-key`. */
export const sm2Decrypt = ({ privateKey, cipher }: { privateKey: Uint8Array; cipher: Uint8Array }): Uint8Array => {
  const secret = demandNumber(privateKey, 'sm2-key', 2n);
  if (cipher.length <= pointBytes + numberBytes) throw new CryptoError('sm2-cipher');
  const point = cipher.subarray(0, pointBytes);
  demandPoint(point, 'sm2-cipher');
  const shared = product(secret, point);
  const masked = cipher.subarray(pointBytes + numberBytes);
  const data = xor(masked, derived(shared, masked.length));
  if (!equal(checkOf(shared, data), cipher.subarray(pointBytes, pointBytes + numberBytes)))
    throw new CryptoError('sm2-cipher');
  return data;
};

/** SM3 over Z (identity, curve, public key) and the data: what is signed. */
const digest = (publicKey: Uint8Array, identity: string, data: Uint8Array): Uint8Array => {
  const name = fromAscii(identity);
  const bits = 8 * name.length;
  const z = sm3(concat(Uint8Array.of(bits >> 8, bits & 255), name, curve, publicKey.subarray(1)));
  return sm3(concat(z, data));
};

/** a, b and the base point of the curve sm2p256v1 (GB/T 32918.5). */
const curve = fromHex(
  'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC' +
    '28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93' +
    '32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7' +
    'BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0',
);

/** Key derivation (GB/T 32918.4 §5.4.3): SM3 over the shared point and a counter from one. */
const derived = (shared: Uint8Array, bytes: number): Uint8Array => {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) => {
    const counter = new Uint8Array(4);
    new DataView(counter.buffer).setUint32(0, index + 1);
    return sm3(concat(shared, counter));
  });
  return concat(...blocks).subarray(0, bytes);
};

const checkOf = (shared: Uint8Array, data: Uint8Array): Uint8Array =>
  sm3(concat(shared.subarray(0, numberBytes), data, shared.subarray(numberBytes)));

const lowerHex = (number: bigint): string => number.toString(16).padStart(2 * numberBytes, '0');
const bytesOf = (number: bigint): Uint8Array => fromHex(lowerHex(number));
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes)}`);
const modulo = (number: bigint): bigint => ((number % order) + order) % order;

/** The number times the base point. */
const multiple = (number: bigint): Uint8Array => fromHex(sm2.getPublicKeyFromPrivateKey(lowerHex(number)));

/** x and y of the number times the point: 64 bytes. */
const product = (number: bigint, point: Uint8Array): Uint8Array =>
  new Uint8Array(sm2.ecdh(lowerHex(number), hex(point).toLowerCase(), false)).subarray(1);

/** By Fermat: the order is prime. */
const inverse = (number: bigint): bigint => {
  let result = 1n;
  let base = modulo(number);
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
};

type NumberCode = 'sm2-key' | 'sm2-nonce';

/** From 1 to the order less `below`. */
const demandNumber = (bytes: Uint8Array, code: NumberCode, below: bigint): bigint => {
  if (bytes.length !== numberBytes || !isNumber(bytes, below)) throw new CryptoError(code);
  return numberOf(bytes);
};

const isNumber = (bytes: Uint8Array, below: bigint): boolean => {
  const number = numberOf(bytes);
  return number >= 1n && number <= order - below;
};

const demandPoint = (point: Uint8Array, code: 'sm2-key' | 'sm2-cipher'): void => {
  if (point.length !== pointBytes || point[0] !== 4) throw new CryptoError(code);
  let isOnCurve: boolean;
  try {
    isOnCurve = sm2.verifyPublicKey(hex(point).toLowerCase());
  } catch {
    isOnCurve = false;
  }
  if (!isOnCurve) throw new CryptoError(code);
};
