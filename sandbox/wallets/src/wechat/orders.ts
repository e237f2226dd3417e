import { z } from 'zod';
import type { OrderName } from '../engine/words.ts';
import { beijingTime } from './gate-platform.ts';
import { appFields, type Ids, idsShape, type Mode, merchantFields, payPath, sellerOf } from './merchants.ts';
import { currency, fen, filled, instant, notifyUrl, outTradeNo, read, readQuery, text } from './read.ts';
import { refused } from './refusals.ts';
import type { Call, Reply, Room, Route } from './room.ts';
import { memoOf, type OrderMemo, type TradeType, transactionWire } from './transaction.ts';

const weekMs = 7 * 24 * 3_600_000;
/** A single payment is 50 000 yuan at most. */
export const totalMax = 5_000_000;

const amountShape = z.strictObject({ total: fen, currency: currency.optional() });
const goodsShape = z.strictObject({
  merchant_goods_id: filled(32),
  wechatpay_goods_id: text(32).optional(),
  goods_name: text(256).optional(),
  quantity: z.int().positive(),
  unit_price: z.int().nonnegative(),
});
export const orderFields = {
  description: filled(127),
  out_trade_no: outTradeNo,
  attach: text(128).optional(),
  goods_tag: text(32).optional(),
  support_fapiao: z.boolean().optional(),
  amount: amountShape,
  detail: z
    .strictObject({
      cost_price: z.int().nonnegative().optional(),
      invoice_id: text(32).optional(),
      goods_detail: z.array(goodsShape).max(6000).optional(),
    })
    .optional(),
  settle_info: z.strictObject({ profit_sharing: z.boolean().optional() }).optional(),
};
const storeShape = z.strictObject({
  id: filled(32),
  name: text(256).optional(),
  area_code: text(32).optional(),
  address: text(512).optional(),
});
const h5Shape = z.strictObject({
  type: filled(32),
  app_name: text(64).optional(),
  app_url: text(128).optional(),
  bundle_id: text(128).optional(),
  package_name: text(128).optional(),
});
const sceneFields = {
  payer_client_ip: filled(45),
  device_id: text(32).optional(),
  store_info: storeShape.optional(),
};
const prepayFields = {
  ...orderFields,
  notify_url: notifyUrl,
  time_expire: instant.optional(),
  limit_pay: z.array(z.string()).optional(),
};
const scene = z.strictObject(sceneFields).optional();
const payers = {
  direct: z.strictObject({ openid: filled(128) }),
  partner: z.union([z.strictObject({ sp_openid: filled(128) }), z.strictObject({ sub_openid: filled(128) })]),
} as const;

type Kind = Readonly<{ path: string; tradeType: TradeType; shape: (mode: Mode) => z.ZodType<Prepay> }>;
type Asking = Readonly<{ tradeType: TradeType; shape: z.ZodType<Prepay> }>;
type Prepay = Ids &
  Readonly<{
    description: string;
    out_trade_no: string;
    attach?: string;
    notify_url: string;
    time_expire?: number;
    amount: Readonly<{ total: number }>;
    settle_info?: Readonly<{ profit_sharing?: boolean }>;
    scene_info?: Readonly<{ device_id?: string }>;
    payer?: Readonly<{ openid?: string; sp_openid?: string; sub_openid?: string }>;
  }>;

const kinds: readonly Kind[] = [
  {
    path: 'native',
    tradeType: 'NATIVE',
    shape: (mode) => z.strictObject({ ...appFields[mode], ...prepayFields, scene_info: scene }),
  },
  {
    path: 'jsapi',
    tradeType: 'JSAPI',
    shape: (mode) => z.strictObject({ ...appFields[mode], ...prepayFields, scene_info: scene, payer: payers[mode] }),
  },
  {
    path: 'app',
    tradeType: 'APP',
    shape: (mode) => z.strictObject({ ...appFields[mode], ...prepayFields, scene_info: scene }),
  },
  {
    path: 'h5',
    tradeType: 'MWEB',
    shape: (mode) =>
      z.strictObject({
        ...appFields[mode],
        ...prepayFields,
        scene_info: z.strictObject({ ...sceneFields, h5_info: h5Shape }),
      }),
  },
];

/** What may not change when the same number is asked for again. */
const termsOf = (wanted: Prepay, tradeType: TradeType): string =>
  JSON.stringify([tradeType, wanted.description, wanted.amount.total, wanted.attach, wanted.notify_url, wanted.payer]);

export const prepayIdOf = (room: Room): string =>
  `wx${beijingTime(room.engine.now()).slice(0, 19).replaceAll(/\D/g, '')}${Buffer.from(room.engine.random(10)).toString('hex')}`;

export const linkOf = (room: Room, tradeType: TradeType, prepayId: string): string => {
  switch (tradeType) {
    case 'NATIVE':
      return `weixin://wxpay/bizpayurl/up?pr=${Buffer.from(room.engine.random(6)).toString('hex')}zz&groupid=00`;
    case 'MWEB':
      return `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepayId}`;
    case 'JSAPI':
    case 'APP':
    case 'MICROPAY':
      return `prepay_id=${prepayId}`;
  }
};

const paidFor = (tradeType: TradeType, memo: OrderMemo, link: string | null): unknown => {
  if (tradeType === 'NATIVE') return { code_url: link };
  return tradeType === 'MWEB' ? { h5_url: link } : { prepay_id: memo.prepayId };
};

