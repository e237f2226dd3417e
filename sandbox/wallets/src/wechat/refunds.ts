import { z } from 'zod';
import type { MerchantName, Order, Refund, RefundRefusal } from '../engine/words.ts';
import { beijingTime } from './gate-platform.ts';
import { callerSeller } from './merchants.ts';
import { currency, fen, filled, notifyUrl, outRefundNo, read, readQuery, text } from './read.ts';
import { refused } from './refusals.ts';
import type { Call, Reply, Room, Route } from './room.ts';

/** What this face keeps with a refund. */
export type RefundMemo = Readonly<{ signer: string; subMchid?: string; notifyUrl?: string; reason?: string }>;
export const refundMemoOf = (refund: Refund): RefundMemo => JSON.parse(refund.memo) as RefundMemo;

const goodsShape = z.strictObject({
  merchant_goods_id: filled(32),
  wechatpay_goods_id: text(32).optional(),
  goods_name: text(256).optional(),
  unit_price: z.int().nonnegative(),
  refund_amount: z.int().nonnegative(),
  refund_quantity: z.int().positive(),
});
const refundShape = z
  .strictObject({
    sub_mchid: filled(32).optional(),
    transaction_id: filled(32).optional(),
    out_trade_no: filled(32).optional(),
    out_refund_no: outRefundNo,
    reason: text(80).optional(),
    notify_url: notifyUrl.optional(),
    funds_account: z.enum(['AVAILABLE', 'UNSETTLED']).optional(),
    amount: z.strictObject({
      refund: fen,
      total: fen,
      currency,
      from: z.array(z.strictObject({ account: z.enum(['AVAILABLE', 'UNAVAILABLE']), amount: fen })).optional(),
    }),
    goods_detail: z.array(goodsShape).optional(),
  })
  .refine((body) => (body.transaction_id === undefined) !== (body.out_trade_no === undefined), {
    message: 'transaction_id和out_trade_no二选一',
    path: ['transaction_id'],
  });

const states: Readonly<Record<Refund['state'], string>> = {
  processing: 'PROCESSING',
  done: 'SUCCESS',
  abnormal: 'ABNORMAL',
  closed: 'CLOSED',
};
export const refundStateOf = (refund: Refund): string => states[refund.state];

export const accountTextOf = (refund: Refund): string =>
  refund.funding === 'balance' ? '支付用户零钱' : '支付用户银行卡';

const amountWire = (refund: Refund, order: Order): Record<string, number> => {
  const total = Number(order.amountMinor);
  const back = Number(refund.amountMinor);
  return { total, refund: back, payer_total: total, payer_refund: back };
};

const refundWire = (refund: Refund, order: Order): Record<string, unknown> => ({
  refund_id: refund.refundNo,
  out_refund_no: refund.outRefundNo,
  transaction_id: order.tradeNo,
  out_trade_no: order.outTradeNo,
  channel: 'ORIGINAL',
  user_received_account: accountTextOf(refund),
  create_time: beijingTime(refund.createdAt),
  ...(refund.doneAt !== null && { success_time: beijingTime(refund.doneAt) }),
  status: refundStateOf(refund),
  funds_account: order.freezes ? 'UNSETTLED' : 'AVAILABLE',
  amount: {
    ...amountWire(refund, order),
    settlement_refund: Number(refund.amountMinor),
    settlement_total: Number(order.amountMinor),
    discount_refund: 0,
    currency: 'CNY',
    refund_fee: Number(refund.feeMinor),
  },
});

/** What the notification carries: the state under another name, and no currency. */
export const refundToldWire = (refund: Refund, order: Order, state: string): Record<string, unknown> => {
  const { signer, subMchid } = refundMemoOf(refund);
  return {
    ...(subMchid === undefined ? { mchid: signer } : { sp_mchid: signer, sub_mchid: subMchid }),
    out_trade_no: order.outTradeNo,
    transaction_id: order.tradeNo,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundNo,
    refund_status: state,
    ...(refund.doneAt !== null && { success_time: beijingTime(refund.doneAt) }),
    user_received_account: accountTextOf(refund),
    amount: amountWire(refund, order),
  };
};

const refusalOf = (reason: RefundRefusal): Reply => {
  switch (reason) {
    case 'not-found':
      return refused('resourceUnknown', { message: '订单不存在' });
    case 'not-paid':
      return refused('invalidRequest', { message: '订单状态错误，不能退款' });
    case 'other-total':
      return refused('invalidRequest', { message: '订单金额或退款金额与之前请求不一致，请核实后再试' });
    case 'exceeds':
      return refused('invalidRequest', { message: '累计退款金额大于支付金额' });
    case 'other-terms':
      return refused('otherTerms', { message: '退款单已存在，且参数与首次请求时不一致' });
    case 'too-many':
      return refused('rule', { message: '部分退款次数超过50次' });
    case 'too-late':
      return refused('rule', { message: '订单已超过退款期限' });
    case 'not-enough':
      return refused('notEnough', { message: '商户可用余额不足' });
  }
};

