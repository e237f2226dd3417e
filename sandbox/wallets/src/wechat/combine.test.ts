import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as rest } from 'node:timers/promises';
import { availableAccount, frozenAccount } from '../engine/accounts.ts';
import { openTestRoom, type TestRoom } from '../testing/wechat-room.ts';
import { combineRoutes } from './combine-routes.ts';
import { orderRoutes } from './orders.ts';
import { refundRoutes } from './refunds.ts';

let town: TestRoom;
before(async () => {
  town = await openTestRoom();
  town.mount([...combineRoutes(town.room), ...orderRoutes(town.room), ...refundRoutes(town.room)]);
});
after(async () => {
  town.engine.prove();
  await town.close();
});

const base = '/v3/combine-transactions';
const mchid = '1900000001';
const partner = '1900000100';
const sub = '1900000109';
let count = 0;
const wish = (more: object = {}) => {
  count += 1;
  const number = String(count).padStart(6, '0');
  const part = { attach: '分店', description: '面包', amount: { total_amount: 1_000, currency: 'CNY' } };
  return {
    combine_appid: 'wx0000000000000001',
    combine_mchid: mchid,
    combine_out_trade_no: `C${number}`,
    notify_url: 'https://shop.example/notify',
    scene_info: { device_id: 'POS1', payer_client_ip: '10.0.0.2' },
    sub_orders: [
      { ...part, mchid, out_trade_no: `A${number}` },
      { ...part, mchid: partner, sub_mchid: sub, out_trade_no: `B${number}`, settle_info: { profit_sharing: true } },
    ],
    ...more,
  };
};
const closing = (body: ReturnType<typeof wish>) => ({
  combine_appid: body.combine_appid,
  sub_orders: body.sub_orders.map((part) => ({
    mchid: part.mchid,
    ...('sub_mchid' in part && { sub_mchid: part.sub_mchid }),
    out_trade_no: part.out_trade_no,
  })),
});
const scan = async (codeUrl: unknown): Promise<string> => {
  const order = town.engine.orderByLink(String(codeUrl));
  assert.ok(order);
  const outcome = await town.engine.confirm({ consumerId: 'c1', orderId: order.id, password: '123456' });
  await rest(1);
  return outcome.kind;
};
const held = (merchantNo: string): bigint => town.engine.balance(availableAccount({ wallet: 'wechat', merchantNo }));

test('one payment pays every part: each to its merchant, one notification for the whole', async () => {
  const body = wish();
  const { code_url: codeUrl } = await town.says('POST', `${base}/native`, body);
  assert.match(String(codeUrl), /^weixin:\/\/wxpay\/bizpayurl\/up\?pr=/);
  assert.deepEqual(await town.says('POST', `${base}/native`, body), { code_url: codeUrl });
  const path = `${base}/out-trade-no/${body.combine_out_trade_no}`;
  const open = (await town.says('GET', path)).sub_orders as Record<string, unknown>[];
  assert.deepEqual(
    open.map((part) => [part.trade_state, part.transaction_id]),
    [
      ['NOTPAY', undefined],
      ['NOTPAY', undefined],
    ],
  );
  const before = held(mchid);
  assert.equal(await scan(codeUrl), 'paid');
  const paid = await town.says('GET', path);
  const parts = paid.sub_orders as Record<string, unknown>[];
  assert.deepEqual(
    parts.map((part) => [part.mchid, part.sub_mchid, part.trade_state, part.attach]),
    [
      [mchid, undefined, 'SUCCESS', '分店'],
      [partner, sub, 'SUCCESS', '分店'],
    ],
  );
  assert.equal(held(mchid) - before, 994n);
  const second = town.engine.findOrder({
    wallet: 'wechat',
    merchantNo: sub,
    tradeNo: String(parts[1]?.transaction_id),
  });
  assert.equal(town.engine.balance(frozenAccount(second?.id ?? '')), 994n);
  assert.equal(town.engine.balance(availableAccount({ wallet: 'wechat', merchantNo: `combine/${mchid}` })), 0n);
  const told = town.delivered.filter(({ url }) => url === body.notify_url);
  assert.equal(new Set(told.map(({ id }) => id)).size, 1);
  const { event, resource } = JSON.parse(told[0]?.subject ?? '') as { event: string; resource: unknown };
  assert.equal(event, 'TRANSACTION.SUCCESS');
  assert.deepEqual(resource, paid);
});

test('a part is asked for and refunded like any order, and its money goes back to who paid the whole', async () => {
  const body = wish();
  const { code_url: codeUrl } = await town.says('POST', `${base}/native`, body);
  await scan(codeUrl);
  const [first] = body.sub_orders;
  const found = await town.says('GET', `/v3/pay/transactions/out-trade-no/${first?.out_trade_no}?mchid=${mchid}`);
  assert.deepEqual(
    [found.trade_state, found.trade_type, (found.amount as { total: number }).total],
    ['SUCCESS', 'NATIVE', 1_000],
  );
  const refund = {
    out_trade_no: first?.out_trade_no,
    out_refund_no: `R${first?.out_trade_no}`,
    amount: { refund: 400, total: 1_000, currency: 'CNY' },
  };
  assert.equal((await town.says('POST', '/v3/refund/domestic/refunds', refund)).status, 'PROCESSING');
  const states = (await town.says('GET', `${base}/out-trade-no/${body.combine_out_trade_no}`)).sub_orders;
  assert.deepEqual(
    (states as Record<string, unknown>[]).map((part) => part.trade_state),
    ['REFUND', 'SUCCESS'],
  );
});

