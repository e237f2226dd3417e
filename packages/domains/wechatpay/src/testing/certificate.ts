import type { KeyObject } from 'node:crypto';
import { keySigner, x509Certificate } from '@zhanggui/card-crypto';

/** A self-signed X.509 certificate of a server on this machine, PEM; `serial` is hex whose first digit is below 8. */
export const selfSigned = (
  options: Readonly<{ serial: string; publicKey: KeyObject; privateKey: KeyObject; fromMs: number; untilMs: number }>,
): string =>
  x509Certificate({
    serial: options.serial,
    subject: { commonName: 'Tenpay.com sandbox' },
    publicKey: new Uint8Array(options.publicKey.export({ type: 'spki', format: 'der' })),
    signer: keySigner(options.privateKey),
    fromMs: options.fromMs,
    untilMs: options.untilMs,
    addresses: ['127.0.0.1'],
  });
