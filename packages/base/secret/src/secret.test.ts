import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { maskPan, pan, Secret } from './index.ts';

const card = pan('6225000000000014');

test('a PAN shows its first six and last four digits, however it is printed', () => {
  for (const printed of [String(card), JSON.stringify({ card }), inspect({ card }), `${card}`]) {
    assert.match(printed, /622500\*{6}0014/);
    assert.doesNotMatch(printed, /6225000000000014/);
  }
});

test('what is not understood as a PAN is masked wholly', () => {
  assert.equal(maskPan('62?'), '***');
  assert.equal(maskPan(''), '');
});

test('a PIN, track or key shows nothing of itself', () => {
  assert.equal(String(new Secret('pin', '123456')), '****');
  assert.equal(card.reveal(), '6225000000000014');
});
