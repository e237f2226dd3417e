import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeAnswer, decodeForm, type Fields, isSignatureOf, present } from './message.ts';

type Vectors = Readonly<{ signedFields: readonly Readonly<{ id: string; fields: Fields }>[] }>;
const file = new URL('../../../../spec-vectors/unionpay-qr.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

const written = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

for (const { id, fields } of vectors.signedFields) {
  const { publicKey } = new X509Certificate(fields.signPubKeyCert ?? '');
  test(`the signature covers the hash of the sorted fields: ${id}`, () => {
    assert.equal(isSignatureOf(fields, fields.signature ?? '', publicKey), true);
    assert.equal(isSignatureOf({ ...fields, txnAmt: '2' }, fields.signature ?? '', publicKey), false);
  });
  test(`an answer is read as it was written, a notification as a form: ${id}`, () => {
    assert.deepEqual(decodeAnswer(written(fields)), fields);
    assert.deepEqual(decodeForm(new URLSearchParams(fields).toString()), fields);
  });
}

test('an ampersand inside brackets belongs to the value', () =>
  assert.deepEqual(decodeAnswer('a={x=1&y=2}&b=[1&2]&c=&d=4=5'), { a: '{x=1&y=2}', b: '[1&2]', c: '', d: '4=5' }));

test('answers of any plain fields come back', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9+/=: ]{0,20}$/);
  const name = fc.stringMatching(/^[a-z][A-Za-z]{0,10}$/);
  fc.assert(
    fc.property(fc.dictionary(name, word), (fields) => assert.deepEqual(decodeAnswer(written(fields)), { ...fields })),
  );
});

test('what is empty is not sent', () => assert.deepEqual(present({ a: '1', b: '', c: undefined }), { a: '1' }));
