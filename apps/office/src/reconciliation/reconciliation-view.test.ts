import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Difference } from '@zhanggui/api/contract';
import { adviceOf, agreementOf, dayKey, dayOfKey, differenceState, gapText, inOrder } from './reconciliation-view.ts';

const at = 1_795_382_413_000;
const side = (amountMinor: string, feeMinor: string) => ({ amountMinor, feeMinor, at });
const difference = (rest: Partial<Difference>): Difference => ({
  id: 'd1',
  wallet: 'wechat',
  date: '2026-11-22',
  kind: 'amount',
  line: 'payment',
  outTradeNo: 'N1',
  here: side('2600', '16'),
  there: side('2601', '16'),
  isGone: false,
  ...rest,
});

test('a day of a wallet has one address, and an address that is none opens nothing', () => {
  const day = { wallet: 'alipay', date: '2026-11-22' } as const;
  assert.deepEqual(dayOfKey(dayKey(day)), day);
  for (const wrong of ['2026-11-22', '2026-11-22.cash', 'x.alipay', '']) assert.equal(dayOfKey(wrong), undefined);
});

test('a day agrees only without differences; worked off is not the same as agreed', () => {
  const none = { 'missing-here': 0, 'missing-there': 0, amount: 0, fee: 0 };
  assert.equal(agreementOf({ lines: 9, open: 0, differences: none }).text, 'bill.agrees');
  assert.equal(agreementOf({ lines: 0, open: 0, differences: none }).text, 'bill.nothing');
  assert.deepEqual(agreementOf({ lines: 9, open: 1, differences: { ...none, fee: 3 } }), {
    text: 'bill.open',
    n: 1,
    role: 'warn',
  });
  assert.deepEqual(agreementOf({ lines: 9, open: 0, differences: { ...none, fee: 3 } }), {
    text: 'bill.settled',
    n: 3,
    role: 'info',
  });
});

test('a difference that changed after it was worked off is open again', () => {
  assert.equal(differenceState(difference({})), 'open');
  assert.equal(differenceState(difference({ by: 'Wang', note: 'x', settledAt: at })), 'settled');
  assert.equal(differenceState(difference({ by: 'Wang', note: 'x' })), 'reopened');
  assert.equal(differenceState(difference({ by: 'Wang', note: 'x', settledAt: at, isGone: true })), 'gone');
});

test('differences stand by kind, what waits before what was worked off', () => {
  const all = [
    difference({ id: 'fee', kind: 'fee' }),
    difference({ id: 'settled', by: 'Wang', settledAt: at }),
    difference({ id: 'open' }),
    difference({ id: 'here', kind: 'missing-here' }),
  ];
  const ids = (narrowing: Parameters<typeof inOrder>[1]) => inOrder(all, narrowing).map(({ id }) => id);
  assert.deepEqual(ids({}), ['here', 'open', 'settled', 'fee']);
  assert.deepEqual(ids({ kind: 'amount', onlyOpen: true }), ['open']);
});

test('the gap is the wallet’s figure less ours: of the fee where the fee differs, else of the amount', () => {
  assert.equal(gapText(difference({})), '+0.01');
  assert.equal(gapText(difference({ kind: 'fee', there: side('2600', '15') })), '−0.01');
  assert.equal(gapText(difference({ kind: 'missing-there', there: undefined }), true), '−¥26.00');
});

test('every kind has its own advice, and a payment we know of another than one nobody knows', () => {
  assert.equal(adviceOf(difference({ kind: 'missing-here', here: undefined })), 'missing-here.payment');
  assert.equal(
    adviceOf(difference({ kind: 'missing-here', here: undefined, requestId: '01994d6e-1111-7abc-8def-000000000001' })),
    'missing-here.known',
  );
  assert.equal(adviceOf(difference({ kind: 'missing-there', line: 'refund' })), 'missing-there.refund');
  assert.equal(adviceOf(difference({ kind: 'fee' })), 'fee');
});
