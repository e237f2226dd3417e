import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto-mac.json' with { type: 'json' };
import { AesKey } from './aes.ts';
import { aesCmac, tdesCmac } from './cmac.ts';
import { CryptoError } from './crypto-error.ts';
import { desKey } from './des.ts';
import { aesCmacKcv, aesKcv, kcv, tdesCmacKcv } from './keys.ts';

for (const [name, mac, { data, vectors: cases }] of [
  ['AES', aesCmac, vectors.aesCmac],
  ['triple DES', tdesCmac, vectors.tdesCmac],
] as const)
  for (const { key, bytes, mac: expected } of cases)
    test(`CMAC with ${name}, ${key.length * 4}-bit key, ${bytes} bytes (NIST SP 800-38B)`, () => {
      assert.equal(hex(mac(fromHex(key), fromHex(data).subarray(0, bytes))), expected);
    });

test('CMAC tells apart data and the same data with its padding written out', () => {
  const key = new Uint8Array(16);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
      const longer = Uint8Array.of(...data, 0x80, ...new Uint8Array(15 - (data.length % 16)));
      assert.notDeepEqual(aesCmac(key, data), aesCmac(key, longer));
      assert.notDeepEqual(tdesCmac(key, data), tdesCmac(key, longer));
    }),
  );
});

for (const { algorithm, key, kcv: value } of vectors.keyCheckValues)
  test(`check value ${value} of a ${key.length / 2}-byte ${algorithm} key`, () => {
    const made = algorithm === 'tdes' ? kcv(fromHex(key)) : aesCmacKcv(fromHex(key));
    assert.equal(hex(made).slice(0, value.length), value);
  });

test('a check value by CMAC is the MAC of a block of zeros, and not the enciphered block', () => {
  const bytes = fromHex('3F419E1CB7079442AA37474C2EFBF8B8');
  assert.deepEqual(tdesCmacKcv(bytes), tdesCmac(bytes, new Uint8Array(8)));
  assert.notDeepEqual(tdesCmacKcv(bytes), kcv(bytes));
  assert.deepEqual(aesCmacKcv(bytes), aesCmac(bytes, new Uint8Array(16)));
  assert.notDeepEqual(aesCmacKcv(bytes), aesKcv(bytes));
});

const wholeBlocks = (size: number) =>
  fc.uint8Array({ maxLength: 8 }).map((seed) => new Uint8Array(seed.length * size).map((_, at) => at + (seed[0] ?? 0)));
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test('chained and unchained blocks decipher to what was enciphered, and chain as OpenSSL does', () => {
  fc.assert(
    fc.property(bytes(24), bytes(16), wholeBlocks(16), (key, vector, data) => {
      const aes = new AesKey(key);
      assert.deepEqual(aes.decrypt(aes.encrypt(data)), data);
      assert.deepEqual(aes.decryptCbc(aes.encryptCbc(data, vector), vector), data);
      assert.deepEqual(aes.counter(aes.counter(data, vector), vector), data);
      const des = desKey(key);
      const desVector = vector.subarray(0, 8);
      const openssl = createCipheriv('des-ede3-cbc', key, desVector).setAutoPadding(false);
      assert.deepEqual(des.encryptCbc(data, desVector), new Uint8Array(openssl.update(data)));
      assert.deepEqual(des.decryptCbc(des.encryptCbc(data, desVector), desVector), data);
    }),
  );
});

test('an AES key prints masked and refuses what is not its size', () => {
  const key = new AesKey(new Uint8Array(32));
  assert.equal(`${inspect(key)} ${JSON.stringify(key)}`, 'AesKey(****) "****"');
  const refused = (code: string, run: () => unknown) =>
    assert.throws(run, (error) => error instanceof CryptoError && error.code === code && error.message === code);
  refused('key-length', () => new AesKey(new Uint8Array(8)));
  refused('not-whole-blocks', () => key.encrypt(new Uint8Array(8)));
  refused('not-whole-blocks', () => key.encryptCbc(new Uint8Array(16), new Uint8Array(8)));
});
