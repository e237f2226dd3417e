import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addMoney,
  allocateMoney,
  amountField,
  cny,
  decimalText,
  divideRounded,
  money,
  parseMoney,
  scaleMoney,
  splitMoney,
  sumMoney,
} from './index.ts';

const minor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });

test('the parts of a split add up to the whole, refunds included', () => {
  fc.assert(
    fc.property(
      minor,
      fc.array(fc.bigInt({ min: 0n, max: 1000n }), { minLength: 1, maxLength: 20 }),
      (amount, weights) => {
        fc.pre(weights.some((weight) => weight > 0n));
        assert.equal(sumMoney(allocateMoney(cny(amount), weights), 'CNY').minor, amount);
      },
    ),
  );
  assert.deepEqual(
    splitMoney(cny(1000n), 3).map((part) => part.minor),
    [334n, 333n, 333n],
  );
});

test('a fee is rounded the named way, the same for a charge and its refund', () => {
  const fee = { numerator: 38n, denominator: 10_000n };
  assert.equal(scaleMoney(cny(1250n), fee, 'half-even').minor, 5n);
  assert.equal(divideRounded(5n, 2n, 'half-even'), 2n);
  assert.equal(divideRounded(5n, 2n, 'half-up'), 3n);
  assert.equal(divideRounded(7n, 2n, 'half-even'), 4n);
  fc.assert(
    fc.property(minor, (amount) =>
      assert.equal(divideRounded(-amount, 7n, 'half-up'), -divideRounded(amount, 7n, 'half-up')),
    ),
  );
});

test('decimal text and amounts are inverses in every currency', () => {
  for (const currency of ['CNY', 'JPY', 'KWD'] as const) {
    fc.assert(
      fc.property(minor, (amount) =>
        assert.equal(parseMoney(decimalText(money(amount, currency)), currency)?.minor, amount),
      ),
    );
  }
  assert.equal(decimalText(cny(-5n)), '-0.05');
  assert.equal(parseMoney('12.345', 'CNY'), undefined);
  assert.equal(parseMoney('1,2', 'CNY'), undefined);
});

test('currencies do not mix', () => {
  assert.throws(() => addMoney(cny(1n), money(1n, 'USD')), RangeError);
});

test('field 4 carries twelve digits', () => {
  assert.equal(amountField(cny(10000n)), '000000010000');
  assert.throws(() => amountField(cny(-1n)), RangeError);
});
