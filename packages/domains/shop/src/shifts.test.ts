import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Tender } from '@zhanggui/basket';
import { cny } from '@zhanggui/money';
import { monday, newId, openTestShop, saleOf, type TestShop } from './test-shop.ts';

let opened: TestShop;
before(async () => {
  opened = await openTestShop();
});
after(() => opened.close());

const cash = (minor: bigint): Tender => ({ kind: 'cash', received: cny(minor) });
const card = (minor: bigint): Tender => ({
  kind: 'card',
  amount: cny(minor),
  terminalId: '00000001',
  requestId: newId(),
});
const wallet = (minor: bigint): Tender => ({
  kind: 'wallet',
  wallet: 'wechat',
  amount: cny(minor),
  requestId: newId(),
});

test('a till has one open shift, and opening it again is the same shift', async () => {
  const { shop, shiftId } = opened;
  const order = { tillId: 'till-1', staffId: 'zhang', floatMinor: 0n, at: monday };
  const again = await shop.shifts.open({ ...order, id: shiftId });
  assert.ok(again.kind === 'open' && again.shift.floatMinor === 200_00n);
  const other = await shop.shifts.open({ ...order, id: newId() });
  assert.deepEqual(other, { kind: 'refused', reason: 'another-shift-open', shiftId });
});

test('the Z report adds up: float, cash kept, cash moves, cards, wallets', async () => {
  const { shop, shiftId } = opened;
  const sales = [
    await saleOf(opened, { sequence: 1, count: 3, tenders: [cash(20_00n)] }),
    await saleOf(opened, { sequence: 2, count: 2, tenders: [card(7_00n)] }),
    await saleOf(opened, { sequence: 3, count: 4, tenders: [card(6_00n), wallet(4_00n), cash(4_00n)] }),
  ];
  await shop.sales.upload('till-1', sales);
  const move = { id: newId(), shiftId, tillId: 'till-1', staffId: 'zhang', at: monday, reason: '买袋子' };
  await shop.shifts.moveCash({ ...move, kind: 'out', amountMinor: 5_00n });
  await shop.shifts.moveCash({ ...move, kind: 'out', amountMinor: 5_00n });

  const current = await shop.shifts.current('till-1');
  assert.deepEqual(current?.totals.byTender, [
    { kind: 'card', count: 2, amountMinor: 13_00n },
    { kind: 'cash', count: 2, amountMinor: 14_50n },
    { kind: 'wechat', count: 1, amountMinor: 4_00n },
  ]);
  assert.equal(current?.totals.expectedCashMinor, 200_00n + 14_50n - 5_00n);

  const close = { id: shiftId, tillId: 'till-1', at: monday, countedMinor: 209_00n, reason: '少找' };
  const outcome = await shop.shifts.close(close);
  assert.ok(outcome.kind === 'closed');
  const { report } = outcome;
  assert.deepEqual(
    [report.zNumber, report.differenceMinor, report.totals.saleCount, report.totals.totalMinor],
    [1, -50n, 3, 31_50n],
  );
  assert.deepEqual([report.totals.firstReceiptNo, report.totals.lastReceiptNo], ['01-000001', '01-000003']);
  assert.equal(report.totals.byDepartment[0]?.amountMinor, 31_50n);
  assert.deepEqual(await shop.shifts.close({ ...close, countedMinor: 1n }), outcome);
});

test('a sale that arrives after its Z report is accepted, and the report stays as it was drawn', async () => {
  const { shop, shiftId } = opened;
  const late = await saleOf(opened, { sequence: 4, count: 1, tenders: [cash(3_50n)] });
  const [outcome] = await shop.sales.upload('till-1', [late]);
  assert.equal(outcome?.status, 'accepted');
  const [report] = await shop.shifts.reports(undefined, 10);
  assert.deepEqual([report?.id, report?.totals.saleCount], [shiftId, 3]);
});

test('a closed shift takes no cash move, and a shift nobody opened does not close', async () => {
  const { shop, shiftId } = opened;
  const move = {
    id: newId(),
    tillId: 'till-1',
    staffId: 'zhang',
    kind: 'in',
    amountMinor: 1n,
    reason: 'x',
    at: 0,
  } as const;
  assert.deepEqual(await shop.shifts.moveCash({ ...move, shiftId }), { kind: 'refused', reason: 'shift-closed' });
  const close = { id: newId(), tillId: 'till-1', at: monday, countedMinor: 0n };
  assert.deepEqual(await shop.shifts.close(close), { kind: 'refused', reason: 'shift-not-found' });
  const reopened = await shop.shifts.open({ id: shiftId, tillId: 'till-1', staffId: 'zhang', floatMinor: 0n, at: 0 });
  assert.deepEqual(reopened, { kind: 'refused', reason: 'shift-closed' });
});
