import type { Order, RefundRefusal } from '../engine/words.ts';
import { formRefusal, isTimely } from './payments.ts';
import {
  clearingDay,
  type Fields,
  type Memo,
  merchantName,
  newQueryId,
  type Reply,
  type Room,
  type Transact,
} from './room.ts';

const codes: Readonly<Record<RefundRefusal, string>> = {
  'not-found': '35',
  'not-paid': '35',
  'other-total': '36',
  exceeds: '36',
  'other-terms': '12',
  'too-many': '37',
  'too-late': '39',
  'not-enough': '30',
};

const originalOf = (room: Room, fields: Fields): Order | undefined =>
  room.engine.findOrder({ ...merchantName, tradeNo: fields.origQryId ?? '' });

const givenBack = async (room: Room, fields: Fields, order: Order, isInstant: boolean): Promise<Reply> => {
  const outRefundNo = fields.orderId ?? '';
  if (room.engine.findRefund({ ...merchantName, outRefundNo })) return { respCode: '12' };
  const { txnTime = '', txnType, backUrl, reqReserved } = fields;
  const queryId = newQueryId(room);
  const memo: Memo = { txnTime, txnType, backUrl, reqReserved, queryId };
  const outcome = await room.engine.refund({
    order: { ...merchantName, outTradeNo: order.outTradeNo },
    outRefundNo,
    amountMinor: BigInt(fields.txnAmt ?? '0'),
    terms: '',
    memo: JSON.stringify(memo),
    isInstant,
  });
  if (outcome.kind === 'refused') return { respCode: codes[outcome.reason] };
  return { respCode: '00', more: { queryId, origQryId: order.tradeNo } };
};

const refusalOf = (room: Room, fields: Fields): Reply | undefined => {
  const form = formRefusal(fields, ['orderId', 'txnTime', 'txnAmt', 'currencyCode', 'origQryId']);
  return form ?? (isTimely(room, fields.txnTime ?? '') ? undefined : { respCode: '10' });
};

/** 04/00: taken now, done a little later. */
export const refund: Transact = (room, fields) => {
  const refusal = refusalOf(room, fields);
  if (refusal) return refusal;
  const order = originalOf(room, fields);
  return order?.paidAt ? givenBack(room, fields, order, false) : { respCode: '35' };
};

/** 31/00: the whole, on the same clearing day, at once. */
export const voidSale: Transact = (room, fields) => {
  const refusal = refusalOf(room, fields);
  if (refusal) return refusal;
  const order = originalOf(room, fields);
  if (!order?.paidAt || order.state !== 'paid') return { respCode: '35' };
  if (order.refundedMinor > 0n) return { respCode: '45' };
  if (fields.txnAmt !== String(order.amountMinor)) return { respCode: '36' };
  if (clearingDay(order.paidAt) !== clearingDay(room.engine.now())) return { respCode: '39' };
  return givenBack(room, fields, order, true);
};
