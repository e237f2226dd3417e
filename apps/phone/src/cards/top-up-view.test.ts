import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedAmount } from './top-up-view.ts';

test('an amount is above zero, and one that is being typed counts as far as it goes', () => {
  const minors = ['', '0', '0.00', '12.', '12.5', '99999.99'].map((text) => typedAmount(text)?.minor);
  assert.deepEqual(minors, [undefined, undefined, undefined, 1200n, 1250n, 9_999_999n]);
});
