import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code128Widths } from './code128.ts';

const modules = (digits: string): number => code128Widths(digits).reduce((sum, width) => sum + width, 0);

test('eleven modules a symbol: start, a pair of digits each, check, and a stop of thirteen', () => {
  assert.equal(modules('131234567890123456'), 11 * (1 + 9 + 1) + 13);
});

test('an odd last digit takes two symbols of its own', () => {
  assert.equal(modules('6212345678901234567'), 11 * (1 + 9 + 2 + 1) + 13);
});

// Start C 105, 12, 34, check (105 + 12 + 2 * 34) mod 103 = 82, stop.
test('1234 is built as the standard says', () => {
  assert.equal(code128Widths('1234').join(''), '211232' + '112232' + '131123' + '121241' + '2331112');
});

test('begins and ends with a bar, whatever the digits', () => {
  for (const digits of ['00', '10', '999', '0123456789012345678']) assert.equal(code128Widths(digits).length % 2, 1);
});

test('what is not of digits is refused', () => {
  for (const text of ['', '1', '12a4', '12 34']) assert.throws(() => code128Widths(text), RangeError);
});
