import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { cny } from '@zhanggui/money';
import type { Store } from '@zhanggui/store';
import { silentLog } from '@zhanggui/telemetry';
import { QrPayError, type QrPayErrorCode, type QrPaymentView } from './index.ts';
import {
  type Counter,
  codeRequest,
  newId,
  openCounter,
  patient,
  quick,
  shownRequest,
  until,
} from './testing/counter.ts';
import { notification } from './testing/outside-wallet.ts';

let counter: Counter;
before(async () => {
  counter = await openCounter();
});
afterEach(() => counter.rest());
after(() => counter.close());

const refusedWith = (code: QrPayErrorCode) => (error: unknown) => error instanceof QrPayError && error.code === code;
const ended = ({ endedAt }: QrPaymentView): boolean => endedAt !== undefined;
const numberOf = (id: string): string => id.replaceAll('-', '');
const withPayer = (payer: 'quick' | 'typing' | 'poor'): void => {
  counter.wechat.behaviour.payer = payer;
};

test('a scanned code is paid with the wallet’s first word', async () => {
  withPayer('quick');
  const qrPay = await counter.open();
  const request = codeRequest();
  const view = await qrPay.start(request);
  assert.deepEqual(
    [view.state, view.wallet, view.how, view.amount, view.payer, view.undoing],
    ['paid', 'wechat', 'code', cny(12_50n), 'payer-1', false],
  );
  assert.deepEqual(await qrPay.find(request.requestId), view);
  assert.equal(view.outTradeNo, numberOf(request.requestId));
});

test('the same request is the same payment, at once or later, and the wallet is asked once', async () => {
  withPayer('quick');
  const qrPay = await counter.open();
  const request = codeRequest();
  const views = await Promise.all([qrPay.start(request), qrPay.start(request), qrPay.start(request)]);
  views.push(await qrPay.start({ ...request, requestId: request.requestId.toUpperCase() }));
  for (const view of views) assert.equal(view.state, 'paid');
  assert.equal(counter.wechat.calls('payByCode', numberOf(request.requestId)).length, 1);
  await assert.rejects(qrPay.start({ ...request, amount: cny(1n) }), refusedWith('request-conflict'));
});

test('a code is routed by its digits; what no wallet here takes is refused before anything is journaled', async () => {
  withPayer('quick');
  const qrPay = await counter.open();
  const scan = (authCode: string) => codeRequest(1_00n, { how: { kind: 'code', authCode } });
  assert.equal((await qrPay.start(scan('2812 3456 7890 1234 56'))).wallet, 'alipay');
  for (const authCode of ['6223456789012345678', '6210105000000000000', '911234567890123456'])
    await assert.rejects(qrPay.start(scan(authCode)), refusedWith('wallet-not-offered'));
  assert.equal((await qrPay.start(scan(`fp${'0a'.repeat(16)}1`))).wallet, 'alipay');
  await assert.rejects(qrPay.start(scan(`hQVDUFYwMWFETwegAAAAVVVVUAhQcm9kdWN0MQ==`)), refusedWith('code-not-taken'));
  for (const authCode of ['6901234567892', 'https://qr.alipay.com/abc', '', 'fp123'])
    await assert.rejects(qrPay.start(scan(authCode)), refusedWith('code-unknown'));
  await assert.rejects(
    qrPay.start(shownRequest(1_00n, { how: { kind: 'show', wallet: 'unionpay' } })),
    refusedWith('wallet-not-offered'),
  );
  await assert.rejects(qrPay.start(codeRequest(0n)), refusedWith('amount-out-of-range'));
  await assert.rejects(qrPay.start(codeRequest(1n, { requestId: 'x' })), refusedWith('request-malformed'));
  assert.deepEqual(qrPay.wallets(), ['wechat', 'alipay']);
});

