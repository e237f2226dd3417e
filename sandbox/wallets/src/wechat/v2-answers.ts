import type { CodePayOutcome, Order, Refund, RefundRefusal, ReverseOutcome } from '../engine/words.ts';
import { beijingTime } from './gate-platform.ts';
import { accountTextOf } from './refunds.ts';
import { bankTypeOf, memoOf, payerOf, stateTextOf, tradeStateOf } from './transaction.ts';
import type { V2Fields } from './v2-message.ts';

/** A refusal of business: signed, with WeChat's code and text. `recall`: the same call is to be made again. */
export type V2Refusal = Readonly<{ code: string; text: string; recall?: 'Y' | 'N' }>;
const row = (code: string, text: string): V2Refusal => ({ code, text });

export const v2Refusals = {
  lackParams: row('LACK_PARAMS', '缺少参数'),
  parameter: row('PARAM_ERROR', '参数错误'),
  appOfOther: row('APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配'),
  notServed: row('NOAUTH', '商户无权限'),
  tooFrequent: row('FREQUENCY_LIMITED', '频率限制'),
  system: row('SYSTEMERROR', '系统超时，请立即调用被扫订单结果查询API，查询当前订单的支付状态'),
  bank: row('BANKERROR', '银行系统异常，请立即调用被扫订单结果查询API，查询当前订单的不同状态'),
  userPaying: row('USERPAYING', '需要用户输入支付密码'),
  codeExpired: row('AUTHCODEEXPIRE', '二维码已过期，请用户在微信上刷新后再试'),
  codeError: row('AUTH_CODE_ERROR', '每个二维码仅限使用一次，请刷新再试'),
  codeInvalid: row('AUTH_CODE_INVALID', '请扫描微信支付被扫条码/二维码'),
  notEnough: row('NOTENOUGH', '余额不足'),
  cardNotTaken: row('NOTSUPORTCARD', '该卡不支持当前支付'),
  trade: row('TRADE_ERROR', '交易错误'),
  numberUsed: row('OUT_TRADE_NO_USED', '商户订单号重复'),
  orderPaid: row('ORDERPAID', '订单已支付'),
  orderClosed: row('ORDERCLOSED', '订单已关闭，当前订单不能再支付'),
  orderReversed: row('ORDERREVERSED', '订单已撤销，当前订单不能再支付'),
  buyerMismatch: row('BUYER_MISMATCH', '暂不支持同一笔订单更换支付方'),
  invalidRequest: row('INVALID_REQUEST', '无效请求'),
  orderUnknown: row('ORDERNOTEXIST', '此交易订单号不存在'),
  refundUnknown: row('REFUNDNOTEXIST', '退款订单查询失败'),
  reverseExpired: row('REVERSE_EXPIRE', '订单无法撤销：已超过期限'),
  refundFee: row('REFUND_FEE_MISMATCH', '订单金额或退款金额与之前请求不一致，请核实后再试'),
  tradeOverdue: row('TRADE_OVERDUE', '订单已经超过退款期限'),
  tooMuch: row('INVALID_REQ_TOO_MUCH', '无效请求过多'),
  refundAccount: row('USER_ACCOUNT_ABNORMAL', '退款请求失败：用户账号注销'),
  business: row('ERROR', '业务错误'),
} as const satisfies Readonly<Record<string, V2Refusal>>;

type PayRefusal = Extract<CodePayOutcome, { kind: 'refused' }>['reason'];
export const v2PayRefusals: Readonly<Record<PayRefusal, V2Refusal>> = {
  'code-malformed': v2Refusals.codeInvalid,
  'code-unknown': v2Refusals.codeInvalid,
  'code-expired': v2Refusals.codeExpired,
  'code-used': v2Refusals.codeError,
  'other-terms': v2Refusals.numberUsed,
  'other-payer': v2Refusals.buyerMismatch,
  paid: v2Refusals.orderPaid,
  closed: v2Refusals.orderClosed,
  reversed: v2Refusals.orderReversed,
  'not-enough': v2Refusals.notEnough,
  'card-refused': v2Refusals.cardNotTaken,
  'account-frozen': v2Refusals.trade,
};

type ReverseRefusal = Extract<ReverseOutcome, { kind: 'refused' }>['reason'];
export const v2ReverseRefusals: Readonly<Record<ReverseRefusal, V2Refusal>> = {
  'not-found': { ...v2Refusals.orderUnknown, recall: 'N' },
  'too-early': { ...v2Refusals.invalidRequest, text: '请在发起付款15秒后再撤销', recall: 'Y' },
  'too-late': { ...v2Refusals.reverseExpired, recall: 'N' },
  'not-enough': { ...v2Refusals.notEnough, recall: 'N' },
  refunded: { ...v2Refusals.trade, text: '订单已发生退款，不能撤销', recall: 'N' },
};

