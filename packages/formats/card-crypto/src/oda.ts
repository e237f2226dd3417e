/**
 * Offline data authentication (EMV Book 2 §5, §6 and Annex A2.1): the certificates a CA gives an issuer and an issuer
 * gives a card, and the signatures over static and dynamic data. Each format stands once, for its signer and its checker.
 */
import { constants, createHash, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt } from 'node:crypto';
import { concat, equal } from '@zhanggui/bytes';
import {
  type CertificateKind,
  expiryField,
  identityField,
  isIdentityOf,
  lengthPrefixed,
  prefixedValue,
  readIdentity,
} from './certificate-fields.ts';

/** Big-endian; `exponent` is 03 or 010001. */
export type RsaPublicKey = Readonly<{ modulus: Uint8Array; exponent: Uint8Array }>;
/** The numbers of an RSA key as base64url text (RFC 7518 §6.3), so that a sandbox bank can be stored as JSON. */
export type RsaPrivateKey = Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>>;

/** `remainder` is empty when the whole key fits into the certificate (tags 90 92 9F32, or 9F46 9F48 9F47). */
export type Certificate = Readonly<{ certificate: Uint8Array; remainder: Uint8Array; exponent: Uint8Array }>;

/** The check of Book 2 that did not hold; `signature` is SM2's, `rsa`, `envelope` and `hash` are RSA's. */
export type OdaFailure =
  | 'length'
  | 'rsa'
  | 'envelope'
  | 'format'
  | 'hash'
  | 'signature'
  | 'identity'
  | 'expired'
  | 'algorithm'
  | 'key-length'
  | 'cryptogram'
  | 'transaction-hash';
type Invalid = Readonly<{ kind: 'invalid'; failure: OdaFailure }>;
export type KeyRecovery = Readonly<{ kind: 'valid'; key: RsaPublicKey }> | Invalid;
export type StaticVerdict = Readonly<{ kind: 'valid'; dataAuthenticationCode: Uint8Array }> | Invalid;
export type DynamicVerdict = Readonly<{ kind: 'valid'; iccDynamicNumber: Uint8Array }> | Invalid;
export type CombinedVerdict =
  | Readonly<{ kind: 'valid'; iccDynamicNumber: Uint8Array; cryptogramInformation: number; cryptogram: Uint8Array }>
  | Invalid;

const header = 0x6a;
const trailer = 0xbc;
const padding = 0xbb;
const sha1Rsa = Uint8Array.of(0x01);
const hashBytes = 20;

/** Book 2 Table 2 (issuer), Table 10 (card). */
const certificateFormats = { issuer: 0x02, icc: 0x04 } as const satisfies Record<CertificateKind, number>;

const sha1 = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(
    createHash('sha1')
      .update(concat(...parts))
      .digest(),
  );

/** SHA-1 over RID, index, modulus and exponent: how a terminal checks a CA key it was sent (Book 2 §11.2.2). */
export const caKeyCheckValue = (rid: Uint8Array, index: number, key: RsaPublicKey): Uint8Array =>
  sha1(rid, Uint8Array.of(index), key.modulus, key.exponent);

export const publicKeyOf = (key: RsaPrivateKey): RsaPublicKey => ({
  modulus: new Uint8Array(Buffer.from(key.n, 'base64url')),
  exponent: new Uint8Array(Buffer.from(key.e, 'base64url')),
});

/** Certificate over the issuer's key; `issuerIdentifier` is the first 3 to 8 digits of its PANs, `expiry` YYMM, `serial` 3 bytes. */
export const issueIssuerCertificate = (order: {
  caKey: RsaPrivateKey;
  issuerKey: RsaPublicKey;
  issuerIdentifier: string;
  expiry: string;
  serial: Uint8Array;
}): Certificate =>
  certify('issuer', {
    signer: order.caKey,
    subject: order.issuerKey,
    identity: order.issuerIdentifier,
    expiry: order.expiry,
    serial: order.serial,
    staticData: new Uint8Array(),
  });

/** Certificate over the card's key, bound to the PAN and to the static data of the card (Book 2 §6.4). */
export const issueIccCertificate = (order: {
  issuerKey: RsaPrivateKey;
  iccKey: RsaPublicKey;
  pan: string;
  expiry: string;
  serial: Uint8Array;
  staticData: Uint8Array;
}): Certificate =>
  certify('icc', {
    signer: order.issuerKey,
    subject: order.iccKey,
    identity: order.pan,
    expiry: order.expiry,
    serial: order.serial,
    staticData: order.staticData,
  });

/** Issuer key out of tags 90, 92, 9F32 (Book 2 §5.3). `today` is YYMM; years are 20YY. */
export const recoverIssuerKey = (
  given: Certificate & { caKey: RsaPublicKey; pan: string; today: string },
): KeyRecovery => recoverKey('issuer', { ...given, signer: given.caKey, staticData: new Uint8Array() });

