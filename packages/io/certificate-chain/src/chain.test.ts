import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { type CertificateName, keySigner, x509Certificate } from '@zhanggui/card-crypto';
import { certificatesIn, isUnder } from './index.ts';

const atMs = Date.UTC(2026, 5, 1);
const span = { fromMs: atMs - 1_000_000, untilMs: atMs + 1_000_000 };
type Party = Readonly<{ name: CertificateName; publicKey: KeyObject; privateKey: KeyObject }>;
const party = (commonName: string): Party => ({
  name: { commonName },
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
});
const certified = (
  of: Party,
  by: Party,
  over: Readonly<{ authority?: boolean; fromMs?: number; untilMs?: number }> = {},
) => {
  const publicKey = new Uint8Array(of.publicKey.export({ type: 'spki', format: 'der' }));
  const names = { subject: of.name, issuer: by.name, serial: '0A' };
  const [certificate] = certificatesIn(
    x509Certificate({ ...names, publicKey, signer: keySigner(by.privateKey), ...span, ...over }),
  );
  assert.ok(certificate);
  return certificate;
};

const root = party('root');
const middle = party('middle');
const leaf = party('leaf');
const roots = [certified(root, root, { authority: true })];
const between = [certified(middle, root, { authority: true })];

test('a root of ours stands behind it, at once or by those between', () => {
  assert.equal(isUnder(certified(leaf, root), { roots, atMs }), true);
  assert.equal(isUnder(certified(leaf, middle), { roots, between, atMs }), true);
  assert.equal(isUnder(certified(leaf, middle), { roots, atMs }), false);
});

test('nobody stands behind a stranger, whatever it is called', () => {
  const namesake: Party = { ...party('x'), name: middle.name };
  assert.equal(isUnder(certified(leaf, namesake), { roots, between, atMs }), false);
  assert.equal(isUnder(certified(leaf, leaf), { roots, between, atMs }), false);
  const between2 = [certified(leaf, leaf, { authority: true })];
  assert.equal(isUnder(certified(leaf, leaf), { roots, between: between2, atMs }), false);
});

test('who is no authority issues nothing', () => {
  const clerk = party('clerk');
  const withClerk = [...between, certified(clerk, middle)];
  assert.equal(isUnder(certified(leaf, clerk), { roots, between: withClerk, atMs }), false);
});

test('every step is in its time', () => {
  const late = { fromMs: atMs + 10_000 };
  const over = { untilMs: atMs - 10_000 };
  for (const time of [late, over]) {
    assert.equal(isUnder(certified(leaf, middle, time), { roots, between, atMs }), false);
    const then = [certified(middle, root, { authority: true, ...time })];
    assert.equal(isUnder(certified(leaf, middle), { roots, between: then, atMs }), false);
    const old = [certified(root, root, { authority: true, ...time })];
    assert.equal(isUnder(certified(leaf, middle), { roots: old, between, atMs }), false);
  }
});

test('a text has the certificates that are in it', () => {
  assert.deepEqual(certificatesIn('no certificate'), []);
  assert.equal(certificatesIn(`${roots[0]?.toString()}\n${between[0]?.toString()}`).length, 2);
});
