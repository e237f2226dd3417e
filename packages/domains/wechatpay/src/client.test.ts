import assert from 'node:assert/strict';
import { constants, createHash, createVerify, privateDecrypt } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { fetchSend } from '@zhanggui/https-call';
import { cny, money } from '@zhanggui/money';
import { isNotFound, openWeChatPay, type WeChatPaySettings } from './index.ts';
import {
  apiV3Key,
  type Fault,
  merchantKeys,
  merchantPem,
  platformCertificates,
  publicKeyId,
  startFakeWeChat,
  startMs,
  wechatKey,
  wechatPem,
} from './testing/fake-wechat.ts';
import { direct, openAt, partner, rejectsWith, says } from './testing/opened.ts';

const fake = await startFakeWeChat();
const nobody = await startFakeWeChat();
await nobody.close();
after(() => fake.close());
beforeEach(() => {
  fake.received = [];
  fake.faults = [];
  fake.handlers = {};
  fake.signing = platformCertificates.current;
  fake.offered = [platformCertificates.current];
});

const open = (more: Partial<WeChatPaySettings> = {}) =>
  openAt(fake, { platform: { certificates: [platformCertificates.current.pem] }, ...more });

const outTradeNo = 'order-000001';
const total = cny(12_50n);
const order = {
  outTradeNo,
  description: '面包',
  total,
  authCode: '134567890123456789',
  storeId: '1',
  clientIp: '10.0.0.2',
};
const base = '/v3/pay/transactions';
const wire = (state: string, more: object = {}) => ({
  appid: direct.appid,
  mchid: direct.mchid,
  out_trade_no: outTradeNo,
  transaction_id: '4200000000202606010000000001',
  trade_type: 'MICROPAY',
  trade_state: state,
  trade_state_desc: state,
  bank_type: 'OTHERS',
  success_time: '2026-06-01T12:00:00+08:00',
  payer: { openid: 'o-1' },
  amount: { total: 1250, payer_total: 1200, currency: 'CNY', payer_currency: 'CNY' },
  ...more,
});
const calls = (path: string): number => fake.received.filter((one) => one.path.startsWith(path)).length;
const codepay = `POST ${base}/codepay`;
const queryOrder = `GET ${base}/out-trade-no/${outTradeNo}`;

test('a Native order gives the address to show; what is sent is signed and names amount, merchant and expiry', async () => {
  fake.handlers[`POST ${base}/native`] = says({ code_url: 'weixin://wxpay/bizpayurl/up?pr=abc&groupid=00' });
  const notifyUrl = 'https://shop.example/notify';
  const { codeUrl } = await open().native({ outTradeNo, description: '面包', total, notifyUrl, expiresAtMs: startMs });
  assert.equal(codeUrl, 'weixin://wxpay/bizpayurl/up?pr=abc&groupid=00');
  assert.deepEqual(JSON.parse(fake.received[0]?.body ?? ''), {
    appid: direct.appid,
    mchid: direct.mchid,
    description: '面包',
    out_trade_no: outTradeNo,
    amount: { total: 1250, currency: 'CNY' },
    notify_url: notifyUrl,
    time_expire: '2026-06-01T12:00:00+08:00',
  });
});

test('a JSAPI order gives the page its payment, signed by the merchant', async () => {
  fake.handlers[`POST ${base}/jsapi`] = says({ prepay_id: 'wx26112221580621e9b071c00d9e093b0000' });
  const jsapi = { outTradeNo, description: '面包', total, notifyUrl: 'https://shop.example/notify', openid: 'o-1' };
  const { prepayId, payment } = await open().jsapi(jsapi);
  const lines = [direct.appid, payment.timeStamp, payment.nonceStr, `prepay_id=${prepayId}`, ''].join('\n');
  assert.ok(createVerify('RSA-SHA256').update(lines).verify(merchantKeys.publicKey, payment.paySign, 'base64'));
});

