import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { concat, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import { CryptoError } from './crypto-error.ts';
import { DesKey, desKey } from './des.ts';

const keys = fc.constantFrom(8, 16, 24).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
const blocks = fc
  .integer({ min: 0, max: 6 })
  .chain((count) => fc.uint8Array({ minLength: 8 * count, maxLength: 8 * count }));

/** OpenSSL keeps single DES in its legacy provider; triple DES with equal keys is the same function. */
const openssl = (mode: '' | '-cbc', key: Uint8Array, data: Uint8Array): Uint8Array => {
  const whole = key.length === 8 ? concat(key, key) : key;
  const name = (key.length === 24 ? 'des-ede3' : 'des-ede') + mode;
  const cipher = createCipheriv(name, whole, mode === '' ? null : new Uint8Array(8)).setAutoPadding(false);
  return new Uint8Array(cipher.update(data));
};

test('enciphers as OpenSSL does, for every key length', () => {
  fc.assert(
    fc.property(keys, blocks, (key, data) => {
      assert.deepEqual(desKey(key).encrypt(data), openssl('', key, data));
    }),
    { numRuns: 500 },
  );
});

test('deciphering undoes enciphering', () => {
  fc.assert(
    fc.property(keys, blocks, (key, data) => {
      assert.deepEqual(desKey(key).decrypt(desKey(key).encrypt(data)), data);
    }),
  );
});

test('chaining is the last block of OpenSSL’s CBC over the zero-filled data', () => {
  fc.assert(
    fc.property(keys, fc.uint8Array({ minLength: 1, maxLength: 60 }), (key, data) => {
      const filled = concat(data, new Uint8Array((8 - (data.length % 8)) % 8));
      assert.deepEqual(desKey(key).chain(data), openssl('-cbc', key, filled).slice(-8));
    }),
  );
});

test('the retail MAC chains under the left key and ends with D(right) and E(left)', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), blocks, (key, data) => {
      const left = desKey(key.subarray(0, 8));
      const right = desKey(key.subarray(8));
      assert.deepEqual(desKey(key).retail(data), left.encrypt(right.decrypt(left.chain(data))));
    }),
  );
});

test('a known answer of the standard’s own tests: single DES', () => {
  assert.equal(hex(desKey(fromHex('0123456789ABCDEF')).encrypt(fromHex('4E6F772069732074'))), '3FA40E8A984D4815');
});

test('parity bits of a key are ignored', () => {
  const data = fromHex('0011223344556677');
  const even = fromHex('0022446688AACCEE');
  assert.deepEqual(desKey(even).encrypt(data), desKey(even.map((byte) => byte | 1)).encrypt(data));
});

test('a key of another length, or data that is not whole blocks, is refused with a code only', () => {
  const throws = (code: string, run: () => unknown) =>
    assert.throws(run, (error) => error instanceof CryptoError && error.code === code && error.message === code);
  for (const length of [0, 7, 9, 15, 23, 32]) throws('key-length', () => desKey(new Uint8Array(length)));
  throws('not-whole-blocks', () => desKey(new Uint8Array(16)).encrypt(new Uint8Array(9)));
});

test('a ready key prints masked and is ready already', () => {
  const key = desKey(fromHex('0123456789ABCDEF'));
  assert.equal(desKey(key), key);
  assert.ok(key instanceof DesKey);
  assert.equal(inspect({ key }), '{ key: DesKey(****) }');
  assert.equal(JSON.stringify({ key }), '{"key":"****"}');
});
