import { concat, equal, fromHex } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { contentsOf, integer, octets, sequence } from './der.ts';

const numberBytes = 32;
const pointBytes = 65;

/** SubjectPublicKeyInfo of a point on sm2p256v1, up to the point. */
const spkiHead = fromHex('3059301306072A8648CE3D020106082A811CCF5501822D034200');

/** An SM2 public point (65 bytes) as SubjectPublicKeyInfo in DER, and back: throws `sm2-key`. */
export const sm2PointToSpki = (point: Uint8Array): Uint8Array => concat(spkiHead, point);
export const sm2PointFromSpki = (spki: Uint8Array): Uint8Array => {
  const isSm2 = spki.length === spkiHead.length + pointBytes && equal(spki.subarray(0, spkiHead.length), spkiHead);
  if (!isSm2) throw new CryptoError('sm2-key');
  return spki.slice(spkiHead.length);
};

/** The number in an SM2 private key of PKCS#8 in DER (RFC 5915 inside): 32 bytes. Throws `sm2-key`. */
export const sm2NumberFromPkcs8 = (pkcs8: Uint8Array): Uint8Array => {
  const [whole] = contentsOf(pkcs8, [0x30]) ?? [];
  const [, , wrapped] = (whole && contentsOf(whole, [0x02, 0x30, 0x04])) ?? [];
  const [inside] = (wrapped && contentsOf(wrapped, [0x30])) ?? [];
  const number = inside && privateNumber(inside);
  if (!number || number.length !== numberBytes) throw new CryptoError('sm2-key');
  return number.slice();
};

/** Version, number, and then perhaps the curve and the point. */
const privateNumber = (inside: Uint8Array): Uint8Array | undefined =>
  [[], [0xa0], [0xa1], [0xa0, 0xa1]]
    .map((rest) => contentsOf(inside, [0x02, 0x04, ...rest])?.[1])
    .find((number) => number !== undefined);

/** r and s (64 bytes) as the wire of most protocols has them: SEQUENCE { r, s } (GM/T 0009 §7.3). */
export const sm2SignatureToDer = (signature: Uint8Array): Uint8Array =>
  sequence(integer(signature.subarray(0, numberBytes)), integer(signature.subarray(numberBytes)));

/** 64 bytes; none when it is not such a sequence, which no key verifies. */
export const sm2SignatureFromDer = (bytes: Uint8Array): Uint8Array => {
  const [inside] = contentsOf(bytes, [0x30]) ?? [];
  const numbers = (inside && contentsOf(inside, [0x02, 0x02])) ?? [];
  const parts = numbers.map(wholeNumber);
  return parts.every((part) => part.length === numberBytes) ? concat(...parts) : new Uint8Array();
};

/** C1, C3, C2 as `sm2Encrypt` gives them, as SEQUENCE { x, y, C3, C2 } (GM/T 0009 §7.2). */
export const sm2CipherToDer = (cipher: Uint8Array): Uint8Array => {
  const [x, y] = [cipher.subarray(1, 33), cipher.subarray(33, pointBytes)];
  const [check, data] = [cipher.subarray(pointBytes, pointBytes + 32), cipher.subarray(pointBytes + 32)];
  return sequence(integer(x), integer(y), octets(check), octets(data));
};

/** Throws `sm2-cipher`. */
export const sm2CipherFromDer = (bytes: Uint8Array): Uint8Array => {
  const [inside] = contentsOf(bytes, [0x30]) ?? [];
  const [x, y, check, data] = (inside && contentsOf(inside, [0x02, 0x02, 0x04, 0x04])) ?? [];
  if (!x || !y || !check || !data) throw new CryptoError('sm2-cipher');
  return concat(Uint8Array.of(4), wholeNumber(x), wholeNumber(y), check, data);
};

/** 32 bytes, without the zero that keeps an integer positive; as it is when it is no such number. */
const wholeNumber = (bytes: Uint8Array): Uint8Array => {
  const digits = bytes.length > numberBytes && bytes[0] === 0 ? bytes.subarray(1) : bytes;
  if (digits.length >= numberBytes) return digits;
  return concat(new Uint8Array(numberBytes - digits.length), digits);
};
