import { type KeyObject, sign } from 'node:crypto';
import { concat, fromAscii, fromHex } from '@zhanggui/bytes';
import { bits, der, identifier, integer, octets, sequence } from './der.ts';

/** Parts of a distinguished name, in the order they are written. */
export type CertificateName = Readonly<{ country?: string; organisation?: string; unit?: string; commonName: string }>;

/** What signs: its algorithm, and the signature over the bytes, in DER where the algorithm has two numbers. */
export type CertificateSigner = Readonly<{
  algorithm: keyof typeof algorithms;
  sign: (bytes: Uint8Array) => Uint8Array;
}>;

export type CertificateContent = Readonly<{
  /** Hex digits. */
  serial: string;
  subject: CertificateName;
  /** Its own when the certificate is self-signed. */
  issuer?: CertificateName;
  /** SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array;
  signer: CertificateSigner;
  /** Milliseconds since 1970; seconds count. */
  fromMs: number;
  untilMs: number;
  /** True for a certificate that signs others. */
  authority?: boolean;
  /** Subject alternative names of a server. */
  addresses?: readonly string[];
  names?: readonly string[];
}>;

const algorithms = {
  'rsa-sha256': sequence(identifier('2A864886F70D01010B'), der(0x05)),
  'ecdsa-sha256': sequence(identifier('2A8648CE3D040302')),
  'sm2-sm3': sequence(identifier('2A811CCF55018375')),
} as const;

const attributes = [
  ['country', '550406', 0x13],
  ['organisation', '55040A', 0x0c],
  ['unit', '55040B', 0x0c],
  ['commonName', '550403', 0x0c],
] as const;

const alternativeNames = '551D11';
const basicConstraints = '551D13';

/** Signs with SHA-256 by a key of node:crypto, RSA (PKCS#1 v1.5) or elliptic. */
export const keySigner = (key: KeyObject): CertificateSigner => ({
  algorithm: key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256',
  sign: (bytes) => sign('sha256', bytes, key),
});

/** An X.509 certificate of version 3 (RFC 5280), PEM. */
export const x509Certificate = (content: CertificateContent): string => {
  const { signer } = content;
  const toBeSigned = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(fromHex(content.serial)),
    algorithms[signer.algorithm],
    nameOf(content.issuer ?? content.subject),
    sequence(timeOf(content.fromMs), timeOf(content.untilMs)),
    nameOf(content.subject),
    content.publicKey,
    der(0xa3, sequence(...extensionsOf(content))),
  );
  const whole = sequence(toBeSigned, algorithms[signer.algorithm], bits(signer.sign(toBeSigned)));
  const lines = Buffer.from(whole)
    .toString('base64')
    .replaceAll(/.{64}(?!$)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
};

const nameOf = (name: CertificateName): Uint8Array =>
  sequence(
    ...attributes.flatMap(([part, digits, tag]) => {
      const value = name[part];
      const text = value === undefined ? undefined : new TextEncoder().encode(value);
      return text ? [der(0x31, sequence(identifier(digits), der(tag, text)))] : [];
    }),
  );

/** UTCTime until 2049, GeneralizedTime after it (RFC 5280 §4.1.2.5). */
const timeOf = (atMs: number): Uint8Array => {
  const digits = new Date(atMs).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  return digits < '2050' ? der(0x17, fromAscii(`${digits.slice(2)}Z`)) : der(0x18, fromAscii(`${digits}Z`));
};

const extension = (digits: string, value: Uint8Array): Uint8Array => sequence(identifier(digits), octets(value));

const extensionsOf = ({ authority, addresses = [], names = [] }: CertificateContent): Uint8Array[] => {
  const others = [
    ...addresses.map((address) => der(0x87, Uint8Array.from(address.split('.').map(Number)))),
    ...names.map((name) => der(0x82, fromAscii(name))),
  ];
  const constraints = extension(basicConstraints, authority ? sequence(der(0x01, Uint8Array.of(0xff))) : sequence());
  return others.length > 0 ? [constraints, extension(alternativeNames, sequence(concat(...others)))] : [constraints];
};
