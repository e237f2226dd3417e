import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import fc from 'fast-check';
import { type Basket, type BasketCommand, type BasketItem, changeBasket, emptyBasket, priceBasket } from './index.ts';

const goods = (id: string, priceMinor: bigint, weighed = false): BasketItem => ({
  id,
  barcode: '',
  name: { zh: id, en: id },
  unit: weighed ? { id: 'kg', name: { zh: '千克', en: 'kg' } } : { id: 'bottle', name: { zh: '瓶', en: 'bottle' } },
  weighed,
  departmentId: 'drinks',
  price: cny(priceMinor),
});
const tea = goods('tea', 3_50n);
const apples = goods('apples', 12_80n, true);

const after = (...commands: BasketCommand[]): Basket =>
  commands.reduce((basket, command) => {
    const outcome = changeBasket(basket, command);
    assert.ok(outcome.kind === 'changed', command.kind);
    return outcome.basket;
  }, emptyBasket('CNY'));
const refusal = (basket: Basket, command: BasketCommand) => {
  const outcome = changeBasket(basket, command);
  return outcome.kind === 'refused' ? outcome.reason : undefined;
};
const addTea: BasketCommand = { kind: 'add', lineId: 'a', item: tea, quantityMilli: 1000 };

test('the same goods scanned again gain quantity on their line', () => {
  const basket = after(addTea, { ...addTea, lineId: 'b' });
  assert.deepEqual(
    basket.lines.map(({ id, quantityMilli }) => [id, quantityMilli]),
    [['a', 2000]],
  );
});

test('goods with a discount or another price get a new line', () => {
  const discounted: BasketCommand = { kind: 'discount', lineId: 'a', discount: { kind: 'percent', basisPoints: 1000 } };
  const overridden: BasketCommand = { kind: 'override-price', lineId: 'a', unitPrice: cny(3_00n) };
  assert.equal(after(addTea, discounted, { ...addTea, lineId: 'b' }).lines.length, 2);
  assert.equal(after(addTea, overridden, { ...addTea, lineId: 'b' }).lines.length, 2);
});

test('every weighing is a line of its own, priced to the nearest fen', () => {
  const weigh = (lineId: string): BasketCommand => ({ kind: 'add', lineId, item: apples, quantityMilli: 355 });
  const { lines, pieceCount } = priceBasket(after(weigh('a'), weigh('b')));
  assert.deepEqual(
    lines.map(({ amount }) => amount.minor),
    [4_54n, 4_54n],
  );
  assert.equal(pieceCount, 2);
});

test('a discount by percent follows the quantity, a discount by amount stays', () => {
  const percent = after(
    addTea,
    { kind: 'discount', lineId: 'a', discount: { kind: 'percent', basisPoints: 1500 } },
    { kind: 'set-quantity', lineId: 'a', quantityMilli: 3000 },
  );
  assert.deepEqual(
    priceBasket(percent).lines.map(({ discountAmount, amount }) => [discountAmount.minor, amount.minor]),
    [[1_58n, 8_92n]],
  );
  const amount = after(
    addTea,
    { kind: 'discount', lineId: 'a', discount: { kind: 'amount', amount: cny(1_00n) } },
    { kind: 'set-quantity', lineId: 'a', quantityMilli: 3000 },
  );
  assert.equal(priceBasket(amount).total.minor, 9_50n);
});

test('what cannot be is refused with its reason and changes nothing', () => {
  const basket = after(addTea);
  const cases: [BasketCommand, string][] = [
    [{ kind: 'set-quantity', lineId: 'a', quantityMilli: 0 }, 'quantity-out-of-range'],
    [{ kind: 'set-quantity', lineId: 'a', quantityMilli: 10_000_000 }, 'quantity-out-of-range'],
    [{ kind: 'set-quantity', lineId: 'a', quantityMilli: 1500 }, 'quantity-not-whole'],
    [{ kind: 'remove', lineId: 'z' }, 'line-not-found'],
    [{ kind: 'override-price', lineId: 'a', unitPrice: cny(-1n) }, 'price-out-of-range'],
    [{ kind: 'override-price', lineId: 'a', unitPrice: { minor: 1n, currency: 'USD' } }, 'other-currency'],
    [{ kind: 'discount', lineId: 'a', discount: { kind: 'amount', amount: cny(3_51n) } }, 'discount-out-of-range'],
    [{ kind: 'discount', lineId: 'a', discount: { kind: 'percent', basisPoints: 10_001 } }, 'discount-out-of-range'],
  ];
  for (const [command, reason] of cases) assert.equal(refusal(basket, command), reason);
  const sold = after(addTea, { kind: 'discount', lineId: 'a', discount: { kind: 'percent', basisPoints: 10_000 } });
  assert.equal(priceBasket(sold).total.minor, 0n);
});

test('law: the total is the sum of the lines, and no line is below zero', () => {
  const command = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      lineId: fc.uuid(),
      item: fc.constantFrom(tea, apples, goods('gum', 1n), goods('wine', 1_299_00n)),
      quantityMilli: fc.integer({ min: 1, max: 20 }).map((count) => count * 1000),
    }),
    fc.record({
      kind: fc.constant('discount' as const),
      lineId: fc.nat(9).map(String),
      discount: fc.oneof(
        fc.record({ kind: fc.constant('percent' as const), basisPoints: fc.integer({ min: 0, max: 11_000 }) }),
        fc.record({ kind: fc.constant('amount' as const), amount: fc.bigInt(-1n, 100_000n).map(cny) }),
      ),
    }),
    fc.record({
      kind: fc.constant('set-quantity' as const),
      lineId: fc.nat(9).map(String),
      quantityMilli: fc.nat(30_000),
    }),
    fc.record({ kind: fc.constant('remove' as const), lineId: fc.nat(9).map(String) }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      let basket = emptyBasket('CNY');
      for (const step of commands) {
        // Line ids in commands are positions, so that most commands meet a line.
        const at = 'lineId' in step && step.kind !== 'add' ? basket.lines[Number(step.lineId)]?.id : undefined;
        const outcome = changeBasket(basket, at === undefined ? step : { ...step, lineId: at });
        if (outcome.kind === 'changed') basket = outcome.basket;
      }
      const priced = priceBasket(basket);
      const sum = (figures: bigint[]) => figures.reduce((total, figure) => total + figure, 0n);
      assert.equal(priced.total.minor, sum(priced.lines.map(({ amount }) => amount.minor)));
      assert.equal(priced.gross.minor, priced.total.minor + priced.discountAmount.minor);
      assert.ok(priced.lines.every(({ amount, gross }) => amount.minor >= 0n && amount.minor <= gross.minor));
    }),
  );
});
