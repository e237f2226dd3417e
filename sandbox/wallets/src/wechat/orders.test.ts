import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cny } from '@zhanggui/money';
import { codeOrder, nativeOrder, number, openSandbox, type Sandbox } from '../testing/sandbox.ts';
import { until } from '../testing/until.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await openSandbox();
});
after(() => sandbox.close());

const scan = (text: string): string => {
  const seen = sandbox.wallets.phone.scan(text);
  assert.ok(seen.kind === 'order');
  return seen.orderId;
};
const payOnPhone = async (text: string) => {
  const paid = await sandbox.wallets.phone.pay({ orderId: scan(text), password: '123456' });
  assert.equal(paid.kind, 'paid');
};

for (const person of ['direct', 'partner'] as const) {
  test(`${person}: a Native order is shown, scanned, paid and found by both numbers`, async () => {
    const pay = sandbox.pay(person);
    const outTradeNo = number();
    const { codeUrl } = await pay.native(nativeOrder(outTradeNo, cny(23_72n)));
    assert.match(codeUrl, /^weixin:\/\/wxpay\/bizpayurl\/up\?pr=\w+&groupid=00$/);
    assert.equal((await pay.query({ outTradeNo })).state, 'NOTPAY');
    await payOnPhone(codeUrl);
    const found = await pay.query({ outTradeNo }, cny(23_72n));
    assert.deepEqual([found.state, found.tradeType], ['SUCCESS', 'NATIVE']);
    assert.match(found.transactionId ?? '', /^4200\d{24}$/);
    const again = await pay.query({ transactionId: found.transactionId ?? '' });
    assert.equal(again.outTradeNo, outTradeNo);
  });

  test(`${person}: a code is paid at once, and one code pays one order`, async () => {
    const pay = sandbox.pay(person);
    const outcome = await pay.payByCode(codeOrder(number(), sandbox.code()));
    assert.ok(outcome.kind === 'paid');
    assert.equal(outcome.transaction.tradeType, 'MICROPAY');
  });

  test(`${person}: partial refunds add up to no more than was paid`, async () => {
    const pay = sandbox.pay(person);
    const outTradeNo = number();
    await pay.payByCode(codeOrder(outTradeNo, sandbox.code(), cny(10_00n)));
    const refund = (fen: bigint, outRefundNo = number('R')) =>
      pay.refund({ outRefundNo, original: { outTradeNo }, refund: cny(fen), total: cny(10_00n) });
    const first = await refund(4_00n, `${outTradeNo}-1`);
    assert.equal(first.state, 'PROCESSING');
    assert.equal((await refund(4_00n, `${outTradeNo}-1`)).refundId, first.refundId);
    await assert.rejects(refund(6_01n), /INVALID_REQUEST/);
    await refund(6_00n);
    await assert.rejects(refund(1n), /INVALID_REQUEST/);
    assert.equal((await pay.query({ outTradeNo })).state, 'REFUND');
  });
}

test('the same Native order asked for twice is one order with one code', async () => {
  const order = nativeOrder(number(), cny(1_00n));
  assert.deepEqual(await sandbox.pay().native(order), await sandbox.pay().native(order));
});

