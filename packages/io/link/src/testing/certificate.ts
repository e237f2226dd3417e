import { generateKeyPairSync } from 'node:crypto';
import { keySigner, x509Certificate } from '@zhanggui/card-crypto';

/** A certificate for a name, signed by its own key: a test needs no tool and keeps no key in a file. */
export const selfSigned = (name: string): { key: string; certificate: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = x509Certificate({
    serial: '01',
    subject: { commonName: name },
    publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    signer: keySigner(privateKey),
    fromMs: Date.UTC(2020, 0, 1),
    untilMs: Date.UTC(2049, 0, 1),
    authority: true,
    names: [name],
  });
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate };
};