test('a code of a wallet that is not here goes to the one that takes its codes', async () => {
  withPayer('quick');
  const qrPay = await counter.open({ guestCodes: { ccb: 'alipay' } });
  const scan = (authCode: string) => codeRequest(1_00n, { how: { kind: 'code', authCode } });
  assert.equal((await qrPay.start(scan('6210105000000000000'))).wallet, 'alipay');
  await assert.rejects(qrPay.start(scan('911234567890123456')), refusedWith('wallet-not-offered'));
});

test('a refusal comes with the wallet’s code, in both languages', async () => {
  withPayer('poor');
  const qrPay = await counter.open();
  const view = await qrPay.start(codeRequest());
  assert.deepEqual([view.state, view.code], ['closed', 'NOTENOUGH']);
  assert.match(view.text?.zh ?? '', /余额不足/);
  assert.match(view.text?.en ?? '', /Not enough money/);
});

test('a payer who types a password is waited for', async () => {
  withPayer('typing');
  const qrPay = await counter.open({ timing: patient });
  const request = codeRequest();
  assert.equal((await qrPay.start(request)).state, 'awaiting-payer');
  counter.wechat.pay(numberOf(request.requestId));
  assert.equal((await until(qrPay, request.requestId, ended))?.state, 'paid');
});

test('a payer who never types is reversed, not too early, and the reversal repeated until it has an end', async () => {
  withPayer('typing');
  const qrPay = await counter.open();
  const request = codeRequest();
  counter.wechat.fail('reverse', { lost: 'answer' }, { lost: 'request' });
  await qrPay.start(request);
  const view = await until(qrPay, request.requestId, ended);
  assert.deepEqual([view?.state, view?.undoing], ['reversed', false]);
  const reversals = counter.wechat.calls('reverse', numberOf(request.requestId));
  assert.equal(reversals.length, 3);
  assert.ok((reversals[0]?.at ?? 0) >= (view?.at ?? 0) + quick.reverseAfterMs);
  assert.ok(counter.wechat.calls('query', numberOf(request.requestId)).length >= 3);
});

test('a lost answer is asked about, never repeated', async () => {
  withPayer('quick');
  const qrPay = await counter.open({ timing: patient });
  const request = codeRequest();
  counter.wechat.fail('payByCode', { lost: 'answer' });
  assert.equal((await qrPay.start(request)).state, 'unknown');
  assert.equal((await until(qrPay, request.requestId, ended))?.state, 'paid');
  assert.equal(counter.wechat.calls('payByCode', numberOf(request.requestId)).length, 1);
});

test('an order the wallet never got ends closed, and nothing was ever paid', async () => {
  withPayer('quick');
  const qrPay = await counter.open();
  for (const fault of [{ lost: 'request' } as const, { throws: new TypeError('a bug of the client') }]) {
    const request = codeRequest();
    counter.wechat.fail('payByCode', fault);
    assert.equal((await qrPay.start(request)).state, 'unknown');
    assert.equal((await until(qrPay, request.requestId, ended))?.state, 'closed');
    assert.equal(counter.wechat.orders.has(numberOf(request.requestId)), false);
  }
});

test('a cancelled code payment is undone at once for the counter, and reversed in time', async () => {
  withPayer('typing');
  const qrPay = await counter.open();
  const request = codeRequest();
  await qrPay.start(request);
  const cancelled = await qrPay.cancel(request.requestId);
  assert.deepEqual([cancelled.state, cancelled.undoing], ['unknown', true]);
  counter.wechat.pay(numberOf(request.requestId));
  const view = await until(qrPay, request.requestId, ended);
  assert.equal(view?.state, 'reversed');
  const [reversal] = counter.wechat.calls('reverse', numberOf(request.requestId));
  assert.ok((reversal?.at ?? 0) >= (view?.at ?? 0) + quick.reverseNotBeforeMs);
  assert.equal(counter.wechat.orders.get(numberOf(request.requestId))?.truth, 'reversed');
});

