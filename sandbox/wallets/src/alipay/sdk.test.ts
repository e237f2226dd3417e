import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { openZip } from '@zhanggui/zip';
import { AlipaySdk } from 'alipay-sdk';
import { openWorld, password, type World } from '../testing/world.ts';
import { openAlipayFace } from './face.ts';
import type { AlipayMerchant } from './keys.ts';

/** Alipay's own client, which knows nothing of the sandbox. */
let world: World<AlipayMerchant>;
let sdk: AlipaySdk;
let count = 0;

const keyTypes = { keyType: 'PKCS8' } as const;
const sdkOf = ({ url, merchant }: World<AlipayMerchant>): AlipaySdk =>
  new AlipaySdk({
    ...keyTypes,
    appId: merchant.appId,
    privateKey: merchant.privateKey,
    alipayPublicKey: merchant.alipayPublicKey,
    gateway: `${url}/gateway.do`,
  });

before(async () => {
  world = await openWorld(openAlipayFace);
  sdk = sdkOf(world);
});
after(() => world.close());
beforeEach(() => {
  count += 1;
});

const orderNo = (): string => `S20260601${String(count).padStart(4, '0')}`;
const exec = (method: string, bizContent: Record<string, unknown>, notifyUrl?: string) =>
  sdk.exec(method, { ...(notifyUrl && { notifyUrl }), bizContent }, { validateSign: true });
const payByCode = (amount: string, more: Record<string, unknown> = {}) =>
  exec('alipay.trade.pay', {
    out_trade_no: orderNo(),
    total_amount: amount,
    subject: '面包',
    scene: 'bar_code',
    auth_code: world.phone.paymentCode('alipay').code,
    ...more,
  });
const query = () => exec('alipay.trade.query', { out_trade_no: orderNo() });

test('a payment code pays in one call, and the answer verifies', async () => {
  const paid = await payByCode('12.50');
  assert.equal(paid.code, '10000');
  assert.equal(paid.totalAmount, '12.50');
  assert.equal(paid.outTradeNo, orderNo());
  const found = await query();
  assert.equal(found.tradeStatus, 'TRADE_SUCCESS');
  assert.equal(found.tradeNo, paid.tradeNo);
});

test('a face token pays in its own scene, once, and in no other', async () => {
  const token = world.faceToken();
  await assert.rejects(async () => {
    const { subCode } = await payByCode('12.50', { auth_code: token });
    throw new Error(subCode);
  }, /ACQ\.INVALID_PARAMETER/);
  assert.equal((await payByCode('12.50', { auth_code: token, scene: 'security_code' })).code, '10000');
  count += 1;
  const again = await payByCode('12.50', { auth_code: token, scene: 'security_code' });
  assert.equal(again.subCode, 'ACQ.PAYMENT_AUTH_CODE_INVALID');
});

test('over the limit the payer types the password: 10003, then TRADE_SUCCESS', async () => {
  const waiting = await payByCode('1200.00');
  assert.equal(waiting.code, '10003');
  assert.equal((await query()).tradeStatus, 'WAIT_BUYER_PAY');
  const prompt = (await world.phone.view()).prompt;
  assert.equal((await world.phone.pay({ orderId: prompt?.orderId ?? '', password })).kind, 'paid');
  assert.equal((await query()).tradeStatus, 'TRADE_SUCCESS');
});

test('a shown code is scanned and paid', async () => {
  const shown = await exec('alipay.trade.precreate', {
    out_trade_no: orderNo(),
    total_amount: '3.00',
    subject: '豆浆',
  });
  assert.match(String(shown.qrCode), /^https:\/\/qr\.alipay\.com\/bax/);
  assert.equal((await query()).subCode, 'ACQ.TRADE_NOT_EXIST');
  const scanned = world.phone.scan(String(shown.qrCode));
  assert.equal(scanned.kind, 'order');
  assert.equal((await query()).tradeStatus, 'WAIT_BUYER_PAY');
  if (scanned.kind === 'order') await world.phone.pay({ orderId: scanned.orderId });
  assert.equal((await query()).tradeStatus, 'TRADE_SUCCESS');
});

test('cancelling closes what is unpaid and pays back what is paid', async () => {
  await payByCode('1300.00');
  const closed = await exec('alipay.trade.cancel', { out_trade_no: orderNo() });
  assert.deepEqual([closed.action, closed.retryFlag], ['close', 'N']);
  assert.equal((await query()).tradeStatus, 'TRADE_CLOSED');
  count += 1;
  await payByCode('9.00');
  const before = (await world.phone.view()).wallets.find(({ wallet }) => wallet === 'alipay')?.balanceMinor ?? 0n;
  const back = await exec('alipay.trade.cancel', { out_trade_no: orderNo() });
  assert.equal(back.action, 'refund');
  const later = (await world.phone.view()).wallets.find(({ wallet }) => wallet === 'alipay')?.balanceMinor ?? 0n;
  assert.equal(later - before, 900n);
});

