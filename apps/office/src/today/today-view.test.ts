import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReportTotals, Today } from '@zhanggui/api/contract';
import { csvOf, shiftDate } from '../shell/csv-and-dates.ts';
import { headlines, isEmptyDay } from './today-view.ts';

const totals = (saleCount: number, amountMinor: string): ReportTotals => ({
  saleCount,
  amountMinor,
  discountMinor: '0',
  roundingMinor: '0',
  averageMinor: '0',
});
const day = (now: ReportTotals, lastWeekToNow: ReportTotals, lastWeek: ReportTotals): Today => ({
  date: '2026-11-22',
  comparedWith: '2026-11-15',
  asOf: 0,
  totals: now,
  lastWeekToNow,
  lastWeek,
  byHour: [],
  byDepartment: [],
  byCashier: [],
  bySegment: [],
  byTender: [],
});

test('a running day is measured against last week by the same time, and the whole of that day stands beside it', () => {
  const [amount, count] = headlines(day(totals(2, '1000'), totals(3, '1250'), totals(9, '90000')));
  assert.deepEqual(amount, {
    key: 'amount',
    value: '¥10.00',
    difference: '−¥2.50',
    trend: 'down',
    toNow: '¥12.50',
    whole: '¥900.00',
  });
  assert.equal(count?.difference, '−1');
});

test('a day that is over has one figure of last week, not the same one twice', () => {
  const [amount] = headlines(day(totals(2, '1300'), totals(3, '1250'), totals(3, '1250')));
  assert.equal(amount?.toNow, undefined);
  assert.equal(amount?.difference, '+¥0.50');
});

test('a day is empty only when there is nothing to compare either', () => {
  assert.ok(isEmptyDay(day(totals(0, '0'), totals(0, '0'), totals(0, '0'))));
  assert.ok(!isEmptyDay(day(totals(0, '0'), totals(0, '0'), totals(3, '1250'))));
});

test('a day earlier crosses months and years', () => {
  assert.equal(shiftDate('2026-01-01', -1), '2025-12-31');
  assert.equal(shiftDate('2026-02-28', 1), '2026-03-01');
});

test('a cell with a comma or a quote survives the export', () => {
  assert.equal(csvOf(['a', 'b'], [['x,y', 'say "z"']]), '\ufeffa,b\r\n"x,y","say ""z"""\r\n');
});
