import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import type { CardAttempt, CardState, WalletAttempt, WalletState } from '../records.ts';
import {
  afterInquiry,
  afterReload,
  afterStart,
  askingMaxMs,
  isFinished,
  isPaid,
  tenderOf,
  withCardStatus,
  withPayment,
} from './attempt.ts';

const attempt: CardAttempt = {
  kind: 'card',
  requestId: '0199e6a0-0000-7000-8000-000000000001',
  terminalId: '00000001',
  amount: cny(5000n),
  startedAt: 1000,
  state: 'asking',
  code: null,
  text: null,
  trace: {},
};
const unreachable = { kind: 'unreachable' } as const;
const refused = (status: number) =>
  ({ kind: 'refused', status, code: 'x', message: { zh: '不行', en: 'No' } }) as const;

test('silence is unknown, never success and never a refusal', () => {
  assert.equal(afterStart(attempt, unreachable, 1000 + askingMaxMs).state, 'unknown');
  assert.equal(afterStart(attempt, refused(502), 2000).state, 'unknown');
  assert.equal(afterInquiry({ ...attempt, state: 'processing' }, unreachable).state, 'unknown');
  assert.equal(afterInquiry({ ...attempt, state: 'processing' }, refused(401)).state, 'unknown');
});

test('a request that nobody answered yet is sent again for a moment', () => {
  assert.equal(afterStart(attempt, unreachable, 2000).state, 'asking');
});

test('a no before anything began is known: not charged', () => {
  assert.equal(afterStart(attempt, refused(409), 2000).state, 'refused');
  assert.equal(afterInquiry({ ...attempt, state: 'unknown' }, refused(404)).state, 'not-sent');
  const ends: CardState[] = ['refused', 'not-sent', 'reversed'];
  assert.ok(ends.every((state) => isFinished({ ...attempt, state })));
});

test('after a reload a request in doubt is asked about, not sent again', () => {
  assert.equal(afterReload(attempt).state, 'unknown');
  assert.equal(afterReload({ ...attempt, state: 'processing' }).state, 'processing');
  assert.ok(!isFinished({ ...attempt, state: 'unknown' }));
});

test('an approved attempt becomes a card tender that can be traced', () => {
  const approved = withCardStatus(attempt, {
    requestId: attempt.requestId,
    amountMinor: '5000',
    state: 'approved',
    code: '00',
    stan: '000012',
    authCode: 'A12345',
    at: 3000,
  });
  assert.ok(isPaid(approved));
  const tender = tenderOf(approved);
  assert.ok(tender.kind === 'card');
  assert.deepEqual([tender.amount.minor, tender.stan, tender.authCode], [5000n, '000012', 'A12345']);
});

const scanned: WalletAttempt = {
  kind: 'wallet',
  requestId: attempt.requestId,
  amount: cny(5000n),
  startedAt: 1000,
  state: 'asking',
  code: null,
  text: null,
  wallet: 'wechat',
  how: 'code',
  qr: null,
  expiresAt: null,
  trace: {},
};
const payment = {
  requestId: attempt.requestId,
  wallet: 'alipay',
  how: 'code',
  amountMinor: '5000',
  state: 'paid',
  undoing: false,
  outTradeNo: 'T1',
  walletTradeNo: '42',
  at: 3000,
} as const;

test('a payment from a phone is by the same rules: silence is unknown, a reload asks', () => {
  assert.equal(afterStart(scanned, unreachable, 1000 + askingMaxMs).state, 'unknown');
  assert.equal(afterStart(scanned, refused(409), 2000).state, 'refused');
  assert.equal(afterInquiry({ ...scanned, state: 'awaiting-payer' }, unreachable).state, 'unknown');
  assert.equal(afterInquiry({ ...scanned, state: 'unknown' }, refused(403)).state, 'unknown');
  assert.equal(afterReload(scanned).state, 'unknown');
  const open: WalletState[] = ['asking', 'created', 'awaiting-payer', 'unknown'];
  assert.ok(open.every((state) => !isFinished({ ...scanned, state })));
  const ends: WalletState[] = ['closed', 'reversed', 'undoing', 'refunding', 'refunded', 'refused', 'not-sent'];
  assert.ok(ends.every((state) => isFinished({ ...scanned, state }) && !isPaid({ ...scanned, state })));
});

test('a paid one becomes the tender of the wallet the server named', () => {
  const tender = tenderOf(withPayment(scanned, payment));
  assert.ok(tender.kind === 'wallet');
  assert.deepEqual([tender.wallet, tender.outTradeNo, tender.walletTradeNo], ['alipay', 'T1', '42']);
});

test('what is being undone is an end without money, whatever the wallet still says', () => {
  const given = withPayment(scanned, { ...payment, state: 'unknown', undoing: true });
  assert.equal(given.state, 'undoing');
  assert.equal(withPayment(scanned, { ...payment, state: 'reversed', undoing: true }).state, 'reversed');
});
