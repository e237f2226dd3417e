import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf, type Place, placeOf } from './place.ts';

const places: readonly Place[] = [
  { screen: 'home' },
  { screen: 'code' },
  { screen: 'scan' },
  { screen: 'cards' },
  { screen: 'bills', notices: false },
  { screen: 'bills', notices: true },
  { screen: 'bill', id: '42/x?' },
];

for (const place of places)
  test(`the address of ${JSON.stringify(place)} leads back to it`, () => {
    assert.deepEqual(placeOf(hashOf(place)), place);
  });

test('an address nobody made is home, and a torn one breaks nothing', () => {
  assert.deepEqual(placeOf(''), { screen: 'home' });
  assert.deepEqual(placeOf('#/elsewhere'), { screen: 'home' });
  assert.deepEqual(placeOf('#/bills/%E0'), { screen: 'bill', id: '%E0' });
});
