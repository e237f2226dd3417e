import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Tender } from '@zhanggui/basket';
import { cny } from '@zhanggui/money';
import { epochMs } from '@zhanggui/time';
import { monday, newId, openTestShop, saleOf, type TestShop } from './test-shop.ts';

let opened: TestShop;
before(async () => {
  opened = await openTestShop();
});
after(() => opened.close());

const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;
const cash = (minor: bigint): Tender => ({ kind: 'cash', received: cny(minor) });
const card = (minor: bigint): Tender => ({
  kind: 'card',
  amount: cny(minor),
  terminalId: '00000001',
  requestId: newId(),
});

const wallet = (minor: bigint, name: 'wechat' | 'alipay'): Tender => ({
  kind: 'wallet',
  wallet: name,
  amount: cny(minor),
  requestId: newId(),
});

test('a day is seen by hour, department, cashier, segment and tender, beside the same weekday last week', async () => {
  const { shop } = opened;
  const at = (ms: number) => epochMs(monday + ms);
  const orders = [
    { count: 3, tenders: [cash(20_00n)], at: monday, segment: 'family' },
    { count: 2, tenders: [card(3_00n), wallet(2_00n, 'wechat'), cash(2_00n)], at: at(-2 * hourMs) },
    { count: 1, tenders: [card(3_50n)], at: at(-weekMs), segment: 'family' },
    { count: 4, tenders: [wallet(14_00n, 'alipay')], at: at(-weekMs + 2 * hourMs) },
    { count: 9, tenders: [cash(31_50n)], at: at(-24 * hourMs) },
  ];
  const sales = await Promise.all(orders.map((order, index) => saleOf(opened, { sequence: index + 1, ...order })));
  await shop.sales.upload('till-1', sales);

  const day = await shop.reports.day(shop.reports.today());
  assert.deepEqual([day.date, day.comparedWith], ['2026-03-09', '2026-03-02']);
  assert.deepEqual([day.totals.saleCount, day.totals.amountMinor, day.totals.averageMinor], [2, 17_50n, 8_75n]);
  assert.deepEqual([day.lastWeekToNow.amountMinor, day.lastWeek.amountMinor], [3_50n, 17_50n]);

  const figures = (rows: typeof day.byHour) =>
    rows.map((row) => [row.key, row.count, row.amountMinor, row.lastWeekCount, row.lastWeekMinor]);
  assert.equal(day.byHour.length, 24);
  assert.deepEqual(figures(day.byHour.filter((row) => row.count + row.lastWeekCount > 0)), [
    ['08', 1, 7_00n, 0, 0n],
    ['10', 1, 10_50n, 1, 3_50n],
    ['12', 0, 0n, 1, 14_00n],
  ]);
  assert.deepEqual(figures(day.byDepartment), [['drinks', 2, 17_50n, 2, 17_50n]]);
  assert.deepEqual(figures(day.byCashier), [['zhang', 2, 17_50n, 2, 17_50n]]);
  assert.deepEqual(figures(day.bySegment), [
    ['family', 1, 10_50n, 1, 3_50n],
    ['none', 1, 7_00n, 1, 14_00n],
  ]);
  assert.deepEqual(day.bySegment[0]?.name, { zh: '家庭', en: 'Family' });
  assert.deepEqual(figures(day.byTender), [
    ['alipay', 0, 0n, 1, 14_00n],
    ['card', 1, 3_00n, 1, 3_50n],
    ['cash', 2, 12_50n, 0, 0n],
    ['wechat', 1, 2_00n, 0, 0n],
  ]);
  assert.deepEqual(day.byTender.at(-1)?.name, { zh: '微信支付', en: 'WeChat Pay' });
});

test('a card payment shows its latest word and the sale it paid', async () => {
  const { shop } = opened;
  const id = newId();
  const payment = {
    id,
    at: monday,
    terminalId: '00000001',
    amountMinor: 3_50n,
    state: 'unknown',
    code: null,
    text: null,
    maskedPan: '622500******0014',
    entryMode: 'insert',
    rrn: null,
    authCode: null,
    batch: '000001',
    stan: '000007',
    voided: false,
  } as const;
  await shop.payments.record(payment);
  await shop.payments.record({ ...payment, state: 'approved', code: '00', text: { zh: '交易成功', en: 'Approved' } });
  const tender: Tender = { kind: 'card', amount: cny(3_50n), terminalId: '00000001', requestId: id };
  const sale = await saleOf(opened, { sequence: 50, count: 1, tenders: [tender] });
  await shop.sales.upload('till-1', [sale]);
  const { payments } = await shop.payments.list({ limit: 10 });
  assert.equal(payments.length, 1);
  assert.deepEqual(payments[0], await shop.payments.find(id));
  assert.deepEqual(
    [payments[0]?.state, payments[0]?.saleId, payments[0]?.receiptNo],
    ['approved', sale.id, '01-000050'],
  );
});
