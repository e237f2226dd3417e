import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { certificatesIn, isUnder } from '@zhanggui/certificate-chain';
import type { EpochMs } from '@zhanggui/time';
import { rootSerialOf, serialOf } from './certificates.ts';

/** Alipay's key (支付宝公钥), PEM; or the three certificates of certificate mode, PEM. */
export type AlipayTrust =
  | Readonly<{ publicKey: string }>
  | Readonly<{ appCertificate: string; alipayCertificate: string; rootCertificates: string }>;

/** The keys that Alipay may sign with. */
export interface Trust {
  /** What every request says of our certificates. */
  readonly fields: Readonly<Record<string, string>>;
  /** Undefined when the answer names a certificate that is not here. */
  keyOf(serial: string | undefined): KeyObject | undefined;
  /** Notifications do not name theirs. */
  keys(): Iterable<KeyObject>;
  /** Takes a certificate in when it is the one that was named and a root of ours stands behind it. */
  adopt(pem: string, serial: string, now: EpochMs): boolean;
}

const keyTrust = (key: KeyObject): Trust => ({ fields: {}, keyOf: () => key, keys: () => [key], adopt: () => false });

/** Throws when a key or a certificate cannot be read. */
export const openTrust = (trust: AlipayTrust): Trust => {
  if ('publicKey' in trust) return keyTrust(createPublicKey(trust.publicKey));
  const first = new X509Certificate(trust.alipayCertificate);
  const firstSerial = serialOf(first);
  const roots = certificatesIn(trust.rootCertificates);
  const known = new Map<string, KeyObject>([[firstSerial, first.publicKey]]);
  return {
    fields: {
      app_cert_sn: serialOf(new X509Certificate(trust.appCertificate)),
      alipay_root_cert_sn: rootSerialOf(trust.rootCertificates),
    },
    keyOf: (serial = firstSerial) => known.get(serial),
    keys: () => known.values(),
    adopt(pem, serial, now) {
      const [certificate, ...between] = certificatesIn(pem);
      if (!certificate || serialOf(certificate) !== serial) return false;
      if (!isUnder(certificate, { roots, between, atMs: now })) return false;
      known.set(serial, certificate.publicKey);
      return true;
    },
  };
};
