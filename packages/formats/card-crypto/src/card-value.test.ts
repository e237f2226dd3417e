import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@zhanggui/bytes';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import { cvv } from './card-value.ts';
import { CryptoError } from './crypto-error.ts';

for (const { id, key, pan, expiry, serviceCode, cvv: value } of vectors.cvv) {
  test(`card verification value ${id}, service code ${serviceCode}`, () => {
    assert.equal(cvv({ key: fromHex(key), pan, expiry, serviceCode }), value);
  });
}

test('card data out of form is refused', () => {
  const card = { key: new Uint8Array(16), pan: '6225000000000014', expiry: '3012', serviceCode: '220' };
  for (const wrong of [{ pan: '62250000000000x4' }, { expiry: '301' }, { serviceCode: '22' }])
    assert.throws(() => cvv({ ...card, ...wrong }), CryptoError);
});