test('a shown code is paid when its payer scans, by query when no notification comes', async () => {
  const qrPay = await counter.open({ timing: patient });
  const request = shownRequest();
  const shown = await qrPay.start(request);
  assert.equal(shown.state, 'awaiting-payer');
  assert.match(shown.qr ?? '', /^weixin:/);
  assert.equal(shown.expiresAt, shown.at + patient.showMs);
  counter.wechat.pay(numberOf(request.requestId));
  const paid = await until(qrPay, request.requestId, ended);
  assert.deepEqual([paid?.state, paid?.qr], ['paid', undefined]);
});

test('a shown code that nobody scans is closed when it expires; a payer in the last moment has paid', async () => {
  const qrPay = await counter.open();
  const [late, never] = [shownRequest(), shownRequest()];
  await Promise.all([qrPay.start(late), qrPay.start(never)]);
  counter.wechat.fail('query', ...Array.from({ length: 24 }, () => ({ lost: 'answer' }) as const));
  counter.wechat.pay(numberOf(late.requestId));
  assert.equal((await until(qrPay, late.requestId, ended))?.state, 'paid');
  assert.equal((await until(qrPay, never.requestId, ended))?.state, 'closed');
  assert.equal(counter.wechat.orders.get(numberOf(never.requestId))?.truth, 'closed');
});

test('cancelling a shown code closes it here and now; a faster payer has paid', async () => {
  const qrPay = await counter.open({ timing: patient });
  const [slow, fast] = [shownRequest(), shownRequest()];
  await Promise.all([qrPay.start(slow), qrPay.start(fast)]);
  assert.equal((await qrPay.cancel(slow.requestId)).state, 'closed');
  counter.wechat.pay(numberOf(fast.requestId));
  assert.equal((await qrPay.cancel(fast.requestId)).state, 'paid');
  await assert.rejects(qrPay.cancel(newId()), refusedWith('payment-not-found'));
});

test('a wallet that keeps us waiting does not keep the counter that cancels', async () => {
  const qrPay = await counter.open({ timing: patient });
  const request = shownRequest();
  const answer = Promise.withResolvers<void>();
  counter.wechat.fail('query', { until: answer.promise });
  await qrPay.start(request);
  while (counter.wechat.calls('query', numberOf(request.requestId)).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await qrPay.cancel(request.requestId)).undoing, true);
  answer.resolve();
  assert.equal((await until(qrPay, request.requestId, ended))?.state, 'closed');
});

/** However often it is closed before the payer pays: the wallet keeps the order open. */
const stillOpen = Array.from({ length: 500 }, () => ({ say: { kind: 'not-paid' } }) as const);

test('money that comes after the counter went on is sent back and shown', async () => {
  const qrPay = await counter.open({ timing: patient });
  const request = shownRequest();
  await qrPay.start(request);
  counter.wechat.fail('close', ...stillOpen);
  assert.equal((await qrPay.cancel(request.requestId)).undoing, true);
  const order = counter.wechat.orders.get(numberOf(request.requestId));
  assert.ok(order);
  order.truth = 'paid';
  const word = counter.wechat.wordOf(numberOf(request.requestId));
  const told = notification({ kind: 'payment', outTradeNo: numberOf(request.requestId), word });
  assert.equal((await qrPay.notified('wechat', told)).status, 204);
  const view = await until(qrPay, request.requestId, ({ state }) => state === 'refunded');
  assert.deepEqual([view?.state, view?.alarm, view?.refunded], ['refunded', 'late-money', cny(12_50n)]);
  const [refund] = await qrPay.refunds(request.requestId);
  assert.deepEqual([refund?.state, refund?.amount], ['refunded', cny(12_50n)]);
  assert.match(await counter.metrics.render(), /qrpay_alarms_total\{wallet="wechat",alarm="late-money"\} 1/);
});