export const v2RefundRefusals: Readonly<Record<RefundRefusal, V2Refusal>> = {
  'not-found': v2Refusals.orderUnknown,
  'not-paid': { ...v2Refusals.business, text: '订单状态错误，不能退款' },
  'other-total': v2Refusals.refundFee,
  exceeds: { ...v2Refusals.business, text: '累计退款金额大于支付金额' },
  'other-terms': v2Refusals.refundFee,
  'too-many': v2Refusals.tooMuch,
  'too-late': v2Refusals.tradeOverdue,
  'not-enough': v2Refusals.notEnough,
};

/** yyyyMMddHHmmss in Beijing. */
const time = (at: number): string => beijingTime(at).slice(0, 19).replaceAll(/\D/g, '');

/** What v2 says of a paid order, by micropay and by orderquery. */
const paidFields = (order: Order): V2Fields => {
  const { ids, attach, deviceId, tradeType } = memoOf(order);
  const openid = payerOf(order, ids.appid ?? ids.sp_appid);
  return {
    ...(deviceId !== undefined && { device_info: deviceId }),
    openid: openid ?? '',
    is_subscribe: 'N',
    trade_type: tradeType,
    bank_type: bankTypeOf(order),
    fee_type: 'CNY',
    total_fee: String(order.amountMinor),
    settlement_total_fee: String(order.amountMinor),
    cash_fee_type: 'CNY',
    cash_fee: String(order.amountMinor),
    transaction_id: order.tradeNo,
    out_trade_no: order.outTradeNo,
    attach: attach ?? '',
    time_end: time(order.paidAt ?? order.createdAt),
  };
};

export const paymentFields = (order: Order): V2Fields => paidFields(order);

export const queryFields = (order: Order): V2Fields => {
  const state = tradeStateOf(order);
  const common = { trade_state: state, trade_state_desc: stateTextOf(state) };
  if (order.paidAt !== null) return { ...paidFields(order), ...common };
  return { ...common, out_trade_no: order.outTradeNo, attach: memoOf(order).attach ?? '' };
};

export const refundFields = (refund: Refund, order: Order): V2Fields => ({
  transaction_id: order.tradeNo,
  out_trade_no: order.outTradeNo,
  out_refund_no: refund.outRefundNo,
  refund_id: refund.refundNo,
  refund_channel: 'ORIGINAL',
  refund_fee: String(refund.amountMinor),
  settlement_refund_fee: String(refund.amountMinor),
  total_fee: String(order.amountMinor),
  settlement_total_fee: String(order.amountMinor),
  fee_type: 'CNY',
  cash_fee: String(order.amountMinor),
  cash_refund_fee: String(refund.amountMinor),
});

const refundStates: Readonly<Record<Refund['state'], string>> = {
  processing: 'PROCESSING',
  done: 'SUCCESS',
  abnormal: 'CHANGE',
  closed: 'REFUNDCLOSE',
};

/** The refunds of an order, numbered from 0. */
export const refundQueryFields = (refunds: readonly Refund[], order: Order): V2Fields => {
  const numbered = refunds.flatMap((refund, index): [string, string][] => [
    [`out_refund_no_${index}`, refund.outRefundNo],
    [`refund_id_${index}`, refund.refundNo],
    [`refund_channel_${index}`, 'ORIGINAL'],
    [`refund_fee_${index}`, String(refund.amountMinor)],
    [`settlement_refund_fee_${index}`, String(refund.amountMinor)],
    [`refund_status_${index}`, refundStates[refund.state]],
    [`refund_account_${index}`, 'REFUND_SOURCE_UNSETTLED_FUNDS'],
    [`refund_recv_accout_${index}`, accountTextOf(refund)],
    [
      `refund_success_time_${index}`,
      refund.doneAt === null ? '' : beijingTime(refund.doneAt).slice(0, 19).replace('T', ' '),
    ],
  ]);
  return {
    transaction_id: order.tradeNo,
    out_trade_no: order.outTradeNo,
    total_fee: String(order.amountMinor),
    settlement_total_fee: String(order.amountMinor),
    fee_type: 'CNY',
    cash_fee: String(order.amountMinor),
    refund_count: String(refunds.length),
    total_refund_count: String(refunds.length),
    ...Object.fromEntries(numbered),
  };
};
