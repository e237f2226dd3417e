import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type CertificateName, keySigner, x509Certificate } from '@zhanggui/card-crypto';
import type { Engine } from './engine/words.ts';

/** An RSA key of the sandbox's own, the same after a restart. */
export type RsaIdentity = Readonly<{
  privateKey: KeyObject;
  publicKey: KeyObject;
  privatePem: string;
  publicPem: string;
}>;

const newPem = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const keptIdentity = (engine: Engine, name: string): RsaIdentity => {
  const privatePem = engine.kept(name, newPem);
  const privateKey = createPrivateKey(privatePem);
  const publicKey = createPublicKey(privateKey);
  return { privateKey, publicKey, privatePem, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
};

type Certified = Readonly<{
  subject: CertificateName;
  of: RsaIdentity;
  /** Itself when it is left out. */
  by?: Readonly<{ name: CertificateName; identity: RsaIdentity }>;
  isAuthority?: boolean;
}>;

/** Long enough for any clock a sandbox is given. */
const span = { fromMs: Date.UTC(2020, 0, 1), untilMs: Date.UTC(2060, 0, 1) };

export const keptCertificate = (engine: Engine, name: string, { subject, of, by, isAuthority }: Certified): string =>
  engine.kept(name, () => {
    const serial = Buffer.from(engine.random(8));
    serial[0] = 0x10 | ((serial[0] ?? 0) & 0x6f);
    const signer = keySigner((by?.identity ?? of).privateKey);
    const publicKey = new Uint8Array(of.publicKey.export({ type: 'spki', format: 'der' }));
    const content = { serial: serial.toString('hex'), subject, issuer: by?.name, publicKey, signer, ...span };
    return x509Certificate({ ...content, authority: isAuthority });
  });
