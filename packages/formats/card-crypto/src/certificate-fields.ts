import { concat, fromHex, hex } from '@zhanggui/bytes';

/** Whose key a certificate holds. */
export type CertificateKind = 'issuer' | 'icc';

/** Issuers are named by the first 3 to 8 digits of their PANs, cards by all of theirs (EMV Book 2 Tables 2 and 10). */
const identityBytes = { issuer: 4, icc: 10 } as const satisfies Record<CertificateKind, number>;

export const identityField = (kind: CertificateKind, digits: string): Uint8Array =>
  fromHex(digits.padEnd(identityBytes[kind] * 2, 'F'));

/** YYMM as certificates write it: MMYY, packed. */
export const expiryField = (expiry: string): Uint8Array => fromHex(expiry.slice(2) + expiry.slice(0, 2));

/** What stands in the two fields from `at` on: the digits, and the last month in which the certificate holds, YYMM. */
export const readIdentity = (
  kind: CertificateKind,
  body: Uint8Array,
  at: number,
): { digits: string; expiry: string; end: number } => {
  const end = at + identityBytes[kind];
  return {
    digits: hex(body.subarray(at, end)).replace(/F+$/, ''),
    expiry: hex(body.subarray(end + 1, end + 2)) + hex(body.subarray(end, end + 1)),
    end: end + 2,
  };
};

export const isIdentityOf = (kind: CertificateKind, digits: string, pan: string): boolean =>
  kind === 'icc' ? digits === pan : digits.length >= 3 && pan.startsWith(digits);

export const lengthPrefixed = (value: Uint8Array): Uint8Array => concat(Uint8Array.of(value.length), value);

export const prefixedValue = (bytes: Uint8Array): Uint8Array | undefined => {
  const [length = 0] = bytes;
  return bytes.length > length ? bytes.subarray(1, 1 + length) : undefined;
};
