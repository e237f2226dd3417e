import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  type Basket,
  changeBasket,
  closeSale,
  emptyBasket,
  receiptNumber,
  type Sale,
  type Tender,
} from '@zhanggui/basket';
import { uuidv7 } from '@zhanggui/ids';
import { cny } from '@zhanggui/money';
import { openTestStore } from '@zhanggui/store';
import { type EpochMs, epochMs } from '@zhanggui/time';
import { openShop, type Shop, type ShopSetup, shopMigrations } from './index.ts';

/** Monday 2026-03-09 10:00 in China. */
export const monday = epochMs(Date.parse('2026-03-09T02:00:00Z'));

export const newId = (): string => uuidv7(Date.now(), randomBytes(10));

const setup: ShopSetup = {
  merchant: {
    name: { zh: '测试商户', en: 'Test merchant' },
    currency: 'CNY',
    cashRounding: { unitMinor: 10n, rounding: 'down' },
    denominationsMinor: [100_00n, 10_00n, 1_00n],
    segments: [{ id: 'family', name: { zh: '家庭', en: 'Family' } }],
    receiptColumns: 32,
  },
  store: {
    id: 'main',
    name: { zh: '测试店', en: 'Test shop' },
    address: { zh: '测试路 1 号', en: '1 Test Road' },
    phone: '000',
  },
  tills: [{ id: 'till-1', number: '01', name: { zh: '一号台', en: 'Till 1' }, terminalId: '00000001' }],
  staff: [
    { id: 'zhang', number: '1001', name: { zh: '张敏', en: 'Zhang Min' }, role: 'cashier', pin: '1234' },
    {
      id: 'wang',
      number: '9001',
      name: { zh: '王芳', en: 'Wang Fang' },
      role: 'owner',
      pin: '4321',
      username: 'owner',
      password: 'correct horse',
    },
  ],
  departments: [
    { id: 'drinks', name: { zh: '饮料', en: 'Drinks' } },
    { id: 'fruit', name: { zh: '水果', en: 'Fruit' } },
  ],
  goods: [
    {
      barcode: '2000000000015',
      name: { zh: '茉莉花茶 500ml', en: 'Jasmine tea' },
      unitId: 'bottle',
      priceMinor: 3_50n,
      departmentId: 'drinks',
    },
    {
      barcode: '2000000000022',
      name: { zh: '红富士苹果', en: 'Fuji apples' },
      unitId: 'kg',
      priceMinor: 12_80n,
      departmentId: 'fruit',
    },
  ],
};

export type TestShop = { shop: Shop; setNow(at: EpochMs): void; shiftId: string; close(): Promise<void> };

/** A founded shop on a real Postgres with an open shift, whose clock the test sets. */
export const openTestShop = async (): Promise<TestShop> => {
  const { store, close } = await openTestStore([shopMigrations]);
  let now = monday;
  const shop = openShop({ store, merchantId: 'm1', clock: () => now, random: randomBytes });
  await shop.setUp(setup);
  const shiftId = newId();
  await shop.shifts.open({ id: shiftId, tillId: 'till-1', staffId: 'zhang', floatMinor: 200_00n, at: monday });
  const setNow = (at: EpochMs) => {
    now = at;
  };
  return { shop, setNow, shiftId, close };
};

/** A till's sale of `count` bottles of tea, paid as told. */
export const saleOf = async (
  { shop, shiftId }: Pick<TestShop, 'shop' | 'shiftId'>,
  order: { sequence: number; count: number; tenders: Tender[]; at?: EpochMs; segment?: string; id?: string },
): Promise<Sale> => {
  const { items } = await shop.goods.catalogue();
  const item = items.find(({ barcode }) => barcode === '2000000000015');
  assert.ok(item);
  const { initials: _initials, priceMinor, ...rest } = item;
  const goods = { ...rest, price: cny(priceMinor) };
  const added = changeBasket(emptyBasket('CNY'), {
    kind: 'add',
    lineId: '0',
    item: goods,
    quantityMilli: order.count * 1000,
  });
  assert.ok(added.kind === 'changed');
  const basket: Basket = added.basket;
  const closed = closeSale(basket, order.tenders, { unitMinor: 10n, rounding: 'down' });
  assert.ok(closed.kind === 'closed');
  return {
    ...closed.figures,
    id: order.id ?? newId(),
    shiftId,
    staffId: 'zhang',
    sequence: order.sequence,
    receiptNo: receiptNumber('01', order.sequence),
    at: order.at ?? monday,
    segment: order.segment ?? null,
  };
};
