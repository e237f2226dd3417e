import assert from 'node:assert/strict';
import { createVerify } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import { cny } from '@zhanggui/money';
import { merchantKeys, startFakeWeChat, startMs } from './testing/fake-wechat.ts';
import { direct, jsonBody, openAt, partner, rejectsWith, says } from './testing/opened.ts';

const fake = await startFakeWeChat();
after(() => fake.close());
beforeEach(() => {
  fake.received = [];
  fake.handlers = {};
});

const base = '/v3/combine-transactions';
const notifyUrl = 'https://shop.example/notify';
const part = (outTradeNo: string, fen: bigint) => ({
  outTradeNo,
  description: '面包',
  attach: '一店',
  total: cny(fen),
});
const order = {
  combineOutTradeNo: 'combine-01',
  parts: [part('order-000001', 1000n), part('order-000002', 250n)],
  notifyUrl,
};
const isSigned = (lines: readonly string[], signature: string): boolean =>
  createVerify('RSA-SHA256')
    .update(`${lines.join('\n')}\n`)
    .verify(merchantKeys.publicKey, signature, 'base64');

test('several orders become one to show; each keeps its number, amount and text', async () => {
  fake.handlers[`POST ${base}/native`] = says({ code_url: 'weixin://wxpay/bizpayurl/up?pr=2' });
  const shown = await openAt(fake).combined.native({ ...order, expiresAtMs: startMs, clientIp: '10.0.0.2' });
  assert.equal(shown.codeUrl, 'weixin://wxpay/bizpayurl/up?pr=2');
  const wirePart = (out_trade_no: string, total_amount: number) => ({
    mchid: direct.mchid,
    out_trade_no,
    attach: '一店',
    description: '面包',
    amount: { total_amount, currency: 'CNY' },
  });
  assert.deepEqual(jsonBody(fake), {
    combine_appid: direct.appid,
    combine_mchid: direct.mchid,
    combine_out_trade_no: 'combine-01',
    sub_orders: [wirePart('order-000001', 1000), wirePart('order-000002', 250)],
    notify_url: notifyUrl,
    time_expire: '2026-06-01T12:00:00+08:00',
    scene_info: { payer_client_ip: '10.0.0.2' },
  });
});

test('a page and an app get their payment signed; a browser gets an address', async () => {
  const { combined } = openAt(fake);
  fake.handlers[`POST ${base}/jsapi`] = says({ prepay_id: 'p1' });
  const { payment } = await combined.jsapi({ ...order, openid: 'o-1' });
  assert.deepEqual(jsonBody(fake).combine_payer_info, { openid: 'o-1' });
  assert.ok(isSigned([direct.appid, payment.timeStamp, payment.nonceStr, 'prepay_id=p1'], payment.paySign));
  fake.handlers[`POST ${base}/app`] = says({ prepay_id: 'p2' });
  const { payment: app } = await combined.app(order);
  assert.ok(isSigned([direct.appid, app.timestamp, app.noncestr, 'p2'], app.sign));
  fake.handlers[`POST ${base}/h5`] = says({
    h5_url: 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=p3',
  });
  const { h5Url } = await combined.h5({ ...order, clientIp: '10.0.0.3', device: 'Wap' });
  assert.match(h5Url, /prepay_id=p3$/);
  assert.deepEqual(jsonBody(fake).scene_info, { payer_client_ip: '10.0.0.3', h5_info: { type: 'Wap' } });
});

const wire = (more: object = {}, partMore: object = {}) => ({
  combine_appid: direct.appid,
  combine_mchid: direct.mchid,
  combine_out_trade_no: 'combine-01',
  combine_payer_info: { openid: 'o-1' },
  sub_orders: ['order-000001', 'order-000002'].map((out_trade_no, index) => ({
    mchid: direct.mchid,
    sub_mchid: '',
    out_trade_no,
    transaction_id: `42${index}`,
    trade_type: 'NATIVE',
    trade_state: 'SUCCESS',
    bank_type: 'OTHERS',
    attach: '一店',
    success_time: '2026-06-01T12:00:00+08:00',
    amount: { total_amount: index === 0 ? 1000 : 250, payer_amount: 10, currency: 'CNY', payer_currency: 'CNY' },
    ...partMore,
  })),
  ...more,
});

test('a combined order is found with all of its parts; another merchant, order, part or amount is an alarm', async () => {
  const { combined } = openAt(fake);
  const call = `GET ${base}/out-trade-no/combine-01`;
  fake.handlers[call] = says(wire());
  const found = await combined.query('combine-01', order.parts);
  assert.deepEqual([found.openid, found.parts.length], ['o-1', 2]);
  assert.deepEqual(
    [found.parts[1]?.total, found.parts[1]?.payerTotal, found.parts[1]?.paidAtMs],
    [cny(2_50n), cny(10n), startMs],
  );
  await rejectsWith(combined.query('combine-01', [part('order-000003', 1n)]), 'other-order');
  await rejectsWith(combined.query('combine-01', [part('order-000001', 1n)]), 'other-amount');
  fake.handlers[call] = says(wire({ combine_mchid: '1900000002' }));
  await rejectsWith(combined.query('combine-01'), 'other-merchant');
  fake.handlers[call] = says(wire({ combine_out_trade_no: 'combine-02' }));
  await rejectsWith(combined.query('combine-01'), 'other-order');
  fake.handlers[call] = says(wire({}, { trade_state: 'GONE' }));
  await rejectsWith(combined.query('combine-01'), 'answer-malformed');
});

test('a partner’s parts name the sub-merchant; closing names every part', async () => {
  const { combined } = openAt(fake, { account: partner });
  fake.handlers[`POST ${base}/out-trade-no/combine-01/close`] = says('', 204);
  await combined.close('combine-01', [
    order.parts[0] ?? assert.fail(),
    { outTradeNo: 'order-000002', subMchid: '1900000110' },
  ]);
  assert.deepEqual(jsonBody(fake), {
    combine_appid: partner.spAppid,
    sub_orders: [
      { mchid: partner.spMchid, out_trade_no: 'order-000001', sub_mchid: partner.subMchid },
      { mchid: partner.spMchid, out_trade_no: 'order-000002', sub_mchid: '1900000110' },
    ],
  });
});

test('none or more than fifty parts do not leave', async () => {
  const { combined } = openAt(fake);
  await rejectsWith(combined.native({ ...order, parts: [] }), 'request-malformed');
  const many = Array.from({ length: 51 }, (_, index) => part(`order-${index + 1000000}`, 1n));
  await rejectsWith(combined.native({ ...order, parts: many }), 'request-malformed');
  assert.equal(fake.received.length, 0);
});
