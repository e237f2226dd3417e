import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cny } from '@zhanggui/money';
import { publicKeyId, startFakeWeChat, startMs } from './testing/fake-wechat.ts';
import { direct, jsonBody, openAt, openedField, partner, rejectsWith, says } from './testing/opened.ts';

const fake = await startFakeWeChat();
after(() => fake.close());
beforeEach(() => {
  fake.received = [];
  fake.faults = [];
  fake.handlers = {};
});

const base = '/v3/profitsharing';
const transactionId = '4200000000202606010000000001';
const order = {
  transactionId,
  outOrderNo: 'P1',
  shares: [
    { type: 'MERCHANT_ID', account: '1900000110', amount: cny(1_00n), description: '分给供应商' },
    { type: 'PERSONAL_OPENID', account: 'o-7', name: '张三', amount: cny(50n), description: '分给员工' },
  ],
  unfreezesRest: false,
} as const;
const wire = (more: object = {}) => ({
  transaction_id: transactionId,
  out_order_no: 'P1',
  order_id: '3008',
  state: 'PROCESSING',
  receivers: [
    {
      type: 'MERCHANT_ID',
      account: '1900000110',
      amount: 100,
      description: '分给供应商',
      result: 'SUCCESS',
      finish_time: '2026-06-01T12:00:00+08:00',
    },
    {
      type: 'PERSONAL_OPENID',
      account: 'o-7',
      amount: 50,
      description: '分给员工',
      result: 'CLOSED',
      fail_reason: 'NO_RELATION',
    },
    {
      type: 'MERCHANT_ID',
      account: '1',
      amount: 1,
      result: 'PENDING',
      fail_reason: '',
      finish_time: '1970-01-01T08:00:00+08:00',
    },
  ],
  ...more,
});

test('shares are asked for once by their number, persons’ names encrypted, and each has its own result', async () => {
  fake.handlers[`POST ${base}/orders`] = says(wire());
  fake.faults = ['lost'];
  const result = await openAt(fake).profitSharing.share(order);
  assert.equal(fake.received.length, 2);
  assert.deepEqual(
    [result.state, result.shares[0]?.amount, result.shares[0]?.doneAtMs],
    ['PROCESSING', cny(1_00n), startMs],
  );
  assert.deepEqual([result.shares[1]?.result, result.shares[1]?.failReason], ['CLOSED', 'NO_RELATION']);
  assert.deepEqual([result.shares[2]?.failReason, result.shares[2]?.doneAtMs], [undefined, undefined]);
  const { receivers, ...body } = jsonBody(fake);
  assert.deepEqual(body, {
    appid: direct.appid,
    transaction_id: transactionId,
    out_order_no: 'P1',
    unfreeze_unsplit: false,
  });
  const [merchant, person] = receivers as Record<string, unknown>[];
  assert.deepEqual(merchant, { type: 'MERCHANT_ID', account: '1900000110', amount: 100, description: '分给供应商' });
  assert.equal(openedField(person?.name), '张三');
  assert.equal(fake.received[0]?.headers['wechatpay-serial'], publicKeyId);
});

test('a partner names the sub-merchant it shares for, and an answer about another is an alarm', async () => {
  const { profitSharing } = openAt(fake, { account: partner });
  fake.handlers[`GET ${base}/orders/P1`] = says(wire({ sub_mchid: partner.subMchid, state: 'FINISHED' }));
  assert.equal((await profitSharing.query(order)).state, 'FINISHED');
  assert.match(fake.received[0]?.path ?? '', /\?sub_mchid=1900000109&transaction_id=4200000000202606010000000001$/);
  fake.handlers[`GET ${base}/orders/P1`] = says(wire({ sub_mchid: '1900000110' }));
  await rejectsWith(profitSharing.query(order), 'other-merchant');
  fake.handlers[`GET ${base}/merchant-configs/1900000109`] = says({ sub_mchid: partner.subMchid, max_ratio: 3000 });
  assert.equal(await profitSharing.ratioMax(), 3000);
  await rejectsWith(openAt(fake).profitSharing.ratioMax(), 'request-malformed');
});

test('an answer about another share or payment, or in no known state, is refused', async () => {
  const { profitSharing } = openAt(fake);
  for (const [code, more] of [
    ['other-order', { out_order_no: 'P2' }],
    ['other-order', { transaction_id: '42' }],
    ['answer-malformed', { state: 'DONE' }],
  ] as const) {
    fake.handlers[`GET ${base}/orders/P1`] = says(wire(more));
    await rejectsWith(profitSharing.query(order), code);
  }
});

test('what is left is told and set free', async () => {
  const { profitSharing } = openAt(fake);
  fake.handlers[`GET ${base}/transactions/${transactionId}/amounts`] = says({
    transaction_id: transactionId,
    unsplit_amount: 1000,
  });
  assert.deepEqual(await profitSharing.left(transactionId), cny(10_00n));
  fake.handlers[`POST ${base}/orders/unfreeze`] = says(wire({ out_order_no: 'U1', receivers: undefined }));
  const freed = await profitSharing.unfreeze({ transactionId, outOrderNo: 'U1', description: '解冻' });
  assert.deepEqual(freed.shares, []);
  assert.deepEqual(jsonBody(fake), { transaction_id: transactionId, out_order_no: 'U1', description: '解冻' });
});