test('an APP order gives the app its payment, signed over the bare prepay id; an H5 order gives an address', async () => {
  const place = { outTradeNo, description: '面包', total, notifyUrl: 'https://shop.example/notify' };
  fake.handlers[`POST ${base}/app`] = says({ prepay_id: 'p1' });
  const { payment } = await open().app(place);
  const lines = [direct.appid, payment.timestamp, payment.noncestr, 'p1', ''].join('\n');
  assert.ok(createVerify('RSA-SHA256').update(lines).verify(merchantKeys.publicKey, payment.sign, 'base64'));
  assert.deepEqual([payment.partnerid, payment.package], [direct.mchid, 'Sign=WXPay']);
  fake.handlers[`POST ${base}/h5`] = says({
    h5_url: 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=p2',
  });
  const { h5Url } = await open().h5({ ...place, clientIp: '10.0.0.3', device: 'iOS' });
  assert.match(h5Url, /prepay_id=p2$/);
  const { scene_info: scene } = JSON.parse(fake.received.at(-1)?.body ?? '') as Record<string, unknown>;
  assert.deepEqual(scene, { payer_client_ip: '10.0.0.3', h5_info: { type: 'iOS' } });
});

test('an order names its goods, limits what may pay and offers an invoice; coupons come back with who bears them', async () => {
  fake.handlers[`POST ${base}/native`] = says({ code_url: 'weixin://wxpay/bizpayurl/up?pr=1' });
  const goods = [{ goodsId: 'bread', name: '面包', quantity: 2, unitPrice: cny(6_25n) }];
  const place = { outTradeNo, description: '面包', total, notifyUrl: 'https://shop.example/notify' };
  await open().native({ ...place, goods, limitsPay: ['no_credit'], offersInvoice: true });
  const { detail, limit_pay, support_fapiao } = JSON.parse(fake.received[0]?.body ?? '') as Record<string, unknown>;
  const line = { merchant_goods_id: 'bread', goods_name: '面包', unit_price: 625, quantity: 2 };
  assert.deepEqual([detail, limit_pay, support_fapiao], [{ goods_detail: [line] }, ['no_credit'], true]);
  const coupon = {
    coupon_id: '109519',
    name: '单品券',
    scope: 'SINGLE',
    type: 'CASH',
    amount: 50,
    merchant_contribute: 50,
  };
  fake.handlers[queryOrder] = says(wire('SUCCESS', { promotion_detail: [coupon] }));
  const { promotions } = await open().query({ outTradeNo }, total);
  assert.deepEqual([promotions?.[0]?.amount, promotions?.[0]?.byMerchant], [cny(50n), cny(50n)]);
});

test('a refund names goods and whose money; what the payer and the settlement get is told', async () => {
  const amount = { total: 1250, refund: 250, payer_refund: 200, settlement_refund: 240, currency: 'CNY' };
  fake.handlers[`POST ${refundPath}`] = says(refundWire({ channel: 'ORIGINAL', amount }));
  const goods = [{ goodsId: 'bread', quantity: 1, unitPrice: cny(6_25n), refund: cny(2_50n) }];
  const done = await open().refund({ ...refundOrder, goods, funds: 'UNSETTLED' });
  assert.deepEqual([done.channel, done.payerRefund, done.settlementRefund], ['ORIGINAL', cny(2_00n), cny(2_40n)]);
  const { funds_account, goods_detail } = JSON.parse(fake.received[0]?.body ?? '') as Record<string, unknown>;
  const line = { merchant_goods_id: 'bread', unit_price: 625, refund_amount: 250, refund_quantity: 1 };
  assert.deepEqual([funds_account, goods_detail], ['UNSETTLED', [line]]);
});

test('a code payment is paid, awaits the payer or is refused with WeChat’s own words', async () => {
  const pay = open();
  fake.handlers[codepay] = says(wire('SUCCESS'));
  const paid = await pay.payByCode(order);
  assert.ok(paid.kind === 'paid');
  assert.deepEqual(paid.transaction.total, total);
  assert.deepEqual(paid.transaction.payerTotal, cny(12_00n));
  assert.equal(paid.transaction.paidAtMs, startMs);
  fake.handlers[codepay] = says(wire('USERPAYING', { amount: undefined, success_time: '' }));
  assert.deepEqual(await pay.payByCode(order), { kind: 'awaiting-payer' });
  fake.handlers[codepay] = says({ code: 'NOT_ENOUGH', message: '余额不足' }, 403);
  assert.deepEqual(await pay.payByCode(order), { kind: 'refused', code: 'NOT_ENOUGH', text: '余额不足' });
});

