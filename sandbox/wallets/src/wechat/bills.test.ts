import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { cny } from '@zhanggui/money';
import type { BillLine } from '@zhanggui/wallet-channel';
import { weChatChannel } from '@zhanggui/wechatpay';
import { codeOrder, number, openSandbox, type Sandbox, signedHeaders } from '../testing/sandbox.ts';
import { until } from '../testing/until.ts';

let sandbox: Sandbox;
let date = '';
const codes: string[] = [];
before(async () => {
  sandbox = await openSandbox({ pace: 1_000 });
  date = new Date(sandbox.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await sellSomething();
});
after(() => sandbox.close());

const amounts = [10_00n, 84n, 123_45n];
/** Three payments of which one is partly refunded, and one that is reversed. */
const sellSomething = async (): Promise<void> => {
  const pay = sandbox.pay();
  for (const amount of [...amounts, 5_00n]) {
    const outTradeNo = number();
    codes.push(outTradeNo);
    await pay.payByCode(codeOrder(outTradeNo, sandbox.code(), cny(amount)));
  }
  const original = { outTradeNo: codes[2] ?? '' };
  await pay.refund({ outRefundNo: 'R-1', original, refund: cny(23_45n), total: cny(123_45n) });
  await until(async () => (await pay.queryRefund('R-1')).state === 'SUCCESS');
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(await pay.reverse(codes[3] ?? ''), { kind: 'reversed' });
};

const columns =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';

type Address = Readonly<{ hash_type: string; hash_value: string; download_url: string }>;
const fetched = async (query: string): Promise<Readonly<{ address: Address; bytes: Buffer; headers: Headers }>> => {
  const said = await sandbox.v3('GET', `/v3/bill/${query}`);
  assert.equal(said.status, 200, said.text);
  const address = said.json as Address;
  const { pathname, search } = new URL(address.download_url);
  const path = pathname + search;
  const headers = signedHeaders(sandbox.wallets.merchants.wechat.direct, {
    method: 'GET',
    path,
    body: '',
    at: sandbox.now(),
  });
  const file = await fetch(address.download_url, { headers });
  assert.equal(file.status, 200);
  return { address, bytes: Buffer.from(await file.arrayBuffer()), headers: file.headers };
};

test('a trade bill has WeChat’s columns in their order, back-ticks before every value, a mark at its beginning and a summary', async () => {
  const { bytes } = await fetched(`tradebill?bill_date=${date}&bill_type=ALL`);
  const text = bytes.toString();
  assert.ok(text.startsWith('\uFEFF'));
  const lines = text.slice(1).trimEnd().split('\r\n');
  assert.equal(lines[0], columns);
  const rows = lines.slice(1, -2);
  assert.equal(rows.length, 6);
  assert.ok(rows.every((line) => line.split(',').every((value) => value.startsWith('`'))));
  assert.equal(
    lines.at(-2),
    '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
  );
  assert.equal(lines.at(-1), '`6,`139.29,`28.45,`0.00,`0.67000,`139.29,`28.45');
});

test('the hash is that of the bill before it was packed, and the file carries no signature', async () => {
  for (const packing of ['', '&tar_type=GZIP']) {
    const { address, bytes, headers } = await fetched(`tradebill?bill_date=${date}${packing}`);
    const plain = packing === '' ? bytes : gunzipSync(bytes);
    assert.equal(address.hash_type, 'SHA1');
    assert.equal(createHash('sha1').update(plain).digest('hex'), address.hash_value);
    assert.equal(headers.get('Wechatpay-Signature'), null);
    assert.match(address.download_url, /\/v3\/billdownload\/file\?token=[\w-]+$/);
  }
});

test('a bill of successes has payments only, one of refunds what went back', async () => {
  const pay = sandbox.pay();
  const successes = await pay.tradeBill({ date, type: 'SUCCESS' });
  const refunds = await pay.tradeBill({ date, type: 'REFUND' });
  assert.deepEqual(
    successes.rows.map((row) => row.交易状态),
    ['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS'],
  );
  assert.deepEqual(
    refunds.rows.map((row) => row.交易状态),
    ['REFUND', 'REVOKED'],
  );
  assert.ok(refunds.rows[0]?.退款成功时间);
});

test('a file is given to whoever asked for it', async () => {
  const said = await sandbox.v3('GET', `/v3/bill/tradebill?bill_date=${date}`);
  const { pathname, search } = new URL(String(said.json.download_url));
  assert.equal((await sandbox.v3('GET', pathname + search, undefined, 'partner')).status, 403);
  assert.equal((await sandbox.v3('GET', '/v3/billdownload/file?token=none')).status, 404);
});

test('the fund flow goes on from the balance before it, and ends where the merchant is', async () => {
  const bill = await sandbox.pay().fundFlowBill({ date });
  const balances = bill.rows.map((row) => row['账户结余(元)']);
  assert.equal(balances[0], '10.00');
  assert.equal(balances.at(-1), '110.17');
  assert.equal(bill.summary.资金流水总笔数, String(bill.rows.length));
});

const channel = () => weChatChannel({ pay: sandbox.pay(), notifyUrl: 'http://127.0.0.1:9/n' });
const lines = async (): Promise<BillLine[]> => {
  const read: BillLine[] = [];
  for await (const line of channel().bill(date)) read.push(line);
  return read;
};
const words = (line: BillLine): string =>
  [line.kind, codes.indexOf(line.outTradeNo), line.outRefundNo, line.amount.minor, line.fee.minor].join(' ');
const right = [
  'payment 0  1000 6',
  'payment 1  84 1',
  'payment 2  12345 74',
  'payment 3  500 3',
  'refund 2 R-1 2345 -14',
  'refund 3  500 -3',
];

test('our channel reads the day line by line', async () => {
  assert.deepEqual((await lines()).map(words), right);
});

const planted = [
  ['bill-missing', right.slice(1)],
  ['bill-amount', right.with(1, 'payment 1  85 1')],
  ['bill-fee', right.with(2, 'payment 2  12345 75')],
  ['bill-extra', right.toSpliced(4, 0, 'payment -1  500 3')],
] as const;
for (const [fault, expected] of planted)
  test(`${fault} is on the bill as long as it is planted, and its hash is right`, async () => {
    sandbox.wallets.faults.set(fault, true);
    assert.deepEqual((await lines()).map(words), expected);
    sandbox.wallets.faults.set(fault, false);
    assert.deepEqual((await lines()).map(words), right);
  });

test('all four faults at once are four lines', async () => {
  for (const [fault] of planted) sandbox.wallets.faults.set(fault, true);
  assert.equal((await lines()).map(words).filter((line) => !right.includes(line)).length, 3);
  for (const [fault] of planted) sandbox.wallets.faults.set(fault, false);
});

test('a partner asks for the bill of its sub-merchant', async () => {
  const pay = sandbox.pay('partner');
  await pay.payByCode(codeOrder(number(), sandbox.code(), cny(1_00n)));
  const { rows } = await pay.tradeBill({ date });
  assert.deepEqual(
    rows.map((row) => row.特约商户号),
    ['1900000109'],
  );
});
