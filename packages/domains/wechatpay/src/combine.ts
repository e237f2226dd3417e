import type { Money } from '@zhanggui/money';
import { z } from 'zod';
import { type Account, signerOf } from './account.ts';
import { beijingTime, checkFields, type H5Order } from './order.ts';
import {
  type AppPayment,
  appPayment,
  h5Scene,
  type JsapiPayment,
  jsapiPayment,
  payerApp,
  placeOrder,
} from './prepay.ts';
import type { Room } from './room.ts';
import {
  checkAmount,
  currency,
  fen,
  fenOf,
  moneyOf,
  optionalText,
  optionalTime,
  shaped,
  type TradeState,
  tradeState,
} from './transaction.ts';
import { WeChatPayError } from './wechatpay-error.ts';

/** One of the orders that are paid together; `mchid` and `subMchid` are the account's when left out. */
export type CombinedPart = Readonly<{
  outTradeNo: string;
  description: string;
  /** Comes back in query and notification. */
  attach: string;
  total: Money;
  mchid?: string;
  subMchid?: string;
  goodsTag?: string;
  profitSharing?: boolean;
}>;
/** Up to 50 orders that the payer pays with one password. */
export type CombinedOrder = Readonly<{
  combineOutTradeNo: string;
  parts: readonly CombinedPart[];
  notifyUrl: string;
  expiresAtMs?: number;
  clientIp?: string;
}>;
export type CombinedTransaction = Readonly<{
  combineOutTradeNo: string;
  openid?: string;
  parts: readonly Readonly<{
    mchid: string;
    subMchid?: string;
    outTradeNo: string;
    transactionId?: string;
    tradeType?: string;
    state: TradeState;
    total: Money;
    payerTotal?: Money;
    bankType?: string;
    attach?: string;
    paidAtMs?: number;
  }>[];
}>;
type PartName = Pick<CombinedPart, 'outTradeNo' | 'mchid' | 'subMchid'>;

export interface CombinedPayments {
  native(order: CombinedOrder): Promise<Readonly<{ codeUrl: string }>>;
  /** `openid` is the payer's under the app that opens the payment. */
  jsapi(
    order: CombinedOrder & Readonly<{ openid: string }>,
  ): Promise<Readonly<{ prepayId: string; payment: JsapiPayment }>>;
  app(order: CombinedOrder): Promise<Readonly<{ prepayId: string; payment: AppPayment }>>;
  h5(order: CombinedOrder & Pick<H5Order, 'clientIp' | 'device'>): Promise<Readonly<{ h5Url: string }>>;
  /** Every part asked for must be there, over its amount. Each part is refunded by its own number. */
  query(
    combineOutTradeNo: string,
    asked?: readonly Readonly<{ outTradeNo: string; total: Money }>[],
  ): Promise<CombinedTransaction>;
  /** All of the parts, or none. */
  close(combineOutTradeNo: string, parts: readonly PartName[]): Promise<void>;
}

const path = '/v3/combine-transactions';
const partsMax = 50;

const partShape = z
  .object({
    mchid: z.string(),
    sub_mchid: optionalText,
    out_trade_no: z.string(),
    transaction_id: optionalText,
    trade_type: optionalText,
    trade_state: tradeState,
    bank_type: optionalText,
    attach: optionalText,
    success_time: optionalTime,
    amount: z.object({
      total_amount: fen,
      currency: currency.optional(),
      payer_amount: fen.optional(),
      payer_currency: currency.optional(),
    }),
  })
  .transform(({ amount, ...wire }) => ({
    mchid: wire.mchid,
    subMchid: wire.sub_mchid,
    outTradeNo: wire.out_trade_no,
    transactionId: wire.transaction_id,
    tradeType: wire.trade_type,
    state: wire.trade_state,
    total: moneyOf(amount.total_amount, amount.currency),
    payerTotal: amount.payer_amount === undefined ? undefined : moneyOf(amount.payer_amount, amount.payer_currency),
    bankType: wire.bank_type,
    attach: wire.attach,
    paidAtMs: wire.success_time,
  }));

const combinedShape = z
  .object({
    combine_appid: optionalText,
    combine_mchid: z.string(),
    combine_out_trade_no: z.string(),
    combine_payer_info: z.object({ openid: optionalText }).optional(),
    sub_orders: z.array(partShape).min(1),
  })
  .transform((wire) => ({
    mchid: wire.combine_mchid,
    combined: {
      combineOutTradeNo: wire.combine_out_trade_no,
      openid: wire.combine_payer_info?.openid,
      parts: wire.sub_orders,
    } satisfies CombinedTransaction,
  }));

