import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { after, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cny } from '@zhanggui/money';
import { epochMs } from '@zhanggui/time';
import type { BillLine, PaymentWord, RefundWord, Told } from '@zhanggui/wallet-channel';
import { type CodePayments, WeChatPayError, weChatChannel } from './index.ts';
import {
  type Handler,
  platformCertificates,
  seal,
  signedHeaders,
  startFakeWeChat,
  startMs,
} from './testing/fake-wechat.ts';
import { direct, openAt, says } from './testing/opened.ts';

const fake = await startFakeWeChat();
after(() => fake.close());
beforeEach(() => {
  fake.received = [];
  fake.faults = [];
  fake.handlers = {};
});

const notifyUrl = 'https://shop.example/notify';
const channel = weChatChannel({ pay: openAt(fake, { hosts: [fake.url] }), notifyUrl });
const unreachable = weChatChannel({
  pay: openAt(fake, { send: () => Promise.reject(Object.assign(new Error('no route'), { syscall: 'connect' })) }),
  notifyUrl,
});

const at = epochMs(startMs);
const outTradeNo = 'S2026060100000001';
const total = cny(12_50n);
const order = { outTradeNo, total, at };
const codeOrder = {
  ...order,
  description: '面包',
  authCode: '134567890123456789',
  storeId: '1',
  deviceId: 'till-1',
  clientIp: '10.0.0.2',
};
const base = '/v3/pay/transactions';
const calls = {
  codepay: `POST ${base}/codepay`,
  native: `POST ${base}/native`,
  query: `GET ${base}/out-trade-no/${outTradeNo}`,
  close: `POST ${base}/out-trade-no/${outTradeNo}/close`,
  reverse: `POST ${base}/out-trade-no/${outTradeNo}/reverse`,
  refund: 'POST /v3/refund/domestic/refunds',
  queryRefund: 'GET /v3/refund/domestic/refunds/R1',
};
const wire = (state: string, more: object = {}) => ({
  appid: direct.appid,
  mchid: direct.mchid,
  out_trade_no: outTradeNo,
  transaction_id: '4200000000202606010000000001',
  trade_state: state,
  trade_state_desc: '支付失败',
  bank_type: 'CMB_DEBIT',
  success_time: '2026-06-01T12:00:00+08:00',
  payer: { openid: 'o-1' },
  amount: { total: 1250, currency: 'CNY' },
  ...more,
});
const refuses = (status: number, code: string): Handler => says({ code, message: `${code} 说明` }, status);

const paid: PaymentWord = {
  kind: 'paid',
  walletTradeNo: '4200000000202606010000000001',
  total,
  paidAt: at,
  payer: 'o-1',
  funding: 'CMB_DEBIT',
};
const refused = (code: string) => ({ kind: 'refused', code, text: `${code} 说明` }) as const;

const stateWords: readonly (readonly [state: string, word: PaymentWord])[] = [
  ['SUCCESS', paid],
  ['REFUND', paid],
  ['NOTPAY', { kind: 'not-paid' }],
  ['USERPAYING', { kind: 'awaiting-payer' }],
  ['CLOSED', { kind: 'closed' }],
  ['REVOKED', { kind: 'reversed' }],
  ['PAYERROR', { kind: 'refused', code: 'PAYERROR', text: '支付失败' }],
];
for (const [state, word] of stateWords)
  test(`an order in state ${state} is the word ${word.kind}`, async () => {
    fake.handlers[calls.query] = says(wire(state));
    assert.deepEqual(await channel.query(order), word);
  });

test('a code payment is paid, awaits the payer, or is refused with WeChat’s own code and text', async () => {
  const words = [
    [says(wire('SUCCESS')), paid],
    [says(wire('USERPAYING')), { kind: 'awaiting-payer' }],
    [refuses(403, 'NOT_ENOUGH'), refused('NOT_ENOUGH')],
    [refuses(400, 'AUTH_CODE_EXPIRED'), refused('AUTH_CODE_EXPIRED')],
    [refuses(429, 'FREQUENCY_LIMITED'), refused('FREQUENCY_LIMITED')],
    [says(wire('REVOKED')), { kind: 'reversed' }],
    [says(wire('CLOSED')), { kind: 'closed' }],
    [says(wire('NOTPAY')), { kind: 'unknown', reason: 'NOTPAY' }],
    [says(wire('REFUND')), { kind: 'unknown', reason: 'REFUND' }],
  ] as const;
  for (const [handler, word] of words) {
    fake.handlers[calls.codepay] = handler;
    assert.deepEqual(await channel.payByCode(codeOrder), word);
  }
});

