import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { cny } from '@zhanggui/money';
import { pan } from '@zhanggui/secret';
import { type QrPay, QrPayError, type QrPayErrorCode, type RefundView } from './index.ts';
import { type Counter, codeRequest, newId, openCounter } from './testing/counter.ts';
import { notification } from './testing/outside-wallet.ts';

let counter: Counter;
let qrPay: QrPay;
before(async () => {
  counter = await openCounter();
  qrPay = await counter.open();
});
after(() => counter.close());

const refusedWith = (code: QrPayErrorCode) => (error: unknown) => error instanceof QrPayError && error.code === code;
const paid = async (minor = 10_00n): Promise<string> => {
  const { requestId, state } = await qrPay.start(codeRequest(minor));
  assert.equal(state, 'paid');
  return requestId;
};
const refundOf = (requestId: string, minor: bigint, refundId = newId()) => ({
  refundId,
  requestId,
  amount: cny(minor),
  reason: '退货',
  by: 'staff-1',
});
const settled = async (requestId: string): Promise<RefundView[]> => {
  for (let tries = 0; tries < 300; tries += 1) {
    const refunds = await qrPay.refunds(requestId);
    if (refunds.every(({ endedAt }) => endedAt !== undefined)) return refunds;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return qrPay.refunds(requestId);
};

test('a payment goes back in parts until all of it went back', async () => {
  const requestId = await paid();
  assert.equal((await qrPay.refund(refundOf(requestId, 3_00n))).state, 'refunded');
  const part = await qrPay.find(requestId);
  assert.deepEqual([part?.state, part?.refunded], ['paid', cny(3_00n)]);
  await assert.rejects(qrPay.refund(refundOf(requestId, 7_01n)), refusedWith('refund-exceeds-payment'));
  assert.equal((await qrPay.refund(refundOf(requestId, 7_00n))).state, 'refunded');
  assert.equal((await qrPay.find(requestId))?.state, 'refunded');
  assert.deepEqual(
    (await qrPay.refunds(requestId)).map(({ amount }) => amount.minor),
    [3_00n, 7_00n],
  );
});

test('the same refund asked for again, or twice at once, is one refund', async () => {
  const requestId = await paid();
  const request = refundOf(requestId, 4_00n);
  const views = await Promise.all([qrPay.refund(request), qrPay.refund(request)]);
  views.push(await qrPay.refund(request));
  for (const { refundId } of views) assert.equal(refundId, request.refundId);
  assert.equal((await qrPay.find(requestId))?.refunded.minor, 4_00n);
  assert.equal(counter.wechat.calls('refund', request.refundId.replaceAll('-', '')).length, 1);
  await assert.rejects(qrPay.refund({ ...request, amount: cny(1n) }), refusedWith('refund-conflict'));
});

test('refunds asked for at once never give back more than was paid', async () => {
  const requestId = await paid();
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => qrPay.refund(refundOf(requestId, 3_00n))));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3);
  assert.equal((await qrPay.find(requestId))?.refunded.minor, 9_00n);
});

test('a refund the wallet takes its time with is asked about until it ends', async () => {
  const requestId = await paid();
  counter.wechat.behaviour.refund = 'refunding';
  const request = refundOf(requestId, 10_00n);
  assert.equal((await qrPay.refund(request)).state, 'refunding');
  assert.equal((await qrPay.find(requestId))?.state, 'refunding');
  const atWallet = counter.wechat.refunds.get(request.refundId.replaceAll('-', ''));
  assert.ok(atWallet);
  atWallet.state = 'refunded';
  assert.equal((await settled(requestId))[0]?.state, 'refunded');
  assert.equal((await qrPay.find(requestId))?.state, 'refunded');
  counter.wechat.behaviour.refund = 'refunded';
});

test('a lost refund is asked about, and asked for again when the wallet never got it', async () => {
  for (const lost of ['request', 'answer'] as const) {
    const requestId = await paid();
    const request = refundOf(requestId, 2_00n);
    counter.wechat.fail('refund', { lost });
    assert.equal((await qrPay.refund(request)).state, 'unknown');
    assert.equal((await settled(requestId))[0]?.state, 'refunded');
    const asked = counter.wechat.calls('refund', request.refundId.replaceAll('-', '')).length;
    assert.equal(asked, lost === 'request' ? 2 : 1);
  }
});

