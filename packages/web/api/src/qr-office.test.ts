import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cny } from '@zhanggui/money';
import {
  type DifferenceView,
  QrPayError,
  type QrPaymentView,
  type ReconciliationView,
  type RefundView,
} from '@zhanggui/qrpay';
import { businessDate, epochMs } from '@zhanggui/time';
import type { QrBooks } from './index.ts';
import { type Caller, newId, openTestApi, type TestApi } from './test-api.ts';

const at = epochMs(Date.parse('2026-03-09T02:00:00Z'));
const payment: QrPaymentView = {
  requestId: newId(),
  outTradeNo: 'T1',
  wallet: 'wechat',
  how: 'show',
  amount: cny(30_00n),
  description: '面包',
  state: 'paid',
  undoing: false,
  refunded: cny(0n),
  at,
  place: { tillId: 'till-1' },
};
const sums = { payments: cny(30_00n), refunds: cny(0n), fees: cny(18n) };
const day: ReconciliationView = {
  wallet: 'wechat',
  date: businessDate('2026-03-08'),
  at,
  runs: 1,
  lines: 1,
  agreed: 0,
  ours: sums,
  theirs: { ...sums, fees: cny(-1n) },
  differences: { 'missing-here': 0, 'missing-there': 0, amount: 0, fee: 1 },
  open: 1,
};
const difference: DifferenceView = {
  id: 'wechat.2026-03-08.T1',
  wallet: 'wechat',
  date: day.date,
  kind: 'fee',
  line: 'payment',
  outTradeNo: 'T1',
  here: { amount: cny(30_00n), fee: cny(18n), at },
  there: { amount: cny(30_00n), fee: cny(-1n), at },
  isGone: false,
};

const undeliverable: RefundView = {
  refundId: newId(),
  requestId: payment.requestId,
  outRefundNo: 'R1',
  amount: cny(30_00n),
  state: 'undeliverable',
  reason: '退货',
  by: '店长',
  at,
};
const asked: unknown[] = [];
const from = ({ before }: { before?: string }): void => {
  if (before === 'nowhere') throw new QrPayError('request-malformed', 'before');
};
const books: QrBooks = {
  wallets: () => ['wechat'],
  find: async (requestId) => (requestId === payment.requestId ? payment : undefined),
  list: async (page) => {
    from(page);
    asked.push(page);
    return { payments: [payment], next: 'more' };
  },
  refunds: async () => [undeliverable],
  refund: async (request) => {
    asked.push(request);
    throw new QrPayError('refund-exceeds-payment', 'amount');
  },
  refundToCard: async (request) => {
    asked.push(request);
    throw new QrPayError('card-not-taken', 'PARAM_ERROR');
  },
  reconcile: async () => {
    throw new QrPayError('bill-unavailable', 'wechat');
  },
  reconciliations: async (page) => {
    from(page);
    return { reconciliations: [day], next: null };
  },
  differences: async (page) => {
    from(page);
    asked.push(page);
    return { differences: [difference], next: null };
  },
  settleDifference: async ({ by, note }) => ({ ...difference, by, note, settledAt: at }),
};

let api: TestApi;
let owner: Caller;
before(async () => {
  api = await openTestApi({ qrBooks: books });
  owner = await api.signInOffice();
});
after(() => api.close());

const codeOf = ({ body }: { body: Record<string, unknown> }) => (body['error'] as { code: string }).code;

test('payments by QR code are behind the office right, with the sale they paid for once it is there', async () => {
  assert.equal((await api.as(undefined).get('/api/office/qr-payments')).status, 401);
  const { body } = await owner.get('/api/office/qr-payments?date=2026-03-09&wallet=wechat&limit=5');
  assert.deepEqual(asked.at(-1), { date: '2026-03-09', wallet: 'wechat', limit: 5 });
  const [row] = body['payments'] as Record<string, unknown>[];
  assert.deepEqual([row?.['amountMinor'], row?.['refundedMinor'], row?.['saleId']], ['3000', '0', null]);
  assert.equal((await owner.get(`/api/office/qr-payments/${newId()}`)).status, 404);
});

test('a page that begins nowhere is refused', async () => {
  for (const list of ['qr-payments', 'reconciliations', 'differences']) {
    const answer = await owner.get(`/api/office/${list}?before=nowhere`);
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'invalid-request'], list);
  }
});

test('a refund is asked for in the name of the person who is signed in, and refused in words', async () => {
  const path = `/api/office/qr-payments/${payment.requestId}/refunds`;
  const refundId = newId();
  const answer = await owner.post(path, { refundId, amountMinor: '4000', reason: ' 少了一个 ' });
  assert.deepEqual([answer.status, codeOf(answer)], [409, 'refund-exceeds-payment']);
  const { by, reason, amount } = asked.at(-1) as { by: string; reason: string; amount: unknown };
  assert.deepEqual([reason, amount], ['少了一个', cny(40_00n)]);
  assert.notEqual(by, '');
  assert.equal((await owner.post(path, { refundId, amountMinor: '4000', reason: ' ' })).status, 400);
});

test('a refund that cannot reach the payer is sent to a card, which no answer repeats', async () => {
  const path = `/api/office/qr-payments/${payment.requestId}/refunds`;
  const card = { bank: 'ICBC_DEBIT', cardNumber: '6222020000000000005', holder: ' 张三 ' };
  const answer = await owner.post(`${path}/${undeliverable.refundId}/card`, card);
  assert.deepEqual([answer.status, codeOf(answer)], [409, 'card-not-taken']);
  const { card: told, refundId } = asked.at(-1) as Parameters<QrBooks['refundToCard']>[0];
  assert.deepEqual([refundId, told.number.reveal(), told.holder], [undeliverable.refundId, card.cardNumber, '张三']);
  const malformed = await owner.post(`${path}/${undeliverable.refundId}/card`, {
    ...card,
    cardNumber: '622202000000000000X',
  });
  assert.equal(malformed.status, 400);
  assert.doesNotMatch(JSON.stringify(malformed.body), /622202/);
  assert.equal((await owner.post(`${path}/${newId()}/card`, card)).status, 404);
});

test('a day’s bill is told with both sums, and its differences are worked off with a note', async () => {
  const { body } = await owner.get('/api/office/reconciliations');
  const [told] = body['reconciliations'] as Record<string, Record<string, unknown>>[];
  assert.deepEqual([told?.['theirs']?.['feesMinor'], told?.['differences']?.['fee']], ['-1', 1]);
  await owner.get('/api/office/differences?open=true&date=2026-03-08');
  assert.deepEqual(asked.at(-1), { open: true, date: '2026-03-08', limit: 50 });
  const settled = await owner.post(`/api/office/differences/${difference.id}/settle`, { note: '已核实' });
  const { note, settledAt } = (settled.body as { difference: Record<string, unknown> }).difference;
  assert.deepEqual([note, settledAt], ['已核实', at]);
});

test('a bill that cannot be had is said so, and is nobody’s fault here', async () => {
  const answer = await owner.post('/api/office/reconciliations', { wallet: 'wechat', date: '2026-03-09' });
  assert.deepEqual([answer.status, codeOf(answer)], [502, 'bill-unavailable']);
});
