import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BasketItem, changeBasket, closeSale, emptyBasket, type Sale, type Tender } from '@zhanggui/basket';
import { cny } from '@zhanggui/money';
import { saleDocument, saleOf, sale as saleSchema } from '../contract.ts';

const apples: BasketItem = {
  id: 'apples',
  barcode: '2000000000015',
  name: { zh: '红富士苹果', en: 'Fuji apples' },
  unit: { id: 'kg', name: { zh: '千克', en: 'kg' } },
  weighed: true,
  departmentId: 'fruit',
  price: cny(12_80n),
};
const tenders: Tender[] = [
  { kind: 'card', amount: cny(2_00n), terminalId: '00000001', requestId: '01994d6e-1111-7abc-8def-000000000001' },
  {
    kind: 'wallet',
    wallet: 'alipay',
    amount: cny(1_00n),
    requestId: '01994d6e-1111-7abc-8def-000000000002',
    walletTradeNo: '2026030922001400000000000001',
  },
  { kind: 'cash', received: cny(10_00n) },
];

test('a sale survives the journey as JSON unchanged', () => {
  const added = changeBasket(emptyBasket('CNY'), { kind: 'add', lineId: '0', item: apples, quantityMilli: 355 });
  assert.ok(added.kind === 'changed');
  const discount = { kind: 'amount', amount: cny(54n) } as const;
  const basket = changeBasket(added.basket, { kind: 'discount', lineId: '0', discount });
  assert.ok(basket.kind === 'changed');
  const closed = closeSale(basket.basket, tenders, { unitMinor: 10n, rounding: 'down' });
  assert.ok(closed.kind === 'closed');
  const sale: Sale = {
    ...closed.figures,
    id: '01994d6e-2222-7abc-8def-000000000002',
    shiftId: '01994d6e-3333-7abc-8def-000000000003',
    staffId: 'zhang-min',
    sequence: 1,
    receiptNo: '01-000001',
    at: 1_760_000_000_000,
    segment: null,
  };
  const wire = saleSchema.parse(JSON.parse(JSON.stringify(saleDocument(sale))));
  assert.deepEqual(saleOf(wire, 'CNY'), sale);
});