test('money that came too late and could not be sent back, because the merchant has none, is sent again', async () => {
  const qrPay = await counter.open({ timing: patient });
  const request = shownRequest();
  await qrPay.start(request);
  counter.wechat.fail('close', ...stillOpen);
  await qrPay.cancel(request.requestId);
  const number = numberOf(request.requestId);
  counter.wechat.pay(number);
  const refusal = { say: { kind: 'refused', code: 'NOT_ENOUGH', text: '基本账户余额不足' } };
  counter.wechat.fail('refund', refusal, refusal, refusal);
  const told = notification({ kind: 'payment', outTradeNo: number, word: counter.wechat.wordOf(number) });
  await qrPay.notified('wechat', told);
  const view = await until(qrPay, request.requestId, ({ state }) => state === 'refunded');
  assert.deepEqual([view?.state, view?.alarm, view?.refunded], ['refunded', 'late-money', cny(12_50n)]);
  const refunds = await qrPay.refunds(request.requestId);
  assert.deepEqual(
    refunds.map(({ state }) => state),
    ['refused', 'refused', 'refused', 'refunded'],
  );
});

test('a reversal the wallet refuses, as UnionPay does when the day is over, becomes a refund of what was paid', async () => {
  withPayer('typing');
  const qrPay = await counter.open();
  const request = codeRequest();
  await qrPay.start(request);
  await qrPay.cancel(request.requestId);
  counter.wechat.pay(numberOf(request.requestId));
  counter.wechat.fail('reverse', { say: { kind: 'refused', code: '39', text: '' } });
  const view = await until(qrPay, request.requestId, ({ state }) => state === 'refunded');
  assert.deepEqual([view?.state, view?.alarm, view?.refunded], ['refunded', 'late-money', cny(12_50n)]);
});

test('a notification before the answer of our own call is what the counter hears, and the answer changes nothing', async () => {
  withPayer('quick');
  const qrPay = await counter.open();
  const request = codeRequest();
  const number = numberOf(request.requestId);
  const told = Promise.withResolvers<void>();
  counter.wechat.fail('payByCode', { until: told.promise });
  const answer = qrPay.start(request);
  while (!counter.wechat.orders.has(number)) await new Promise((resolve) => setTimeout(resolve, 5));
  const word = counter.wechat.wordOf(number);
  assert.equal(
    (await qrPay.notified('wechat', notification({ kind: 'payment', outTradeNo: number, word }))).status,
    204,
  );
  const heard = await qrPay.find(request.requestId);
  assert.equal(heard?.state, 'paid');
  assert.deepEqual(await answer, heard);
  told.resolve();
  await qrPay.stop();
  assert.deepEqual(await qrPay.find(request.requestId), heard);
});

test('a notification is idempotent, about our own numbers only, and never believed about another amount', async () => {
  withPayer('typing');
  const qrPay = await counter.open({ timing: patient });
  const request = shownRequest();
  await qrPay.start(request);
  const outTradeNo = numberOf(request.requestId);
  const paid = {
    kind: 'paid',
    walletTradeNo: 'W9',
    total: cny(12_50n),
    paidAt: null,
    payer: null,
    funding: null,
  } as const;
  const tell = (told: Parameters<typeof notification>[0]) => qrPay.notified('wechat', notification(told));
  assert.equal((await tell({ kind: 'payment', outTradeNo: 'NOT0OURS', word: paid })).status, 500);
  assert.equal((await qrPay.notified('alipay', notification({ kind: 'payment', outTradeNo, word: paid }))).status, 500);
  assert.equal((await tell({ kind: 'payment', outTradeNo, word: { ...paid, total: cny(12_49n) } })).status, 204);
  const doubted = await qrPay.find(request.requestId);
  assert.deepEqual([doubted?.state, doubted?.alarm], ['unknown', 'other-amount']);
  counter.wechat.pay(outTradeNo);
  for (let times = 0; times < 3; times += 1)
    assert.equal((await tell({ kind: 'payment', outTradeNo, word: paid })).status, 204);
  assert.equal((await qrPay.find(request.requestId))?.state, 'paid');
});