const returned = (more: object = {}) => ({
  order_id: '3008',
  out_order_no: 'P1',
  out_return_no: 'R1',
  return_id: '3009',
  return_mchid: '1900000110',
  amount: 100,
  result: 'FAILED',
  fail_reason: 'BALANCE_NOT_ENOUGH',
  finish_time: '2026-06-01T12:00:00+08:00',
  ...more,
});
const order2 = {
  outOrderNo: 'P1',
  outReturnNo: 'R1',
  returnMchid: '1900000110',
  amount: cny(1_00n),
  description: '退款',
};

test('a receiver gives back, over the amount and by the merchant that were asked', async () => {
  const { profitSharing } = openAt(fake);
  fake.handlers[`POST ${base}/return-orders`] = says(returned({ result: 'SUCCESS', fail_reason: '' }));
  const done = await profitSharing.giveBack(order2);
  assert.deepEqual(
    [done.result, done.amount, done.failReason, done.doneAtMs],
    ['SUCCESS', cny(1_00n), undefined, startMs],
  );
  fake.handlers[`GET ${base}/return-orders/R1`] = says(returned());
  assert.equal((await profitSharing.queryGiveBack(order2)).failReason, 'BALANCE_NOT_ENOUGH');
  assert.match(fake.received.at(-1)?.path ?? '', /\?out_order_no=P1$/);
  for (const [code, more] of [
    ['other-amount', { amount: 1 }],
    ['other-merchant', { return_mchid: '1900000111' }],
    ['other-order', { out_return_no: 'R2' }],
  ] as const) {
    fake.handlers[`POST ${base}/return-orders`] = says(returned(more));
    await rejectsWith(profitSharing.giveBack(order2), code);
  }
});

test('a receiver is added with its name encrypted and deleted by its account', async () => {
  const { profitSharing } = openAt(fake, { account: partner });
  const receiver = {
    type: 'MERCHANT_ID',
    account: '1900000110',
    name: '示例商户有限公司',
    relation: 'SUPPLIER',
  } as const;
  fake.handlers[`POST ${base}/receivers/add`] = says({ ...receiver, relation_type: 'SUPPLIER' });
  await profitSharing.addReceiver(receiver);
  const { name, ...body } = jsonBody(fake);
  assert.equal(openedField(name), receiver.name);
  assert.deepEqual(body, {
    appid: partner.spAppid,
    sub_mchid: partner.subMchid,
    sub_appid: partner.subAppid,
    type: 'MERCHANT_ID',
    account: '1900000110',
    relation_type: 'SUPPLIER',
  });
  fake.handlers[`POST ${base}/receivers/delete`] = says({ type: 'MERCHANT_ID', account: '1900000111' });
  await rejectsWith(profitSharing.deleteReceiver(receiver), 'other-order');
});

test('what WeChat would refuse does not leave', async () => {
  const { profitSharing } = openAt(fake);
  await rejectsWith(profitSharing.share({ ...order, shares: [] }), 'request-malformed');
  await rejectsWith(
    profitSharing.share({ ...order, shares: Array.from({ length: 51 }, () => order.shares[0]) }),
    'request-malformed',
  );
  await rejectsWith(profitSharing.share({ ...order, outOrderNo: 'a b' }), 'request-malformed');
  const receiver = { type: 'MERCHANT_ID', account: '1900000110', relation: 'CUSTOM' } as const;
  await rejectsWith(profitSharing.addReceiver({ ...receiver, name: 'x' }), 'request-malformed', 'customRelation');
  await rejectsWith(profitSharing.addReceiver({ ...receiver, customRelation: '代理' }), 'request-malformed', 'name');
  assert.equal(fake.received.length, 0);
});

test('the bill of shares is read like the other bills', async () => {
  const text = '\uFEFF分账单号,金额\r\n`P1,`1.00\r\n总笔数,总金额\r\n`1,`1.00\r\n';
  const hash = createHash('sha1').update(text).digest('hex');
  const address = {
    hash_type: 'SHA1',
    hash_value: hash,
    download_url: 'https://x.example/v3/billdownload/file?token=1',
  };
  fake.handlers[`GET ${base}/bills`] = says(address);
  fake.handlers['GET /v3/billdownload/file'] = says(gzipSync(text));
  const { profitSharing } = openAt(fake);
  assert.equal((await profitSharing.bill('2026-05-31')).rows[0]?.分账单号, 'P1');
  for await (const row of profitSharing.billRows('2026-05-31')) assert.equal(row.金额, '1.00');
  assert.match(fake.received[0]?.path ?? '', /bills\?bill_date=2026-05-31&tar_type=GZIP$/);
});
