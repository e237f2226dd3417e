import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { rootSerialOf, serialOf } from './certificates.ts';
import { isRsa2Of, notificationText, rawMembers, signedText } from './signing.ts';

type Vectors = Readonly<{
  response: readonly Readonly<{ id: string; method: string; publicKey: string; body: string }>[];
  rawNode: readonly Readonly<{ id: string; name: string; body: string; node: string }>[];
  notification: readonly Readonly<{ id: string; publicKey: string; fields: Record<string, string> }>[];
  certificateSerial: readonly Readonly<{ id: string; certificate: string; serial: string }>[];
}>;
const file = new URL('../../../../spec-vectors/alipay.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

for (const { id, method, publicKey, body } of vectors.response)
  test(`the signature of an answer covers the node's text: ${id}`, () => {
    const members = rawMembers(body);
    const node = members.get(`${method.replaceAll('.', '_')}_response`) ?? '';
    const signature = String(JSON.parse(members.get('sign') ?? ''));
    assert.equal(isRsa2Of(node, signature, createPublicKey(publicKey)), true);
    assert.equal(isRsa2Of(`${node} `, signature, createPublicKey(publicKey)), false);
  });

for (const { id, name, body, node } of vectors.rawNode)
  test(`a node is taken as it was written: ${id}`, () => assert.equal(rawMembers(body).get(name), node));

for (const { id, publicKey, fields } of vectors.notification)
  test(`a notification is signed without its signature and its type: ${id}`, () =>
    assert.equal(isRsa2Of(notificationText(fields), fields.sign ?? '', createPublicKey(publicKey)), true));

for (const { id, certificate, serial } of vectors.certificateSerial)
  test(`a certificate is named by its issuer and number: ${id}`, () => {
    assert.equal(serialOf(new X509Certificate(certificate)), serial);
    assert.equal(rootSerialOf(certificate + certificate), `${serial}_${serial}`);
  });

test('members of any object come back as they were written', () =>
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (object, indent) => {
      const members = rawMembers(JSON.stringify(object, null, indent));
      assert.deepEqual([...members.keys()].toSorted(), Object.keys(object).toSorted());
      for (const [name, raw] of members) assert.deepEqual(JSON.parse(raw), JSON.parse(JSON.stringify(object[name])));
    }),
  ));

test('fields are signed in the order of their names, empty ones not at all', () =>
  assert.equal(signedText({ b: '2', a: '1', c: '', B: '3' }), 'B=3&a=1&b=2'));
