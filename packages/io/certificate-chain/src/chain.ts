import { X509Certificate } from 'node:crypto';

/** All certificates of a PEM text, in its order; throws what node:crypto throws when one cannot be read. */
export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (block) => new X509Certificate(block),
  );

const isInTime = ({ validFromDate, validToDate }: X509Certificate, atMs: number): boolean =>
  validFromDate.getTime() <= atMs && atMs <= validToDate.getTime();

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

type Chain = Readonly<{
  /** Ours: they are trusted because they are here. */
  roots: readonly X509Certificate[];
  /** On the way to a root; they may come from anybody. */
  between?: readonly X509Certificate[];
  /** Milliseconds since 1970. */
  atMs: number;
}>;

const stepsMax = 4;

/** Whether one of our roots stands behind a certificate: every step issued and signed by the next, and in its time. */
export const isUnder = (certificate: X509Certificate, { roots, between = [], atMs }: Chain): boolean => {
  let current = certificate;
  for (let step = 0; step < stepsMax; step += 1) {
    if (!isInTime(current, atMs)) return false;
    const root = roots.find((one) => isIssuedBy(current, one));
    if (root) return isInTime(root, atMs);
    const next = between.find((one) => one.ca && isIssuedBy(current, one));
    if (!next) return false;
    current = next;
  }
  return false;
};
