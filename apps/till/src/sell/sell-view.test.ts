import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Basket, type BasketItem, changeBasket, emptyBasket } from '@zhanggui/basket';
import { cny } from '@zhanggui/money';
import fc from 'fast-check';
import { basisPointsOfText, percentText, quantityOfText, quantityText } from './quantity.ts';
import { lineAfter, lineChange, lineView, piecesByItem, stepQuantity, totalView } from './sell-view.ts';

const item = (id: string, minor: bigint, weighed = false): BasketItem => ({
  id,
  barcode: id,
  name: { zh: id, en: id },
  unit: { id: 'unit', name: { zh: '个', en: 'each' } },
  weighed,
  departmentId: 'd',
  price: cny(minor),
});

const basketOf = (...items: BasketItem[]): Basket =>
  items.reduce((basket, one, place) => {
    const outcome = changeBasket(basket, { kind: 'add', lineId: `l${place}`, item: one, quantityMilli: 1000 });
    assert.equal(outcome.kind, 'changed');
    return outcome.kind === 'changed' ? outcome.basket : basket;
  }, emptyBasket('CNY'));

const firstLine = (basket: Basket) => {
  const [line] = basket.lines;
  assert.ok(line);
  return line;
};

test('a weight has three decimals, pieces have none, and what is typed is what is shown', () => {
  assert.equal(quantityText(350, true), '0.350');
  assert.equal(quantityText(2000, false), '2');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999 }), (milli) =>
      assert.equal(quantityOfText(quantityText(milli, true)), milli),
    ),
  );
  assert.equal(quantityOfText('0'), undefined);
  assert.equal(quantityOfText(''), undefined);
});

test('a percentage is typed and shown without losing a hundredth', () => {
  assert.equal(percentText(1500), '15');
  assert.equal(percentText(1250), '12.5');
  assert.equal(percentText(10_000), '100');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (points) =>
      assert.equal(basisPointsOfText(percentText(points)), points),
    ),
  );
  assert.equal(basisPointsOfText('100.01'), undefined);
  assert.equal(basisPointsOfText('0'), undefined);
});

test('the pad shows what a change would make of the line before it is applied', () => {
  const basket = basketOf(item('a', 750n));
  const line = firstLine(basket);
  const change = lineChange(line, 'percent', '15');
  assert.ok(change);
  assert.equal(lineAfter(basket, line, change)?.amount.minor, 637n);
  assert.equal(lineChange(line, 'percent', ''), undefined);
});

test('a change the core refuses shows no figure', () => {
  const basket = basketOf(item('a', 750n));
  const line = firstLine(basket);
  const tooMuch = lineChange(line, 'amount', '7.51');
  assert.ok(tooMuch);
  assert.equal(lineAfter(basket, line, tooMuch), undefined);
});

test('a row says what changed: many, another price, a discount', () => {
  const line = firstLine(basketOf(item('a', 750n), item('a', 750n)));
  assert.deepEqual(
    { ...lineView(line), name: undefined, unit: undefined },
    {
      id: 'l0',
      name: undefined,
      unit: undefined,
      quantity: '2',
      isMany: true,
      unitPrice: cny(750n),
      isPriceChanged: false,
      gross: cny(1500n),
      amount: cny(1500n),
      discount: undefined,
    },
  );
});

test('a tile counts pieces, and each weighing as one', () => {
  const pieces = piecesByItem(basketOf(item('a', 1n), item('a', 1n), item('kg', 1n, true), item('kg', 1n, true)));
  assert.equal(pieces.get('a'), '2');
  assert.equal(pieces.get('kg'), '2');
});

test('an empty basket is nothing and cannot be paid; one more step down than there is does not exist', () => {
  const view = totalView(emptyBasket('CNY'));
  assert.equal(view.canPay, false);
  assert.equal(view.total.minor, 0n);
  assert.equal(stepQuantity(1000, -1), undefined);
  assert.equal(stepQuantity(1000, 1), 2000);
});