test('silence and alarms are the word unknown; what could never be right throws', async () => {
  assert.deepEqual(await unreachable.payByCode(codeOrder), { kind: 'unknown', reason: 'not-sent' });
  assert.deepEqual(await unreachable.query(order), { kind: 'unknown', reason: 'not-sent' });
  assert.deepEqual(await unreachable.close(order), { kind: 'unknown', reason: 'not-sent' });
  assert.deepEqual(await unreachable.reverse(order), { kind: 'again', reason: 'not-sent' });
  fake.handlers[calls.codepay] = says(wire('SUCCESS', { amount: { total: 1, currency: 'CNY' } }));
  assert.deepEqual(await channel.payByCode(codeOrder), { kind: 'unknown', reason: 'other-amount' });
  fake.handlers[calls.query] = says(wire('SUCCESS', { mchid: '1900000002' }));
  assert.deepEqual(await channel.query(order), { kind: 'unknown', reason: 'other-merchant' });
  fake.handlers[calls.query] = refuses(401, 'SIGN_ERROR');
  assert.deepEqual(await channel.query(order), { kind: 'unknown', reason: 'SIGN_ERROR' });
  await assert.rejects(channel.payByCode({ ...codeOrder, authCode: '1' }), { code: 'request-malformed' });
});

test('a code payment beyond our own limit is not sent, and its word is unknown', async () => {
  const limited = weChatChannel({ pay: openAt(fake, { rates: { 'code-payment': 0.001 } }), notifyUrl });
  assert.deepEqual(await limited.payByCode(codeOrder), { kind: 'unknown', reason: 'rate-limited' });
  assert.equal(fake.received.length, 0);
});

test('an order that WeChat does not have is not found', async () => {
  assert.deepEqual(await channel.query(order), { kind: 'not-found' });
  assert.deepEqual(await channel.close(order), { kind: 'not-found' });
});

test('an order is shown as its address; a refusal has WeChat’s words, and a limit is asked for again', async () => {
  const show = () => channel.show({ ...order, description: '面包', expiresAt: epochMs(startMs + 300_000) });
  fake.handlers[calls.native] = says({ code_url: 'weixin://wxpay/bizpayurl/up?pr=1' });
  assert.deepEqual(await show(), { kind: 'shown', qr: 'weixin://wxpay/bizpayurl/up?pr=1' });
  assert.equal(JSON.parse(fake.received[0]?.body ?? '').notify_url, notifyUrl);
  fake.handlers[calls.native] = refuses(403, 'NO_AUTH');
  assert.deepEqual(await show(), refused('NO_AUTH'));
  fake.handlers[calls.native] = refuses(429, 'RATELIMIT_EXCEEDED');
  assert.deepEqual(await show(), { kind: 'unknown', reason: 'RATELIMIT_EXCEEDED' });
  fake.handlers[calls.native] = refuses(400, 'ORDERPAID');
  assert.deepEqual(await show(), { kind: 'unknown', reason: 'ORDERPAID' });
});

test('closing finds out when the payer was faster', async () => {
  fake.handlers[calls.close] = says('', 204);
  assert.deepEqual(await channel.close(order), { kind: 'closed' });
  fake.handlers[calls.close] = refuses(400, 'ORDERPAID');
  for (const [state, word] of [
    ['SUCCESS', paid],
    ['CLOSED', { kind: 'closed' }],
    ['USERPAYING', { kind: 'awaiting-payer' }],
    ['NOTPAY', { kind: 'unknown', reason: 'ORDERPAID' }],
  ] as const) {
    fake.handlers[calls.query] = says(wire(state));
    assert.deepEqual(await channel.close(order), word);
  }
});

test('a reversal is done, to be repeated, or refused', async () => {
  fake.handlers[calls.reverse] = says({ out_trade_no: outTradeNo });
  assert.deepEqual(await channel.reverse(order), { kind: 'reversed' });
  fake.faults = ['lost'];
  assert.deepEqual(await channel.reverse(order), { kind: 'again', reason: 'outcome-unknown' });
  fake.faults = ['rate-limited'];
  assert.deepEqual(await channel.reverse(order), { kind: 'again', reason: 'rate-limited' });
  fake.handlers[calls.reverse] = refuses(403, 'RULE_LIMIT');
  assert.deepEqual(await channel.reverse(order), { kind: 'again', reason: 'RULE_LIMIT' }, 'before its 15 seconds');
  fake.handlers[calls.reverse] = refuses(403, 'TRADE_ERROR');
  assert.deepEqual(await channel.reverse(order), refused('TRADE_ERROR'));
});

