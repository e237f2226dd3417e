import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { isEan13 } from '@zhanggui/ids';
import { openShop, type Shop, shopMigrations } from '@zhanggui/shop';
import { openTestStore } from '@zhanggui/store';
import { businessDate, epochMs } from '@zhanggui/time';
import { foundTown } from './index.ts';

/** Wednesday 2026-03-11 10:00 in China. */
const now = epochMs(Date.parse('2026-03-11T02:00:00Z'));
let shop: Shop;
let close: () => Promise<void>;
before(async () => {
  const opened = await openTestStore([shopMigrations]);
  close = opened.close;
  shop = openShop({ store: opened.store, merchantId: 'town', clock: () => now, random: randomBytes });
  const founding = await foundTown(shop, { now });
  assert.ok(founding.founded && founding.goods >= 300 && founding.sales > 1000);
});
after(() => close());

test('the sample shop has at least 300 goods over at least 12 departments, each with a valid EAN-13', async () => {
  const { items, departments } = await shop.goods.catalogue();
  assert.ok(items.length >= 300 && departments.length >= 12);
  assert.ok(items.every(({ barcode }) => isEan13(barcode)));
  assert.equal(new Set(items.map(({ name }) => name.zh)).size, items.length);
  for (const item of items) {
    assert.ok(departments.some(({ id }) => id === item.departmentId));
    assert.match(item.initials, /^[a-z0-9]+$/, item.name.zh);
    assert.ok(item.priceMinor > 0n && item.name.en !== item.name.zh, item.name.zh);
  }
  const cola = await shop.goods.search({ search: 'sskl330', offset: 0, limit: 10 });
  assert.deepEqual(
    cola.items.map(({ name }) => name.en),
    ['Shasha cola 330ml'],
  );
});

test('the last eight days have sales in every picture, and none was kept aside', async () => {
  const yesterday = await shop.reports.day(businessDate('2026-03-10'));
  const today = await shop.reports.day(shop.reports.today());
  assert.equal(today.totals.saleCount, 0);
  assert.ok(today.lastWeek.saleCount > 100 && yesterday.totals.saleCount > 100);
  for (const rows of [yesterday.byDepartment, yesterday.byCashier, yesterday.bySegment, yesterday.byTender])
    assert.ok(rows.length >= 2 && rows.some(({ amountMinor }) => amountMinor > 0n));
  assert.deepEqual(await shop.sales.kept(), []);
  const reports = await shop.shifts.reports(undefined, 100);
  assert.equal(reports.length, 16);
  assert.ok(reports.every(({ differenceMinor }) => differenceMinor >= -2_00n && differenceMinor <= 1_00n));
  assert.equal(await shop.shifts.current('till-1'), undefined);
});

test('founding the town again changes nothing', async () => {
  const before = await shop.place.tills();
  assert.deepEqual(await foundTown(shop, { now }), { founded: false, goods: 358, sales: 0 });
  assert.deepEqual(await shop.place.tills(), before);
});