for (const fault of [
  'lost',
  'wrong-signature',
  'probe',
  'no-signature',
  'clock-skew',
  'wrong-serial',
  'system-error',
  'malformed',
] as Fault[])
  test(`a code payment whose answer is spoiled (${fault}) is queried, and never sent twice`, async () => {
    fake.handlers[codepay] = says(wire('SUCCESS'));
    fake.handlers[queryOrder] = says(wire('SUCCESS'));
    fake.faults = [fault];
    assert.equal((await open().payByCode(order)).kind, 'paid');
    assert.equal(calls(`${base}/codepay`), 1);
    assert.equal(calls(`${base}/out-trade-no/${outTradeNo}`), 1);
  });

test('a code payment that neither answer nor query decides is unknown', async () => {
  fake.faults = ['lost'];
  assert.deepEqual(await open().payByCode(order), { kind: 'unknown', reason: 'outcome-unknown' });
  fake.handlers[queryOrder] = says(wire('NOTPAY', { transaction_id: '' }));
  fake.faults = ['lost'];
  assert.deepEqual(await open().payByCode(order), { kind: 'unknown', reason: 'NOTPAY' });
});

test('an order that was paid by a request before is found paid, not refused', async () => {
  fake.handlers[codepay] = says({ code: 'OUT_TRADE_NO_USED', message: '商户订单号重复' }, 403);
  fake.handlers[queryOrder] = says(wire('SUCCESS'));
  assert.equal((await open().payByCode(order)).kind, 'paid');
});

test('an answer about another amount, currency, order or merchant is an alarm', async () => {
  const pay = open();
  const spoiled = [
    ['other-amount', { amount: { total: 1, currency: 'CNY' } }],
    ['other-currency', { amount: { total: 1250, currency: 'HKD' } }],
    ['other-order', { out_trade_no: 'order-000002' }],
    ['other-merchant', { mchid: '1900000002' }],
    ['other-merchant', { appid: 'wx0000000000000002' }],
  ] as const;
  for (const [code, more] of spoiled) {
    fake.handlers[codepay] = says(wire('SUCCESS', more));
    fake.handlers[queryOrder] = says(wire('SUCCESS', more));
    await rejectsWith(pay.payByCode(order), code);
    await rejectsWith(pay.query({ outTradeNo }, total), code);
  }
});

test('a query goes to the standby host, and says when WeChat has no such order', async () => {
  fake.handlers[`GET ${base}/id/4200000000202606010000000001`] = says(wire('REFUND'));
  const name = { transactionId: '4200000000202606010000000001' };
  assert.equal((await open({ hosts: [nobody.url, fake.url] }).query(name, total)).state, 'REFUND');
  fake.faults = ['lost'];
  assert.equal((await open().query(name)).state, 'REFUND');
  assert.match(fake.received[0]?.path ?? '', /\?mchid=1900000001$/);
  await assert.rejects(open().query({ outTradeNo: 'order-nobody' }), isNotFound);
});

test('a code payment goes to the standby host only if the first was never reached', async () => {
  fake.handlers[codepay] = says(wire('SUCCESS'));
  assert.equal((await open({ hosts: [nobody.url, fake.url] }).payByCode(order)).kind, 'paid');
  await rejectsWith(open({ hosts: [nobody.url] }).payByCode(order), 'not-sent');
});

test('a payment that is not answered in time is queried', async () => {
  fake.handlers[queryOrder] = says(wire('USERPAYING'));
  const outcome = await open({
    send: async (outgoing) => {
      if (outgoing.url.endsWith('/codepay')) throw new DOMException('late', 'TimeoutError');
      return fetchSend(outgoing);
    },
  }).payByCode(order);
  assert.deepEqual(outcome, { kind: 'awaiting-payer' });
});

