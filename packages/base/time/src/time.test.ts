import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { businessDate, businessDateAt, epochMs, instantOf, isoFields, localDateTime, wallClock } from './index.ts';

test('a wall clock and its instant are inverses to the second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
      const at = epochMs(seconds * 1000);
      assert.equal(instantOf(wallClock(at)), at);
    }),
  );
});

test('the day turns at the cut-over, not at midnight', () => {
  const at = (text: string) => instantOf(localDateTime(text));
  assert.equal(businessDateAt(at('2026-11-22T22:59:59'), '23:00'), '2026-11-22');
  assert.equal(businessDateAt(at('2026-11-22T23:00:00'), '23:00'), '2026-11-23');
  assert.equal(businessDateAt(at('2026-11-22T23:59:59')), '2026-11-22');
});

test('ISO 8583 takes month, day and time from the wall clock', () => {
  assert.deepEqual(isoFields(localDateTime('2026-11-22T17:32:05')), {
    mmdd: '1122',
    hhmmss: '173205',
    mmddhhmmss: '1122173205',
    yymmdd: '261122',
    yymm: '2611',
  });
});

test('a malformed date is refused', () => {
  assert.throws(() => businessDate('2026-13-01'), RangeError);
  assert.throws(() => businessDate('2026-02-31'), RangeError);
  assert.throws(() => localDateTime('2026-11-22'), RangeError);
  assert.throws(() => epochMs(0.5), RangeError);
});
