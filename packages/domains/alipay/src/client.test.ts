import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import { encodeGb18030 } from '@zhanggui/bytes';
import { keySigner, x509Certificate } from '@zhanggui/card-crypto';
import { AnswerTooLong, type Outgoing, type Send } from '@zhanggui/https-call';
import { cny, money } from '@zhanggui/money';
import { epochMs } from '@zhanggui/time';
import { writeZip } from '@zhanggui/zip';
import fc from 'fast-check';
import {
  type AlipayBillRow,
  AlipayError,
  type AlipayErrorCode,
  alipayChannel,
  isNotFound,
  openAlipay,
} from './index.ts';
import { notificationText } from './signing.ts';

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const app = generateKeyPairSync('rsa', { modulusLength: 2048 });
const alipay = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = alipay.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const rsa2 = (text: string): string => sign('sha256', Buffer.from(text), alipay.privateKey).toString('base64');

/** Answers every call with this text. */
const saying =
  (body: string | Uint8Array, status = 200): Send =>
  () =>
    Promise.resolve({ status, headers: new Headers(), body: Buffer.from(body) });
const signed = (name: string, node: object, more = ''): string => {
  const text = JSON.stringify(node);
  return `{"alipay_${name}_response":${text},${more}"sign":"${rsa2(text)}"}`;
};
const settings = { appId: '2021000000000001', sellerId: '2088000000000001', privateKey: pem(app.privateKey) };
const clientOf = (send: Send) => openAlipay({ ...settings, trust: { publicKey }, send, now: () => epochMs(0) });
const order = { outTradeNo: 'S20260601', subject: '面包', total: cny(1_250n), authCode: '280000000000000001' };
const throws = (act: () => Promise<unknown>, code: AlipayErrorCode) =>
  assert.rejects(act, { name: 'AlipayError', code });

const paidNode = {
  code: '10000',
  msg: 'Success',
  out_trade_no: 'S20260601',
  trade_no: '2026060122001400000001',
  total_amount: '12.50',
};

test('a request carries the protocol in its address and the business in its body, signed', async () => {
  const sent: Outgoing[] = [];
  const send: Send = (outgoing) => {
    sent.push(outgoing);
    return saying(signed('trade_pay', paidNode))(outgoing);
  };
  await clientOf(send).pay({ ...order, notifyUrl: 'https://shop.example/notify' });
  const [call] = sent;
  const query = new URL(call?.url ?? '').searchParams;
  const body = new URLSearchParams(String(call?.body));
  assert.equal(query.get('timestamp'), '1970-01-01 08:00:00');
  assert.equal(query.get('notify_url'), 'https://shop.example/notify');
  assert.deepEqual([...body.keys()], ['biz_content']);
  const content = JSON.parse(body.get('biz_content') ?? '') as Record<string, unknown>;
  assert.equal(content.total_amount, '12.50');
  const text = [...query, ...body].filter(([name]) => name !== 'sign').map(([name, value]) => `${name}=${value}`);
  const expected = sign('sha256', Buffer.from(text.toSorted().join('&')), app.privateKey).toString('base64');
  assert.equal(query.get('sign'), expected);
});

test('a payment code pays in one scene, a face token in another', async () => {
  const scenes: string[] = [];
  const send: Send = (outgoing) => {
    const { scene } = JSON.parse(new URLSearchParams(String(outgoing.body)).get('biz_content') ?? '{}') as {
      scene: string;
    };
    scenes.push(scene);
    return saying(signed('trade_pay', paidNode))(outgoing);
  };
  for (const authCode of [order.authCode, `fp${'a'.repeat(33)}`]) await clientOf(send).pay({ ...order, authCode });
  assert.deepEqual(scenes, ['bar_code', 'security_code']);
  await throws(() => clientOf(send).pay({ ...order, authCode: 'fp1' }), 'request-malformed');
});

