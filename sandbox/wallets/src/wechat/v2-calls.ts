import type { MerchantName, Order, OrderName } from '../engine/words.ts';
import { codeOrderMs, reverseNotBeforeMs } from './codepay.ts';
import type { Ids } from './merchants.ts';
import { totalMax } from './orders.ts';
import type { RefundMemo } from './refunds.ts';
import type { Room } from './room.ts';
import type { OrderMemo } from './transaction.ts';
import {
  paymentFields,
  queryFields,
  refundFields,
  refundQueryFields,
  type V2Refusal,
  v2PayRefusals,
  v2RefundRefusals,
  v2Refusals,
  v2ReverseRefusals,
} from './v2-answers.ts';
import type { V2Fields } from './v2-message.ts';

/** A call whose signature and merchant were looked at. */
export type V2Call = Readonly<{ fields: V2Fields; signer: string; merchant: MerchantName; ids: Ids }>;
export type V2Reply = Readonly<{ kind: 'done'; fields: V2Fields }> | Readonly<{ kind: 'refused'; refusal: V2Refusal }>;
type V2Method = Readonly<{
  /** Names joined by `|`: one of them. */
  required: readonly string[];
  /** Only with the merchant's certificate in the TLS handshake. */
  withCertificate: boolean;
  run(room: Room, call: V2Call): V2Reply | Promise<V2Reply>;
}>;

const refuse = (refusal: V2Refusal): V2Reply => ({ kind: 'refused', refusal });
const done = (fields: V2Fields): V2Reply => ({ kind: 'done', fields });

const fenIn = (text: string | undefined): bigint | undefined =>
  text !== undefined && /^[1-9]\d{0,10}$/.test(text) ? BigInt(text) : undefined;

/** What of the fields is malformed. */
const isWellFormed = (fields: V2Fields): boolean =>
  /^[0-9A-Za-z_\-|*]{6,32}$/.test(fields.out_trade_no ?? '') &&
  fenIn(fields.total_fee) !== undefined &&
  (fields.body ?? '').length <= 128 &&
  (fields.fee_type === undefined || fields.fee_type === 'CNY');

const payStop = (room: Room, total: bigint): V2Refusal | undefined => {
  const { faults } = room;
  if (faults.take('merchant-restricted')) return { ...v2Refusals.notServed, text: '商户收款受限' };
  if (total > BigInt(totalMax)) return { ...v2Refusals.invalidRequest, text: '单笔金额超出限制' };
  if (faults.take('system-error')) return v2Refusals.system;
  return faults.take('bank-error') ? v2Refusals.bank : undefined;
};

const memoFrom = ({ signer, ids, fields }: V2Call): OrderMemo => ({
  signer,
  ids,
  tradeType: 'MICROPAY',
  attach: fields.attach,
  deviceId: fields.device_info,
});

const micropay = async (room: Room, call: V2Call): Promise<V2Reply> => {
  const { fields, merchant } = call;
  const amountMinor = fenIn(fields.total_fee);
  if (amountMinor === undefined || !isWellFormed(fields)) return refuse(v2Refusals.parameter);
  const stop = payStop(room, amountMinor);
  if (stop) return refuse(stop);
  const description = fields.body ?? '';
  const outcome = await room.engine.payByCode({
    ...merchant,
    outTradeNo: fields.out_trade_no ?? '',
    amountMinor,
    description,
    terms: JSON.stringify(['MICROPAY', description, Number(amountMinor), fields.attach]),
    memo: JSON.stringify(memoFrom(call)),
    freezes: fields.profit_sharing === 'Y',
    expiresAt: room.engine.now() + codeOrderMs,
    authCode: fields.auth_code ?? '',
  });
  if (room.faults.take('system-error-after')) return refuse(v2Refusals.system);
  if (outcome.kind === 'refused') return refuse(v2PayRefusals[outcome.reason]);
  return outcome.kind === 'paying' ? refuse(v2Refusals.userPaying) : done(paymentFields(outcome.order));
};

