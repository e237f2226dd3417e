import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PadKey, pressKey } from './key-buffer.ts';

const limits = { wholeDigitsMax: 6, decimals: 2 };
const typed = (...keys: PadKey[]): string => keys.reduce((text, key) => pressKey(text, key, limits), '');

test('digits build an amount with at most the currency decimals', () => {
  assert.equal(typed('1', '2', '.', '5', '0', '9'), '12.50');
  assert.equal(typed('.', '5'), '0.5');
  assert.equal(typed('1', '.', '.', '5'), '1.5');
});

test('no amount starts with spare zeros', () => {
  assert.equal(typed('0', '0', '7'), '7');
  assert.equal(typed('00', '7'), '7');
  assert.equal(typed('0', '00'), '0');
});

test('back takes one character, clear takes all, too much changes nothing', () => {
  assert.equal(typed('1', '2', 'back'), '1');
  assert.equal(typed('1', '2', 'clear'), '');
  assert.equal(typed('1', '2', '3', '4', '5', '6', '7'), '123456');
  assert.equal(pressKey('3', '.', { wholeDigitsMax: 4, decimals: 0 }), '3');
});