const walletTradeNo = '4200000000202606010000000001';
const refundOrder = { outRefundNo: 'R1', outTradeNo, walletTradeNo, refund: cny(2_50n), total, at };
const refundWire = (status: string, more: object = {}) => ({
  refund_id: '503',
  out_refund_no: 'R1',
  transaction_id: '4200000000202606010000000001',
  out_trade_no: outTradeNo,
  status,
  success_time: status === 'SUCCESS' ? '2026-06-01T12:00:00+08:00' : '',
  amount: { total: 1250, refund: 250, currency: 'CNY' },
  ...more,
});
const refundWords: readonly (readonly [state: string, word: RefundWord])[] = [
  ['SUCCESS', { kind: 'refunded', walletRefundNo: '503', refund: cny(2_50n), refundedAt: at }],
  ['PROCESSING', { kind: 'refunding', walletRefundNo: '503' }],
  ['CLOSED', { kind: 'refused', code: 'CLOSED', text: '退款关闭' }],
  ['ABNORMAL', { kind: 'undeliverable', walletRefundNo: '503' }],
];
for (const [state, word] of refundWords)
  test(`a refund in state ${state} is the word ${word.kind}, asked for or queried`, async () => {
    fake.handlers[calls.refund] = says(refundWire(state));
    fake.handlers[calls.queryRefund] = says(refundWire(state));
    assert.deepEqual(await channel.refund(refundOrder), word);
    assert.deepEqual(await channel.queryRefund(refundOrder), word);
  });

test('a refund WeChat does not have is not found; one over another amount is unknown; a refusal has WeChat’s words', async () => {
  fake.handlers[calls.queryRefund] = refuses(404, 'RESOURCE_NOT_EXISTS');
  assert.deepEqual(await channel.queryRefund(refundOrder), { kind: 'not-found' });
  fake.handlers[calls.queryRefund] = says(refundWire('SUCCESS', { amount: { total: 1250, refund: 1 } }));
  assert.deepEqual(await channel.queryRefund(refundOrder), { kind: 'unknown', reason: 'other-amount' });
  fake.handlers[calls.refund] = refuses(403, 'NOT_ENOUGH');
  assert.deepEqual(await channel.refund(refundOrder), refused('NOT_ENOUGH'));
  fake.handlers[calls.refund] = refuses(429, 'FREQUENCY_LIMITED');
  assert.deepEqual(await channel.refund(refundOrder), { kind: 'unknown', reason: 'FREQUENCY_LIMITED' });
});

const notice = (id: string, event: string, resource: object) => {
  const text = JSON.stringify({
    id,
    create_time: '2026-06-01T12:00:00+08:00',
    event_type: event,
    resource: seal(JSON.stringify(resource), 'transaction'),
  });
  return { headers: new Headers(signedHeaders(text, platformCertificates.current, startMs)), body: Buffer.from(text) };
};

test('notifications of payments and refunds are told; others are answered and not told; success follows the hearing', async () => {
  const told: Told[] = [];
  const hear = async (one: Told) => void told.push(one);
  const answer = await channel.notified(notice('n-1', 'TRANSACTION.SUCCESS', wire('SUCCESS')), hear);
  assert.deepEqual(answer, { status: 204, headers: {}, body: '' });
  const refund = { ...refundWire('SUCCESS'), mchid: direct.mchid };
  await channel.notified(notice('n-2', 'REFUND.SUCCESS', refund), hear);
  await channel.notified(notice('n-3', 'PROFITSHARING', { mchid: direct.mchid }), hear);
  assert.deepEqual(told, [
    { kind: 'payment', outTradeNo, word: paid },
    { kind: 'refund', outRefundNo: 'R1', word: refundWords[0]?.[1] },
  ]);
  const failed = await channel.notified(notice('n-4', 'TRANSACTION.SUCCESS', wire('SUCCESS')), () =>
    Promise.reject(new Error('no database')),
  );
  assert.deepEqual([failed.status, failed.headers['Content-Type']], [500, 'application/json']);
});

test('an account with API v2 pays, asks, reverses and refunds over it, and has nothing told that only v2 could read', async () => {
  const asked: [call: string, of: unknown][] = [];
  const silent = (call: string) => (of: unknown) => {
    asked.push([call, of]);
    return Promise.reject(new WeChatPayError('outcome-unknown', call));
  };
  const names = ['payByCode', 'query', 'reverse', 'refund', 'queryRefund'] as const;
  const codePayments = Object.fromEntries(names.map((name) => [name, silent(name)])) as unknown as CodePayments;
  const old = weChatChannel({ pay: openAt(fake), codePayments, notifyUrl });
  const refund = { outRefundNo: 'R1', outTradeNo, walletTradeNo: '42', refund: cny(1n), total, at };
  const paying = [await old.payByCode(codeOrder), await old.query(order), await old.reverse(order)];
  const refunding = [await old.refund(refund), await old.queryRefund(refund)];
  assert.deepEqual(
    [...paying, ...refunding].map(({ kind }) => kind),
    ['unknown', 'unknown', 'again', 'unknown', 'unknown'],
  );
  assert.deepEqual(
    asked.map(([call]) => call),
    names,
  );
  const [, sent] = asked[3] ?? [];
  assert.ok(!Object.hasOwn(sent as object, 'notifyUrl'));
  assert.equal(fake.received.length, 0);
});