const memoFrom = (room: Room, call: Call, wanted: Prepay, ids: Ids, tradeType: TradeType): OrderMemo => ({
  signer: call.caller.mchid,
  ids,
  tradeType,
  notifyUrl: wanted.notify_url,
  attach: wanted.attach,
  deviceId: wanted.scene_info?.device_id,
  openid: wanted.payer?.openid ?? wanted.payer?.sub_openid ?? wanted.payer?.sp_openid,
  prepayId: prepayIdOf(room),
});

/** What stops every new payment, whatever its kind. */
export const stopOf = (room: Room, total: number): Extract<Reply, { kind: 'refused' }> | undefined => {
  if (room.faults.take('merchant-restricted')) return refused('merchantRestricted');
  if (total > totalMax) return refused('rule', { message: '单笔金额超出限制' });
  if (room.faults.take('system-error')) return refused('system');
  return room.faults.take('bank-error') ? refused('bank') : undefined;
};

const createOrder = (room: Room, call: Call, kind: Asking): Reply => {
  const wanted = read(kind.shape, call.body);
  if (wanted.kind === 'refused') return wanted;
  const order = wanted.value;
  const seller = sellerOf(room, call.caller, idsShape.parse(order));
  if (seller.kind === 'refused') return seller;
  const stop = stopOf(room, order.amount.total);
  if (stop) return stop;
  const now = room.engine.now();
  const expiresAt = order.time_expire ?? now + weekMs;
  if (expiresAt <= now) return refused('orderClosed', { message: '订单已过期：time_expire早于当前时间' });
  const memo = memoFrom(room, call, order, seller.ids, kind.tradeType);
  const outcome = room.engine.createOrder({
    ...seller.merchant,
    outTradeNo: order.out_trade_no,
    amountMinor: BigInt(order.amount.total),
    description: order.description,
    terms: termsOf(order, kind.tradeType),
    memo: JSON.stringify(memo),
    freezes: order.settle_info?.profit_sharing === true,
    expiresAt,
    way: kind.tradeType === 'NATIVE' ? 'shown' : 'page',
    link: linkOf(room, kind.tradeType, memo.prepayId ?? ''),
  });
  if (outcome.kind !== 'refused')
    return { kind: 'reply', status: 200, json: paidFor(kind.tradeType, memoOf(outcome.order), outcome.order.link) };
  switch (outcome.reason) {
    case 'other-terms':
      return outcome.order.way === 'code' ? refused('numberUsed') : refused('otherTerms');
    case 'paid':
      return refused('orderPaid');
    case 'paying':
      return refused('numberUsed');
    case 'reversed':
      return refused('orderReversed');
    case 'closed':
      return refused('orderClosed');
  }
};

const queryShapes = { direct: z.object(merchantFields.direct), partner: z.object(merchantFields.partner) } as const;
const closeShapes = {
  direct: z.strictObject(merchantFields.direct),
  partner: z.strictObject(merchantFields.partner),
} as const;

const query = (room: Room, call: Call, mode: Mode): Reply => {
  const named = readQuery(queryShapes[mode], call.query);
  if (named.kind === 'refused') return named;
  const seller = sellerOf(room, call.caller, idsShape.parse(named.value));
  if (seller.kind === 'refused') return seller;
  const { transactionId, outTradeNo: number = '' } = call.params;
  const name: OrderName =
    transactionId === undefined
      ? { ...seller.merchant, outTradeNo: number }
      : { ...seller.merchant, tradeNo: transactionId };
  const order = room.engine.findOrder(name);
  if (!order || (transactionId !== undefined && order.paidAt === null)) return refused('orderUnknown');
  return { kind: 'reply', status: 200, json: transactionWire(order) };
};

const close = async (room: Room, call: Call, mode: Mode): Promise<Reply> => {
  const named = read(closeShapes[mode], call.body);
  if (named.kind === 'refused') return named;
  const seller = sellerOf(room, call.caller, idsShape.parse(named.value));
  if (seller.kind === 'refused') return seller;
  const outcome = await room.engine.close({ ...seller.merchant, outTradeNo: call.params.outTradeNo ?? '' });
  if (outcome.kind === 'closed') return { kind: 'reply', status: 204 };
  switch (outcome.reason) {
    case 'not-found':
      return refused('orderUnknown');
    case 'paid':
      return refused('closePaid');
    case 'must-reverse':
      return refused('mustReverse');
    case 'reversed':
      return refused('orderReversed');
  }
};

const modes: readonly Mode[] = ['direct', 'partner'];

export const orderRoutes = (room: Room): readonly Route[] =>
  modes.flatMap((mode): Route[] => [
    ...kinds.map(({ path, tradeType, shape }): Route => {
      const asking: Asking = { tradeType, shape: shape(mode) };
      return { method: 'POST', path: `${payPath(mode)}/${path}`, run: (call) => createOrder(room, call, asking) };
    }),
    { method: 'GET', path: `${payPath(mode)}/id/:transactionId`, run: (call) => query(room, call, mode) },
    { method: 'GET', path: `${payPath(mode)}/out-trade-no/:outTradeNo`, run: (call) => query(room, call, mode) },
    { method: 'POST', path: `${payPath(mode)}/out-trade-no/:outTradeNo/close`, run: (call) => close(room, call, mode) },
  ]);
