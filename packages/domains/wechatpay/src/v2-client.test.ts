import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { fetchSend } from '@zhanggui/https-call';
import { cny } from '@zhanggui/money';
import { openWeChatPayV2, type Send, WeChatPayError, type WeChatPayV2Settings } from './index.ts';
import { apiV2Key, type Received, signV2, startFakeWeChat } from './testing/fake-wechat.ts';

const fake = await startFakeWeChat();
after(() => fake.close());
beforeEach(() => {
  fake.received = [];
  fake.faults = [];
  fake.handlers = {};
});

const account = { mode: 'direct', mchid: '1900000001', appid: 'wx0000000000000001' } as const;
const withCertificate: string[] = [];
const certificateSend: Send = (outgoing) => {
  withCertificate.push(new URL(outgoing.url).pathname);
  return fetchSend(outgoing);
};
const open = (more: Partial<WeChatPayV2Settings> = {}) =>
  openWeChatPayV2({
    account,
    apiKey: apiV2Key,
    certificateSend,
    hosts: [fake.url, fake.url],
    timeoutMs: 2_000,
    ...more,
  });

type Fields = Record<string, string>;
const fieldsIn = ({ body }: Received): Fields =>
  Object.fromEntries(
    [...body.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    ]),
  );

/** Verifies the request by code of its own, then answers with what the test says, signed. */
const says =
  (fields: Fields, spoil: (xml: string) => string = (xml) => xml) =>
  (received: Received) => {
    const request = fieldsIn(received);
    const algorithm = request.sign_type === 'MD5' ? 'md5' : 'sha256';
    if (request.sign !== signV2(request, algorithm)) return { status: 401, body: Buffer.from('wrong signature') };
    const answer: Fields = {
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      appid: account.appid,
      mch_id: account.mchid,
      nonce_str: 'n',
      ...fields,
    };
    answer.sign = signV2(answer, algorithm);
    const elements = Object.entries(answer).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`);
    return { status: 200, body: Buffer.from(spoil(`<xml>\n${elements.join('\n')}\n</xml>`)) };
  };

const outTradeNo = 'order-000001';
const total = cny(12_50n);
const order = {
  outTradeNo,
  description: '面包 & 水',
  total,
  authCode: '134567890123456789',
  storeId: '1',
  clientIp: '10.0.0.2',
};
const paid = {
  openid: 'o-1',
  trade_type: 'MICROPAY',
  bank_type: 'OTHERS',
  total_fee: '1250',
  cash_fee: '1200',
  fee_type: 'CNY',
  transaction_id: '4200000000202606010000000001',
  out_trade_no: outTradeNo,
  time_end: '20260601120000',
};
const failed = (err_code: string, err_code_des: string): Fields => ({ result_code: 'FAIL', err_code, err_code_des });
const rejectsWith = (promise: Promise<unknown>, code: string) =>
  assert.rejects(promise, (error: unknown) => error instanceof WeChatPayError && error.code === code);
const sent = (path: string): number => fake.received.filter((one) => one.path === path).length;

for (const signType of ['MD5', 'HMAC-SHA256'] as const)
  test(`a code payment over v2 is paid, signed with ${signType}`, async () => {
    fake.handlers['/pay/micropay'] = says(paid);
    const outcome = await open({ signType }).payByCode(order);
    assert.ok(outcome.kind === 'paid');
    assert.deepEqual([outcome.transaction.total, outcome.transaction.payerTotal], [total, cny(12_00n)]);
    assert.equal(outcome.transaction.paidAtMs, Date.UTC(2026, 5, 1, 4));
    assert.equal(fieldsIn(fake.received[0] ?? assert.fail()).total_fee, '1250');
  });

test('USERPAYING awaits the payer, SYSTEMERROR and a lost answer are queried, other codes are refusals', async () => {
  const pay = open();
  fake.handlers['/pay/orderquery'] = says({ out_trade_no: outTradeNo, trade_state: 'USERPAYING' });
  for (const code of ['USERPAYING', 'SYSTEMERROR', 'BANKERROR']) {
    fake.handlers['/pay/micropay'] = says(failed(code, '处理中'));
    assert.deepEqual(await pay.payByCode(order), { kind: 'awaiting-payer' });
  }
  fake.handlers['/pay/orderquery'] = says({ ...paid, trade_state: 'SUCCESS' });
  fake.faults = ['lost'];
  assert.equal((await pay.payByCode(order)).kind, 'paid');
  assert.equal(sent('/pay/micropay'), 4);
  fake.handlers['/pay/micropay'] = says(failed('AUTHCODEEXPIRE', '二维码已过期，请用户刷新后再试'));
  const refused = { kind: 'refused', code: 'AUTHCODEEXPIRE', text: '二维码已过期，请用户刷新后再试' };
  assert.deepEqual(await pay.payByCode(order), refused);
});

test('an answer with a wrong signature or without one decides nothing', async () => {
  fake.handlers['/pay/orderquery'] = says({ out_trade_no: outTradeNo, trade_state: 'NOTPAY' });
  const spoils = [
    (xml: string) => xml.replace('<total_fee><![CDATA[1250]]>', '<total_fee><![CDATA[1]]>'),
    (xml: string) => xml.replace(/<sign>.*<\/sign>/, ''),
    () => '<xml><return_code>FAIL</return_code><return_msg>签名错误</return_msg></xml>',
    () => 'busy',
  ];
  for (const spoil of spoils) {
    fake.handlers['/pay/micropay'] = says(paid, spoil);
    assert.deepEqual(await open().payByCode(order), { kind: 'unknown', reason: 'NOTPAY' });
  }
});

test('an answer about another amount, currency, order or merchant is an alarm', async () => {
  const spoiled = [
    ['other-amount', { total_fee: '1' }],
    ['other-currency', { fee_type: 'HKD' }],
    ['other-order', { out_trade_no: 'order-000002' }],
    ['other-merchant', { mch_id: '1900000002' }],
  ] as const;
  for (const [code, fields] of spoiled) {
    fake.handlers['/pay/micropay'] = says({ ...paid, ...fields });
    await rejectsWith(open().payByCode(order), code);
    fake.handlers['/pay/orderquery'] = says({ ...paid, trade_state: 'SUCCESS', ...fields });
    await rejectsWith(open().query({ outTradeNo }, total), code);
  }
});

test('a reversal goes with the certificate; recall, whatever the result, means again', async () => {
  withCertificate.length = 0;
  fake.handlers['/secapi/pay/reverse'] = says({ recall: 'N' });
  assert.deepEqual(await open().reverse(outTradeNo), { kind: 'reversed' });
  fake.handlers['/secapi/pay/reverse'] = says({ recall: 'Y' });
  assert.deepEqual(await open().reverse(outTradeNo), { kind: 'again', reason: 'outcome-unknown' });
  fake.handlers['/secapi/pay/reverse'] = says({ ...failed('SYSTEMERROR', '系统超时'), recall: 'Y' });
  assert.deepEqual(await open().reverse(outTradeNo), { kind: 'again', reason: 'outcome-unknown' });
  fake.handlers['/secapi/pay/reverse'] = says({ ...failed('INVALID_TRANSACTIONID', '无效订单'), recall: 'N' });
  await rejectsWith(open().reverse(outTradeNo), 'refused');
  assert.ok(withCertificate.length >= 4);
});

test('a refund is accepted, and found by its own number among the order’s refunds', async () => {
  const ids = { transaction_id: paid.transaction_id, out_trade_no: outTradeNo, total_fee: '1250' };
  fake.handlers['/secapi/pay/refund'] = says({
    ...ids,
    out_refund_no: 'refund-2',
    refund_id: '502',
    refund_fee: '250',
  });
  const refund = { outRefundNo: 'refund-2', original: { outTradeNo }, refund: cny(2_50n), total };
  assert.equal((await open().refund(refund)).state, 'PROCESSING');
  fake.handlers['/pay/refundquery'] = says({
    ...ids,
    out_refund_no_0: 'refund-1',
    refund_id_0: '501',
    refund_fee_0: '100',
    refund_status_0: 'PROCESSING',
    out_refund_no_1: 'refund-2',
    refund_id_1: '502',
    refund_fee_1: '250',
    refund_status_1: 'SUCCESS',
    refund_success_time_1: '2026-06-01 12:00:00',
  });
  const found = await open().queryRefund('refund-2');
  assert.deepEqual([found.refundId, found.refund, found.state], ['502', cny(2_50n), 'SUCCESS']);
  assert.equal(found.doneAtMs, Date.UTC(2026, 5, 1, 4));
  await rejectsWith(open().queryRefund('refund-3'), 'other-order');
});

test('a partner’s v2 calls name the sub-merchant', async () => {
  const served = { mode: 'partner', spMchid: account.mchid, spAppid: account.appid, subMchid: '1900000109' } as const;
  fake.handlers['/pay/micropay'] = says({ ...paid, sub_mch_id: '1900000109' });
  assert.equal((await open({ account: served }).payByCode(order)).kind, 'paid');
  assert.equal(fieldsIn(fake.received[0] ?? assert.fail()).sub_mch_id, '1900000109');
  fake.handlers['/pay/micropay'] = says({ ...paid, sub_mch_id: '1900000110' });
  await rejectsWith(open({ account: served }).payByCode(order), 'other-merchant');
});
