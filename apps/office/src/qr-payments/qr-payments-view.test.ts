import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QrPaymentRow, QrRefund } from '@zhanggui/api/contract';
import { cny } from '@zhanggui/money';
import { qrState } from './qr-payment-state.ts';
import { cardDraft, refundable, refundDraft, totalsOf } from './qr-payments-view.ts';
import { qrStory } from './qr-story.ts';

const at = 1_795_382_413_000;
const payment = (rest: Partial<QrPaymentRow> = {}): QrPaymentRow => ({
  requestId: '01994d6e-1111-7abc-8def-000000000001',
  wallet: 'wechat',
  how: 'code',
  amountMinor: '2600',
  state: 'paid',
  undoing: false,
  outTradeNo: '01994d6e11117abc8def000000000001',
  at,
  paidAt: at,
  description: 'bread',
  refundedMinor: '0',
  place: { tillId: 'till-1' },
  saleId: null,
  receiptNo: null,
  ...rest,
});
const refund = (state: QrRefund['state'], amountMinor: string, rest: Partial<QrRefund> = {}): QrRefund => ({
  refundId: '01994d6e-2222-7abc-8def-000000000001',
  outRefundNo: 'R1',
  amountMinor,
  state,
  reason: 'returned',
  by: 'Wang',
  at: at + 60_000,
  ...rest,
});

test('only money that came counts, whatever went back of it', () => {
  const totals = totalsOf([
    payment(),
    payment({ state: 'refunded', refundedMinor: '2600' }),
    payment({ state: 'closed' }),
    payment({ state: 'reversed' }),
    payment({ state: 'unknown' }),
  ]);
  assert.deepEqual(totals, { paidCount: 2, paid: cny(52_00n), refunded: cny(26_00n) });
});

test('what went back, and what is on its way, cannot be refunded again; what was refused can', () => {
  const partly = payment({ refundedMinor: '600' });
  assert.deepEqual(
    refundable({ payment: partly, refunds: [refund('refunding', '500'), refund('refused', '900')] }),
    cny(15_00n),
  );
  assert.deepEqual(refundable({ payment: partly, refunds: [refund('unknown', '2000')] }), cny(0n));
});

test('nothing is refunded of money nobody was charged, nor of late money that goes back by itself', () => {
  for (const without of [payment({ state: 'closed' }), payment({ state: 'unknown' }), payment({ alarm: 'late-money' })])
    assert.deepEqual(refundable({ payment: without, refunds: [] }), cny(0n));
});

test('an amount to refund is a plain decimal above nothing and no more than what is left', () => {
  const left = cny(26_00n);
  assert.deepEqual(refundDraft('12.5', left), { kind: 'ready', amount: cny(12_50n), kept: cny(13_50n) });
  assert.deepEqual(refundDraft('２６。００', left), { kind: 'ready', amount: left, kept: cny(0n) });
  for (const [text, reason] of [
    ['', 'not-an-amount'],
    ['1.234', 'not-an-amount'],
    ['-1', 'not-an-amount'],
    ['0.00', 'nothing'],
    ['26.01', 'too-much'],
  ] as const)
    assert.deepEqual(refundDraft(text, left), { kind: 'refused', reason });
});

test('what is being undone is never called paid, and a refusal of the wallet is not a mere closing', () => {
  assert.equal(qrState(payment({ state: 'unknown', undoing: true })), 'undoing');
  assert.equal(qrState(payment({ state: 'closed', code: 'NOTENOUGH' })), 'refused');
  assert.equal(qrState(payment({ state: 'closed' })), 'closed');
  assert.equal(qrState(payment({ refundedMinor: '1' })), 'partly-refunded');
});

test('a story goes from the asking to the last refund in the order of time', () => {
  const story = qrStory({
    payment: payment({ at: at + 802, refundedMinor: '500' }),
    refunds: [
      refund('refused', '900', { endedAt: at + 61_000 }),
      refund('refunded', '500', { at: at + 1_000, endedAt: at + 2_000 }),
    ],
  });
  assert.deepEqual(
    story.map(({ name }) => name),
    ['scanned', 'paid', 'refund-asked', 'refunded', 'refund-asked', 'refund-refused'],
  );
});

test('a refund the wallet counts in whole seconds does not end before it was asked for', () => {
  const story = qrStory({
    payment: payment(),
    refunds: [refund('refunded', '2600', { at: at + 60_512, endedAt: at + 60_000 })],
  });
  assert.deepEqual(
    story.map(({ name }) => name),
    ['scanned', 'paid', 'refund-asked', 'refunded'],
  );
});

test('a story without an end says last what is waited for', () => {
  const waiting = { state: 'awaiting-payer', paidAt: undefined, refundedMinor: '0' } as const;
  const last = (rest: Partial<QrPaymentRow>) =>
    qrStory({ payment: payment({ ...waiting, ...rest }), refunds: [] }).at(-1);
  assert.equal(last({})?.name, 'password');
  assert.deepEqual(last({ how: 'show', expiresAt: at + 1 })?.until, at + 1);
  assert.equal(last({ state: 'unknown' })?.name, 'unknown');
  assert.equal(last({ state: 'unknown', undoing: true })?.role, 'unknown');
});

test('a card is taken as a person types it, and what is wrong with it is told by the field', () => {
  const typed = { bank: ' icbc_debit', number: '6222 0200 0000 0000 005', holder: ' 张三 ' };
  const card = { bank: 'ICBC_DEBIT', cardNumber: '6222020000000000005', holder: '张三' };
  assert.deepEqual(cardDraft(typed), { kind: 'ready', ...card });
  const wrong = cardDraft({ bank: '工商银行', number: '6222', holder: ' ' });
  assert.deepEqual(wrong, { kind: 'refused', faults: ['bank', 'number', 'holder'] });
});