const header =
  '交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,货币种类,商户退款单号,商品名称,手续费,订单金额,申请退款金额';
const row = (number: number, more: Readonly<Record<string, string>> = {}) => {
  const values: Record<string, string> = {
    交易时间: '2026-05-31 10:00:00',
    公众账号ID: direct.appid,
    商户号: direct.mchid,
    微信订单号: `42${number}`,
    商户订单号: `S${number}`,
    交易状态: 'SUCCESS',
    货币种类: 'CNY',
    商户退款单号: '0',
    商品名称: '面包,大',
    手续费: '0.08000',
    订单金额: '12.50',
    申请退款金额: '0.00',
    ...more,
  };
  return header
    .split(',')
    .map((name) => `\`${values[name]}`)
    .join(',');
};
const serveBill = (rows: readonly string[], spoil = (packed: Buffer) => packed, count = rows.length): void => {
  const text = `\uFEFF${[header, ...rows, '总交易单数,订单总金额', `\`${count},\`0.00`].join('\r\n')}\r\n`;
  const hash = createHash('sha1').update(text).digest('hex');
  const address = {
    hash_type: 'SHA1',
    hash_value: hash,
    download_url: 'https://x.example/v3/billdownload/file?token=1',
  };
  fake.handlers['GET /v3/bill/tradebill'] = says(address);
  fake.handlers['GET /v3/billdownload/file'] = says(spoil(gzipSync(text)));
};
const linesOf = async (date = '2026-05-31') => {
  const lines: BillLine[] = [];
  for await (const line of channel.bill(date)) lines.push(line);
  return lines;
};
const spools = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('zhanggui-bill-')).length;

test('a bill’s lines are payments and refunds with positive amounts and what each costs', async () => {
  const refund = { 交易状态: 'REFUND', 商户退款单号: 'R2', 手续费: '-0.02000', 订单金额: '0.00', 申请退款金额: '2.50' };
  const reversal = { 交易状态: 'REVOKED', 手续费: '-0.08000', 订单金额: '0.00', 申请退款金额: '12.50' };
  serveBill([row(1), row(2, refund), row(3, reversal)]);
  const instant = epochMs(Date.UTC(2026, 4, 31, 2));
  const line = (
    number: number,
    kind: 'payment' | 'refund',
    outRefundNo: string | null,
    amount: bigint,
    fee: bigint,
  ) => ({
    kind,
    outTradeNo: `S${number}`,
    outRefundNo,
    walletTradeNo: `42${number}`,
    amount: cny(amount),
    fee: cny(fee),
    at: instant,
  });
  assert.deepEqual(await linesOf(), [
    line(1, 'payment', null, 12_50n, 8n),
    line(2, 'refund', 'R2', 2_50n, -2n),
    line(3, 'refund', null, 12_50n, -8n),
  ]);
  assert.match(fake.received[0]?.path ?? '', /bill_date=2026-05-31&bill_type=ALL&tar_type=GZIP$/);
});

test('a day without payments has an empty bill; another refusal is no bill', async () => {
  fake.handlers['GET /v3/bill/tradebill'] = refuses(400, 'NO_STATEMENT_EXIST');
  assert.deepEqual(await linesOf(), []);
  fake.handlers['GET /v3/bill/tradebill'] = refuses(400, 'STATEMENT_CREATING');
  await assert.rejects(linesOf(), { code: 'refused' });
});

test('a bill whose hash is wrong throws before its first line, one that lies throws where it does; none leaves a file behind', async () => {
  const before = await spools();
  const rejects = (code: string, place: string) => assert.rejects(linesOf(), { code, place });
  serveBill([row(1)], () => gzipSync(`${header}\n${row(2)}\n`));
  await rejects('bill-hash-wrong', 'hash_value');
  serveBill([row(1)], (packed) => packed.subarray(0, 40));
  await rejects('bill-malformed', 'gzip');
  serveBill([row(1)], undefined, 2);
  await rejects('bill-malformed', 'count');
  serveBill([row(1, { 商户号: '1900000002' })]);
  await rejects('other-merchant', '商户号');
  serveBill([row(1, { 手续费: 'x' })]);
  await rejects('bill-malformed', '手续费');
  serveBill([row(1, { 交易状态: 'LENT' })]);
  await rejects('bill-malformed', '交易状态');
  serveBill([row(1, { 货币种类: 'HKD' })]);
  await rejects('other-currency', '货币种类');
  serveBill([row(1), row(2)]);
  for await (const line of channel.bill('2026-05-31')) {
    assert.equal(line.outTradeNo, 'S1');
    break;
  }
  assert.equal(await spools(), before);
});
