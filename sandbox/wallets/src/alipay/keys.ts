import { createHash, X509Certificate } from 'node:crypto';
import type { Engine } from '../engine/words.ts';
import { keptCertificate, keptIdentity, type RsaIdentity } from '../rsa-identity.ts';

/** What a developer of the merchant is given. */
export type AlipayMerchant = Readonly<{
  appId: string;
  sellerId: string;
  privateKey: string;
  alipayPublicKey: string;
  /** For certificate mode instead of Alipay's key. */
  appCertificate: string;
  alipayCertificate: string;
  rootCertificate: string;
}>;
export type AlipayKeys = Readonly<{
  merchant: AlipayMerchant;
  app: RsaIdentity;
  alipay: RsaIdentity;
  /** What Alipay goes over to while its certificate is being replaced. */
  next: Readonly<{ identity: RsaIdentity; certificate: string; serial: string }>;
  appSerial: string;
  alipaySerial: string;
  rootSerial: string;
}>;

export const appId = '2021000000000001';
const sellerId = '2088000000000001';
const rootName = {
  country: 'CN',
  organisation: '掌柜沙箱',
  unit: 'Sandbox',
  commonName: 'Zhanggui sandbox Alipay root',
};

const serialOf = (pem: string): string => {
  const { issuer, serialNumber } = new X509Certificate(pem);
  const name = issuer.split('\n').toReversed().join(',');
  return createHash('md5')
    .update(`${name}${BigInt(`0x${serialNumber}`)}`)
    .digest('hex');
};

export const openAlipayKeys = (engine: Engine): AlipayKeys => {
  const root = keptIdentity(engine, 'alipay/root');
  const app = keptIdentity(engine, 'alipay/app');
  const alipay = keptIdentity(engine, 'alipay/alipay');
  const nextIdentity = keptIdentity(engine, 'alipay/next');
  const by = { name: rootName, identity: root };
  const rootPem = keptCertificate(engine, 'alipay/root-certificate', {
    subject: rootName,
    of: root,
    isAuthority: true,
  });
  const appSubject = { country: 'CN', organisation: '掌柜沙箱', commonName: `${sellerId}-${appId}` };
  const appPem = keptCertificate(engine, 'alipay/app-certificate', { subject: appSubject, of: app, by });
  const alipaySubject = { country: 'CN', organisation: '掌柜沙箱', commonName: `sandbox-${sellerId}` };
  const alipayPem = keptCertificate(engine, 'alipay/alipay-certificate', { subject: alipaySubject, of: alipay, by });
  const nextOf = { subject: alipaySubject, of: nextIdentity, by };
  const nextPem = keptCertificate(engine, 'alipay/next-certificate', nextOf);
  return {
    app,
    next: { identity: nextIdentity, certificate: nextPem, serial: serialOf(nextPem) },
    alipay,
    appSerial: serialOf(appPem),
    alipaySerial: serialOf(alipayPem),
    rootSerial: serialOf(rootPem),
    merchant: {
      appId,
      sellerId,
      privateKey: app.privatePem,
      alipayPublicKey: alipay.publicPem,
      appCertificate: appPem,
      alipayCertificate: alipayPem,
      rootCertificate: rootPem,
    },
  };
};