test('what the network does is told apart', async () => {
  const failing =
    (fault: Error): Send =>
    () =>
      Promise.reject(fault);
  const refused = Object.assign(new Error('refused'), { syscall: 'connect' });
  await throws(() => clientOf(failing(refused)).pay(order), 'not-sent');
  await throws(() => clientOf(failing(new Error('reset'))).pay(order), 'outcome-unknown');
  await throws(() => clientOf(failing(new AnswerTooLong(1))).pay(order), 'answer-malformed');
  await throws(() => clientOf(saying('', 502)).pay(order), 'outcome-unknown');
});

test('an answer that is not Alipay’s, or not to this call, is refused', async () => {
  for (const text of ['<html>', '[]', '{}', '{"alipay_trade_pay_response":1}', '{"alipay_trade_pay_response":{}}'])
    await throws(() => clientOf(saying(text)).pay(order), 'answer-malformed');
  const unsigned = JSON.stringify({ alipay_trade_pay_response: paidNode });
  await throws(() => clientOf(saying(unsigned)).pay(order), 'signature-missing');
  const changed = signed('trade_pay', paidNode).replace('12.50', '12.51');
  await throws(() => clientOf(saying(changed)).pay(order), 'signature-wrong');
  await throws(() => clientOf(saying(signed('trade_query', paidNode))).pay(order), 'answer-malformed');
});

test('an answer about another order or amount is an alarm', async () => {
  const other = { ...paidNode, out_trade_no: 'S20260602' };
  await throws(() => clientOf(saying(signed('trade_pay', other))).pay(order), 'other-order');
  const less = { ...paidNode, total_amount: '12.49' };
  await throws(() => clientOf(saying(signed('trade_pay', less))).pay(order), 'other-amount');
  const nothing = { ...paidNode, total_amount: undefined };
  await throws(() => clientOf(saying(signed('trade_pay', nothing))).pay(order), 'answer-malformed');
});

const refusal = (code: string, subCode: string) => ({ code, msg: 'm', sub_code: subCode, sub_msg: 's' });

test('refusals: certain, too often, or nobody knows', async () => {
  const cases = [
    ['40004', 'ACQ.PAYMENT_AUTH_CODE_INVALID', 'refused'],
    ['40006', 'isv.insufficient-isv-permissions', 'refused'],
    ['40004', 'isp.bill_not_exist', 'refused'],
    ['40005', 'isv.app-call-limited', 'rate-limited'],
    ['20000', 'isp.unknow-error', 'outcome-unknown'],
    ['40004', 'ACQ.SYSTEM_ERROR', 'outcome-unknown'],
    ['40004', 'AQC.SYSTEM_ERROR', 'outcome-unknown'],
    ['40004', 'aop.ACQ.SYSTEM_ERROR', 'outcome-unknown'],
  ] as const;
  for (const [code, subCode, ours] of cases)
    await throws(() => clientOf(saying(signed('trade_pay', refusal(code, subCode)))).pay(order), ours);
  const missing = signed('trade_query', refusal('40004', 'ACQ.TRADE_NOT_EXIST'));
  const error: unknown = await clientOf(saying(missing))
    .query({ outTradeNo: 'S1' })
    .catch((fault: unknown) => fault);
  assert.equal(isNotFound(error), true);
});

test('only the door may refuse without a signature', async () => {
  const door = JSON.stringify({ error_response: refusal('40002', 'isv.invalid-app-id') });
  await throws(() => clientOf(saying(door)).pay(order), 'refused');
  const business = JSON.stringify({ alipay_trade_pay_response: refusal('40004', 'ACQ.TRADE_HAS_CLOSE') });
  await throws(() => clientOf(saying(business)).pay(order), 'signature-missing');
});

