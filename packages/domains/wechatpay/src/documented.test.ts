import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { cny } from '@zhanggui/money';
import { isNotFound, type Send } from './index.ts';
import { startFakeWeChat } from './testing/fake-wechat.ts';
import { direct, openAt, rejectsWith, says } from './testing/opened.ts';

/** What the documents and the official SDKs say of the wire, each as a rule. */
const fake = await startFakeWeChat();
after(() => fake.close());
beforeEach(() => {
  fake.received = [];
  fake.handlers = {};
});

const base = '/v3/pay/transactions';
const outTradeNo = 'order-000001';
const call = `GET ${base}/out-trade-no/${outTradeNo}`;
const notPaid = {
  mchid: direct.mchid,
  out_trade_no: outTradeNo,
  trade_state: 'NOTPAY',
  trade_state_desc: '订单未支付',
};
const codeOrder = {
  outTradeNo,
  description: '面包',
  total: cny(1n),
  authCode: '134567890123456789',
  storeId: '1',
  clientIp: '10.0.0.2',
};

test('Authorization names merchant, nonce, time, certificate and signature, each in its form (wechatpay-php FormatterTest)', async () => {
  fake.handlers[call] = says(notPaid);
  await openAt(fake).query({ outTradeNo });
  const text = fake.received[0]?.headers.authorization ?? '';
  assert.ok(text.startsWith('WECHATPAY2-SHA256-RSA2048 '));
  for (const part of [
    /mchid="[0-9A-Za-z]{1,32}"/,
    /nonce_str="[0-9A-Za-z]{16,32}"/,
    /signature="[0-9A-Za-z+/]+={0,2}"/,
    /timestamp="1\d{9}"/,
    /serial_no="[0-9A-Za-z]{8,40}"/,
  ])
    assert.match(text, part);
  assert.equal(text.split(',').length, 5);
});

test('every request has a new nonce, and a repeated one a new signature', async () => {
  fake.handlers[call] = says(notPaid);
  const pay = openAt(fake);
  for (let count = 0; count < 3; count += 1) await pay.query({ outTradeNo });
  assert.equal(new Set(fake.received.map(({ headers }) => headers.authorization)).size, 3);
});

test('Accept, User-Agent and, with a body, Content-Type go along (WeChat refuses requests without them)', async () => {
  fake.handlers[`POST ${base}/native`] = says({ code_url: 'weixin://wxpay/bizpayurl/up?pr=1' });
  const order = { outTradeNo, description: '面包', total: cny(1n), notifyUrl: 'https://shop.example/n' };
  await openAt(fake).native(order);
  const { headers } = fake.received[0] ?? assert.fail();
  assert.deepEqual([headers.accept, headers['content-type']], ['application/json', 'application/json']);
  assert.match(headers['user-agent'] ?? '', /^zhanggui-wechatpay/);
});

const bare =
  (status: number, text: string): Send =>
  async () => ({ status, headers: new Headers(), body: Buffer.from(text) });

for (const [status, text] of [
  [502, '<html></html>'],
  [503, ''],
  [500, '{}'],
] as const)
  test(`an answer ${status} that is not WeChat’s JSON says nothing of what happened`, async () => {
    const pay = openAt(fake, { send: bare(status, text) });
    await rejectsWith(pay.query({ outTradeNo }), 'outcome-unknown');
    assert.deepEqual(await pay.payByCode(codeOrder), { kind: 'unknown', reason: 'outcome-unknown' });
  });

for (const status of [404, 405, 400])
  test(`a refusal ${status} at the door, without signature or body, is not an answer about the order`, async () => {
    const pay = openAt(fake, { send: bare(status, '') });
    const error = await pay.query({ outTradeNo }).catch((fault: unknown) => fault);
    assert.ok(!isNotFound(error));
    assert.deepEqual(await pay.payByCode(codeOrder), { kind: 'unknown', reason: 'refused' });
  });

test('an unsigned ORDER_NOT_EXIST is not believed: a paid order could be called missing', async () => {
  const text = '{"code":"ORDER_NOT_EXIST","message":"订单不存在"}';
  const error = await openAt(fake, { send: bare(404, text) })
    .query({ outTradeNo })
    .catch((fault: unknown) => fault);
  assert.ok(!isNotFound(error));
});

test('an order refused with content is refused by its code, with its text, whatever else the error brings', async () => {
  const body = {
    code: 'PARAM_ERROR',
    message: '参数错误',
    detail: { field: '/amount/total', value: '1', issue: 'x', location: 'body' },
  };
  fake.handlers[`POST ${base}/codepay`] = says(body, 400);
  assert.deepEqual(await openAt(fake).payByCode(codeOrder), { kind: 'refused', code: 'PARAM_ERROR', text: '参数错误' });
});

test('fields that WeChat adds some day are passed over', async () => {
  fake.handlers[call] = says({ ...notPaid, brand_new: { a: 1 } });
  assert.equal((await openAt(fake).query({ outTradeNo })).state, 'NOTPAY');
});

test('a state that WeChat adds some day is not guessed at', async () => {
  fake.handlers[call] = says({ ...notPaid, trade_state: 'ACCEPT' });
  await rejectsWith(openAt(fake).query({ outTradeNo }), 'answer-malformed', 'query.trade_state');
});

test('payment codes are 18 digits beginning with 10 to 15', async () => {
  fake.handlers[`POST ${base}/codepay`] = says({ code: 'AUTH_CODE_INVALID', message: '付款码无效' }, 400);
  const pay = openAt(fake);
  for (const prefix of ['10', '11', '12', '13', '14', '15'])
    assert.equal((await pay.payByCode({ ...codeOrder, authCode: prefix.padEnd(18, '0') })).kind, 'refused');
  for (const authCode of ['160000000000000000', '10000000000000000', '1000000000000000000', '280000000000000000'])
    await rejectsWith(pay.payByCode({ ...codeOrder, authCode }), 'request-malformed', 'authCode');
});

test('an order number is 6 to 32 letters, digits, _ - | or *', async () => {
  const pay = openAt(fake);
  fake.handlers[`GET ${base}/out-trade-no/${encodeURIComponent('a_-|*1')}`] = says({
    ...notPaid,
    out_trade_no: 'a_-|*1',
  });
  assert.equal((await pay.query({ outTradeNo: 'a_-|*1' })).state, 'NOTPAY');
  for (const wrong of ['12345', 'x'.repeat(33), 'order 0001', '订单000001', 'order/01'])
    await rejectsWith(pay.query({ outTradeNo: wrong }), 'request-malformed', 'outTradeNo');
});

test('a notification address has no query', async () => {
  const order = { outTradeNo, description: '面包', total: cny(1n) };
  for (const notifyUrl of [
    'https://shop.example/n?a=1',
    'ftp://shop.example/n',
    'shop.example/n',
    'https://shop.example/n#a',
  ])
    await rejectsWith(openAt(fake).native({ ...order, notifyUrl }), 'request-malformed', 'notifyUrl');
});
