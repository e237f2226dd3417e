/**
 * Offline data authentication with SM2 keys and SM3 (PBOC 3.0 part 17). Unlike RSA, nothing is recovered: a certificate
 * and a signature carry what they cover in the clear and the signature (r and s, 64 bytes) behind it, so there is no
 * remainder, no exponent and no padding. The signer's identity is the usual one.
 */
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
import { CryptoError } from './crypto-error.ts';
import type { CombinedVerdict, DynamicVerdict, OdaFailure, StaticVerdict } from './oda.ts';
import { sm2Sign, sm2Verify } from './sm2.ts';
import { sm3 } from './sm3.ts';

/** The private number and a random number that is never used again, 32 bytes each: see `sm2Sign`. */
export type SmSigner = Readonly<{ privateKey: Uint8Array; nonce: Uint8Array }>;
type Invalid = Readonly<{ kind: 'invalid'; failure: OdaFailure }>;
/** `key` is a point as `sm2Verify` takes it: 04, x, y, 65 bytes. */
export type SmKeyRecovery = Readonly<{ kind: 'valid'; key: Uint8Array }> | Invalid;

const formats = { issuer: 0x12, static: 0x13, icc: 0x14, dynamic: 0x15 } as const;
/** SM2 signatures with SM3; no algorithm for encryption; the curve of GB/T 32918.5; bytes of a point without its 04. */
const keyAttributes = Uint8Array.of(0x04, 0x00, 0x11, 0x40);
const signatureBytes = 64;
const pointBytes = 64;
const uncompressed = Uint8Array.of(0x04);
const nothing = new Uint8Array(0);

type CertificateOrder = Readonly<{ subject: Uint8Array; expiry: string; serial: Uint8Array }>;

/** Certificate over the issuer's key (tag 90); `issuerIdentifier` is the first 3 to 8 digits of its PANs, `expiry` YYMM, `serial` 3 bytes. */
export const issueSmIssuerCertificate = (
  order: CertificateOrder & Readonly<{ ca: SmSigner; issuerIdentifier: string }>,
): Uint8Array =>
  certify('issuer', { ...order, signer: order.ca, identity: order.issuerIdentifier, staticData: nothing });

/** Certificate over the card's key (tag 9F46), bound to the PAN and to the static data of the card. */
export const issueSmIccCertificate = (
  order: CertificateOrder & Readonly<{ issuer: SmSigner; pan: string; staticData: Uint8Array }>,
): Uint8Array => certify('icc', { ...order, signer: order.issuer, identity: order.pan });

/** Issuer key out of tag 90. `today` is YYMM; years are 20YY. */
export const recoverSmIssuerKey = (given: {
  caKey: Uint8Array;
  certificate: Uint8Array;
  pan: string;
  today: string;
}): SmKeyRecovery => recoverKey('issuer', { ...given, signer: given.caKey, staticData: nothing });

/** Card key out of tag 9F46. */
export const recoverSmIccKey = (given: {
  issuerKey: Uint8Array;
  certificate: Uint8Array;
  pan: string;
  today: string;
  staticData: Uint8Array;
}): SmKeyRecovery => recoverKey('icc', { ...given, signer: given.issuerKey });

/** Signed Static Application Data, tag 93; `dataAuthenticationCode` is 2 bytes. */
export const signSmStaticData = (order: {
  issuer: SmSigner;
  dataAuthenticationCode: Uint8Array;
  staticData: Uint8Array;
}): Uint8Array => {
  if (order.dataAuthenticationCode.length !== 2) throw new CryptoError('card-data-format');
  return seal(order.issuer, concat(Uint8Array.of(formats.static), order.dataAuthenticationCode), order.staticData);
};

export const verifySmStaticData = (given: {
  issuerKey: Uint8Array;
  signed: Uint8Array;
  staticData: Uint8Array;
}): StaticVerdict => {
  const opened = open({ ...given, key: given.issuerKey, format: formats.static, outside: given.staticData });
  if (opened.kind === 'invalid') return opened;
  if (opened.body.length !== 3) return invalid('length');
  return { kind: 'valid', dataAuthenticationCode: opened.body.slice(1) };
};

/** Signed Dynamic Application Data of INTERNAL AUTHENTICATE, tag 9F4B; `terminalData` is what the DDOL asked for. */
export const signSmDynamicData = (order: {
  icc: SmSigner;
  iccDynamicNumber: Uint8Array;
  terminalData: Uint8Array;
}): Uint8Array => signDynamic(order.icc, lengthPrefixed(order.iccDynamicNumber), order.terminalData);

export const verifySmDynamicData = (given: {
  iccKey: Uint8Array;
  signed: Uint8Array;
  terminalData: Uint8Array;
}): DynamicVerdict => {
  const opened = openDynamic(given.iccKey, given.signed, given.terminalData);
  return opened.kind === 'invalid' ? opened : { kind: 'valid', iccDynamicNumber: opened.iccDynamicNumber };
};