test('nothing leaves that Alipay would refuse for its form; a channel throws it too', async () => {
  const send: Send = () => assert.fail('nothing leaves');
  const client = clientOf(send);
  const malformed = 'request-malformed';
  await throws(() => client.pay({ ...order, total: cny(0n) }), malformed);
  await throws(() => client.pay({ ...order, total: money(1n, 'USD') }), malformed);
  await throws(() => client.pay({ ...order, authCode: '130000000000000001' }), malformed);
  await throws(() => client.pay({ ...order, outTradeNo: 'S-1' }), malformed);
  await throws(() => client.pay({ ...order, subject: 'a=b' }), malformed);
  await throws(() => client.tradeBill('20260601'), malformed);
  const refund = { outTradeNo: 'S1', outRequestNo: 'R1', refund: cny(2n), total: cny(1n) };
  await throws(() => client.refund(refund), malformed);
  const asked = { ...order, authCode: '1', description: 'x', storeId: '', deviceId: '', clientIp: '', at: epochMs(0) };
  await throws(() => alipayChannel({ client }).payByCode(asked), malformed);
});

const certificateOf = (serial: string): string =>
  x509Certificate({
    serial,
    subject: { country: 'CN', commonName: 'test' },
    publicKey: new Uint8Array(alipay.publicKey.export({ type: 'spki', format: 'der' })),
    signer: keySigner(alipay.privateKey),
    fromMs: 0,
    untilMs: 86_400_000,
  });

test('in certificate mode an answer signed under another certificate is refused', async () => {
  const alipayCertificate = certificateOf('01');
  const trust = { appCertificate: alipayCertificate, alipayCertificate, rootCertificates: alipayCertificate };
  const more = '"alipay_cert_sn":"0123456789abcdef0123456789abcdef",';
  const send = saying(signed('trade_pay', paidNode, more));
  await throws(() => openAlipay({ ...settings, trust, send }).pay(order), 'certificate-unknown');
  const right = saying(signed('trade_pay', paidNode));
  assert.equal((await openAlipay({ ...settings, trust, send: right }).pay(order)).status, 'TRADE_SUCCESS');
});

const notification = {
  notify_id: 'n1',
  app_id: settings.appId,
  seller_id: settings.sellerId,
  charset: 'utf-8',
  out_trade_no: 'S1',
  trade_no: '2026060122001400000001',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '12.50',
  gmt_payment: '2026-06-01 12:00:00',
};
const formOf = (fields: Record<string, string>): Uint8Array => {
  const all = { ...fields, sign_type: 'RSA2', sign: rsa2(notificationText(fields)) };
  return Buffer.from(new URLSearchParams(all).toString());
};

test('a notification is of our application and account, and signed', () => {
  const client = clientOf(saying(''));
  const read = client.readNotification(formOf(notification));
  assert.equal(read.trade.total?.minor, 1_250n);
  assert.equal(read.trade.paidAt, Date.UTC(2026, 5, 1, 4));
  const reading = (fields: Record<string, string>) => () =>
    client.readNotification(formOf({ ...notification, ...fields }));
  assert.throws(reading({ app_id: '2021000000000002' }), { code: 'other-merchant', place: 'app_id' });
  assert.throws(reading({ seller_id: '2088000000000002' }), { code: 'other-merchant', place: 'seller_id' });
  assert.throws(reading({ charset: 'GBK' }), { code: 'answer-malformed' });
  assert.throws(reading({ trade_status: 'GUESS' }), { code: 'answer-malformed' });
  assert.throws(() => client.readNotification(Buffer.from('a=1')), { code: 'signature-missing' });
  const changed = Buffer.from(Buffer.from(formOf(notification)).toString().replace('12.50', '12.51'));
  assert.throws(() => client.readNotification(changed), { code: 'signature-wrong' });
});

const header =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,订单金额（元）,退款批次号/请求号,服务费（元）';
const row = '2026060122001\t,S1\t,交易,面包, 牛奶,2026-06-01 12:00:00,2026-06-01 12:00:01,12.50,\t,-0.08';
const billOf = (lines: readonly string[], name = '2088_20260601_业务明细.csv'): Uint8Array =>
  writeZip([{ name, bytes: encodeGb18030(lines.join('\r\n')) }]);