const refund = async (room: Room, call: Call): Promise<Reply> => {
  const wanted = read(refundShape, call.body);
  if (wanted.kind === 'refused') return wanted;
  const { value } = wanted;
  const seller = callerSeller(room, call.caller, value.sub_mchid);
  if (seller.kind === 'refused') return seller;
  if (room.faults.take('payer-frozen')) return refused('refundAccount');
  if (room.faults.take('system-error')) return refused('system');
  const { amount, transaction_id: tradeNo = '', out_trade_no: outTradeNo } = value;
  const memo: RefundMemo = {
    signer: call.caller.mchid,
    subMchid: value.sub_mchid,
    notifyUrl: value.notify_url,
    reason: value.reason,
  };
  const outcome = await room.engine.refund({
    order: outTradeNo === undefined ? { ...seller.merchant, tradeNo } : { ...seller.merchant, outTradeNo },
    outRefundNo: value.out_refund_no,
    amountMinor: BigInt(amount.refund),
    totalMinor: BigInt(amount.total),
    terms: JSON.stringify([amount.refund, amount.total]),
    memo: JSON.stringify(memo),
  });
  if (outcome.kind === 'refused') return refusalOf(outcome.reason);
  return { kind: 'reply', status: 200, json: refundWire(outcome.refund, outcome.order) };
};

const found = (room: Room, merchant: MerchantName, name: { outRefundNo: string } | { refundNo: string }) => {
  const known = room.engine.findRefund({ ...merchant, ...name });
  const order = known && room.engine.orderById(known.orderId);
  return order && { refund: known, order };
};

const queryShape = z.object({ sub_mchid: filled(32).optional() });

const query = (room: Room, call: Call): Reply => {
  const named = readQuery(queryShape, call.query);
  if (named.kind === 'refused') return named;
  const seller = callerSeller(room, call.caller, named.value.sub_mchid);
  if (seller.kind === 'refused') return seller;
  const known = found(room, seller.merchant, { outRefundNo: call.params.outRefundNo ?? '' });
  if (!known) return refused('resourceUnknown', { message: '退款单不存在' });
  return { kind: 'reply', status: 200, json: refundWire(known.refund, known.order) };
};

const abnormalShape = z.strictObject({
  sub_mchid: filled(32).optional(),
  out_refund_no: outRefundNo,
  type: z.enum(['USER_BANK_CARD', 'MERCHANT_BANK_CARD']),
  bank_type: filled(16).optional(),
  bank_account: filled(1024).optional(),
  real_name: filled(1024).optional(),
});

/** A refund that could not reach the payer goes to a card; who it belongs to comes encrypted. */
const applyAbnormal = async (room: Room, call: Call): Promise<Reply> => {
  const wanted = read(abnormalShape, call.body);
  if (wanted.kind === 'refused') return wanted;
  const { value } = wanted;
  const seller = callerSeller(room, call.caller, value.sub_mchid);
  if (seller.kind === 'refused') return seller;
  if (value.type === 'USER_BANK_CARD') {
    const card = room.gate.openField(call.request, value.bank_account ?? '');
    const name = room.gate.openField(call.request, value.real_name ?? '');
    if (!value.bank_type || !name || !/^\d{12,19}$/.test(card ?? ''))
      return refused('parameter', { message: '敏感信息解密失败或银行卡信息有误' });
  }
  const known = found(room, seller.merchant, { refundNo: call.params.refundId ?? '' });
  if (known?.refund.outRefundNo !== value.out_refund_no) return refused('resourceUnknown', { message: '退款单不存在' });
  const redirected = await room.engine.redirectRefund(known.refund.id);
  if (!redirected) return refused('invalidRequest', { message: '退款单状态不是退款异常' });
  return { kind: 'reply', status: 200, json: refundWire(redirected, known.order) };
};

const path = '/v3/refund/domestic/refunds';

export const refundRoutes = (room: Room): readonly Route[] => [
  { method: 'POST', path, run: (call) => refund(room, call) },
  { method: 'GET', path: `${path}/:outRefundNo`, run: (call) => query(room, call) },
  { method: 'POST', path: `${path}/:refundId/apply-abnormal-refund`, run: (call) => applyAbnormal(room, call) },
];
