import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny, money, parseMoney } from '@zhanggui/money';
import fc from 'fast-check';
import { moneyOfMinor, moneyText, plotHeight } from './money-text.ts';

test('an amount is grouped, has all its decimals and the true minus', () => {
  assert.equal(moneyText(cny(0n)), '¥0.00');
  assert.equal(moneyText(cny(1234567890n)), '¥12,345,678.90');
  assert.equal(moneyText(cny(-5n)), '\u2212¥0.05');
  assert.equal(moneyText(cny(5n), { plus: true, symbol: false }), '+0.05');
  assert.equal(moneyText(money(1234n, 'JPY')), 'JP¥1,234');
});

test('what is shown can be read back as the same amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (minor) => {
      const shown = moneyText(cny(minor), { symbol: false }).replaceAll(',', '').replace('\u2212', '-');
      assert.equal(parseMoney(shown, 'CNY')?.minor, minor);
    }),
  );
});

test('a bar is as high as the amount in major units', () => {
  assert.equal(plotHeight(moneyOfMinor('123456')), 1234.56);
  assert.equal(plotHeight(moneyOfMinor('500', 'JPY')), 500);
});
