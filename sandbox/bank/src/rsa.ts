/** Test keys: small by today's measure, because a contact card's answer has 256 bytes. */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { RsaPrivateKey } from '@zhanggui/card-crypto';

export type TestKeyBits = 1024 | 1152;

/** Exponent 3, as UnionPay's own keys have. */
export const generateRsaKey = async (bits: TestKeyBits): Promise<RsaPrivateKey> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits, publicExponent: 3 });
  const { n = '', e = '', d = '', p = '', q = '', dp = '', dq = '', qi = '' } = privateKey.export({ format: 'jwk' });
  return { n, e, d, p, q, dp, dq, qi };
};
