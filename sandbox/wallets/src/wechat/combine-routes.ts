import assert from 'node:assert/strict';
import type { MerchantName, Order } from '../engine/words.ts';
import {
  type CombineMemo,
  type CombinePart,
  type CombineWish,
  combineCloseShape,
  combineKinds,
  combineTitles,
} from './combine-words.ts';
import { readFields } from './fields.ts';
import { beijingTime } from './gate-platform.ts';
import { tell } from './notify.ts';
import { linkOf, prepayIdOf, stopOf } from './orders.ts';
import { refused } from './refusals.ts';
import type { Call, Reply, Room, Route } from './room.ts';
import { bankTypeOf, memoOf, type OrderMemo, openidOf, type TradeType, tradeStateOf } from './transaction.ts';

const weekMs = 7 * 24 * 3_600_000;
const base = '/v3/combine-transactions';

/** The whole is an order of its own, of nobody who sells: its money goes on to the parts at once. */
const wholeOf = (mchid: string): MerchantName => ({ wallet: 'wechat', merchantNo: `combine/${mchid}` });
const sellerOf = ({ mchid, sub_mchid: subMchid }: Pick<CombinePart, 'mchid' | 'sub_mchid'>): MerchantName => ({
  wallet: 'wechat',
  merchantNo: subMchid ?? mchid,
});
const combineMemoOf = (order: Order): CombineMemo => JSON.parse(order.memo) as CombineMemo;

type Refused = Extract<Reply, { kind: 'refused' }>;

const sellerRefusal = ({ engine, gate }: Room, part: CombinePart): Refused | undefined => {
  if (!engine.merchant(sellerOf(part)) || gate.v2Key(part.mchid) === undefined)
    return refused('merchantUnknown', { message: '商品单商户号不存在' });
  const isServed = part.sub_mchid === undefined || gate.serves(part.mchid, part.sub_mchid);
  return isServed ? undefined : refused('notServed');
};

/** Everything that can be wrong with it before anything of it is written. */
const wishRefusal = (room: Room, { caller }: Call, wish: CombineWish): Refused | undefined => {
  if (wish.combine_mchid !== caller.mchid) return refused('notAllowed', { message: '商户号与签名的商户不一致' });
  if (!room.gate.isAppOf(wish.combine_mchid, wish.combine_appid)) return refused('appOfOther');
  for (const part of wish.sub_orders) {
    const wrong = sellerRefusal(room, part);
    if (wrong) return wrong;
  }
  const names = wish.sub_orders.map((part) => `${sellerOf(part).merchantNo}/${part.out_trade_no}`);
  if (new Set(names).size < names.length) return refused('numberUsed');
  return stopOf(room, totalOf(wish));
};

const totalOf = ({ sub_orders: parts }: CombineWish): number =>
  parts.reduce((sum, { amount }) => sum + amount.total_amount, 0);

const termsOf = (wish: CombineWish, tradeType: TradeType): string =>
  JSON.stringify([
    tradeType,
    wish.notify_url,
    wish.combine_payer_info?.openid,
    wish.sub_orders.map((part) => [
      sellerOf(part).merchantNo,
      part.out_trade_no,
      part.amount.total_amount,
      part.description,
      part.attach,
    ]),
  ]);

const partMemo = (wish: CombineWish, part: CombinePart, tradeType: TradeType): OrderMemo => ({
  signer: part.mchid,
  ids:
    part.sub_mchid === undefined
      ? { appid: wish.combine_appid, mchid: part.mchid }
      : { sp_appid: wish.combine_appid, sp_mchid: part.mchid, sub_mchid: part.sub_mchid },
  tradeType,
  attach: part.attach,
  openid: wish.combine_payer_info?.openid,
});

const createPart = (room: Room, wish: CombineWish, part: CombinePart, kind: TradeType): Order => {
  const outcome = room.engine.createOrder({
    ...sellerOf(part),
    outTradeNo: part.out_trade_no,
    amountMinor: BigInt(part.amount.total_amount),
    description: part.description,
    terms: `combine/${wish.combine_out_trade_no}`,
    memo: JSON.stringify(partMemo(wish, part, kind)),
    freezes: part.settle_info?.profit_sharing === true,
    expiresAt: room.engine.now() + 2 * weekMs,
    way: 'page',
  });
  assert.ok(outcome.kind === 'created', 'its number was free');
  return outcome.order;
};