/** An answer or a notification, of this merchant. */
export const combinedIn = (value: unknown, place: string, account: Account): CombinedTransaction => {
  const { mchid, combined } = shaped(combinedShape, value, place);
  if (mchid !== signerOf(account)) throw new WeChatPayError('other-merchant', 'combine_mchid');
  return combined;
};

const checkParts = (
  { combineOutTradeNo, parts }: CombinedTransaction,
  asked: Readonly<{ combineOutTradeNo: string; parts: readonly Readonly<{ outTradeNo: string; total: Money }>[] }>,
): void => {
  if (combineOutTradeNo !== asked.combineOutTradeNo) throw new WeChatPayError('other-order', 'combine_out_trade_no');
  for (const { outTradeNo, total } of asked.parts) {
    const part = parts.find((one) => one.outTradeNo === outTradeNo);
    if (!part) throw new WeChatPayError('other-order', 'sub_orders');
    checkAmount(part.total, total, 'amount.total_amount');
  }
};

const partName = (account: Account, { outTradeNo, mchid, subMchid }: PartName) => {
  checkFields({ outTradeNo });
  const served = account.mode === 'partner' ? (subMchid ?? account.subMchid) : subMchid;
  return { mchid: mchid ?? signerOf(account), out_trade_no: outTradeNo, sub_mchid: served };
};

const checkCount = (parts: readonly unknown[]): void => {
  if (parts.length < 1 || parts.length > partsMax) throw new WeChatPayError('request-malformed', 'parts');
};

const partBody = (account: Account, part: CombinedPart) => {
  checkFields({ description: part.description });
  return {
    ...partName(account, part),
    attach: part.attach,
    description: part.description,
    goods_tag: part.goodsTag,
    amount: { total_amount: fenOf(part.total, 'total'), currency: part.total.currency },
    settle_info: part.profitSharing === undefined ? undefined : { profit_sharing: part.profitSharing },
  };
};

const appOf = (account: Account): string => (account.mode === 'direct' ? account.appid : account.spAppid);

const orderBody = ({ account }: Room, order: CombinedOrder): Record<string, unknown> => {
  checkCount(order.parts);
  checkFields({ outTradeNo: order.combineOutTradeNo, notifyUrl: order.notifyUrl });
  return {
    combine_appid: appOf(account),
    combine_mchid: signerOf(account),
    combine_out_trade_no: order.combineOutTradeNo,
    sub_orders: order.parts.map((part) => partBody(account, part)),
    notify_url: order.notifyUrl,
    time_expire: order.expiresAtMs === undefined ? undefined : beijingTime(order.expiresAtMs),
    scene_info: order.clientIp === undefined ? undefined : { payer_client_ip: order.clientIp },
  };
};

const orderPath = (combineOutTradeNo: string): string => {
  checkFields({ outTradeNo: combineOutTradeNo });
  return `${path}/out-trade-no/${encodeURIComponent(combineOutTradeNo)}`;
};

export const combinedPayments = (room: Room): CombinedPayments => {
  const place = (way: 'native' | 'jsapi' | 'app' | 'h5', body: Readonly<Record<string, unknown>>) =>
    placeOrder(room, { path, way, place: `combine-${way}`, body });
  return {
    native: async (order) => ({ codeUrl: await place('native', orderBody(room, order)) }),
    async jsapi(order) {
      const field = payerApp(room.account) === appOf(room.account) ? 'openid' : 'sub_openid';
      const body = { ...orderBody(room, order), combine_payer_info: { [field]: order.openid } };
      const prepayId = await place('jsapi', body);
      return { prepayId, payment: jsapiPayment(room, prepayId) };
    },
    async app(order) {
      const prepayId = await place('app', orderBody(room, order));
      return { prepayId, payment: appPayment(room, prepayId) };
    },
    h5: async (order) => ({ h5Url: await place('h5', { ...orderBody(room, order), scene_info: h5Scene(order) }) }),
    async query(combineOutTradeNo, asked = []) {
      const call = {
        method: 'GET',
        path: orderPath(combineOutTradeNo),
        repeatable: true,
        place: 'combine-query',
      } as const;
      const combined = combinedIn(await room.call(call), call.place, room.account);
      checkParts(combined, { combineOutTradeNo, parts: asked });
      return combined;
    },
    async close(combineOutTradeNo, parts) {
      checkCount(parts);
      const body = {
        combine_appid: appOf(room.account),
        sub_orders: parts.map((part) => partName(room.account, part)),
      };
      const closePath = `${orderPath(combineOutTradeNo)}/close`;
      await room.call({ method: 'POST', path: closePath, body, repeatable: true, place: 'combine-close' });
    },
  };
};
