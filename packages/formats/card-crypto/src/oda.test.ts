import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import {
  caKeyCheckValue,
  issueIccCertificate,
  issueIssuerCertificate,
  publicKeyOf,
  type RsaPrivateKey,
  recoverIccKey,
  recoverIssuerKey,
  signCombined,
  signDynamicData,
  signStaticData,
  verifyCombined,
  verifyDynamicData,
  verifyStaticData,
} from './oda.ts';

const rsaKey = (bits: number): RsaPrivateKey => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: 3 });
  const { n = '', e = '', d = '', p = '', q = '', dp = '', dq = '', qi = '' } = privateKey.export({ format: 'jwk' });
  return { n, e, d, p, q, dp, dq, qi };
};

const caKey = rsaKey(1152);
const issuerKey = rsaKey(1024);
const iccKey = rsaKey(1024);
const pan = '6225000000000014';
const today = '2611';
const staticData = fromHex('5A0862250000000000145F24033012317C00');
const serial = fromHex('000001');
const number = fromHex('0102030405060708');

const issuerCertificate = issueIssuerCertificate({
  caKey,
  issuerKey: publicKeyOf(issuerKey),
  issuerIdentifier: '622500',
  expiry: '3512',
  serial,
});
const iccCertificate = issueIccCertificate({
  issuerKey,
  iccKey: publicKeyOf(iccKey),
  pan,
  expiry: '3012',
  serial,
  staticData,
});
const issuerGiven = { ...issuerCertificate, caKey: publicKeyOf(caKey), pan, today };
const iccGiven = { ...iccCertificate, issuerKey: publicKeyOf(issuerKey), pan, today, staticData };

test('an issuer key and a card key come back out of their certificates', () => {
  assert.deepEqual(recoverIssuerKey(issuerGiven), { kind: 'valid', key: publicKeyOf(issuerKey) });
  assert.deepEqual(recoverIccKey(iccGiven), { kind: 'valid', key: publicKeyOf(iccKey) });
  assert.equal(issuerCertificate.remainder.length, 128 - (144 - 36));
  assert.equal(iccCertificate.remainder.length, 128 - (128 - 42));
});

test('a key that fits leaves no remainder', () => {
  const small = publicKeyOf(rsaKey(512));
  const issued = issueIssuerCertificate({
    caKey,
    issuerKey: small,
    issuerIdentifier: '622500',
    expiry: '3512',
    serial,
  });
  assert.equal(issued.remainder.length, 0);
  assert.deepEqual(recoverIssuerKey({ ...issuerGiven, ...issued }), { kind: 'valid', key: small });
});

test('each check of a certificate names itself', () => {
  const failure = (change: Partial<typeof issuerGiven>) => recoverIssuerKey({ ...issuerGiven, ...change });
  const invalid = (name: string) => ({ kind: 'invalid', failure: name });
  assert.deepEqual(failure({ certificate: issuerCertificate.certificate.slice(1) }), invalid('length'));
  assert.deepEqual(failure({ certificate: new Uint8Array(144).fill(0xff) }), invalid('rsa'));
  assert.deepEqual(failure({ caKey: publicKeyOf(rsaKey(1152)) }).kind, 'invalid');
  assert.deepEqual(failure({ remainder: new Uint8Array(issuerCertificate.remainder.length) }), invalid('hash'));
  assert.deepEqual(failure({ pan: '6258000000000019' }), invalid('identity'));
  assert.deepEqual(failure({ today: '3601' }), invalid('expired'));
  assert.deepEqual(recoverIccKey({ ...iccGiven, staticData: number }), invalid('hash'));
  assert.deepEqual(recoverIccKey({ ...iccGiven, pan: '6225000000000022' }), invalid('identity'));
  assert.deepEqual(recoverIccKey({ ...iccGiven, issuerKey: publicKeyOf(iccKey) }).kind, 'invalid');
});

test('static data is signed with its authentication code', () => {
  const code = fromHex('DAC1');
  const signed = signStaticData({ issuerKey, dataAuthenticationCode: code, staticData });
  const key = publicKeyOf(issuerKey);
  assert.deepEqual(verifyStaticData({ issuerKey: key, signed, staticData }), {
    kind: 'valid',
    dataAuthenticationCode: code,
  });
  assert.deepEqual(verifyStaticData({ issuerKey: key, signed, staticData: number }), {
    kind: 'invalid',
    failure: 'hash',
  });
});

test('a dynamic signature holds for its own terminal data only', () => {
  const terminalData = fromHex('01020304');
  const signed = signDynamicData({ iccKey, iccDynamicNumber: number, terminalData });
  const verify = (data: Uint8Array) => verifyDynamicData({ iccKey: publicKeyOf(iccKey), signed, terminalData: data });
  assert.deepEqual(verify(terminalData), { kind: 'valid', iccDynamicNumber: number });
  assert.deepEqual(verify(fromHex('01020305')), { kind: 'invalid', failure: 'hash' });
});

test('a combined signature binds cryptogram, information byte and transaction', () => {
  const cryptogram = fromHex('1122334455667788');
  const order = {
    iccKey,
    iccDynamicNumber: number,
    cryptogramInformation: 0x80,
    cryptogram,
    transactionData: staticData,
    unpredictableNumber: fromHex('CAFEBABE'),
  };
  const given = { ...order, iccKey: publicKeyOf(iccKey), signed: signCombined(order) };
  assert.deepEqual(verifyCombined(given), {
    kind: 'valid',
    iccDynamicNumber: number,
    cryptogramInformation: 0x80,
    cryptogram,
  });
  const failure = (change: Partial<typeof given>) => {
    const verdict = verifyCombined({ ...given, ...change });
    return verdict.kind === 'invalid' ? verdict.failure : verdict.kind;
  };
  assert.equal(failure({ cryptogramInformation: 0x40 }), 'cryptogram');
  assert.equal(failure({ transactionData: number }), 'transaction-hash');
  assert.equal(failure({ unpredictableNumber: fromHex('00000000') }), 'hash');
});

test('no certificate, remainder or key from outside throws', () => {
  const bytes = fc.uint8Array({ maxLength: 160 });
  fc.assert(
    fc.property(bytes, bytes, bytes, bytes, (modulus, exponent, certificate, remainder) => {
      const key = { modulus, exponent };
      const verdicts = [
        recoverIssuerKey({ caKey: key, certificate, remainder, exponent, pan, today }),
        recoverIccKey({ issuerKey: key, certificate, remainder, exponent, pan, today, staticData }),
        verifyStaticData({ issuerKey: key, signed: certificate, staticData }),
        verifyDynamicData({ iccKey: key, signed: modulus.map((byte) => byte >> 1), terminalData: remainder }),
      ];
      for (const verdict of verdicts) assert.equal(verdict.kind, 'invalid');
    }),
  );
});

// UnionPay's published test key 0A.
test('the check value of a CA key is the published one', () => {
  const modulus =
    'B2AB1B6E9AC55A75ADFD5BBC34490E53C4C3381F34E60E7FAC21CC2B26DD34462B64A6FAE2495ED1DD383B8138BEA100FF9B7A111817E7B9' +
    '869A9742B19E5C9DAC56F8B8827F11B05A08ECCF9E8D5E85B0F7CFA644EFF3E9B796688F38E006DEB21E101C01028903A06023AC5AAB8635' +
    'F8E307A53AC742BDCE6A283F585F48EF';
  const key = { modulus: fromHex(modulus), exponent: fromHex('03') };
  assert.equal(hex(caKeyCheckValue(fromHex('A000000333'), 0x0a, key)), 'C88BE6B2417C4F941C9371EA35A377158767E4E3');
});