const promise = (order: Order): Reply => {
  const { tradeType, prepayId } = combineMemoOf(order);
  if (tradeType === 'NATIVE') return { kind: 'reply', status: 200, json: { code_url: order.link } };
  const json = tradeType === 'MWEB' ? { h5_url: order.link } : { prepay_id: prepayId };
  return { kind: 'reply', status: 200, json };
};

const knownWhole = (order: Order, terms: string): Reply => {
  if (order.terms !== terms) return refused('otherTerms');
  if (order.state === 'paid') return refused('orderPaid');
  return order.state === 'closed' ? refused('orderClosed') : promise(order);
};

const createWhole = (room: Room, wish: CombineWish, tradeType: TradeType, parts: readonly Order[]): Order => {
  const prepayId = prepayIdOf(room);
  const merchant = wholeOf(wish.combine_mchid);
  const memo: CombineMemo = {
    combine: true,
    mchid: wish.combine_mchid,
    appid: wish.combine_appid,
    tradeType,
    notifyUrl: wish.notify_url,
    openid: wish.combine_payer_info?.openid,
    deviceId: wish.scene_info?.device_id,
    prepayId,
    parts: parts.map((order, index) => ({
      orderId: order.id,
      mchid: wish.sub_orders[index]?.mchid ?? '',
      subMchid: wish.sub_orders[index]?.sub_mchid,
      outTradeNo: order.outTradeNo,
    })),
  };
  const title = room.engine.merchant({ ...merchant, merchantNo: wish.combine_mchid })?.title ?? wish.combine_mchid;
  room.engine.addMerchant({ ...merchant, title, feeBasisPoints: 0 });
  return room.engine.createOrder({
    ...merchant,
    outTradeNo: wish.combine_out_trade_no,
    amountMinor: BigInt(totalOf(wish)),
    description: wish.sub_orders
      .map(({ description }) => description)
      .join('、')
      .slice(0, 127),
    terms: termsOf(wish, tradeType),
    memo: JSON.stringify(memo),
    expiresAt: wish.time_expire ?? room.engine.now() + weekMs,
    way: tradeType === 'NATIVE' ? 'shown' : 'page',
    link: linkOf(room, tradeType, prepayId),
  }).order;
};

const create = (room: Room, call: Call, kind: (typeof combineKinds)[number]): Reply => {
  const read = readFields(kind.shape, 'body', call.body, combineTitles);
  if (read.kind === 'refused') return read;
  const wish = read.value;
  const wrong = wishRefusal(room, call, wish);
  if (wrong) return wrong;
  const { engine } = room;
  const known = engine.findOrder({ ...wholeOf(wish.combine_mchid), outTradeNo: wish.combine_out_trade_no });
  if (known) return knownWhole(known, termsOf(wish, kind.tradeType));
  const isUsed = wish.sub_orders.some((part) => engine.findOrder({ ...sellerOf(part), outTradeNo: part.out_trade_no }));
  if (isUsed) return refused('numberUsed');
  if (wish.time_expire !== undefined && wish.time_expire <= engine.now()) return refused('orderClosed');
  return engine.shelf.atomically(() => {
    const parts = wish.sub_orders.map((part) => createPart(room, wish, part, kind.tradeType));
    return promise(createWhole(room, wish, kind.tradeType, parts));
  });
};

const partWire = (room: Room, whole: Order, part: CombineMemo['parts'][number], told?: 'SUCCESS') => {
  const order = room.engine.orderById(part.orderId);
  if (!order) return {};
  const { tradeType, attach } = memoOf(order);
  const total = Number(order.amountMinor);
  const isPaid = order.paidAt !== null;
  return {
    mchid: part.mchid,
    ...(part.subMchid !== undefined && { sub_mchid: part.subMchid }),
    out_trade_no: order.outTradeNo,
    trade_type: tradeType,
    trade_state: told ?? (isPaid || whole.state === 'not-paid' ? tradeStateOf(order) : tradeStateOf(whole)),
    attach: attach ?? '',
    amount: { total_amount: total, currency: 'CNY', ...(isPaid && { payer_amount: total, payer_currency: 'CNY' }) },
    ...(isPaid && {
      transaction_id: order.tradeNo,
      bank_type: bankTypeOf(order),
      success_time: beijingTime(order.paidAt),
    }),
  };
};

