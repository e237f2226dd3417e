import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import fc from 'fast-check';
import {
  type Basket,
  type BasketItem,
  type CashRounding,
  changeBasket,
  checkSale,
  closeSale,
  emptyBasket,
  receiptNumber,
  type Sale,
  type Tender,
} from './index.ts';

const terms = { tillNumber: '01', cashRounding: { unitMinor: 10n, rounding: 'down' } as CashRounding };
const water: BasketItem = {
  id: 'water',
  barcode: '',
  name: { zh: '水', en: 'Water' },
  unit: { id: 'bottle', name: { zh: '瓶', en: 'bottle' } },
  weighed: false,
  departmentId: 'drinks',
  price: cny(2_33n),
};
const basketOf = (count: number): Basket => {
  const outcome = changeBasket(emptyBasket('CNY'), {
    kind: 'add',
    lineId: 'a',
    item: water,
    quantityMilli: count * 1000,
  });
  assert.ok(outcome.kind === 'changed');
  return outcome.basket;
};
const cash = (minor: bigint): Tender => ({ kind: 'cash', received: cny(minor) });
const saleOf = (count: number, tenders: Tender[]): Sale => {
  const outcome = closeSale(basketOf(count), tenders, terms.cashRounding);
  assert.ok(outcome.kind === 'closed');
  const sequence = 7;
  const receiptNo = receiptNumber(terms.tillNumber, sequence);
  return { ...outcome.figures, id: 's', shiftId: 'h', staffId: 'p', sequence, receiptNo, at: 0, segment: null };
};

test('a basket that is empty or unpaid does not close', () => {
  assert.deepEqual(closeSale(emptyBasket('CNY'), [], null), { kind: 'refused', reason: 'empty' });
  assert.deepEqual(closeSale(basketOf(1), [cash(1_00n)], null), { kind: 'refused', reason: 'not-paid' });
});

test('law: what the till closes is sound when it is checked again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.bigInt(0n, 50_00n), (count, over) => {
      const due = BigInt(count) * 2_33n;
      assert.deepEqual(checkSale(saleOf(count, [cash(due + over)]), terms), []);
    }),
  );
});

test('a figure that does not follow from the others is named, and nothing is corrected', () => {
  const sale = saleOf(3, [cash(10_00n)]);
  const [line] = sale.lines;
  assert.ok(line);
  const places = (changed: Sale) => checkSale(changed, terms).map(({ code, place }) => `${code} ${place}`);
  assert.deepEqual(places({ ...sale, total: cny(1n) }), ['total total']);
  assert.deepEqual(places({ ...sale, change: cny(9_99n) }), ['change change']);
  assert.deepEqual(places({ ...sale, rounding: cny(0n) }), ['rounding rounding']);
  assert.deepEqual(places({ ...sale, tenders: [cash(1_00n)] }), ['not-paid tenders', 'change change']);
  assert.deepEqual(places({ ...sale, tenders: [cash(-1_00n)] }), ['tender-not-allowed tenders[0]']);
  const tooMuch: Tender = { kind: 'wallet', wallet: 'alipay', amount: cny(8_00n), requestId: 'r' };
  assert.deepEqual(places({ ...sale, tenders: [tooMuch], rounding: cny(0n), change: cny(0n) }), [
    'exceeds-due tenders',
  ]);
  assert.deepEqual(places({ ...sale, receiptNo: '02-000007' }), ['receipt-number receiptNo']);
  assert.deepEqual(places({ ...sale, lines: [] }), ['no-lines lines']);
  assert.deepEqual(places({ ...sale, lines: [{ ...line, amount: cny(1n) }] }), ['line-figures lines[0].amount']);
  assert.deepEqual(places({ ...sale, lines: [{ ...line, quantityMilli: 500 }] }), ['line-not-allowed lines[0]']);
});
