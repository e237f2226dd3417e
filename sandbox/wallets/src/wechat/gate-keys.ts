import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { type CertificateName, keySigner, x509Certificate } from '@zhanggui/card-crypto';
import type { Engine } from '../engine/words.ts';
import { pairOf, type SuiteName, suites } from './gate-suite.ts';

/** A key pair of the sandbox with its certificate; `id` is the certificate's serial, or the id of a bare public key. */
export type Identity = Readonly<{
  id: string;
  suite: SuiteName;
  privateKey: KeyObject;
  publicKey: KeyObject;
  privatePem: string;
  /** PEM; of a bare public key, that key. */
  publicPem: string;
  fromMs: number;
  untilMs: number;
}>;

/** What a merchant's developer is given, as the merchant platform would show it. */
export type WeChatMerchant = Readonly<{
  mchid: string;
  appid: string;
  certificateSerial: string;
  privateKey: string;
  certificate: string;
  apiV3Key: string;
  apiV2Key: string;
  /** Those that a partner (服务商) serves; empty for a merchant of its own. */
  subMerchants: readonly Readonly<{ mchid: string; appid?: string }>[];
  suite: SuiteName;
  platform: Readonly<{ publicKeys: Readonly<Record<string, string>>; certificates: readonly string[] }>;
}>;

type Fixed = Pick<WeChatMerchant, 'mchid' | 'appid' | 'subMerchants' | 'suite'>;
export const fixedMerchants = {
  direct: { mchid: '1900000001', appid: 'wx0000000000000001', subMerchants: [], suite: 'RSA' },
  partner: {
    mchid: '1900000100',
    appid: 'wx0000000000000100',
    subMerchants: [{ mchid: '1900000109', appid: 'wx0000000000000109' }],
    suite: 'RSA',
  },
  nationalSecret: { mchid: '1900000003', appid: 'wx0000000000000003', subMerchants: [], suite: 'SM2' },
} as const satisfies Readonly<Record<string, Fixed>>;
export type FixedName = keyof typeof fixedMerchants;

const day = 86_400_000;
const year = 365 * day;
const authorityName: CertificateName = { country: 'CN', organisation: '掌柜沙箱', commonName: 'Zhanggui sandbox CA' };

export const fingerprintOf = (pem: string): string =>
  createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const spkiOf = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ type: 'spki', format: 'der' }));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

type Kept = Readonly<{ id: string; suite: SuiteName; privatePem: string; publicPem: string }>;
type Span = Readonly<{ fromMs: number; untilMs: number }>;
type Subject = Readonly<{ subject: CertificateName; span: Span; address?: string }>;

/** A TLS client looks at the real clock, whatever the sandbox believes. */
const wideSpan: Span = { fromMs: Date.UTC(2020, 0, 1), untilMs: Date.UTC(2060, 0, 1) };
const platformName = { country: 'CN', organisation: 'Tenpay.com sandbox', commonName: 'Tenpay.com sandbox sign' };

/** 40 digits like WeChat's, the first from 1 to 7: no sign, no leading zero. */
const newSerial = (engine: Engine): string => {
  const bytes = engine.random(20);
  bytes[0] = 0x10 | ((bytes[0] ?? 0) & 0x6f);
  return hexOf(bytes);
};

const newAuthority = (engine: Engine): Kept => {
  const pair = suites.RSA.generate();
  const id = newSerial(engine);
  const publicPem = x509Certificate({
    serial: id,
    subject: authorityName,
    publicKey: spkiOf(pair.publicKey),
    signer: keySigner(pair.privateKey),
    ...wideSpan,
    authority: true,
  });
  return { id, suite: 'RSA', privatePem: pemOf(pair.privateKey), publicPem };
};

/** A key with a certificate of the sandbox's authority; an SM2 key signs its own. */
const newCertified = (
  engine: Engine,
  suite: SuiteName,
  issuer: Identity,
  { subject, span, address }: Subject,
): Kept => {
  const pair = suites[suite].generate();
  const id = newSerial(engine);
  const isOwn = suite === 'SM2';
  const publicPem = x509Certificate({
    serial: id,
    subject,
    issuer: isOwn ? subject : authorityName,
    publicKey: spkiOf(pair.publicKey),
    signer: isOwn ? suites[suite].signer(pair.privateKey, engine.random) : keySigner(issuer.privateKey),
    ...span,
    ...(address !== undefined && { addresses: [address], names: ['localhost'] }),
  });
  return { id, suite, privatePem: pemOf(pair.privateKey), publicPem };
};

const newPublicKey = (engine: Engine): Kept => {
  const pair = suites.RSA.generate();
  const digits = [...engine.random(24)].map((byte) => byte % 10).join('');
  const publicPem = publicPemOf(pair.publicKey);
  return { id: `PUB_KEY_ID_01${digits}`, suite: 'RSA', privatePem: pemOf(pair.privateKey), publicPem };
};

const identityOf = (kept: Kept): Identity => {
  const certificate = kept.publicPem.includes('PUBLIC KEY') ? undefined : new X509Certificate(kept.publicPem);
  const fromMs = certificate ? Date.parse(certificate.validFrom) : 0;
  const untilMs = certificate ? Date.parse(certificate.validTo) : Number.POSITIVE_INFINITY;
  return { ...kept, ...pairOf(kept.privatePem), fromMs, untilMs };
};

export interface Keyring {
  authority(): Identity;
  /** The server's own for TLS. */
  server(): Identity;
  merchant(name: FixedName): Identity;
  /** What WeChat signs with now and, during rotation, from then on. */
  platform(suite: SuiteName, which: 'current' | 'next'): Identity;
  /** 微信支付公钥: a key without certificate that never expires. */
  publicKey(): Identity;
  /** 32 characters, as API keys are. */
  secret(name: string): string;
}

/** Everything is made when it is first asked for and kept in the file: a restart changes no key. */
export const openKeyring = (engine: Engine): Keyring => {
  const read = new Map<string, Identity>();
  const kept = (name: string, make: () => Kept): Identity => {
    const known = read.get(name);
    if (known) return known;
    const identity = identityOf(JSON.parse(engine.kept(`wechat/${name}`, () => JSON.stringify(make()))) as Kept);
    read.set(name, identity);
    return identity;
  };
  const authority = (): Identity => kept('authority', () => newAuthority(engine));
  const certified = (name: string, suite: SuiteName, subject: () => Subject): Identity =>
    kept(name, () => newCertified(engine, suite, authority(), subject()));
  return {
    authority,
    server: () =>
      certified('tls', 'RSA', () => ({
        subject: { commonName: '127.0.0.1' },
        span: wideSpan,
        address: '127.0.0.1',
      })),
    merchant(name) {
      const { mchid, suite } = fixedMerchants[name];
      const subject = { country: 'CN', organisation: '微信商户系统（沙箱）', commonName: mchid };
      return certified(`merchant/${mchid}`, suite, () => ({ subject, span: wideSpan }));
    },
    platform: (suite, which) =>
      certified(`platform/${suite}/${which}`, suite, () => {
        const fromMs = engine.now() - (which === 'current' ? year : day);
        return { subject: platformName, span: { fromMs, untilMs: fromMs + 5 * year } };
      }),
    publicKey: () => kept('public-key', () => newPublicKey(engine)),
    secret: (name) => engine.kept(`wechat/secret/${name}`, () => hexOf(engine.random(16))),
  };
};