test('JSAPI, APP and H5 promise what their pages want', async () => {
  const payer = { combine_payer_info: { openid: 'o-1' } };
  assert.match(String((await town.says('POST', `${base}/jsapi`, wish(payer))).prepay_id), /^wx20260601/);
  assert.match(String((await town.says('POST', `${base}/app`, wish())).prepay_id), /^wx/);
  const h5 = wish({ scene_info: { payer_client_ip: '10.0.0.2', h5_info: { type: 'Wap' } } });
  assert.match(String((await town.says('POST', `${base}/h5`, h5)).h5_url), /^https:\/\/wx\.tenpay\.com\//);
  const [status, code] = await town.refuses('POST', `${base}/jsapi`, wish());
  assert.deepEqual([status, code], [400, 'PARAM_ERROR']);
});

test('it is closed as a whole, named as it was made; closed, it cannot be paid', async () => {
  const body = wish();
  const { code_url: codeUrl } = await town.says('POST', `${base}/native`, body);
  const path = `${base}/out-trade-no/${body.combine_out_trade_no}`;
  const partly = { ...closing(body), sub_orders: closing(body).sub_orders.slice(1) };
  assert.equal((await town.refuses('POST', `${path}/close`, partly))[1], 'INVALID_REQUEST');
  assert.deepEqual(await town.call('POST', `${path}/close`, closing(body)), { kind: 'reply', status: 204 });
  assert.equal(await scan(codeUrl), 'refused');
  const states = ((await town.says('GET', path)).sub_orders as Record<string, unknown>[]).map(
    (part) => part.trade_state,
  );
  assert.deepEqual(states, ['CLOSED', 'CLOSED']);
  assert.equal((await town.refuses('POST', `${base}/native`, body))[1], 'ORDER_CLOSED');
  const paid = wish();
  await scan((await town.says('POST', `${base}/native`, paid)).code_url);
  const late = await town.refuses('POST', `${base}/out-trade-no/${paid.combine_out_trade_no}/close`, closing(paid));
  assert.equal(late[1], 'ORDER_PAID');
});

test('parts of an order nobody paid in time are closed with it', async () => {
  const body = wish();
  await town.says('POST', `${base}/native`, body);
  town.pass(8 * 86_400_000);
  const { sub_orders: parts } = await town.says('GET', `${base}/out-trade-no/${body.combine_out_trade_no}`);
  assert.deepEqual(
    (parts as Record<string, unknown>[]).map((part) => part.trade_state),
    ['CLOSED', 'CLOSED'],
  );
});

const [one] = wish().sub_orders;
const refusedWishes: readonly (readonly [string, object, number, string])[] = [
  ['of another merchant', { combine_mchid: partner }, 403, 'NO_AUTH'],
  ['of another app', { combine_appid: 'wx0000000000000100' }, 400, 'APPID_MCHID_NOT_MATCH'],
  ['without parts', { sub_orders: [] }, 400, 'PARAM_ERROR'],
  ['with fifty-one parts', { sub_orders: Array.from({ length: 51 }, () => one) }, 400, 'PARAM_ERROR'],
  ['with the same part twice', { sub_orders: [one, one] }, 403, 'OUT_TRADE_NO_USED'],
  ['for a merchant that is not there', { sub_orders: [{ ...one, mchid: '1999999999' }] }, 400, 'MCH_NOT_EXISTS'],
  ['for one that its partner does not serve', { sub_orders: [{ ...one, sub_mchid: partner }] }, 403, 'NO_AUTH'],
  ['over nothing', { sub_orders: [{ ...one, amount: { total_amount: 0 } }] }, 400, 'PARAM_ERROR'],
  ['that ends before it begins', { time_expire: '2026-01-01T00:00:00+08:00' }, 400, 'ORDER_CLOSED'],
];
for (const [name, more, status, code] of refusedWishes)
  test(`a combined order ${name} is refused with ${code}`, async () => {
    assert.deepEqual((await town.refuses('POST', `${base}/native`, wish(more))).slice(0, 2), [status, code]);
  });

test('a number that is used, by the whole or by a part, is refused', async () => {
  const body = wish();
  await town.says('POST', `${base}/native`, body);
  const otherPart = { ...wish(), combine_out_trade_no: body.combine_out_trade_no };
  assert.equal((await town.refuses('POST', `${base}/native`, otherPart))[1], 'INVALID_REQUEST');
  const samePart = { ...wish(), sub_orders: body.sub_orders };
  assert.equal((await town.refuses('POST', `${base}/native`, samePart))[1], 'OUT_TRADE_NO_USED');
  assert.equal((await town.refuses('GET', `${base}/out-trade-no/nobody-knows`))[1], 'ORDER_NOT_EXIST');
});
