import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sale } from '@zhanggui/api/contract';
import { closeView } from './close-view.ts';
import { shiftTotals } from './shift-totals.ts';

const line = (departmentId: string, amountMinor: string, discountMinor: string): Sale['lines'][number] => ({
  itemId: 'i',
  barcode: 'i',
  name: { zh: '品', en: 'Goods' },
  unit: { id: 'u', name: { zh: '个', en: 'each' } },
  weighed: false,
  departmentId,
  listPriceMinor: amountMinor,
  unitPriceMinor: amountMinor,
  quantityMilli: 1000,
  discount: { kind: 'none' },
  grossMinor: amountMinor,
  discountMinor,
  amountMinor,
});
const sale = (sequence: number, parts: Partial<Sale>): Sale => ({
  id: `s${sequence}`,
  shiftId: 'shift',
  staffId: 'staff',
  sequence,
  receiptNo: `01-00000${sequence}`,
  at: sequence,
  segment: null,
  lines: [line('drinks', '1003', '0')],
  totalMinor: '1003',
  roundingMinor: '0',
  tenders: [],
  changeMinor: '0',
  ...parts,
});

const split = sale(1, {
  tenders: [
    { kind: 'card', amountMinor: '300', terminalId: 't', requestId: 'r' },
    { kind: 'wallet', wallet: 'wechat', amountMinor: '200', requestId: 'q' },
    { kind: 'cash', receivedMinor: '1000' },
  ],
  roundingMinor: '-3',
  changeMinor: '500',
});
const cash = sale(2, {
  lines: [line('snacks', '700', '50')],
  totalMinor: '700',
  tenders: [{ kind: 'cash', receivedMinor: '700' }],
});
const totals = shiftTotals('50000', [split, cash], 'CNY', () => undefined);

test('the drawer should hold the float and the cash that was kept, not the notes that came in', () => {
  assert.equal(totals.expectedCashMinor, '51200');
  assert.deepEqual(totals.byTender, [
    { kind: 'cash', count: 2, amountMinor: '1200' },
    { kind: 'card', count: 1, amountMinor: '300' },
    { kind: 'wechat', count: 1, amountMinor: '200' },
  ]);
});

test('cash and card together are the total and its rounding', () => {
  const taken = totals.byTender.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
  assert.equal(taken, BigInt(totals.totalMinor) + BigInt(totals.roundingMinor));
});

test('departments add up to the total', () => {
  const sum = totals.byDepartment.reduce((left, { amountMinor }) => left + BigInt(amountMinor), 0n);
  assert.equal(String(sum), totals.totalMinor);
  assert.equal(totals.discountMinor, '50');
});

const given = { totals, sale: undefined, parkedCount: 0, currency: 'CNY', reason: '' } as const;
const hundreds = (count: number) => [{ valueMinor: '10000', count }];

test('a difference needs a reason, an even drawer does not', () => {
  assert.deepEqual(
    [closeView({ ...given, counts: hundreds(5) }).verdict, closeView({ ...given, counts: hundreds(5) }).hindrance],
    ['short', 'reason'],
  );
  assert.equal(closeView({ ...given, counts: hundreds(5), reason: '找错' }).hindrance, undefined);
  const even = closeView({ ...given, counts: [...hundreds(5), { valueMinor: '100', count: 12 }] });
  assert.deepEqual([even.verdict, even.difference.minor, even.hindrance], ['even', 0n, undefined]);
});

test('parked sales come before the count', () =>
  assert.equal(closeView({ ...given, parkedCount: 1, counts: hundreds(5) }).hindrance, 'parked'));
