import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cny } from '@zhanggui/money';
import { codeOrder, nativeOrder, number, openSandbox, type Sandbox } from './testing/sandbox.ts';
import { until } from './testing/until.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await openSandbox({ pace: 3_000 });
});
after(() => sandbox.close());

const native = async (fen: bigint): Promise<Readonly<{ outTradeNo: string; codeUrl: string }>> => {
  const outTradeNo = number();
  return { outTradeNo, ...(await sandbox.pay().native(nativeOrder(outTradeNo, cny(fen)))) };
};
const balance = async (): Promise<bigint> => {
  const { wallets } = await sandbox.wallets.phone.view();
  return wallets.find(({ wallet }) => wallet === 'wechat')?.balanceMinor ?? 0n;
};
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test('what is no code to pay is told so', () => {
  for (const text of ['hello', '6901234567892', 'weixin://wxpay/bizpayurl/up?pr=none']) {
    const seen = sandbox.wallets.phone.scan(text);
    assert.equal(seen.kind === 'refused' && seen.code, 'no-payment');
  }
});

test('the order shown last is the one the phone is pointed at', async () => {
  await native(1_00n);
  const { codeUrl } = await native(2_00n);
  const shown = sandbox.wallets.phone.shown();
  const seen = sandbox.wallets.phone.scan(codeUrl);
  assert.equal(shown?.amountMinor, 2_00n);
  assert.equal(shown?.orderId, seen.kind === 'order' && seen.orderId);
});

test('what was paid is in the history, its refund beside it, and both were told', async () => {
  const { phone } = sandbox.wallets;
  const { outTradeNo, codeUrl } = await native(12_00n);
  const seen = phone.scan(codeUrl);
  assert.ok(seen.kind === 'order');
  const before = await balance();
  const paid = await phone.pay({ orderId: seen.orderId });
  assert.ok(paid.kind === 'paid');
  assert.equal(await balance(), before - 12_00n);
  const order = { outRefundNo: number('R'), original: { outTradeNo }, refund: cny(2_00n), total: cny(12_00n) };
  await sandbox.pay().refund(order);
  await until(async () => (await phone.view()).notices.some(({ kind }) => kind === 'refund'));
  const { history, notices } = await phone.view();
  assert.deepEqual(
    history
      .slice(0, 2)
      .map(({ kind, amountMinor, state }) => `${kind} ${amountMinor} ${state}`)
      .sort(),
    ['payment 1200 done', 'refund 200 done'],
  );
  assert.equal(history.find(({ id }) => id === paid.recordId)?.refundedMinor, 2_00n);
  assert.deepEqual(
    notices
      .slice(0, 2)
      .map(({ kind }) => kind)
      .sort(),
    ['paid', 'refund'],
  );
});

test('a code that could not pay is told as refused, with why', async () => {
  const { phone } = sandbox.wallets;
  await phone.chooseFunding('wechat', 'own-poor');
  await sandbox.pay().payByCode(codeOrder(number(), sandbox.code()));
  await phone.chooseFunding('wechat', 'balance');
  const [notice] = (await phone.view()).notices;
  assert.deepEqual([notice?.kind, notice?.text.zh], ['refused', '付款失败：余额不足']);
});

test('a card fills the balance, and only a card there is', async () => {
  const { phone } = sandbox.wallets;
  const before = await balance();
  assert.deepEqual(await phone.topUp({ wallet: 'wechat', cardId: 'own-debit', amountMinor: 100_00n }), {
    kind: 'done',
  });
  assert.equal(await balance(), before + 100_00n);
  assert.ok((await phone.view()).history.some(({ kind, amountMinor }) => kind === 'top-up' && amountMinor === 100_00n));
  const poor = await phone.topUp({ wallet: 'wechat', cardId: 'own-poor', amountMinor: 1n });
  assert.equal(poor.kind === 'refused' && poor.code, 'not-enough');
  const none = await phone.chooseFunding('wechat', 'no-card');
  assert.equal(none.kind === 'refused' && none.code, 'card-unknown');
});

test('wrong passwords are counted, and the view says until when it is locked', async () => {
  const { phone } = sandbox.wallets;
  const { codeUrl } = await native(1_00n);
  const seen = phone.scan(codeUrl);
  assert.ok(seen.kind === 'order');
  const left: (number | undefined)[] = [];
  for (let count = 0; count < 3; count += 1) {
    const refused = await phone.pay({ orderId: seen.orderId, password: '000000' });
    assert.ok(refused.kind === 'refused');
    left.push(refused.triesLeft);
  }
  assert.deepEqual(left, [2, 1, 0]);
  assert.ok(((await phone.view()).lockedUntil ?? 0) > sandbox.now());
  sandbox.pass(60_000);
  assert.equal((await phone.view()).lockedUntil, undefined);
});

test('whoever listens hears of every change', async () => {
  const { phone } = sandbox.wallets;
  let heard = 0;
  const stop = phone.onChange(() => {
    heard += 1;
  });
  phone.setPasswordRule('always');
  await pause(1);
  const { codeUrl } = await native(1_00n);
  assert.ok(phone.scan(codeUrl).kind === 'order');
  stop();
  phone.setPasswordRule('over-1000');
  await pause(1);
  assert.equal(heard, 1);
});