test('a notification that cannot be kept is told again by the wallet, and why is logged', async () => {
  let isGone = false;
  const query: Store['query'] = (...asked) =>
    isGone ? Promise.reject(new Error('the database is gone')) : counter.store.query(...asked);
  const log = silentLog();
  const logged: unknown[] = [];
  log.error = (...line: unknown[]) => void logged.push(line[1]);
  const qrPay = await counter.open({ store: { ...counter.store, query }, log });
  const request = shownRequest();
  await qrPay.start(request);
  isGone = true;
  const told = notification({ kind: 'payment', outTradeNo: numberOf(request.requestId), word: { kind: 'not-paid' } });
  assert.equal((await qrPay.notified('wechat', told)).status, 500);
  isGone = false;
  assert.ok(logged.includes('what a wallet told could not be kept'));
  assert.equal((await qrPay.notified('wechat', told)).status, 204);
});

test('a notification that takes too long is answered in time, and told again', async () => {
  const qrPay = await counter.open({ answerWithinMs: 100, timing: patient });
  const { requestId, outTradeNo } = await qrPay.start(shownRequest());
  counter.wechat.pay(outTradeNo);
  const request = notification({ kind: 'payment', outTradeNo, word: counter.wechat.wordOf(outTradeNo) });
  await counter.store.transaction(async (tx) => {
    await tx.query('select 1 from qrpay.payments where request_id = $1 for update', [requestId]);
    const startedAt = Date.now();
    assert.equal((await qrPay.notified('wechat', request)).status, 503);
    assert.ok(Date.now() - startedAt < 2_000);
  });
  assert.equal((await qrPay.notified('wechat', request)).status, 204);
  assert.equal((await qrPay.find(requestId))?.state, 'paid');
});

test('who listens hears of every change, on every replica', async () => {
  withPayer('typing');
  const here = await counter.open({ instance: 'here', timing: patient });
  const there = await counter.open({ instance: 'there', timing: patient });
  const request = codeRequest();
  const heard: string[] = [];
  const far = Promise.withResolvers<string>();
  const stop = here.onChange(({ requestId, state }) => {
    if (requestId === request.requestId) heard.push(state);
  });
  there.onChange(({ requestId, state }) => {
    if (requestId === request.requestId && state === 'paid') far.resolve(state);
  });
  await here.start(request);
  await there.find(request.requestId);
  counter.wechat.pay(numberOf(request.requestId));
  assert.equal(await far.promise, 'paid');
  stop();
  assert.deepEqual(heard.slice(0, 2), ['created', 'awaiting-payer']);
});

test('a page that begins nowhere is refused', async () => {
  const qrPay = await counter.open();
  const nowhere = refusedWith('request-malformed');
  for (const before of [
    '',
    'x',
    '1.2',
    `1'.${newId()}`,
    `2026-02-31.${newId()}`,
    '2026-13-01.wechat',
    `2026-13-01.${newId()}`,
  ]) {
    await assert.rejects(qrPay.list({ before, limit: 1 }), nowhere);
    await assert.rejects(qrPay.reconciliations({ before, limit: 1 }), nowhere);
    await assert.rejects(qrPay.differences({ before, limit: 1 }), nowhere);
  }
});

test('the list of the office comes page by page, newest first', async () => {
  withPayer('quick');
  const qrPay = await counter.open();
  for (let count = 0; count < 5; count += 1) await qrPay.start(codeRequest(BigInt(100 + count)));
  const seen: QrPaymentView[] = [];
  let before: string | undefined;
  do {
    const page = await qrPay.list(before === undefined ? { limit: 4 } : { limit: 4, before });
    seen.push(...page.payments);
    before = page.next ?? undefined;
  } while (before !== undefined);
  assert.equal(new Set(seen.map(({ requestId }) => requestId)).size, seen.length);
  assert.deepEqual(
    seen.slice(0, 5).map(({ amount }) => amount.minor),
    [104n, 103n, 102n, 101n, 100n],
  );
  assert.ok((await qrPay.list({ state: 'closed', limit: 50 })).payments.every(({ state }) => state === 'closed'));
  assert.ok((await qrPay.list({ wallet: 'alipay', limit: 50 })).payments.every(({ wallet }) => wallet === 'alipay'));
});