/** Signature over the cryptogram of GENERATE AC, the SM3 of `transactionData` in it: see `signCombined` of the RSA keys. */
export const signSmCombined = (order: {
  icc: SmSigner;
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
    sm3(order.transactionData),
  );
  return signDynamic(order.icc, dynamicData, order.unpredictableNumber);
};

export const verifySmCombined = (given: {
  iccKey: Uint8Array;
  signed: Uint8Array;
  cryptogramInformation: number;
  transactionData: Uint8Array;
  unpredictableNumber: Uint8Array;
}): CombinedVerdict => {
  const opened = openDynamic(given.iccKey, given.signed, given.unpredictableNumber);
  if (opened.kind === 'invalid') return opened;
  const [cryptogramInformation] = opened.rest;
  if (opened.rest.length !== 9 + 32) return invalid('format');
  if (cryptogramInformation === undefined || cryptogramInformation !== given.cryptogramInformation)
    return invalid('cryptogram');
  if (!equal(opened.rest.subarray(9), sm3(given.transactionData))) return invalid('transaction-hash');
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
  order: CertificateOrder & { signer: SmSigner; identity: string; staticData: Uint8Array },
): Uint8Array => {
  const { subject, serial } = order;
  if (subject.length !== 1 + pointBytes || subject[0] !== uncompressed[0]) throw new CryptoError('sm2-key');
  if (serial.length !== 3) throw new CryptoError('card-data-format');
  const body = concat(
    Uint8Array.of(formats[kind]),
    identityField(kind, order.identity),
    expiryField(order.expiry),
    serial,
    keyAttributes,
    subject.subarray(1),
  );
  return seal(order.signer, body, order.staticData);
};

const recoverKey = (
  kind: CertificateKind,
  given: { signer: Uint8Array; certificate: Uint8Array; pan: string; today: string; staticData: Uint8Array },
): SmKeyRecovery => {
  const { signer: key, certificate: signed, staticData: outside } = given;
  const opened = open({ key, signed, format: formats[kind], outside });
  if (opened.kind === 'invalid') return opened;
  const { digits, expiry, end } = readIdentity(kind, opened.body, 1);
  if (!isIdentityOf(kind, digits, given.pan)) return invalid('identity');
  if (expiry < given.today) return invalid('expired');
  const attributes = opened.body.subarray(end + 3, end + 7);
  if (!equal(attributes, keyAttributes)) return invalid('algorithm');
  const point = opened.body.subarray(end + 7);
  return point.length === pointBytes ? { kind: 'valid', key: concat(uncompressed, point) } : invalid('key-length');
};

const signDynamic = (icc: SmSigner, dynamicData: Uint8Array, terminalData: Uint8Array): Uint8Array =>
  seal(icc, concat(Uint8Array.of(formats.dynamic), lengthPrefixed(dynamicData)), terminalData);

const openDynamic = (
  key: Uint8Array,
  signed: Uint8Array,
  outside: Uint8Array,
): { kind: 'valid'; iccDynamicNumber: Uint8Array; rest: Uint8Array } | Invalid => {
  const opened = open({ key, signed, format: formats.dynamic, outside });
  if (opened.kind === 'invalid') return opened;
  const dynamicData = prefixedValue(opened.body.subarray(1));
  const iccDynamicNumber = dynamicData && prefixedValue(dynamicData);
  if (!iccDynamicNumber || opened.body.length !== dynamicData.length + 2) return invalid('format');
  return {
    kind: 'valid',
    iccDynamicNumber: iccDynamicNumber.slice(),
    rest: dynamicData.subarray(1 + iccDynamicNumber.length),
  };
};

/** `body` travels with its signature, `outside` enters the signature only. */
const seal = (signer: SmSigner, body: Uint8Array, outside: Uint8Array): Uint8Array =>
  concat(body, sm2Sign({ ...signer, data: concat(body, outside) }));

const open = (given: {
  key: Uint8Array;
  signed: Uint8Array;
  format: number;
  outside: Uint8Array;
}): { kind: 'valid'; body: Uint8Array } | Invalid => {
  const { signed } = given;
  if (signed.length <= signatureBytes) return invalid('length');
  if (signed[0] !== given.format) return invalid('format');
  const body = signed.subarray(0, -signatureBytes);
  const signature = signed.subarray(-signatureBytes);
  return holds(given.key, signature, concat(body, given.outside)) ? { kind: 'valid', body } : invalid('signature');
};

/** A key that came out of somebody's certificate may be no point of the curve, and that is a failed check. */
const holds = (publicKey: Uint8Array, signature: Uint8Array, data: Uint8Array): boolean => {
  try {
    return sm2Verify({ publicKey, signature, data });
  } catch (error) {
    if (error instanceof CryptoError) return false;
    throw error;
  }
};