test('JSAPI, APP and H5 orders are opened by what they are given', async () => {
  const { mchid, appid } = sandbox.wallets.merchants.wechat.direct;
  const common = { mchid, appid, description: '面包', notify_url: 'http://127.0.0.1:9/n', amount: { total: 100 } };
  const scene = { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } };
  const asked = [
    ['jsapi', { payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' } }, (id: string) => `prepay_id=${id}`, 'prepay_id'],
    ['app', {}, (id: string) => `prepay_id=${id}`, 'prepay_id'],
    ['h5', { scene_info: scene }, (url: string) => url, 'h5_url'],
  ] as const;
  for (const [kind, more, textOf, field] of asked) {
    const out_trade_no = number();
    const made = await sandbox.v3('POST', `/v3/pay/transactions/${kind}`, { ...common, ...more, out_trade_no });
    assert.equal(made.status, 200, made.text);
    await payOnPhone(textOf(String(made.json[field])));
    assert.equal((await sandbox.pay().query({ outTradeNo: out_trade_no })).state, 'SUCCESS');
  }
});

test('an order that is not paid in time is closed by itself', async () => {
  const outTradeNo = number();
  const order = { ...nativeOrder(outTradeNo, cny(1_00n)), expiresAtMs: sandbox.now() + 120_000 };
  const { codeUrl } = await sandbox.pay().native(order);
  sandbox.pass(121_000);
  assert.equal((await sandbox.pay().query({ outTradeNo })).state, 'CLOSED');
  const seen = sandbox.wallets.phone.scan(codeUrl);
  assert.equal(seen.kind === 'refused' && seen.code, 'closed');
});

test('a closed order cannot be paid any more', async () => {
  const outTradeNo = number();
  const { codeUrl } = await sandbox.pay().native(nativeOrder(outTradeNo, cny(1_00n)));
  const orderId = scan(codeUrl);
  await sandbox.pay().close(outTradeNo);
  const paid = await sandbox.wallets.phone.pay({ orderId, password: '123456' });
  assert.equal(paid.kind === 'refused' && paid.code, 'closed');
});

test('over 1000 yuan a code waits for the password; then it is paid, or the payer says no', async () => {
  const { phone } = sandbox.wallets;
  const pay = sandbox.pay();
  for (const [act, state] of [
    ['pay', 'SUCCESS'],
    ['decline', 'PAYERROR'],
  ] as const) {
    const outTradeNo = number();
    assert.equal((await pay.payByCode(codeOrder(outTradeNo, sandbox.code(), cny(1_000_01n)))).kind, 'awaiting-payer');
    assert.equal((await pay.query({ outTradeNo })).state, 'USERPAYING');
    const { prompt } = await phone.view();
    assert.ok(prompt?.needsPassword);
    if (act === 'pay') await phone.pay({ orderId: prompt.orderId, password: '123456' });
    else await phone.decline(prompt.orderId);
    assert.equal((await pay.query({ outTradeNo })).state, state);
    assert.equal((await phone.view()).prompt, undefined);
  }
});

test('a code payment that waits is reversed, not before 15 seconds, and never paid after', async () => {
  const outTradeNo = number();
  await sandbox.pay().payByCode(codeOrder(outTradeNo, sandbox.code(), cny(1_000_01n)));
  const { prompt } = await sandbox.wallets.phone.view();
  await assert.rejects(sandbox.pay().reverse(outTradeNo), /RULE_LIMIT/);
  sandbox.pass(15_000);
  assert.deepEqual(await sandbox.pay().reverse(outTradeNo), { kind: 'reversed' });
  const late = await sandbox.wallets.phone.pay({ orderId: prompt?.orderId ?? '', password: '123456' });
  assert.equal(late.kind === 'refused' && late.code, 'reversed');
});

test('a payment that was done and answered with a system error is found by query', async () => {
  sandbox.wallets.faults.set('system-error-after', true);
  assert.equal((await sandbox.pay().payByCode(codeOrder(number(), sandbox.code()))).kind, 'paid');
});

test('a lost request is no payment, a lost answer is one', async () => {
  for (const [fault, kind] of [
    ['request-lost', 'unknown'],
    ['answer-lost', 'paid'],
  ] as const) {
    sandbox.wallets.faults.set(fault, true);
    assert.equal((await sandbox.pay().payByCode(codeOrder(number(), sandbox.code()))).kind, kind);
  }
});

test('an answer with a wrong signature, or a probe, is not believed', async () => {
  for (const fault of ['answer-signature', 'answer-signtest']) {
    sandbox.wallets.faults.set(fault, true);
    assert.equal((await sandbox.pay().payByCode(codeOrder(number(), sandbox.code()))).kind, 'paid');
  }
});

test('a slow answer is a slow answer', async () => {
  sandbox.wallets.faults.set('delay', true);
  const slow = sandbox.pay('direct', { timeoutMs: 200 });
  const outcome = await slow.payByCode(codeOrder(number(), sandbox.code()));
  sandbox.wallets.faults.set('delay', false);
  assert.equal(outcome.kind, 'unknown');
});

test('a path nobody knows is 404, a method nobody takes is 405, both without a word', async () => {
  const unknown = await sandbox.v3('GET', '/v3/nothing');
  const method = await sandbox.v3('GET', '/v3/pay/transactions/native');
  assert.deepEqual([unknown.status, unknown.text, method.status, method.text], [404, '', 405, '']);
});

test('an abnormal refund goes to a card, its owner’s data encrypted', async () => {
  const pay = sandbox.pay();
  const outTradeNo = number();
  await pay.payByCode(codeOrder(outTradeNo, sandbox.code(), cny(5_00n)));
  sandbox.wallets.faults.set('refund-abnormal', true);
  const outRefundNo = number('R');
  const refund = await pay.refund({ outRefundNo, original: { outTradeNo }, refund: cny(5_00n), total: cny(5_00n) });
  await until(async () => (await pay.queryRefund(outRefundNo)).state === 'ABNORMAL');
  const card = { bankType: 'CMB_DEBIT', cardNumber: '6210000000000001', name: '林晓' };
  assert.equal((await pay.refundToCard({ refundId: refund.refundId, outRefundNo, ...card })).state, 'SUCCESS');
});