/** Card key out of tags 9F46, 9F48, 9F47 (Book 2 §6.4). */
export const recoverIccKey = (
  given: Certificate & { issuerKey: RsaPublicKey; pan: string; today: string; staticData: Uint8Array },
): KeyRecovery => recoverKey('icc', { ...given, signer: given.issuerKey });

/** Signed Static Application Data, tag 93 (Book 2 §5.4); `dataAuthenticationCode` is 2 bytes. */
export const signStaticData = (order: {
  issuerKey: RsaPrivateKey;
  dataAuthenticationCode: Uint8Array;
  staticData: Uint8Array;
}): Uint8Array => {
  const head = concat(Uint8Array.of(0x03), sha1Rsa, order.dataAuthenticationCode);
  return seal(order.issuerKey, padTo(head, modulusBytes(order.issuerKey) - hashBytes - 2), order.staticData);
};

export const verifyStaticData = (given: {
  issuerKey: RsaPublicKey;
  signed: Uint8Array;
  staticData: Uint8Array;
}): StaticVerdict => {
  const opened = open(given.issuerKey, given.signed, 0x03);
  if (opened.kind === 'invalid') return opened;
  if (!equal(sha1(opened.body, given.staticData), opened.hash)) return invalid('hash');
  if (opened.body[1] !== sha1Rsa[0]) return invalid('algorithm');
  return { kind: 'valid', dataAuthenticationCode: opened.body.slice(2, 4) };
};

/** Signed Dynamic Application Data of INTERNAL AUTHENTICATE, tag 9F4B (Book 2 §6.5); `terminalData` is what the DDOL asked for. */
export const signDynamicData = (order: {
  iccKey: RsaPrivateKey;
  iccDynamicNumber: Uint8Array;
  terminalData: Uint8Array;
}): Uint8Array => signDynamic(order.iccKey, lengthPrefixed(order.iccDynamicNumber), order.terminalData);

export const verifyDynamicData = (given: {
  iccKey: RsaPublicKey;
  signed: Uint8Array;
  terminalData: Uint8Array;
}): DynamicVerdict => {
  const opened = openDynamic(given.iccKey, given.signed, given.terminalData);
  return opened.kind === 'invalid' ? opened : { kind: 'valid', iccDynamicNumber: opened.iccDynamicNumber };
};

/**
 * Signature over the cryptogram of GENERATE AC (Book 2 §6.6). `transactionData` is the values sent for PDOL, CDOL1 (and
 * CDOL2), then the answer's data objects but 9F4B.
 */
export const signCombined = (order: {
  iccKey: RsaPrivateKey;
  iccDynamicNumber: Uint8Array;
  cryptogramInformation: number;
  cryptogram: Uint8Array;
  transactionData: Uint8Array;
  unpredictableNumber: Uint8Array;
}): Uint8Array => {
  const dynamicData = concat(
    lengthPrefixed(order.iccDynamicNumber),
    Uint8Array.of(order.cryptogramInformation),
    order.cryptogram,
    sha1(order.transactionData),
  );
  return signDynamic(order.iccKey, dynamicData, order.unpredictableNumber);
};

/** `cryptogramInformation` is the clear 9F27 of the answer; the cryptogram itself comes out of the signature. */
export const verifyCombined = (given: {
  iccKey: RsaPublicKey;
  signed: Uint8Array;
  cryptogramInformation: number;
  transactionData: Uint8Array;
  unpredictableNumber: Uint8Array;
}): CombinedVerdict => {
  const opened = openDynamic(given.iccKey, given.signed, given.unpredictableNumber);
  if (opened.kind === 'invalid') return opened;
  const [cryptogramInformation] = opened.rest;
  if (opened.rest.length !== 9 + hashBytes) return invalid('format');
  if (cryptogramInformation === undefined || cryptogramInformation !== given.cryptogramInformation)
    return invalid('cryptogram');
  if (!equal(opened.rest.subarray(9), sha1(given.transactionData))) return invalid('transaction-hash');
  return {
    kind: 'valid',
    iccDynamicNumber: opened.iccDynamicNumber,
    cryptogramInformation,
    cryptogram: opened.rest.slice(1, 9),
  };
};

const invalid = (failure: OdaFailure): Invalid => ({ kind: 'invalid', failure });

const certify = (
  kind: CertificateKind,
  order: {
    signer: RsaPrivateKey;
    subject: RsaPublicKey;
    identity: string;
    expiry: string;
    serial: Uint8Array;
    staticData: Uint8Array;
  },
): Certificate => {
  const { modulus, exponent } = order.subject;
  const head = concat(
    Uint8Array.of(certificateFormats[kind]),
    identityField(kind, order.identity),
    expiryField(order.expiry),
    order.serial,
    sha1Rsa,
    sha1Rsa,
    Uint8Array.of(modulus.length, exponent.length),
  );
  const bodyBytes = modulusBytes(order.signer) - hashBytes - 2;
  const keyBytes = bodyBytes - head.length;
  const body = padTo(concat(head, modulus.subarray(0, keyBytes)), bodyBytes);
  const remainder = modulus.slice(keyBytes);
  return { certificate: seal(order.signer, body, concat(remainder, exponent, order.staticData)), remainder, exponent };
};

