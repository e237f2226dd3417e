import assert from 'node:assert/strict';
import { publicEncrypt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { availableAccount } from '../engine/accounts.ts';
import type { Order } from '../engine/words.ts';
import { openTestRoom, type TestRoom } from '../testing/wechat-room.ts';
import { profitSharingRoutes } from './profit-sharing-routes.ts';

const minute = 60_000;
const day = 86_400_000;
let town: TestRoom;
before(async () => {
  town = await openTestRoom();
  town.mount(profitSharingRoutes(town.room));
});
after(async () => {
  town.engine.prove();
  await town.close();
});

const appid = 'wx0000000000000001';
const merchantNo = '1900000001';
const other = '1900000109';
const orders = '/v3/profitsharing/orders';
let count = 0;
const number = (): string => {
  count += 1;
  return `P${String(count).padStart(7, '0')}`;
};

/** 100 yuan, frozen, a minute old. */
const paid = async (freezes = true): Promise<Order> => {
  const order = await town.paid({ merchantNo, outTradeNo: number(), amountMinor: 10_000n, freezes });
  town.pass(minute);
  return order;
};
const relation = { appid, type: 'MERCHANT_ID', account: other, relation_type: 'PARTNER' };
const share = (account: string, amount: number, type = 'MERCHANT_ID') => ({
  type,
  account,
  amount,
  description: '分给合作方',
});
const wish = (order: Order, receivers: unknown, more: object = {}) => ({
  appid,
  transaction_id: order.tradeNo,
  out_order_no: number(),
  receivers,
  unfreeze_unsplit: false,
  ...more,
});
const held = (mchid: string): bigint => town.engine.balance(availableAccount({ wallet: 'wechat', merchantNo: mchid }));
const unsplit = async (order: Order): Promise<unknown> =>
  (await town.says('GET', `/v3/profitsharing/transactions/${order.tradeNo}/amounts`)).unsplit_amount;

test('a share is under way, then finished; the rest is unfrozen when asked for', async () => {
  await town.says('POST', '/v3/profitsharing/receivers/add', relation);
  const order = await paid();
  assert.equal(await unsplit(order), 9_940);
  const [mine, theirs] = [held(merchantNo), held(other)];
  const body = wish(order, [share(other, 1_000)]);
  const first = await town.says('POST', orders, body);
  const [receiver] = first.receivers as Record<string, unknown>[];
  assert.deepEqual([first.state, receiver?.result, receiver?.finish_time], ['PROCESSING', 'PENDING', undefined]);
  assert.match(String(first.order_id), /^\d{32}$/);
  town.pass(3_000);
  const query = `${orders}/${body.out_order_no}?transaction_id=${order.tradeNo}`;
  const done = await town.says('GET', query);
  const [settled] = done.receivers as Record<string, unknown>[];
  assert.deepEqual([done.state, settled?.result, settled?.amount], ['FINISHED', 'SUCCESS', 1_000]);
  assert.ok(settled?.finish_time !== undefined && settled.detail_id !== undefined);
  assert.equal(held(other) - theirs, 1_000n);
  assert.equal(await unsplit(order), 8_940);
  const unfreeze = { transaction_id: order.tradeNo, out_order_no: number(), description: '解冻全部剩余资金' };
  const rest = await town.says('POST', `${orders}/unfreeze`, unfreeze);
  assert.equal(rest.state, 'PROCESSING');
  assert.equal(await unsplit(order), 0);
  assert.equal(held(merchantNo) - mine, 8_940n);
  assert.deepEqual(await town.says('POST', `${orders}/unfreeze`, unfreeze), rest);
  assert.equal((await town.refuses('POST', orders, wish(order, [share(other, 1)])))[1], 'NOT_ENOUGH');
});

test('unfreeze_unsplit shares and releases in one call', async () => {
  const order = await paid();
  await town.says('POST', orders, wish(order, [share(other, 10)], { unfreeze_unsplit: true }));
  assert.equal(await unsplit(order), 0);
});

test('the same number again is the same order; with other terms it is refused', async () => {
  const order = await paid();
  const body = wish(order, [share(other, 100)]);
  const first = await town.says('POST', orders, body);
  assert.deepEqual(await town.says('POST', orders, body), first);
  const otherTerms = { ...body, receivers: [share(other, 101)] };
  assert.deepEqual((await town.refuses('POST', orders, otherTerms)).slice(0, 2), [400, 'INVALID_REQUEST']);
  assert.equal(await unsplit(order), 9_840);
});

test('at most 30 % are shared, of what was not refunded', async () => {
  const order = await paid();
  const ratioText = '分账金额超出最大分账比例，最大可分账金额需等比例扣除退款与补差回退等逆向交易金额';
  assert.deepEqual(await town.refuses('POST', orders, wish(order, [share(other, 3_001)])), [
    400,
    'INVALID_REQUEST',
    ratioText,
  ]);
  await town.says('POST', orders, wish(order, [share(other, 1_000)]));
  await town.engine.refund({
    order: { wallet: 'wechat', merchantNo, tradeNo: order.tradeNo },
    outRefundNo: number(),
    amountMinor: 5_000n,
    terms: '',
    memo: '{}',
  });
  assert.equal((await town.refuses('POST', orders, wish(order, [share(other, 501)])))[2], ratioText);
  await town.says('POST', orders, wish(order, [share(other, 500)]));
});

const failing = [
  ['abnormal-1', 'ACCOUNT_ABNORMAL'],
  ['risky-1', 'RECEIVER_HIGH_RISK'],
  ['unverified-1', 'RECEIVER_REAL_NAME_NOT_VERIFIED'],
] as const;
for (const [account, reason] of failing)
  test(`a receiver ${account} gets nothing: ${reason}, and the money stays frozen`, async () => {
    const order = await paid();
    await town.says('POST', '/v3/profitsharing/receivers/add', { ...relation, type: 'PERSONAL_OPENID', account });
    const body = wish(order, [share(account, 100, 'PERSONAL_OPENID'), share(other, 100)]);
    await town.says('POST', orders, body);
    town.pass(3_000);
    const done = await town.says('GET', `${orders}/${body.out_order_no}?transaction_id=${order.tradeNo}`);
    const results = (done.receivers as Record<string, unknown>[]).map(({ result, fail_reason }) => [
      result,
      fail_reason,
    ]);
    assert.deepEqual(results, [
      ['CLOSED', reason],
      ['SUCCESS', undefined],
    ]);
    assert.equal(await unsplit(order), 9_840);
  });

test('a receiver that was deleted has no relation any more', async () => {
  const order = await paid();
  const person = { ...relation, type: 'PERSONAL_OPENID', account: 'o-staff', relation_type: 'STAFF' };
  await town.says('POST', '/v3/profitsharing/receivers/add', person);
  const first = await town.says('POST', orders, wish(order, [share('o-staff', 10, 'PERSONAL_OPENID')]));
  await town.says('POST', '/v3/profitsharing/receivers/delete', { appid, type: 'PERSONAL_OPENID', account: 'o-staff' });
  const second = await town.says('POST', orders, wish(order, [share('o-staff', 10, 'PERSONAL_OPENID')]));
  town.pass(3_000);
  const reasonOf = async (answer: Record<string, unknown>): Promise<unknown> => {
    const found = await town.says('GET', `${orders}/${String(answer.out_order_no)}?transaction_id=${order.tradeNo}`);
    return (found.receivers as Record<string, unknown>[])[0]?.fail_reason;
  };
  assert.deepEqual([await reasonOf(first), await reasonOf(second)], [undefined, 'NO_RELATION']);
});

test('a person receives 200 000 yuan a month and no fen more', async () => {
  const person = { ...relation, type: 'PERSONAL_OPENID', account: 'o-rich', relation_type: 'USER' };
  await town.says('POST', '/v3/profitsharing/receivers/add', person);
  const big = await town.paid({ merchantNo, outTradeNo: number(), amountMinor: 70_000_000n, freezes: true });
  town.pass(minute);
  const reasons: unknown[] = [];
  for (const amount of [20_000_000, 1]) {
    const body = wish(big, [share('o-rich', amount, 'PERSONAL_OPENID')]);
    await town.says('POST', orders, body);
    town.pass(3_000);
    const found = await town.says('GET', `${orders}/${body.out_order_no}?transaction_id=${big.tradeNo}`);
    reasons.push((found.receivers as Record<string, unknown>[])[0]?.fail_reason);
  }
  assert.deepEqual(reasons, [undefined, 'RECEIVER_RECEIPT_LIMIT']);
});

const refusedBodies: readonly (readonly [string, (order: Order) => unknown, string, string])[] = [
  [
    'without receivers',
    (order) => wish(order, []),
    'PARAM_ERROR',
    '输入源“/body/receivers”映射到值字段“分账接收方列表”数组规则校验失败，元素数 0，小于最小值 1',
  ],
  [
    'with an empty account',
    (order) => wish(order, [share('', 1)]),
    'PARAM_ERROR',
    '输入源“/body/receivers/0/account”映射到值字段“分账接收方账号”字符串规则校验失败，字符数 0，小于最小值 1',
  ],
  [
    'with the same receiver twice',
    (order) => wish(order, [share(other, 1), share(other, 2)]),
    'PARAM_ERROR',
    '输入源“/body/receivers”映射到值字段“分账接收方列表”规则校验失败，同一接收方只能出现一次',
  ],
  [
    'with fifty-one receivers',
    (order) =>
      wish(
        order,
        Array.from({ length: 51 }, (_, index) => share(`m${index}`, 1)),
      ),
    'PARAM_ERROR',
    '输入源“/body/receivers”映射到值字段“分账接收方列表”数组规则校验失败，元素数 51，大于最大值 50',
  ],
  [
    'without a number',
    (order) => wish(order, [share(other, 1)], { out_order_no: undefined }),
    'PARAM_ERROR',
    '输入源“/body/out_order_no”映射到值字段“商户分账单号”必填，未设值',
  ],
  [
    'of another app',
    (order) => wish(order, [share(other, 1)], { appid: 'wx-other' }),
    'PARAM_ERROR',
    '商户号与appid不匹配',
  ],
  [
    'of a merchant one does not serve',
    (order) => wish(order, [share(other, 1)], { sub_mchid: other }),
    'NO_AUTH',
    '商户无权限',
  ],
  [
    'of an unknown order',
    (order) => wish(order, [share(other, 1)], { transaction_id: '420000' }),
    'RESOURCE_NOT_EXISTS',
    '订单不存在',
  ],
  ['over more than there is', (order) => wish(order, [share(other, 9_941)]), 'NOT_ENOUGH', '分账金额不足'],
];
for (const [name, body, code, message] of refusedBodies)
  test(`sharing ${name} is refused with ${code}`, async () => {
    assert.deepEqual((await town.refuses('POST', orders, body(await paid()))).slice(1), [code, message]);
  });

test('an order that is not for sharing, not paid, too young or too old is not shared', async () => {
  const plain = await paid(false);
  assert.equal((await town.refuses('POST', orders, wish(plain, [share(other, 1)])))[2], '非分账订单不支持分账');
  const young = await town.paid({ merchantNo, outTradeNo: number(), amountMinor: 10_000n, freezes: true });
  const early = '订单处理中，暂时无法分账，请稍后再试';
  assert.equal((await town.refuses('POST', orders, wish(young, [share(other, 1)])))[2], early);
  town.pass(30 * day);
  assert.equal(await unsplit(young), 9_940);
  town.pass(1);
  const before = held(merchantNo);
  assert.equal((await town.refuses('POST', orders, wish(young, [share(other, 1)])))[2], '订单已超过可分账期限');
  assert.equal(held(merchantNo) - before, 9_940n);
  assert.equal(await unsplit(young), 0);
});

test('an order is shared fifty times at most', async () => {
  const order = await paid();
  for (let index = 0; index < 50; index += 1) await town.says('POST', orders, wish(order, [share(other, 1)]));
  assert.deepEqual((await town.refuses('POST', orders, wish(order, [share(other, 1)]))).slice(0, 2), [
    403,
    'RULE_LIMIT',
  ]);
});

test('a merchant gives back what it got and no more; without money the return fails', async () => {
  const returns = '/v3/profitsharing/return-orders';
  const order = await paid();
  const body = wish(order, [share(other, 1_000)]);
  const shared = await town.says('POST', orders, body);
  const back = { order_id: shared.order_id, return_mchid: other, amount: 600, description: '退货' };
  const before = held(merchantNo);
  const one = { ...back, out_return_no: number() };
  const first = await town.says('POST', returns, one);
  assert.equal(first.result, 'PROCESSING');
  town.pass(3_000);
  const found = await town.says('GET', `${returns}/${one.out_return_no}?out_order_no=${body.out_order_no}`);
  assert.deepEqual([found.result, found.amount, found.return_mchid], ['SUCCESS', 600, other]);
  assert.equal(held(merchantNo) - before, 600n);
  const tooMuch = { ...back, out_return_no: number(), amount: 401 };
  assert.equal((await town.refuses('POST', returns, tooMuch))[2], '回退金额超过可回退金额');
  town.engine.move([
    {
      id: number(),
      from: availableAccount({ wallet: 'wechat', merchantNo: other }),
      to: 'outside',
      amountMinor: held(other),
      why: 'payout',
      orderId: null,
    },
  ]);
  const poor = { ...back, out_order_no: body.out_order_no, order_id: undefined, out_return_no: number(), amount: 400 };
  await town.says('POST', returns, poor);
  town.pass(3_000);
  const failed = await town.says('GET', `${returns}/${poor.out_return_no}?out_order_no=${body.out_order_no}`);
  assert.deepEqual([failed.result, failed.fail_reason], ['FAILED', 'BALANCE_NOT_ENOUGH']);
  assert.equal((await town.refuses('GET', `${returns}/nobody?out_order_no=x`))[1], 'RESOURCE_NOT_EXISTS');
});

test('a partner shares for the merchant it serves, and reads its ratio', async () => {
  const mchid = '1900000100';
  const order = await town.paid({ merchantNo: other, outTradeNo: number(), amountMinor: 10_000n, freezes: true });
  town.pass(minute);
  const as = { mchid };
  const partner = { appid: 'wx0000000000000100', sub_mchid: other, sub_appid: 'wx0000000000000109' };
  await town.says('POST', '/v3/profitsharing/receivers/add', { ...relation, ...partner, account: mchid }, as);
  const body = { ...wish(order, [share(mchid, 100)]), ...partner };
  const answer = await town.says('POST', orders, body, as);
  assert.deepEqual([answer.sub_mchid, answer.state], [other, 'PROCESSING']);
  const query = `${orders}/${body.out_order_no}?transaction_id=${order.tradeNo}&sub_mchid=${other}`;
  assert.equal((await town.says('GET', query, undefined, as)).sub_mchid, other);
  const amounts = `/v3/profitsharing/transactions/${order.tradeNo}/amounts`;
  assert.equal((await town.says('GET', amounts, undefined, as)).unsplit_amount, 9_840);
  const config = await town.says('GET', `/v3/profitsharing/merchant-configs/${other}`, undefined, as);
  assert.deepEqual(config, { sub_mchid: other, max_ratio: 3_000 });
  assert.equal((await town.refuses('GET', `/v3/profitsharing/merchant-configs/${other}`))[1], 'NO_AUTH');
});

test('a receiver’s name is opened; encrypted for nobody, or without a serial, it is refused', async () => {
  const [[id, pem] = ['', '']] = Object.entries(town.gate.merchants.direct.platform.publicKeys);
  const name = publicEncrypt({ key: pem, oaepHash: 'sha1' }, Buffer.from('李四')).toString('base64');
  const person = { ...relation, type: 'PERSONAL_OPENID', account: 'o-named', relation_type: 'STAFF', name };
  const add = '/v3/profitsharing/receivers/add';
  assert.equal((await town.refuses('POST', add, person))[2], 'HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)');
  const wrong = { headers: { 'wechatpay-serial': 'A'.repeat(40) } };
  assert.equal((await town.refuses('POST', add, person, wrong))[2], '平台证书序列号Wechatpay-Serial错误');
  const right = { headers: { 'wechatpay-serial': id } };
  assert.equal((await town.says('POST', add, person, right)).account, 'o-named');
  const unknown = { ...relation, account: '1999999999' };
  assert.equal((await town.refuses('POST', add, unknown))[1], 'PARAM_ERROR');
  const custom = { ...relation, relation_type: 'CUSTOM' };
  assert.match((await town.refuses('POST', add, custom))[2], /custom_relation”.*必填/);
});
