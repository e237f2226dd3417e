import { createHash, type KeyObject, sign } from 'node:crypto';
import { businessDateAt, epochMs, wallClock } from '@zhanggui/time';
import type { Deliveries } from '../deliveries.ts';
import type { Engine, MerchantName, Order, Refund } from '../engine/words.ts';
import type { Faults } from '../faults.ts';
import { merId, type UnionPayKeys } from './keys.ts';

export type Fields = Readonly<Record<string, string>>;
export type Room = Readonly<{
  engine: Engine;
  faults: Faults;
  deliveries: Deliveries;
  keys: UnionPayKeys;
  pace: number;
}>;

/** A respCode, and what else the answer has. */
export type Reply = Readonly<{ respCode: string; more?: Fields }>;
export type Transact = (room: Room, fields: Fields) => Reply | Promise<Reply>;

export const merchantName: MerchantName = { wallet: 'unionpay', merchantNo: merId };

/** What the face keeps with an order, a refund or a void. */
export type Memo = Readonly<{
  txnTime: string;
  txnSubType?: string;
  txnType?: string;
  backUrl?: string;
  reqReserved?: string;
  /** Why a payment code did not pay. */
  refusal?: string;
  /** UnionPay's number of a refund or a void. */
  queryId?: string;
}>;
export const memoOf = ({ memo }: Readonly<{ memo: string }>): Memo => JSON.parse(memo) as Memo;

export const digitsOfTime = (at: number): string => wallClock(epochMs(at)).replace(/\D/g, '');
/** The clearing day turns at 23:00. */
export const clearingDay = (at: number): string => businessDateAt(epochMs(at), '23:00');

export const newQueryId = ({ engine }: Room): string =>
  `${digitsOfTime(engine.now())}${String(engine.serial()).padStart(7, '0').slice(-7)}`;

/** RSA over the SHA-256 of the sorted fields, written in hex. */
export const signatureOf = (fields: Fields, key: KeyObject): string => {
  const text = Object.keys(fields)
    .filter((name) => name !== 'signature')
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const hex = createHash('sha256').update(text).digest('hex');
  return sign('sha256', Buffer.from(hex), key).toString('base64');
};

/** What became of a payment; undefined while UnionPay has no transaction of it. */
export const codeOfOrder = (order: Order): string | undefined => {
  switch (order.state) {
    case 'paid':
      return '00';
    case 'paying':
      return '05';
    case 'reversed':
      return '46';
    case 'failed':
      return '30';
    case 'not-paid':
      return memoOf(order).refusal ?? (order.consumerId === null ? undefined : '05');
    case 'closed':
      return undefined;
  }
};

export const codeOfRefund = (refund: Refund): string => {
  switch (refund.state) {
    case 'done':
      return '00';
    case 'processing':
    case 'abnormal':
      return '05';
    case 'closed':
      return '30';
  }
};

/** What queries and notifications say of a transaction, apart from its code. */
const moneyFields = (minor: bigint, at: number, queryId: string): Fields => ({
  currencyCode: '156',
  queryId,
  settleAmt: String(minor),
  settleCurrencyCode: '156',
  settleDate: clearingDay(at).slice(5).replace('-', ''),
  traceNo: queryId.slice(-6),
  traceTime: digitsOfTime(at).slice(4),
  txnAmt: String(minor),
});

const present = (fields: Readonly<Record<string, string | undefined>>): Fields =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value ? [[name, value]] : [])));

export const orderFields = (order: Order): Fields => {
  const { txnTime, txnSubType, reqReserved } = memoOf(order);
  const names = { orderId: order.outTradeNo, txnTime, txnType: '01', txnSubType, reqReserved };
  if (order.paidAt === null) return present({ ...names, txnAmt: String(order.amountMinor), currencyCode: '156' });
  const payCardType = order.funding === 'balance' ? undefined : '01';
  return present({ ...names, payCardType, ...moneyFields(order.amountMinor, order.paidAt, order.tradeNo) });
};

export const refundFields = (refund: Refund, order: Order): Fields => {
  const { txnTime, txnType, reqReserved, queryId = '' } = memoOf(refund);
  const names = { orderId: refund.outRefundNo, txnTime, txnType, txnSubType: '00', reqReserved };
  const origin = { origQryId: order.tradeNo };
  return present({
    ...names,
    ...origin,
    ...moneyFields(refund.amountMinor, refund.doneAt ?? refund.createdAt, queryId),
  });
};
