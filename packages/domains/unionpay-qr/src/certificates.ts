import { type KeyObject, X509Certificate } from 'node:crypto';
import type { EpochMs } from '@zhanggui/time';
import { UnionPayError } from './unionpay-error.ts';

/** `certId`: the serial number of our certificate, in decimal. */
export const certIdOf = (certificate: string): string =>
  BigInt(`0x${new X509Certificate(certificate).serialNumber}`).toString();

export interface Signers {
  /** The key of a certificate that came with an answer; throws unless an authority of ours stands behind it. */
  keyOf(pem: string, now: EpochMs): KeyObject;
}

const isInTime = ({ validFromDate, validToDate }: X509Certificate, now: EpochMs): boolean =>
  validFromDate.getTime() <= now && now <= validToDate.getTime();

const stepsMax = 4;

/** From the certificate up to an authority that signs itself; every step signed and in its time. */
const isTrusted = (certificate: X509Certificate, authorities: readonly X509Certificate[], now: EpochMs): boolean => {
  let current = certificate;
  for (let step = 0; step < stepsMax; step += 1) {
    if (!isInTime(current, now)) return false;
    const issuer = authorities.find(
      (authority) => current.checkIssued(authority) && current.verify(authority.publicKey),
    );
    if (!issuer) return false;
    if (issuer.checkIssued(issuer)) return isInTime(issuer, now);
    current = issuer;
  }
  return false;
};

/** The third part of the common name says whose it is: `041@8310000000083040@中国银联股份有限公司@00016495`. */
const ownerOf = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1]?.split('@')[2] ?? '';

const parsed = (pem: string): X509Certificate => {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new UnionPayError('certificate-untrusted', 'signPubKeyCert');
  }
};

const rememberedMax = 16;

/** `owner`: whose certificate it must be. What was proved once is proved again only when its time runs out. */
export const openSigners = (authorityPems: readonly string[], owner: string): Signers => {
  const authorities = authorityPems.map((pem) => new X509Certificate(pem));
  const proved = new Map<string, X509Certificate>();
  return {
    keyOf(pem, now) {
      const known = proved.get(pem);
      if (known && isInTime(known, now)) return known.publicKey;
      const certificate = parsed(pem);
      if (ownerOf(certificate) !== owner || !isTrusted(certificate, authorities, now))
        throw new UnionPayError('certificate-untrusted', 'signPubKeyCert');
      if (proved.size >= rememberedMax) proved.clear();
      proved.set(pem, certificate);
      return certificate.publicKey;
    },
  };
};
