import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import { adjustParity, desEcbDecrypt, desEcbEncrypt, kcv } from './keys.ts';

for (const { id, tmk, keys } of vectors.signIn) {
  for (const { name, cipher, key, kcv: check } of keys) {
    test(`sign-in ${id}: the ${name} decrypts under the TMK and matches its check value`, () => {
      const clear = desEcbDecrypt(fromHex(tmk), fromHex(cipher));
      assert.equal(hex(clear), key);
      assert.equal(hex(kcv(clear).subarray(0, 4)), check);
      assert.equal(hex(desEcbEncrypt(fromHex(tmk), clear)), cipher);
    });
  }
}

test('parity adjustment gives every byte an odd number of ones and keeps its upper seven bits', () => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  adjustParity(every).forEach((byte, index) => {
    assert.equal(byte.toString(2).replaceAll('0', '').length % 2, 1);
    assert.equal(byte >> 1, index >> 1);
  });
});
