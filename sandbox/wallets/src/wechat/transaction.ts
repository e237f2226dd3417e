import { createHash } from 'node:crypto';
import type { Order } from '../engine/words.ts';
import { beijingTime } from './gate-platform.ts';
import type { Ids } from './merchants.ts';

export type TradeType = 'NATIVE' | 'JSAPI' | 'APP' | 'MWEB' | 'MICROPAY';
/** What this face keeps with an order. */
export type OrderMemo = Readonly<{
  /** Who signed; notifications are sealed with its key. */
  signer: string;
  ids: Ids;
  tradeType: TradeType;
  notifyUrl?: string;
  attach?: string;
  deviceId?: string;
  /** Of the payer a JSAPI order is for. */
  openid?: string;
  prepayId?: string;
}>;

export const memoOf = (order: Order): OrderMemo => JSON.parse(order.memo) as OrderMemo;

export const tradeStateOf = (order: Order): string => {
  switch (order.state) {
    case 'not-paid':
      return 'NOTPAY';
    case 'paying':
      return 'USERPAYING';
    case 'paid':
      return order.refundedMinor > 0n ? 'REFUND' : 'SUCCESS';
    case 'failed':
      return 'PAYERROR';
    case 'closed':
      return 'CLOSED';
    case 'reversed':
      return 'REVOKED';
  }
};

const stateTexts: Readonly<Record<string, string>> = {
  NOTPAY: '订单未支付',
  USERPAYING: '需要用户输入支付密码',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  PAYERROR: '支付失败(其他原因，如银行返回失败)',
  CLOSED: '订单已关闭',
  REVOKED: '订单已撤销',
};
export const stateTextOf = (state: string): string => stateTexts[state] ?? '';

/** The payer under an app: another app knows another number. */
export const openidOf = (appid: string, consumerId: string): string =>
  `o${createHash('sha256').update(`${appid}/${consumerId}`).digest('base64url').slice(0, 27)}`;

export const payerOf = (order: Order, appid: string | undefined): string | undefined =>
  order.consumerId === null || appid === undefined
    ? undefined
    : (memoOf(order).openid ?? openidOf(appid, order.consumerId));

/** Balance is nobody's bank. */
export const bankTypeOf = (order: Order): string => (order.funding === 'balance' ? 'OTHERS' : 'CMB_DEBIT');

const payerWire = (order: Order, { appid, sp_appid: spAppid, sub_appid: subAppid }: Ids): Record<string, string> => {
  const openid = payerOf(order, appid);
  const spOpenid = payerOf(order, spAppid);
  const subOpenid = payerOf(order, subAppid);
  return {
    ...(openid !== undefined && { openid }),
    ...(spOpenid !== undefined && { sp_openid: spOpenid }),
    ...(subOpenid !== undefined && { sub_openid: subOpenid }),
  };
};

/** An order as answers and notifications say it; the latter say SUCCESS whatever came after. */
export const transactionWire = (order: Order, told?: 'SUCCESS'): Record<string, unknown> => {
  const memo = memoOf(order);
  const state = told ?? tradeStateOf(order);
  const isPaid = order.paidAt !== null;
  const total = Number(order.amountMinor);
  return {
    ...memo.ids,
    out_trade_no: order.outTradeNo,
    ...(isPaid && { transaction_id: order.tradeNo }),
    trade_type: memo.tradeType,
    trade_state: state,
    trade_state_desc: stateTextOf(state),
    ...(isPaid && { bank_type: bankTypeOf(order), success_time: beijingTime(order.paidAt) }),
    attach: memo.attach ?? '',
    payer: isPaid ? payerWire(order, memo.ids) : {},
    amount: { total, currency: 'CNY', ...(isPaid && { payer_total: total, payer_currency: 'CNY' }) },
    ...(memo.deviceId !== undefined && { scene_info: { device_id: memo.deviceId } }),
  };
};
