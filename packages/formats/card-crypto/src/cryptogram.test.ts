import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import { arpc, arqc, emvSessionKey, emvUdk } from './cryptogram.ts';
import { CryptoError } from './crypto-error.ts';

for (const { id, mdk, pan, psn, udk } of vectors.cardKey) {
  test(`card key ${id}: PAN and sequence number under the master key`, () => {
    assert.equal(hex(emvUdk({ mdk: fromHex(mdk), pan, psn })), udk);
  });
}

for (const vector of vectors.cryptogram) {
  test(`cryptogram ${vector.id}: session key, request and answer`, () => {
    const sessionKey = emvSessionKey({ udk: fromHex(vector.udk), atc: fromHex(vector.atc) });
    assert.equal(hex(sessionKey), vector.sessionKey);
    const request = arqc({ sessionKey, data: fromHex(vector.data) });
    assert.equal(hex(request), vector.arqc);
    assert.equal(hex(arpc({ sessionKey, arqc: request, arc: vector.arc })), vector.arpc);
  });
}

test('a longer PAN gives its rightmost sixteen digits together with the sequence number', () => {
  const mdk = fromHex('F0C34A8124CEE0A91A0B034AA97D6EAC');
  const key = (pan: string) => emvUdk({ mdk, pan, psn: '01' });
  assert.deepEqual(key('6225000000000000017'), key('9995000000000000017'));
  assert.notDeepEqual(key('6225000000000000017'), emvUdk({ mdk, pan: '6225000000000000017', psn: '02' }));
});

test('a counter, cryptogram or answer code of the wrong length is refused', () => {
  const sessionKey = new Uint8Array(16);
  for (const run of [
    () => emvSessionKey({ udk: sessionKey, atc: new Uint8Array(3) }),
    () => arpc({ sessionKey, arqc: new Uint8Array(7), arc: '00' }),
    () => arpc({ sessionKey, arqc: new Uint8Array(8), arc: '0' }),
    () => emvUdk({ mdk: sessionKey, pan: '6225000000000014', psn: '1' }),
  ])
    assert.throws(run, CryptoError);
});
