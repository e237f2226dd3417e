import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/sm.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import {
  issueSmIccCertificate,
  issueSmIssuerCertificate,
  recoverSmIccKey,
  recoverSmIssuerKey,
  signSmCombined,
  signSmDynamicData,
  signSmStaticData,
  verifySmCombined,
  verifySmDynamicData,
  verifySmStaticData,
} from './oda-sm.ts';
import { sm2PublicKey } from './sm2.ts';

const signer = (byte: number) => ({
  privateKey: new Uint8Array(32).fill(byte),
  nonce: new Uint8Array(32).fill(byte + 1),
});
const [ca, issuer, icc] = [signer(0x11), signer(0x22), signer(0x33)];
const [caKey, issuerKey, iccKey] = [ca, issuer, icc].map(({ privateKey }) => sm2PublicKey(privateKey)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const pan = '6225000000000014';
const today = '2611';
const staticData = fromHex('5A0862250000000000145F24033012317C00');
const serial = fromHex('000001');
const number = fromHex('0102030405060708');

const issuerCertificate = issueSmIssuerCertificate({
  ca,
  subject: issuerKey,
  issuerIdentifier: '622500',
  expiry: '3512',
  serial,
});
const iccCertificate = issueSmIccCertificate({ issuer, subject: iccKey, pan, expiry: '3012', serial, staticData });
const issuerGiven = { caKey, certificate: issuerCertificate, pan, today };
const iccGiven = { issuerKey, certificate: iccCertificate, pan, today, staticData };
const invalid = (failure: string) => ({ kind: 'invalid', failure });

test('a certificate that UnionPay’s published SM2 test CA signed gives its issuer’s key', () => {
  const { caKey: published, certificate, issuerKey: inside, pan: ofIssuer } = vectors.smIssuerCertificate;
  const given = { caKey: fromHex(published), certificate: fromHex(certificate), pan: ofIssuer };
  assert.deepEqual(recoverSmIssuerKey({ ...given, today: '2012' }), { kind: 'valid', key: fromHex(inside) });
  assert.deepEqual(recoverSmIssuerKey({ ...given, today: '2101' }), invalid('expired'));
});

test('an issuer key and a card key come back out of their certificates', () => {
  assert.deepEqual(recoverSmIssuerKey(issuerGiven), { kind: 'valid', key: issuerKey });
  assert.deepEqual(recoverSmIccKey(iccGiven), { kind: 'valid', key: iccKey });
  assert.equal(hex(iccCertificate.subarray(0, 20)), '146225000000000014FFFF123000000104001140');
  assert.deepEqual([issuerCertificate.length, iccCertificate.length], [142, 148]);
});

test('each check of a certificate names itself', () => {
  const failure = (change: Partial<typeof issuerGiven>) => recoverSmIssuerKey({ ...issuerGiven, ...change });
  assert.deepEqual(failure({ certificate: issuerCertificate.subarray(0, 64) }), invalid('length'));
  assert.deepEqual(failure({ certificate: iccCertificate }), invalid('format'));
  assert.deepEqual(failure({ caKey: issuerKey }), invalid('signature'));
  assert.deepEqual(failure({ caKey: new Uint8Array(65) }), invalid('signature'));
  assert.deepEqual(failure({ pan: '6258000000000019' }), invalid('identity'));
  assert.deepEqual(failure({ today: '3601' }), invalid('expired'));
  assert.deepEqual(recoverSmIccKey({ ...iccGiven, staticData: number }), invalid('signature'));
  assert.deepEqual(recoverSmIccKey({ ...iccGiven, pan: '6225000000000022' }), invalid('identity'));
});

test('static data is signed with its authentication code', () => {
  const code = fromHex('DAC1');
  const signed = signSmStaticData({ issuer, dataAuthenticationCode: code, staticData });
  assert.deepEqual(verifySmStaticData({ issuerKey, signed, staticData }), {
    kind: 'valid',
    dataAuthenticationCode: code,
  });
  assert.deepEqual(verifySmStaticData({ issuerKey, signed, staticData: number }), invalid('signature'));
});

test('a dynamic signature holds for its own terminal data only', () => {
  const signed = signSmDynamicData({ icc, iccDynamicNumber: number, terminalData: fromHex('01020304') });
  const verify = (terminalData: Uint8Array) => verifySmDynamicData({ iccKey, signed, terminalData });
  assert.deepEqual(verify(fromHex('01020304')), { kind: 'valid', iccDynamicNumber: number });
  assert.deepEqual(verify(fromHex('01020305')), invalid('signature'));
});

test('a combined signature binds cryptogram, information byte and transaction', () => {
  const cryptogram = fromHex('1122334455667788');
  const order = {
    iccDynamicNumber: number,
    cryptogramInformation: 0x80,
    cryptogram,
    transactionData: staticData,
    unpredictableNumber: fromHex('CAFEBABE'),
  };
  const given = { ...order, iccKey, signed: signSmCombined({ ...order, icc }) };
  assert.deepEqual(verifySmCombined(given), {
    kind: 'valid',
    iccDynamicNumber: number,
    cryptogramInformation: 0x80,
    cryptogram,
  });
  assert.deepEqual(verifySmCombined({ ...given, cryptogramInformation: 0x40 }), invalid('cryptogram'));
  assert.deepEqual(verifySmCombined({ ...given, transactionData: number }), invalid('transaction-hash'));
  assert.deepEqual(verifySmCombined({ ...given, unpredictableNumber: number }), invalid('signature'));
});

test('what cannot be certified is refused', () => {
  const order = { ca, subject: issuerKey, issuerIdentifier: '622500', expiry: '3512', serial };
  const refused = (code: string, run: () => unknown) =>
    assert.throws(run, (error) => error instanceof CryptoError && error.code === code);
  refused('sm2-key', () => issueSmIssuerCertificate({ ...order, subject: issuerKey.subarray(1) }));
  refused('card-data-format', () => issueSmIssuerCertificate({ ...order, serial: number }));
  refused('card-data-format', () => signSmStaticData({ issuer, dataAuthenticationCode: number, staticData }));
});

test('no certificate, signature or key from outside throws', () => {
  const bytes = fc.uint8Array({ maxLength: 160 });
  const formats = fc.constantFrom(0x12, 0x13, 0x14, 0x15);
  fc.assert(
    fc.property(bytes, bytes, formats, bytes, (key, tail, format, outside) => {
      const signed = concat(Uint8Array.of(format), tail);
      for (const verdict of [
        recoverSmIssuerKey({ caKey: key, certificate: signed, pan, today }),
        recoverSmIccKey({ issuerKey, certificate: signed, pan, today, staticData: outside }),
        verifySmStaticData({ issuerKey, signed, staticData: outside }),
        verifySmDynamicData({ iccKey, signed, terminalData: outside }),
      ])
        assert.equal(verdict.kind, 'invalid');
    }),
    { numRuns: 40 },
  );
});