const wholeWire = (room: Room, whole: Order, told?: 'SUCCESS'): unknown => {
  const memo = combineMemoOf(whole);
  const openid = memo.openid ?? (whole.consumerId === null ? undefined : openidOf(memo.appid, whole.consumerId));
  return {
    combine_appid: memo.appid,
    combine_mchid: memo.mchid,
    combine_out_trade_no: whole.outTradeNo,
    ...(memo.deviceId !== undefined && { scene_info: { device_id: memo.deviceId } }),
    ...(openid !== undefined && { combine_payer_info: { openid } }),
    sub_orders: memo.parts.map((part) => partWire(room, whole, part, told)),
  };
};

/** Once: what was paid for the whole is paid to the parts, and told. */
const passOn = (room: Room, whole: Order): void => {
  if (whole.state !== 'paid') return;
  const { mchid, notifyUrl, parts } = combineMemoOf(whole);
  room.engine.payParts(
    whole,
    parts.map(({ orderId }) => orderId),
  );
  const resource = wholeWire(room, whole, 'SUCCESS');
  const told = { mchid, event: 'TRANSACTION.SUCCESS', summary: '支付成功', type: 'transaction', resource };
  tell(room, `${whole.id}/paid`, notifyUrl, told);
};

const find = (room: Room, { caller, params }: Call): Order | undefined => {
  const whole = room.engine.findOrder({ ...wholeOf(caller.mchid), outTradeNo: params.combineOutTradeNo ?? '' });
  if (whole) passOn(room, whole);
  return whole;
};

const query = (room: Room, call: Call): Reply => {
  const whole = find(room, call);
  return whole ? { kind: 'reply', status: 200, json: wholeWire(room, whole) } : refused('orderUnknown');
};

/** All of it, named part by part as when it was made. */
const close = async (room: Room, call: Call): Promise<Reply> => {
  const read = readFields(combineCloseShape, 'body', call.body, combineTitles);
  if (read.kind === 'refused') return read;
  const whole = find(room, call);
  if (!whole) return refused('orderUnknown');
  const { appid, parts } = combineMemoOf(whole);
  const own = parts.map(({ mchid, subMchid, outTradeNo }) => [mchid, subMchid, outTradeNo].join('/')).sort();
  const named = read.value.sub_orders.map((part) => [part.mchid, part.sub_mchid, part.out_trade_no].join('/')).sort();
  if (appid !== read.value.combine_appid || JSON.stringify(own) !== JSON.stringify(named))
    return refused('otherTerms', { message: '商品单信息与下单时不一致' });
  const outcome = await room.engine.close({ ...wholeOf(call.caller.mchid), outTradeNo: whole.outTradeNo });
  if (outcome.kind === 'refused') return refused(outcome.reason === 'paid' ? 'closePaid' : 'orderReversed');
  for (const { orderId } of parts) {
    const part = room.engine.orderById(orderId);
    if (part) await room.engine.close(part);
  }
  return { kind: 'reply', status: 204 };
};

const isWhole = (order: Order): boolean => order.wallet === 'wechat' && order.merchantNo.startsWith('combine/');

/** 合单支付: one payment of several orders, each with a merchant and a life of its own. */
export const combineRoutes = (room: Room): readonly Route[] => {
  room.engine.onEvent((event) => {
    if (event.kind === 'order' && isWhole(event.order)) passOn(room, event.order);
  });
  const order = `${base}/out-trade-no/:combineOutTradeNo`;
  return [
    ...combineKinds.map(
      (kind): Route => ({ method: 'POST', path: `${base}/${kind.path}`, run: (call) => create(room, call, kind) }),
    ),
    { method: 'GET', path: order, run: (call) => query(room, call) },
    { method: 'POST', path: `${order}/close`, run: (call) => close(room, call) },
  ];
};
