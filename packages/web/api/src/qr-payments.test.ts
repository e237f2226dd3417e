import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Caller, newId, openTestApi, type TestApi } from './test-api.ts';
import { fakeQrPayments } from './test-qr-payments.ts';

const qrPay = fakeQrPayments();
let api: TestApi;
let cashier: Caller;
before(async () => {
  api = await openTestApi({ qrPay });
  cashier = await api.signIn('1001', '1234');
});
after(() => api.close());

const path = '/api/till/qr-payments';
const code = '134567890123456789';
const start = (requestId: string, how: object = { authCode: code }, amountMinor = '1234') =>
  cashier.post(path, { requestId, amountMinor, ...how });
const paymentOf = ({ body }: { body: Record<string, unknown> }) => body['payment'] as Record<string, unknown>;
const codeOf = ({ body }: { body: Record<string, unknown> }) => (body['error'] as { code: string }).code;

test('a till hears at sign-in which wallets the shop takes', async () => {
  assert.deepEqual((await cashier.get('/api/till/session')).body['wallets'], ['wechat', 'alipay']);
});

test('a scanned code is asked for under the till, and the answer never repeats it', async () => {
  const requestId = newId();
  const answer = await start(requestId);
  assert.deepEqual(
    [answer.status, paymentOf(answer)['state'], paymentOf(answer)['how']],
    [200, 'awaiting-payer', 'code'],
  );
  const { amount, place, how, description } = qrPay.starts.at(-1) ?? {};
  assert.deepEqual([amount?.minor, place, how], [1234n, { tillId: 'till-1' }, { kind: 'code', authCode: code }]);
  assert.equal(description, '测试店');
  assert.doesNotMatch(JSON.stringify(answer.body), new RegExp(code));
});

test('a shown code comes with its text and its end', async () => {
  const payment = paymentOf(await start(newId(), { wallet: 'alipay' }));
  assert.deepEqual([payment['wallet'], payment['qr']], ['alipay', 'weixin://wxpay/bizpayurl?pr=x']);
  assert.equal(typeof payment['expiresAt'], 'number');
});

test('what cannot begin is refused in words: no code, another wallet, both ways at once', async () => {
  assert.equal(codeOf(await start(newId(), { authCode: '12' })), 'payment-code-unknown');
  assert.equal(codeOf(await start(newId(), { wallet: 'unionpay' })), 'wallet-not-offered');
  assert.equal(codeOf(await start(newId(), { wallet: 'wechat', authCode: code })), 'invalid-request');
  assert.equal(codeOf(await start(newId(), {})), 'invalid-request');
});

test('a waiting till hears of a change at once, and of no change when its time is over', async () => {
  const requestId = newId();
  await start(requestId);
  const url = `${path}/${requestId}?state=awaiting-payer`;
  const waiting = cashier.get(`${url}&waitMs=20000`);
  setTimeout(() => qrPay.say(requestId, { state: 'paid', walletTradeNo: '42' }), 50);
  assert.deepEqual([paymentOf(await waiting)['state'], paymentOf(await waiting)['walletTradeNo']], ['paid', '42']);
  assert.equal(paymentOf(await cashier.get(`${path}/${requestId}?state=paid&waitMs=30`))['state'], 'paid');
  assert.equal((await cashier.get(`${path}/${newId()}`)).status, 404);
});

test('a payment that is being undone lets a waiting till go on at once', async () => {
  const requestId = newId();
  await start(requestId);
  const waiting = cashier.get(`${path}/${requestId}?state=awaiting-payer&waitMs=20000`);
  setTimeout(() => qrPay.say(requestId, { undoing: true }), 50);
  assert.equal(paymentOf(await waiting)['undoing'], true);
});

test('a cancelled payment says so', async () => {
  const requestId = newId();
  await start(requestId);
  assert.equal(paymentOf(await cashier.post(`${path}/${requestId}/cancel`))['state'], 'closed');
});

test('a till hears of its own payments only, and never that another\u2019s does not exist', async () => {
  const requestId = newId();
  await start(requestId);
  const other = await api.signIn('1001', '1234', 'till-2');
  assert.equal(codeOf(await other.get(`${path}/${requestId}`)), 'other-till');
  assert.equal(codeOf(await other.post(`${path}/${requestId}/cancel`)), 'other-till');
  assert.equal(codeOf(await other.post(path, { requestId, amountMinor: '1234', authCode: code })), 'other-till');
  assert.equal((await api.as(undefined).get(`${path}/${requestId}`)).status, 401);
});

test('a notification reaches its wallet byte for byte, and the answer goes back as the channel wrote it', async () => {
  const bytes = Buffer.from('{"id": "x",\r\n "\u00e9": 1.0 }\n');
  for (const type of ['application/json', 'application/x-www-form-urlencoded; charset=utf-8', 'text/xml']) {
    const answer = await api.app.inject({
      method: 'POST',
      url: '/api/wallets/wechat/notify',
      headers: { 'content-type': type, 'wechatpay-nonce': 'abc' },
      payload: bytes,
    });
    assert.deepEqual([answer.statusCode, answer.body, answer.headers['content-type']], [202, 'success', 'text/plain']);
    const heard = qrPay.said.at(-1);
    assert.deepEqual([heard?.wallet, heard?.headers.get('wechatpay-nonce')], ['wechat', 'abc']);
    assert.deepEqual(heard && Buffer.from(heard.body), bytes);
  }
  const empty = await api.app.inject({ method: 'POST', url: '/api/wallets/alipay/notify' });
  assert.deepEqual([empty.statusCode, qrPay.said.at(-1)?.body.length], [202, 0]);
  assert.equal((await api.app.inject({ method: 'POST', url: '/api/wallets/other/notify' })).statusCode, 400);
});

test('what no wallet of the shop can have sent is refused: a wallet it does not take, a body longer than any', async () => {
  const tell = (wallet: string, length: number) =>
    api.app.inject({ method: 'POST', url: `/api/wallets/${wallet}/notify`, payload: Buffer.alloc(length, 'x') });
  const answers = [await tell('unionpay', 10), await tell('wechat', 65_537)];
  assert.deepEqual(
    answers.map((answer) => [answer.statusCode, answer.json().error.code]),
    [
      [409, 'wallet-not-offered'],
      [413, 'too-large'],
    ],
  );
});

test('where no wallet is configured none is offered and nothing listens', async () => {
  const plain = await openTestApi();
  const till = await plain.signIn('1001', '1234');
  assert.deepEqual((await till.get('/api/till/session')).body['wallets'], []);
  assert.equal((await till.post(path, { requestId: newId(), amountMinor: '1', authCode: code })).status, 404);
  assert.equal((await plain.app.inject({ method: 'POST', url: '/api/wallets/wechat/notify' })).statusCode, 404);
  await plain.close();
});
