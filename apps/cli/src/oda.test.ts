import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from './test-say.ts';

type Printed = { result: string; exponent: string; remainder: string; privateKey: object; [more: string]: unknown };

const crypto = async (word: string, options: Readonly<Record<string, string>>): Promise<Printed> => {
  const line = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { code, out, err } = await say(['crypto', word, ...line]);
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  return JSON.parse(out) as Printed;
};

const pan = '6225000000000014';
const staticData = '5A0862250000000000145F24033012317C00';

const chain = async () => {
  const [ca, issuer, card] = [
    await crypto('oda-key', { bits: '1152' }),
    await crypto('oda-key', { bits: '1024' }),
    await crypto('oda-key', { bits: '1024' }),
  ];
  const signer = (key: Printed): string => JSON.stringify(key);
  const publicKey = ({ result, exponent }: Printed) => ({ modulus: result, exponent });
  const issuerCertificate = await crypto('oda-issue-issuer', {
    signer: signer(ca),
    ...publicKey(issuer),
    bin: '622500',
    expiry: '3512',
  });
  const cardCertificate = await crypto('oda-issue-card', {
    signer: signer(issuer),
    ...publicKey(card),
    pan,
    expiry: '3012',
    'static-data': staticData,
  });
  return { ca, issuer, card, issuerCertificate, cardCertificate, signer, publicKey };
};

test('a chain of certificates issued from the shell is recovered from the shell, and its signatures hold', async () => {
  const { ca, issuer, card, issuerCertificate, cardCertificate, signer, publicKey } = await chain();
  const inside = ({ result, remainder, exponent }: Printed) => ({
    certificate: result,
    remainder,
    'key-exponent': exponent,
    pan,
  });
  const issuerAgain = await crypto('oda-recover-issuer', { ...publicKey(ca), ...inside(issuerCertificate) });
  assert.equal(issuerAgain.result, issuer.result);
  const cardAgain = await crypto('oda-recover-card', {
    ...publicKey(issuer),
    ...inside(cardCertificate),
    'static-data': staticData,
  });
  assert.equal(cardAgain.result, card.result);

  const sda = await crypto('oda-sign-static', { signer: signer(issuer), 'static-data': staticData });
  const dynamic = { 'terminal-data': '01020304' };
  const number = { 'dynamic-number': '0102030405060708' };
  const dda = await crypto('oda-sign-dynamic', { signer: signer(card), ...number, ...dynamic });
  const combined = {
    'cryptogram-information': '80',
    'transaction-data': '9F2701809F36020007',
    'unpredictable-number': '01020304',
  };
  const cda = await crypto('oda-sign-combined', {
    signer: signer(card),
    cryptogram: 'F294D7022FA9B058',
    ...number,
    ...combined,
  });
  const checks = [
    await crypto('oda-verify-static', { ...publicKey(issuer), signed: sda.result, 'static-data': staticData }),
    await crypto('oda-verify-dynamic', { ...publicKey(card), signed: dda.result, ...dynamic }),
    await crypto('oda-verify-combined', { ...publicKey(card), signed: cda.result, ...combined }),
    await crypto('oda-verify-dynamic', { ...publicKey(card), signed: dda.result, 'terminal-data': '04030201' }),
  ];
  assert.deepEqual(
    checks.map(({ result }) => result),
    [true, true, true, false],
  );
  assert.equal(checks[2]?.['cryptogram'], 'F294D7022FA9B058');
  assert.equal(checks[3]?.['failure'], 'hash');
});

test('a signer that is no key, and a certificate that does not hold, are told', async () => {
  const noKey = await say(['crypto', 'oda-sign-static', '--signer', '{}', '--static-data', '00']);
  assert.deepEqual([noKey.code, /--signer: not a private key/.test(noKey.err)], [1, true]);
  const { ca, issuerCertificate } = await chain();
  const { code, err } = await say([
    ...'crypto oda-recover-issuer --exponent 03 --key-exponent 03 --pan 6225000000000014'.split(' '),
    '--modulus',
    ca.result,
    '--certificate',
    issuerCertificate.result,
  ]);
  assert.deepEqual([code, /does not hold: hash/.test(err)], [1, true]);
});

test('a chain with SM2 keys is issued and checked from the shell, in the same words', async () => {
  const pair = async () => {
    const made: { result: string; privateKey: unknown } = await crypto('sm2-key', {});
    assert.ok(typeof made.privateKey === 'string');
    return { key: made.result, signer: made.privateKey };
  };
  const [ca, issuer, card] = [await pair(), await pair(), await pair()];
  const serial = '000001';
  const issuerCertificate = await crypto('oda-sm-issue-issuer', {
    signer: ca.signer,
    subject: issuer.key,
    bin: '622500',
    expiry: '3512',
    serial,
  });
  const cardCertificate = await crypto('oda-sm-issue-card', {
    signer: issuer.signer,
    subject: card.key,
    pan,
    expiry: '3012',
    serial,
    'static-data': staticData,
  });
  const inside = { certificate: issuerCertificate.result, pan };
  assert.equal((await crypto('oda-sm-recover-issuer', { key: ca.key, ...inside })).result, issuer.key);
  const given = { key: issuer.key, certificate: cardCertificate.result, pan, 'static-data': staticData };
  assert.equal((await crypto('oda-sm-recover-card', given)).result, card.key);

  const sda = await crypto('oda-sm-sign-static', { signer: issuer.signer, 'static-data': staticData });
  const holds = { key: issuer.key, signed: sda.result, 'static-data': staticData };
  assert.equal((await crypto('oda-sm-verify-static', holds)).result, true);
  const dynamic = { 'terminal-data': '01020304' };
  const number = { 'dynamic-number': '0102030405060708' };
  const dda = await crypto('oda-sm-sign-dynamic', { signer: card.signer, ...number, ...dynamic });
  const answer = await crypto('oda-sm-verify-dynamic', { key: card.key, signed: dda.result, ...dynamic });
  assert.deepEqual([answer.result, answer['iccDynamicNumber']], [true, '0102030405060708']);
  const combined = {
    'cryptogram-information': '80',
    'transaction-data': staticData,
    'unpredictable-number': 'CAFEBABE',
  };
  const cda = await crypto('oda-sm-sign-combined', {
    signer: card.signer,
    ...number,
    cryptogram: '1122334455667788',
    ...combined,
  });
  const bound = await crypto('oda-sm-verify-combined', { key: card.key, signed: cda.result, ...combined });
  assert.deepEqual([bound.result, bound['cryptogram']], [true, '1122334455667788']);
});
