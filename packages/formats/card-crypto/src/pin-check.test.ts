import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@zhanggui/bytes';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import pinVectors from '../../../../spec-vectors/card-crypto-pin.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { ibm3624NaturalPin, ibm3624Offset, ibm3624Pin, pvv, usualIbm3624Rule } from './pin-check.ts';

for (const { id, key: keyHex, pan, rule, naturalPin, pin, offset } of vectors.ibm3624) {
  test(`IBM 3624 ${id}: the offset leads from the natural PIN to the customer’s`, () => {
    const key = fromHex(keyHex);
    assert.equal(ibm3624NaturalPin({ key, pan, length: naturalPin.length }, rule), naturalPin);
    assert.equal(ibm3624Offset({ key, pan, pin }, rule), offset);
  });
}

test('the usual rule takes the twelve digits before the check digit, whatever the length of the PAN', () => {
  const key = fromHex('0123456789ABCDEFFEDCBA9876543210');
  const [, six] = vectors.ibm3624;
  assert.deepEqual({ ...six?.rule, start: -13 }, usualIbm3624Rule);
  assert.equal(ibm3624Offset({ key, pan: '6225000000000014', pin: '123456' }), six?.offset);
  assert.equal(ibm3624Offset({ key, pan: '6226225000000000019', pin: '123456' }), six?.offset);
});

for (const { key, keyIndex, pan, pin, pvv: value } of [...vectors.pvv, ...pinVectors.pvv]) {
  test(`PIN verification value ${value} under key ${keyIndex}`, () => {
    assert.equal(pvv({ key: fromHex(key), keyIndex, pan, pin }), value);
  });
}

test('a decimalisation table that is not sixteen digits is refused', () => {
  const rule = { ...usualIbm3624Rule, table: '0123456789ABCDEF' };
  const card = { key: new Uint8Array(16), pan: '6225000000000014', length: 6 };
  assert.throws(
    () => ibm3624NaturalPin(card, rule),
    (error) => error instanceof CryptoError && error.code === 'table-format',
  );
});

const { key, table, pan, cases } = pinVectors.ibm3624;
for (const { pin, offset, ...place } of cases)
  test(`IBM 3624 offset ${offset} of ${place.length} digits from ${place.start} and the PIN lead to each other`, () => {
    const rule = { ...place, table };
    assert.equal(ibm3624Offset({ key: fromHex(key), pan, pin }, rule), offset);
    assert.equal(ibm3624Pin({ key: fromHex(key), pan, offset }, rule), pin);
  });

test('a rule with more than one filler digit is refused', () => {
  const card = { key: fromHex(key), pan, length: 4 };
  for (const pad of ['', 'FF', 'X'])
    assert.throws(() => ibm3624NaturalPin(card, { ...usualIbm3624Rule, pad }), CryptoError);
});