test('a scanned order is closed; a paid one is not', async () => {
  const content = { out_trade_no: orderNo(), total_amount: '3.00', subject: '豆浆' };
  const shown = await exec('alipay.trade.precreate', content);
  world.phone.scan(String(shown.qrCode));
  assert.equal((await exec('alipay.trade.close', { out_trade_no: orderNo() })).code, '10000');
  assert.equal((await query()).tradeStatus, 'TRADE_CLOSED');
  assert.equal((await exec('alipay.trade.precreate', content)).subCode, 'ACQ.TRADE_HAS_CLOSE');
  count += 1;
  await payByCode('1.00');
  assert.equal((await exec('alipay.trade.close', { out_trade_no: orderNo() })).subCode, 'ACQ.TRADE_STATUS_ERROR');
});

test('the bill is a zip in GBK behind an address that is good once, for half a minute', async () => {
  await payByCode('2.00');
  const ask = () =>
    exec('alipay.data.dataservice.bill.downloadurl.query', { bill_type: 'trade', bill_date: '2026-06-01' });
  const url = String((await ask()).billDownloadUrl);
  const archive = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const [file] = openZip(archive);
  const pieces: Uint8Array[] = [];
  for await (const piece of file?.bytes() ?? []) pieces.push(piece);
  const text = new TextDecoder('gbk').decode(Buffer.concat(pieces));
  assert.match(text, new RegExp(`\\t,${orderNo()}\\t,交易,面包,`));
  assert.equal((await fetch(url)).status, 404);
  const late = String((await ask()).billDownloadUrl);
  world.pass(30_001);
  assert.equal((await fetch(late)).status, 404);
});

test('a payment is refunded in parts; a repeated part changes nothing; too much is refused', async () => {
  await payByCode('10.00');
  const part = { out_trade_no: orderNo(), refund_amount: '4.00', out_request_no: 'R1', refund_reason: '退货' };
  const first = await exec('alipay.trade.refund', part);
  assert.deepEqual([first.fundChange, first.refundFee], ['Y', '4.00']);
  const again = await exec('alipay.trade.refund', part);
  assert.deepEqual([again.fundChange, again.refundFee], ['N', '4.00']);
  const other = await exec('alipay.trade.refund', { ...part, refund_amount: '5.00' });
  assert.equal(other.subCode, 'ACQ.DISCORDANT_REPEAT_REQUEST');
  const tooMuch = await exec('alipay.trade.refund', { ...part, out_request_no: 'R2', refund_amount: '6.01' });
  assert.equal(tooMuch.subCode, 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
  const rest = await exec('alipay.trade.refund', { ...part, out_request_no: 'R2', refund_amount: '6.00' });
  assert.equal(rest.refundFee, '10.00');
  assert.equal((await query()).tradeStatus, 'TRADE_CLOSED');
  const name = { out_trade_no: orderNo(), out_request_no: 'R1' };
  const found = await exec('alipay.trade.fastpay.refund.query', name);
  assert.deepEqual([found.refundStatus, found.refundAmount], ['REFUND_SUCCESS', '4.00']);
  const none = await exec('alipay.trade.fastpay.refund.query', { ...name, out_request_no: 'R9' });
  assert.deepEqual([none.code, none.refundAmount], ['10000', undefined]);
});

test('notifications of payments and refunds verify with the SDK', async () => {
  const told: Record<string, string>[] = [];
  world.answer(({ body }) => {
    told.push(Object.fromEntries(new URLSearchParams(Buffer.from(body).toString())));
    return Promise.resolve({ status: 200, body: 'success' });
  });
  const content = {
    out_trade_no: orderNo(),
    total_amount: '5.00',
    subject: '100% 橙汁',
    auth_code: world.phone.paymentCode('alipay').code,
  };
  await exec('alipay.trade.pay', content, world.notifyUrl);
  await exec('alipay.trade.refund', { out_trade_no: orderNo(), refund_amount: '2.00', out_request_no: 'R1' });
  const until = Date.now() + 5_000;
  while (told.length < 2 && Date.now() < until) await new Promise((done) => setTimeout(done, 10));
  assert.equal(told.length, 2);
  for (const fields of told) assert.equal(sdk.checkNotifySign(fields, true), true);
  const refund = told.find((fields) => fields.out_biz_no === 'R1');
  assert.equal(refund?.refund_fee, '2.00');
  assert.equal(sdk.checkNotifySign({ ...told[0], total_amount: '0.01' }, true), false);
});

test('a wrongly signed request is refused, and a wrongly signed answer is noticed', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const stranger = new AlipaySdk({
    ...keyTypes,
    appId: world.merchant.appId,
    privateKey: pem,
    gateway: sdk.config.gateway,
  });
  const refused = await stranger.exec('alipay.trade.query', { bizContent: { out_trade_no: 'S1' } });
  assert.equal(refused.subCode, 'isv.invalid-signature');
  world.faults.set('answer-signature', true);
  await assert.rejects(query(), /验签失败/);
});

test('the SDK in certificate mode is understood', async () => {
  const { appCertificate, alipayCertificate, rootCertificate, privateKey, appId } = world.merchant;
  const certified = new AlipaySdk({
    ...keyTypes,
    appId,
    privateKey,
    gateway: `${world.url}/gateway.do`,
    appCertContent: appCertificate,
    alipayPublicCertContent: alipayCertificate,
    alipayRootCertContent: rootCertificate,
  });
  const answer = await certified.exec(
    'alipay.trade.query',
    { bizContent: { out_trade_no: 'S99999999' } },
    { validateSign: true },
  );
  assert.equal(answer.subCode, 'ACQ.TRADE_NOT_EXIST');
});