test('close and reverse answer without content; a reversal nobody confirmed is to be called again', async () => {
  const pay = open();
  fake.handlers[`POST ${base}/out-trade-no/${outTradeNo}/close`] = says('', 204);
  await pay.close(outTradeNo);
  fake.handlers[`POST ${base}/out-trade-no/${outTradeNo}/reverse`] = says({ out_trade_no: outTradeNo });
  assert.deepEqual(await pay.reverse(outTradeNo), { kind: 'reversed' });
  fake.faults = ['lost', 'system-error'];
  assert.deepEqual(await pay.reverse(outTradeNo), { kind: 'again', reason: 'outcome-unknown' });
  fake.handlers[`POST ${base}/out-trade-no/${outTradeNo}/close`] = says({ code: 'ORDER_PAID', message: '已支付' }, 400);
  await rejectsWith(pay.close(outTradeNo), 'refused');
});

const refundWire = (more: object = {}) => ({
  refund_id: '50000000002026060100000001',
  out_refund_no: 'refund-1',
  transaction_id: '4200000000202606010000000001',
  out_trade_no: outTradeNo,
  status: 'PROCESSING',
  amount: { total: 1250, refund: 250, currency: 'CNY' },
  ...more,
});
const refundPath = '/v3/refund/domestic/refunds';
const refundOrder = { outRefundNo: 'refund-1', original: { outTradeNo }, refund: cny(2_50n), total };

test('a refund is sent again with the same number when its answer is lost, and compared with what was asked', async () => {
  const pay = open();
  fake.handlers[`POST ${refundPath}`] = says(refundWire());
  fake.faults = ['lost'];
  const refund = await pay.refund(refundOrder);
  assert.deepEqual([refund.state, refund.refund, calls(refundPath)], ['PROCESSING', cny(2_50n), 2]);
  assert.equal(fake.received[0]?.body, fake.received[1]?.body);
  fake.handlers[`POST ${refundPath}`] = says(refundWire({ amount: { total: 1250, refund: 1250 } }));
  await rejectsWith(pay.refund(refundOrder), 'other-amount');
  fake.handlers[`GET ${refundPath}/refund-1`] = says(
    refundWire({ status: 'SUCCESS', success_time: '2026-06-01T12:00:00+08:00' }),
  );
  assert.equal((await pay.queryRefund('refund-1')).doneAtMs, startMs);
  fake.handlers[`GET ${refundPath}/refund-1`] = says(refundWire({ out_refund_no: 'refund-2' }));
  await rejectsWith(pay.queryRefund('refund-1'), 'other-order');
});

test('a refund to a card carries number and name encrypted, and the serial of the key', async () => {
  fake.signing = { serial: publicKeyId, privateKey: wechatKey.privateKey };
  fake.handlers[`POST ${refundPath}/5000/apply-abnormal-refund`] = says(refundWire());
  const card = {
    refundId: '5000',
    outRefundNo: 'refund-1',
    bankType: 'ICBC_DEBIT',
    cardNumber: '6225000000000000',
    name: '张三',
  };
  await open({ platform: { publicKeys: { [publicKeyId]: wechatPem } } }).refundToCard(card);
  const [request] = fake.received;
  const body = JSON.parse(request?.body ?? '') as Record<string, string>;
  const key = { key: wechatKey.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING };
  const opened = (name: string) => privateDecrypt(key, Buffer.from(body[name] ?? '', 'base64')).toString();
  assert.deepEqual([opened('bank_account'), opened('real_name')], [card.cardNumber, card.name]);
  assert.equal(request?.headers['wechatpay-serial'], publicKeyId);
});

