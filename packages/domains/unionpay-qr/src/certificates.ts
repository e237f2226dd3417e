import { type KeyObject, X509Certificate } from 'node:crypto';
import { certificatesIn, isUnder } from '@zhanggui/certificate-chain';
import type { EpochMs } from '@zhanggui/time';
import { UnionPayError } from './unionpay-error.ts';

/** `certId`: the serial number of our certificate, in decimal. */
export const certIdOf = (certificate: string): string =>
  BigInt(`0x${new X509Certificate(certificate).serialNumber}`).toString();

export interface Signers {
  /** The key of a certificate that came with an answer; throws unless an authority of ours stands behind it. */
  keyOf(pem: string, now: EpochMs): KeyObject;
}

/** The third part of the common name says whose it is: `041@8310000000083040@中国银联股份有限公司@00016495`. */
const ownerOf = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1]?.split('@')[2] ?? '';

const isInTime = ({ validToDate }: X509Certificate, now: EpochMs): boolean => now <= validToDate.getTime();

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
  const authorities = authorityPems.flatMap(certificatesIn);
  const roots = authorities.filter((one) => one.checkIssued(one));
  if (roots.length === 0) throw new UnionPayError('request-malformed', 'authorities');
  const proved = new Map<string, X509Certificate>();
  return {
    keyOf(pem, now) {
      const known = proved.get(pem);
      if (known && isInTime(known, now)) return known.publicKey;
      const certificate = parsed(pem);
      if (ownerOf(certificate) !== owner || !isUnder(certificate, { roots, between: authorities, atMs: now }))
        throw new UnionPayError('certificate-untrusted', 'signPubKeyCert');
      if (proved.size >= rememberedMax) proved.clear();
      proved.set(pem, certificate);
      return certificate.publicKey;
    },
  };
};