const nameIn = ({ fields, merchant }: V2Call): OrderName =>
  fields.transaction_id
    ? { ...merchant, tradeNo: fields.transaction_id }
    : { ...merchant, outTradeNo: fields.out_trade_no ?? '' };

const orderIn = (room: Room, call: V2Call): Order | undefined => room.engine.findOrder(nameIn(call));

const orderQuery = (room: Room, call: V2Call): V2Reply => {
  const order = orderIn(room, call);
  return order ? done(queryFields(order)) : refuse(v2Refusals.orderUnknown);
};

const reverse = async (room: Room, call: V2Call): Promise<V2Reply> => {
  if (room.faults.take('system-error')) return refuse({ ...v2Refusals.system, recall: 'Y' });
  const order = orderIn(room, call);
  if (order && order.way !== 'code') return refuse({ ...v2Refusals.invalidRequest, recall: 'N' });
  const outcome = await room.engine.reverse(nameIn(call), { notBeforeMs: reverseNotBeforeMs / room.pace });
  return outcome.kind === 'reversed' ? done({ recall: 'N' }) : refuse(v2ReverseRefusals[outcome.reason]);
};

const refund = async (room: Room, call: V2Call): Promise<V2Reply> => {
  const { fields, signer, ids } = call;
  const amountMinor = fenIn(fields.refund_fee);
  const totalMinor = fenIn(fields.total_fee);
  if (amountMinor === undefined || totalMinor === undefined) return refuse(v2Refusals.parameter);
  if (room.faults.take('payer-frozen')) return refuse(v2Refusals.refundAccount);
  if (room.faults.take('system-error')) return refuse(v2Refusals.system);
  const memo: RefundMemo = { signer, subMchid: ids.sub_mchid, reason: fields.refund_desc };
  const outcome = await room.engine.refund({
    order: nameIn(call),
    outRefundNo: fields.out_refund_no ?? '',
    amountMinor,
    totalMinor,
    terms: JSON.stringify([Number(amountMinor), Number(totalMinor)]),
    memo: JSON.stringify(memo),
  });
  return outcome.kind === 'refused'
    ? refuse(v2RefundRefusals[outcome.reason])
    : done(refundFields(outcome.refund, outcome.order));
};

const refundQuery = (room: Room, call: V2Call): V2Reply => {
  const { fields, merchant } = call;
  const { out_refund_no: outRefundNo, refund_id: refundNo } = fields;
  if (outRefundNo === undefined && refundNo === undefined) {
    const order = orderIn(room, call);
    const refunds = order ? room.engine.refundsOf(order.id) : [];
    return order && refunds.length > 0 ? done(refundQueryFields(refunds, order)) : refuse(v2Refusals.refundUnknown);
  }
  const found = room.engine.findRefund(
    refundNo === undefined ? { ...merchant, outRefundNo: outRefundNo ?? '' } : { ...merchant, refundNo },
  );
  const order = found && room.engine.orderById(found.orderId);
  return order ? done(refundQueryFields([found], order)) : refuse(v2Refusals.refundUnknown);
};

const orderName = 'transaction_id|out_trade_no';
/** The calls of API v2 by their paths. */
export const v2Methods: Readonly<Record<string, V2Method>> = {
  '/pay/micropay': {
    required: ['body', 'out_trade_no', 'total_fee', 'spbill_create_ip', 'auth_code'],
    withCertificate: false,
    run: micropay,
  },
  '/pay/orderquery': { required: [orderName], withCertificate: false, run: orderQuery },
  '/secapi/pay/reverse': { required: [orderName], withCertificate: true, run: reverse },
  '/secapi/pay/refund': {
    required: [orderName, 'out_refund_no', 'total_fee', 'refund_fee'],
    withCertificate: true,
    run: refund,
  },
  '/pay/refundquery': {
    required: [`${orderName}|out_refund_no|refund_id`],
    withCertificate: false,
    run: refundQuery,
  },
};