test('what WeChat would refuse does not leave', async () => {
  const pay = open();
  await rejectsWith(pay.payByCode({ ...order, authCode: '994567890123456789' }), 'request-malformed');
  await rejectsWith(pay.payByCode({ ...order, outTradeNo: 'a/b?c' }), 'request-malformed');
  await rejectsWith(pay.payByCode({ ...order, total: cny(0n) }), 'request-malformed');
  await rejectsWith(pay.refund({ ...refundOrder, refund: cny(12_51n) }), 'request-malformed');
  await rejectsWith(pay.refund({ ...refundOrder, refund: money(1n, 'HKD') }), 'request-malformed');
  assert.throws(() => open({ apiV3Key: 'short' }), { code: 'request-malformed' });
  assert.equal(fake.received.length, 0);
});

test('an unknown serial brings the certificates once; the new one works beside the old', async () => {
  const pay = open({ platform: {} });
  fake.handlers[queryOrder] = says(wire('SUCCESS'));
  await Promise.all([pay.query({ outTradeNo }), pay.query({ outTradeNo })]);
  assert.equal(calls('/v3/certificates'), 1);
  fake.offered = [platformCertificates.current, platformCertificates.next];
  await pay.refreshCertificates();
  fake.signing = platformCertificates.next;
  await pay.query({ outTradeNo });
  fake.signing = platformCertificates.current;
  await pay.query({ outTradeNo });
  assert.equal(calls('/v3/certificates'), 2);
});

test('an expired certificate signs nothing, and made-up serials cost one download a minute', async () => {
  fake.handlers[queryOrder] = says(wire('SUCCESS'));
  fake.signing = platformCertificates.expired;
  const pay = open({ platform: { certificates: [platformCertificates.expired.pem] } });
  await rejectsWith(pay.query({ outTradeNo }), 'serial-unknown');
  await rejectsWith(pay.query({ outTradeNo }), 'serial-unknown');
  assert.equal(calls('/v3/certificates'), 1);
});

test('a download that failed is tried again after five seconds', async () => {
  let nowMs = startMs;
  fake.handlers[queryOrder] = says(wire('SUCCESS'));
  const pay = open({ platform: {}, now: () => nowMs, hosts: [fake.url] });
  fake.offered = [];
  await rejectsWith(pay.query({ outTradeNo }), 'serial-unknown');
  fake.offered = [platformCertificates.current];
  await rejectsWith(pay.query({ outTradeNo }), 'serial-unknown');
  assert.equal(calls('/v3/certificates'), 1);
  nowMs += 5_000;
  assert.equal((await pay.query({ outTradeNo })).state, 'SUCCESS');
});

test('certificates that another key sealed are not believed', async () => {
  const pay = open({ platform: {}, apiV3Key: 'f'.repeat(32) });
  await rejectsWith(pay.refreshCertificates(), 'decryption-failed');
});

test('during migration the public key is asked for, and the platform certificate still verifies', async () => {
  const platform = { publicKeys: { [publicKeyId]: wechatPem }, certificates: [platformCertificates.current.pem] };
  const pay = open({ platform });
  fake.handlers[queryOrder] = says(wire('SUCCESS'));
  await pay.query({ outTradeNo });
  fake.signing = { serial: publicKeyId, privateKey: wechatKey.privateKey };
  await pay.query({ outTradeNo });
  assert.equal(fake.received[0]?.headers['wechatpay-serial'], publicKeyId);
  await rejectsWith(open({ platform: {} }).query({ outTradeNo }), 'serial-unknown');
});

test('errors carry WeChat’s code, text and request id, and say whether they were signed', async () => {
  fake.faults = ['rate-limited'];
  await rejectsWith(open().query({ outTradeNo }), 'rate-limited');
  const wrong = openWeChatPay({
    account: direct,
    certificateSerial: 'OTHER',
    privateKey: merchantPem,
    apiV3Key,
    hosts: [fake.url],
    now: () => startMs,
  });
  await assert.rejects(wrong.query({ outTradeNo }), {
    code: 'refused',
    wechat: { status: 401, code: 'SIGN_ERROR', text: '签名错误', signed: false, requestId: '08F0-268435461' },
  });
  assert.deepEqual(await wrong.payByCode(order), { kind: 'refused', code: 'SIGN_ERROR', text: '签名错误' });
});

