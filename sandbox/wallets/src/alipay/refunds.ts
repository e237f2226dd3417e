import type { Engine, Order, RefundRefusal } from '../engine/words.ts';
import { fieldsOf, refundQueryShape, refundShape } from './fields.ts';
import { orderNameOf } from './payments.ts';
import type { AlipayReason } from './refusals.ts';
import { type Memo, type Method, merchantName, refused, textOfTime, yuanOf } from './room.ts';

const reasons: Readonly<Record<RefundRefusal, AlipayReason>> = {
  'not-found': 'not-exist',
  'not-paid': 'status-wrong',
  'other-total': 'refund-exceeds',
  exceeds: 'refund-exceeds',
  'other-terms': 'refund-discordant',
  'too-many': 'refund-not-allowed',
  'too-late': 'refund-finished',
  'not-enough': 'seller-not-enough',
};

/** Alipay's number of a refund is unique within its trade, the engine's within the merchant. */
const engineNumber = (order: Order, outRequestNo: string): string => `${order.outTradeNo}/${outRequestNo}`;

const refundedOf = (engine: Engine, order: Order): bigint =>
  engine
    .refundsOf(order.id)
    .filter(({ state }) => state === 'done')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);

export const refund: Method = async ({ engine }, call) => {
  const fields = fieldsOf(refundShape, call);
  if (!fields) return refused('parameter-wrong');
  const order = engine.findOrder(orderNameOf(fields));
  if (!order) return refused('not-exist');
  const outRequestNo = fields.out_request_no ?? order.outTradeNo;
  const memo: Memo = { outRequestNo };
  const outcome = await engine.refund({
    order: { ...merchantName, outTradeNo: order.outTradeNo },
    outRefundNo: engineNumber(order, outRequestNo),
    amountMinor: fields.refund_amount,
    terms: String(fields.refund_amount),
    memo: JSON.stringify(memo),
    isInstant: true,
  });
  if (outcome.kind === 'refused') return refused(reasons[outcome.reason]);
  const { doneAt, amountMinor, state } = outcome.refund;
  const isNew = outcome.kind === 'accepted' && state === 'done';
  const node = {
    buyer_logon_id: 'san***@sandbox.com',
    fund_change: isNew ? 'Y' : 'N',
    gmt_refund_pay: doneAt === null ? undefined : textOfTime(doneAt),
    out_trade_no: order.outTradeNo,
    refund_fee: yuanOf(refundedOf(engine, order)),
    send_back_fee: yuanOf(isNew ? amountMinor : 0n),
    trade_no: order.tradeNo,
  };
  return { kind: 'reply', node };
};

export const queryRefund: Method = ({ engine }, call) => {
  const fields = fieldsOf(refundQueryShape, call);
  if (!fields) return refused('parameter-wrong');
  const order = engine.findOrder(orderNameOf(fields));
  if (!order) return refused('not-exist');
  const outRefundNo = engineNumber(order, fields.out_request_no);
  const found = engine.findRefund({ ...merchantName, outRefundNo });
  // What is not there, or not done, is an answer without fields.
  if (found?.state !== 'done' || found.doneAt === null) return { kind: 'reply', node: {} };
  const node = {
    gmt_refund_pay: textOfTime(found.doneAt),
    out_request_no: fields.out_request_no,
    out_trade_no: order.outTradeNo,
    refund_amount: yuanOf(found.amountMinor),
    refund_status: 'REFUND_SUCCESS',
    total_amount: yuanOf(order.amountMinor),
    trade_no: order.tradeNo,
  };
  return { kind: 'reply', node };
};
