import { createHash } from 'node:crypto';
import type { Deliveries } from '../deliveries.ts';
import type { Engine, MerchantName, Order } from '../engine/words.ts';
import type { Faults } from '../faults.ts';
import { type AlipayKeys, appId } from './keys.ts';
import type { AlipayReason } from './refusals.ts';

export type Room = Readonly<{
  engine: Engine;
  faults: Faults;
  deliveries: Deliveries;
  keys: AlipayKeys;
  /** Where this server is reached, for addresses in answers. */
  origin: () => string;
  /** Above 1 a day's bill is there at once. */
  pace: number;
}>;

/** A verified call. */
export type Call = Readonly<{ method: string; content: Readonly<Record<string, unknown>>; notifyUrl?: string }>;
export type Reply =
  | Readonly<{ kind: 'reply'; code?: '10003'; node: Readonly<Record<string, unknown>> }>
  /** `node`: what goes along with a refusal. */
  | Readonly<{ kind: 'refused'; reason: AlipayReason; node?: Readonly<Record<string, unknown>> }>;
export type Method = (room: Room, call: Call) => Reply | Promise<Reply>;

export const merchantName: MerchantName = { wallet: 'alipay', merchantNo: appId };
export const refused = (reason: AlipayReason): Reply => ({ kind: 'refused', reason });

/** What the face keeps with an order or a refund. */
export type Memo = Readonly<{ notifyUrl?: string; storeId?: string; terminalId?: string; outRequestNo?: string }>;
export const memoOf = ({ memo }: Readonly<{ memo: string }>): Memo => JSON.parse(memo) as Memo;

/** yyyy-MM-dd HH:mm:ss in Beijing. */
export const textOfTime = (at: number): string =>
  new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

export const yuanOf = (minor: bigint): string => {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

export const tradeStatusOf = (order: Order): string => {
  if (order.state === 'paid') return order.refundedMinor === order.amountMinor ? 'TRADE_CLOSED' : 'TRADE_SUCCESS';
  return order.state === 'not-paid' || order.state === 'paying' ? 'WAIT_BUYER_PAY' : 'TRADE_CLOSED';
};

/** 2088 and twelve digits, the same for a consumer every time. */
const buyerIdOf = (consumerId: string | null): string => {
  const hash = createHash('sha256')
    .update(consumerId ?? '')
    .digest();
  const digits = hash.readBigUInt64BE() % 10n ** 12n;
  return `2088${String(digits).padStart(12, '0')}`;
};

/** The fields about the payer and the money, of an order that was paid. */
export const paidNode = (order: Order): Record<string, unknown> => {
  if (order.paidAt === null) return {};
  const amount = yuanOf(order.amountMinor);
  return {
    buyer_logon_id: 'san***@sandbox.com',
    buyer_pay_amount: amount,
    buyer_user_id: buyerIdOf(order.consumerId),
    fund_bill_list: [{ amount, fund_channel: order.funding === 'balance' ? 'ALIPAYACCOUNT' : 'BANKCARD' }],
    invoice_amount: amount,
    point_amount: '0.00',
    receipt_amount: amount,
  };
};