test('a request signed with a clock that is five minutes off is refused by the other side', async () => {
  await assert.rejects(open({ now: () => startMs + 301_000 }).query({ outTradeNo }), {
    wechat: { status: 401, code: 'SIGN_ERROR', text: '签名错误', signed: false, requestId: '08F0-268435461' },
  });
});

test('a partner’s calls name both merchants, and an answer about another sub-merchant is an alarm', async () => {
  const pay = open({ account: partner });
  const path = '/v3/pay/partner/transactions';
  const ids = {
    sp_appid: partner.spAppid,
    sp_mchid: partner.spMchid,
    sub_appid: partner.subAppid,
    sub_mchid: partner.subMchid,
  };
  const answered = { ...wire('SUCCESS'), appid: undefined, mchid: undefined, ...ids };
  fake.handlers[`POST ${path}/codepay`] = says(answered);
  assert.equal((await pay.payByCode(order)).kind, 'paid');
  const { sp_appid, sp_mchid, sub_appid, sub_mchid } = JSON.parse(fake.received[0]?.body ?? '') as typeof ids;
  assert.deepEqual({ sp_appid, sp_mchid, sub_appid, sub_mchid }, ids);
  fake.handlers[`GET ${path}/out-trade-no/${outTradeNo}`] = says({ ...answered, sub_mchid: '1900000110' });
  await rejectsWith(pay.query({ outTradeNo }), 'other-merchant');
  assert.match(fake.received[1]?.path ?? '', /\?sp_mchid=1900000001&sub_mchid=1900000109$/);
  fake.handlers[`POST ${refundPath}`] = says(refundWire());
  await pay.refund(refundOrder);
  assert.equal((JSON.parse(fake.received[2]?.body ?? '') as Record<string, string>).sub_mchid, partner.subMchid);
  fake.handlers[`POST ${path}/jsapi`] = says({ prepay_id: 'p1' });
  const jsapi = { outTradeNo, description: '面包', total, notifyUrl: 'https://shop.example/n', openid: 'o-9' };
  assert.equal((await pay.jsapi(jsapi)).payment.appId, partner.subAppid);
  assert.deepEqual((JSON.parse(fake.received[3]?.body ?? '') as Record<string, unknown>).payer, { sub_openid: 'o-9' });
});

const billText =
  '\uFEFF交易时间,商户订单号,订单金额\r\n`2026-05-31 10:00:00,`order-000001,`12.50\r\n总交易单数,订单总金额\r\n`1,`12.50\r\n';
const withBill = (hash: string): void => {
  const address = {
    hash_type: 'SHA1',
    hash_value: hash,
    download_url: 'https://elsewhere.example/v3/billdownload/file?token=t1',
  };
  fake.handlers['GET /v3/bill/tradebill'] = says(address);
  fake.handlers['GET /v3/bill/fundflowbill'] = says(address);
  fake.handlers['GET /v3/billdownload/file'] = says(gzipSync(billText));
};

test('a bill is fetched from our host with our signature, and believed only if its hash is right', async () => {
  withBill(createHash('sha1').update(billText).digest('hex'));
  const bill = await open().tradeBill({ date: '2026-05-31' });
  assert.deepEqual(
    bill.rows.map((row) => row.商户订单号),
    [outTradeNo],
  );
  assert.equal(bill.summary.订单总金额, '12.50');
  assert.equal(fake.received[1]?.path, '/v3/billdownload/file?token=t1');
  await open().fundFlowBill({ date: '2026-05-31' });
  assert.match(fake.received[2]?.path ?? '', /bill_date=2026-05-31&account_type=BASIC&tar_type=GZIP$/);
  withBill('0'.repeat(40));
  await rejectsWith(open().tradeBill({ date: '2026-05-31' }), 'bill-hash-wrong');
});

test('keys do not print', () => {
  const text = JSON.stringify(open()) + inspect(open(), { depth: 9, showHidden: true });
  assert.ok(!text.includes(apiV3Key) && !text.includes('PRIVATE KEY'));
});
