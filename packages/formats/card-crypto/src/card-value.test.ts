import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@zhanggui/bytes';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import pinVectors from '../../../../spec-vectors/card-crypto-pin.json' with { type: 'json' };
import { cvv, cvv2, dcvv, icvv } from './card-value.ts';
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

test('CVV2 and iCVV are the CVV with the service codes 000 and 999', () => {
  const card = { key: fromHex('0123456789ABCDEFFEDCBA9876543210'), pan: '6225000000000014', expiry: '3012' };
  assert.equal(cvv2(card), cvv({ ...card, serviceCode: '000' }));
  assert.equal(icvv(card), cvv({ ...card, serviceCode: '999' }));
});

for (const { mdk, dcvv: value, ...card } of pinVectors.dcvv)
  test(`dCVV ${value}: the transaction counter stands for the first four PAN digits`, () => {
    assert.equal(dcvv({ ...card, mdk: fromHex(mdk), psn: '00' }), value);
    assert.notEqual(dcvv({ ...card, mdk: fromHex(mdk), psn: '00', counter: '3211' }), value);
    assert.throws(() => dcvv({ ...card, mdk: fromHex(mdk), psn: '00', counter: '32A0' }), CryptoError);
  });