/** The steps stand in Book 2's order (§5.3 and §6.4, steps 1 to 12): the first that fails names the failure. */
const recoverKey = (
  kind: CertificateKind,
  given: Certificate & { signer: RsaPublicKey; pan: string; today: string; staticData: Uint8Array },
): KeyRecovery => {
  const opened = open(given.signer, given.certificate, certificateFormats[kind]);
  if (opened.kind === 'invalid') return opened;
  const { body } = opened;
  if (!equal(sha1(body, given.remainder, given.exponent, given.staticData), opened.hash)) return invalid('hash');
  const { digits, expiry, end } = readIdentity(kind, body, 1);
  if (!isIdentityOf(kind, digits, given.pan)) return invalid('identity');
  if (expiry < given.today) return invalid('expired');
  if (body[end + 4] !== sha1Rsa[0]) return invalid('algorithm');
  const keyBytes = body[end + 5] ?? 0;
  const room = body.subarray(end + 7);
  const modulus = concat(room.subarray(0, Math.min(keyBytes, room.length)), given.remainder);
  if (modulus.length !== keyBytes || body[end + 6] !== given.exponent.length) return invalid('key-length');
  return { kind: 'valid', key: { modulus, exponent: given.exponent } };
};

const signDynamic = (iccKey: RsaPrivateKey, dynamicData: Uint8Array, terminalData: Uint8Array): Uint8Array => {
  const head = concat(Uint8Array.of(0x05), sha1Rsa, lengthPrefixed(dynamicData));
  return seal(iccKey, padTo(head, modulusBytes(iccKey) - hashBytes - 2), terminalData);
};

const openDynamic = (
  iccKey: RsaPublicKey,
  signed: Uint8Array,
  terminalData: Uint8Array,
): { kind: 'valid'; iccDynamicNumber: Uint8Array; rest: Uint8Array } | Invalid => {
  const opened = open(iccKey, signed, 0x05);
  if (opened.kind === 'invalid') return opened;
  if (!equal(sha1(opened.body, terminalData), opened.hash)) return invalid('hash');
  if (opened.body[1] !== sha1Rsa[0]) return invalid('algorithm');
  const dynamicData = prefixedValue(opened.body.subarray(2));
  const iccDynamicNumber = dynamicData && prefixedValue(dynamicData);
  if (!iccDynamicNumber) return invalid('format');
  return {
    kind: 'valid',
    iccDynamicNumber: iccDynamicNumber.slice(),
    rest: dynamicData.subarray(1 + iccDynamicNumber.length),
  };
};

const padTo = (bytes: Uint8Array, length: number): Uint8Array => {
  if (bytes.length > length) throw new RangeError('the key is too short for what it is to sign');
  return concat(bytes, new Uint8Array(length - bytes.length).fill(padding));
};

/** Signature with message recovery (Book 2 A2.1): `body` travels inside, `outside` enters the hash only. */
const seal = (key: RsaPrivateKey, body: Uint8Array, outside: Uint8Array): Uint8Array => {
  const block = concat(Uint8Array.of(header), body, sha1(body, outside), Uint8Array.of(trailer));
  const privateKey = createPrivateKey({ key: { kty: 'RSA', ...key }, format: 'jwk' });
  return new Uint8Array(privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block));
};

const open = (
  key: RsaPublicKey,
  signature: Uint8Array,
  format: number,
): { kind: 'valid'; body: Uint8Array; hash: Uint8Array } | Invalid => {
  if (signature.length !== key.modulus.length || signature.length < hashBytes + 2 + 15) return invalid('length');
  const block = rsaPublic(key, signature);
  if (!block) return invalid('rsa');
  if (block[0] !== header || block.at(-1) !== trailer) return invalid('envelope');
  if (block[1] !== format) return invalid('format');
  return { kind: 'valid', body: block.slice(1, -1 - hashBytes), hash: block.slice(-1 - hashBytes, -1) };
};

/** A key that came out of a bad certificate may be no key at all; OpenSSL then throws, and that is a failed check. */
const rsaPublic = (key: RsaPublicKey, data: Uint8Array): Uint8Array | undefined => {
  const jwk = { kty: 'RSA', n: base64url(key.modulus), e: base64url(key.exponent) };
  try {
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    return new Uint8Array(publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, data));
  } catch {
    return undefined;
  }
};

const modulusBytes = (key: RsaPrivateKey): number => Buffer.from(key.n, 'base64url').length;
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
