import { generateKeyPairSync, sign } from 'node:crypto';

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), content]);
};

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const identifier = (digits: string): Buffer => der(0x06, Buffer.from(digits, 'hex'));
const bits = (content: Uint8Array): Buffer => der(0x03, Uint8Array.of(0), content);
const extension = (digits: string, value: Uint8Array): Buffer => sequence(identifier(digits), der(0x04, value));

const ECDSA_SHA256 = sequence(identifier('2A8648CE3D040302'));
const COMMON_NAME = '550403';
const ALTERNATIVE_NAMES = '551D11';
const BASIC_CONSTRAINTS = '551D13';

/** A certificate (RFC 5280) for a name, signed by its own key: a test needs no tool and keeps no key in a file. */
export const selfSigned = (name: string): { key: string; certificate: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(der(0x31, sequence(identifier(COMMON_NAME), der(0x0c, Buffer.from(name)))));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, Uint8Array.of(1)),
    ECDSA_SHA256,
    subject,
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('490101000000Z'))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(
        extension(ALTERNATIVE_NAMES, sequence(der(0x82, Buffer.from(name)))),
        extension(BASIC_CONSTRAINTS, sequence(der(0x01, Uint8Array.of(0xff)))),
      ),
    ),
  );
  const whole = sequence(toBeSigned, ECDSA_SHA256, bits(sign('sha256', toBeSigned, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
};
