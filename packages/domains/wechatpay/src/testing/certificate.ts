import { type KeyObject, sign } from 'node:crypto';

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const size =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const name = sequence(
  der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('Tenpay.com sandbox')))),
);
const sha256WithRsa = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
const utcTime = (atMs: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(atMs).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));

/** Subject alternative name 127.0.0.1, for a server of this machine. */
const thisMachine = der(
  0xa3,
  sequence(
    sequence(der(0x06, Buffer.from('551d11', 'hex')), der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1]))))),
  ),
);

/** A self-signed X.509 certificate, PEM; `serial` is hex whose first digit is below 8. */
export const selfSigned = (
  options: Readonly<{ serial: string; publicKey: KeyObject; privateKey: KeyObject; fromMs: number; untilMs: number }>,
): string => {
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from(options.serial, 'hex')),
    sha256WithRsa,
    name,
    sequence(utcTime(options.fromMs), utcTime(options.untilMs)),
    name,
    options.publicKey.export({ type: 'spki', format: 'der' }),
    thisMachine,
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, options.privateKey));
  const lines = sequence(content, sha256WithRsa, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
};
