import { createHash, X509Certificate } from 'node:crypto';

/** MD5 of the issuer's name, last part first, and the serial number in decimal: how Alipay names a certificate. */
export const serialOf = (certificate: X509Certificate): string => {
  const issuer = certificate.issuer.split('\n').toReversed().join(',');
  const serial = BigInt(`0x${certificate.serialNumber}`).toString();
  return createHash('md5').update(`${issuer}${serial}`).digest('hex');
};

const pemBlocks = (text: string): string[] => text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];

/** The roots with RSA signatures, joined by underscores; those with SM2 have no part in RSA2. */
export const rootSerialOf = (pem: string): string =>
  pemBlocks(pem)
    .map((block) => new X509Certificate(block))
    .filter(({ signatureAlgorithmOid }) => signatureAlgorithmOid?.startsWith('1.2.840.113549.1.1'))
    .map(serialOf)
    .join('_');