test('a refused refund gives back what it had taken from the payment', async () => {
  const requestId = await paid();
  counter.wechat.behaviour.refund = 'refused';
  const refused = await qrPay.refund(refundOf(requestId, 10_00n));
  assert.deepEqual([refused.state, refused.code], ['refused', 'NOT_ENOUGH']);
  assert.deepEqual((await qrPay.find(requestId))?.state, 'paid');
  counter.wechat.behaviour.refund = 'refunded';
  assert.equal((await qrPay.refund(refundOf(requestId, 10_00n))).state, 'refunded');
});

test('a notification about a refund is heard once, and outweighs an earlier refusal', async () => {
  const requestId = await paid();
  counter.wechat.behaviour.refund = 'refused';
  const request = refundOf(requestId, 10_00n);
  await qrPay.refund(request);
  counter.wechat.behaviour.refund = 'refunded';
  const outRefundNo = request.refundId.replaceAll('-', '');
  const word = { kind: 'refunded', walletRefundNo: 'R1', refund: cny(10_00n), refundedAt: null } as const;
  for (let times = 0; times < 2; times += 1)
    assert.equal((await qrPay.notified('wechat', notification({ kind: 'refund', outRefundNo, word }))).status, 204);
  assert.deepEqual((await qrPay.find(requestId))?.state, 'refunded');
});

test('money that went back although it had gone back before is an alarm that is counted and shown', async () => {
  const requestId = await paid();
  counter.wechat.behaviour.refund = 'refused';
  const first = refundOf(requestId, 10_00n);
  await qrPay.refund(first);
  counter.wechat.behaviour.refund = 'refunded';
  await qrPay.refund(refundOf(requestId, 10_00n));
  const alarms = async (): Promise<string> =>
    /^.*qrpay_alarms_total.*other-amount.*$/m.exec(await counter.metrics.render())?.[0] ?? 'none';
  assert.equal(await alarms(), 'none');
  const outRefundNo = first.refundId.replaceAll('-', '');
  const word = { kind: 'refunded', walletRefundNo: 'R1', refund: cny(10_00n), refundedAt: null } as const;
  await qrPay.notified('wechat', notification({ kind: 'refund', outRefundNo, word }));
  const [again] = await qrPay.refunds(requestId);
  assert.deepEqual(
    [again?.state, again?.alarm, (await qrPay.find(requestId))?.refunded.minor],
    ['refunded', 'other-amount', 10_00n],
  );
  assert.match(await alarms(), / 1$/);
});

test('a refund the payer’s account does not take goes to a card, which is kept nowhere', async () => {
  const requestId = await paid();
  counter.wechat.behaviour.refund = 'undeliverable';
  const request = refundOf(requestId, 4_00n);
  const { refundId } = request;
  const outRefundNo = refundId.replaceAll('-', '');
  const card = { bank: 'ICBC_DEBIT', number: pan('6222020000000000005'), holder: '张三' };
  const toCard = () => qrPay.refundToCard({ refundId, card, by: 'staff-1' });
  assert.equal((await qrPay.refund(request)).state, 'undeliverable');
  counter.wechat.behaviour.refund = 'refunded';
  assert.match(await counter.metrics.render(), /qrpay_alarms_total\{[^}]*undeliverable[^}]*\} 1/);
  counter.wechat.fail('refundToCard', { say: { kind: 'refused', code: 'PARAM_ERROR', text: '' } }, { lost: 'request' });
  await assert.rejects(toCard(), refusedWith('card-not-taken'));
  assert.equal((await toCard()).state, 'undeliverable');
  assert.equal((await toCard()).state, 'refunding');
  await assert.rejects(toCard(), refusedWith('refund-needs-no-card'));
  const atWallet = counter.wechat.refunds.get(outRefundNo);
  assert.ok(atWallet);
  atWallet.state = 'refunded';
  assert.equal((await settled(requestId))[0]?.state, 'refunded');
  assert.deepEqual((await qrPay.find(requestId))?.refunded, cny(4_00n));
  const rows = await counter.store.query<object>('select * from qrpay.refunds where request_id = $1', [requestId]);
  const written = inspect(rows);
  for (const kept of ['6222020000000000005', '张三']) assert.ok(!written.includes(kept));
});

test('only money can be refunded', async () => {
  counter.wechat.behaviour.payer = 'poor';
  const { requestId } = await qrPay.start(codeRequest());
  counter.wechat.behaviour.payer = 'quick';
  await assert.rejects(qrPay.refund(refundOf(requestId, 1n)), refusedWith('payment-not-refundable'));
  await assert.rejects(qrPay.refund(refundOf(newId(), 1n)), refusedWith('payment-not-found'));
  await assert.rejects(qrPay.refund(refundOf(requestId, 0n)), refusedWith('amount-out-of-range'));
});
