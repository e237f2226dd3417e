import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromAscii, fromHex, hex } from '@zhanggui/bytes';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import { sm3, sm4EcbDecrypt, sm4EcbEncrypt } from './sm.ts';

test('SM3 and SM4 give the answers of their standards', () => {
  const { sm3Abc, sm4 } = vectors.sm;
  assert.equal(hex(sm3(fromAscii('abc'))), sm3Abc);
  assert.equal(hex(sm4EcbEncrypt(fromHex(sm4.key), fromHex(sm4.plain))), sm4.cipher);
  assert.equal(hex(sm4EcbDecrypt(fromHex(sm4.key), fromHex(sm4.cipher))), sm4.plain);
});