const billing = (archive: Uint8Array, onSend: (outgoing: Outgoing) => void = () => undefined) => {
  const address = signed('data_dataservice_bill_downloadurl_query', {
    code: '10000',
    bill_download_url: 'https://dwbillcenter.example/bill',
  });
  const send: Send = (outgoing) => {
    onSend(outgoing);
    return saying(outgoing.method === 'GET' ? archive : address)(outgoing);
  };
  return async () => {
    const rows: AlipayBillRow[] = [];
    for await (const read of await clientOf(send).tradeBill('2026-06-01')) rows.push(read);
    return rows;
  };
};

test('a bill is read to the fen, with commas in names, and proved before its first row', async () => {
  const [line] = await billing(billOf(['#支付宝业务明细查询', header, row, '#交易合计：1笔', '#退款合计：0笔']))();
  assert.equal(line?.amount.minor, 1_250n);
  assert.equal(line?.fee.minor, 8n);
  assert.equal(line?.at, Date.UTC(2026, 5, 1, 4, 0, 1));
  assert.equal(line?.outRequestNo, null);
  const broken: readonly Uint8Array[] = [
    Buffer.from('no archive'),
    billOf(['#交易合计：0笔'], 'other.csv'),
    billOf([header, row]),
    billOf([header, row, '#交易合计：2笔']),
    billOf([row, '#交易合计：1笔']),
    billOf([header.replace('服务费（元）', '费'), row, '#交易合计：1笔']),
    billOf([header, '1,2,3', '#交易合计：1笔']),
    billOf([header, row.replace('交易', '转账'), '#交易合计：1笔']),
    billOf(['#'.repeat(1_000_000), header, row, '#交易合计：1笔']),
  ];
  for (const archive of broken) await throws(billing(archive), 'bill-malformed');
  const noDay = row.replace('2026-06-01 12:00:01', '2026-13-01 12:00:01');
  await throws(billing(billOf([header, noDay, '#交易合计：1笔'])), 'answer-malformed');
});

test('a refund is done when Alipay says so: an amount alone says that it was asked for', async () => {
  const found = { code: '10000', out_trade_no: 'S1', trade_no: 'T1', out_request_no: 'R1', refund_amount: '3.00' };
  const asked = (node: object) =>
    clientOf(saying(signed('trade_fastpay_refund_query', node))).queryRefund({ outTradeNo: 'S1', outRequestNo: 'R1' });
  assert.equal((await asked({ ...found, refund_status: 'REFUND_SUCCESS' }))?.refund.minor, 300n);
  for (const refund_status of [undefined, 'REFUND_FAIL'])
    assert.equal(await asked({ ...found, refund_status }), undefined);
});

test('a bill has as long as a long bill takes', async () => {
  const waits: Record<string, number> = {};
  const bill = billOf([header, row, '#交易合计：1笔']);
  const read = billing(bill, ({ method, timeoutMs }) => {
    waits[method] = timeoutMs;
  });
  assert.equal((await read()).length, 1);
  assert.deepEqual(waits, { POST: 10_000, GET: 900_000 });
});

test('whatever comes back, what is thrown is an AlipayError', async () => {
  const right = signed('trade_pay', paidNode);
  const damaged = fc.tuple(fc.nat(right.length), fc.nat(right.length), fc.string({ maxLength: 5 }));
  const texts = fc.oneof(
    fc.json(),
    damaged.map(([from, to, text]) => right.slice(0, from) + text + right.slice(to)),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const client = clientOf(saying(text));
      for (const act of [() => client.pay(order), async () => client.readNotification(Buffer.from(text))])
        await act().catch((error: unknown) => assert.ok(error instanceof AlipayError, String(error)));
    }),
    { numRuns: 300 },
  );
});
