import type { Money } from '@zhanggui/money';
import type { CodeOrder, OrderName, RefundOrder } from './order.ts';
import type { Refund, Transaction } from './transaction.ts';
import { WeChatPayError, type WeChatPayErrorCode } from './wechatpay-error.ts';

export type CodePayment =
  | Readonly<{ kind: 'paid'; transaction: Transaction }>
  /** The payer types a password: query every 5 s, reverse after 30 s. */
  | Readonly<{ kind: 'awaiting-payer' }>
  /** WeChat's own code and text; nothing was paid. */
  | Readonly<{ kind: 'refused'; code: string; text: string }>
  /** Neither the answer nor the query after it decided: query again, then reverse. */
  | Readonly<{ kind: 'unknown'; reason: WeChatPayErrorCode | Transaction['state'] }>;

/** `again`: WeChat asks for the call once more, or nobody knows whether it was done. */
export type Reversal = Readonly<{ kind: 'reversed' }> | Readonly<{ kind: 'again'; reason: WeChatPayErrorCode }>;

/** What API v3 and v2 both do for a counter that scans the payer's 付款码. All throw `WeChatPayError`. */
export interface CodePayments {
  /** Sent once. Without a clear answer the order is queried, never sent again. */
  payByCode(order: CodeOrder): Promise<CodePayment>;
  /** `total` is compared when given. An order that WeChat does not have: `isNotFound(error)`. */
  query(name: OrderName, total?: Money): Promise<Transaction>;
  /** Cancels what is unpaid and pays back what is paid; not earlier than 15 s after the payment request. */
  reverse(outTradeNo: string): Promise<Reversal>;
  /** May be called again with the same content: one `outRefundNo` is one refund. */
  refund(order: RefundOrder): Promise<Refund>;
  queryRefund(outRefundNo: string): Promise<Refund>;
}

const outcomeOf = (transaction: Transaction): CodePayment => {
  switch (transaction.state) {
    case 'SUCCESS':
      return { kind: 'paid', transaction };
    case 'USERPAYING':
      return { kind: 'awaiting-payer' };
    case 'NOTPAY':
      return { kind: 'unknown', reason: 'NOTPAY' };
    case 'PAYERROR':
    case 'CLOSED':
    case 'REVOKED':
    case 'REFUND':
      return { kind: 'refused', code: transaction.state, text: transaction.stateText };
  }
};

/** Refusals that a lost first answer can cause: the order may well be paid. */
const meansItWasThere: ReadonlySet<string> = new Set([
  'ORDERPAID',
  'ORDER_PAID',
  'OUT_TRADE_NO_USED',
  'ORDERREVERSED',
  'ORDERCLOSED',
  'ORDER_CLOSED',
]);
/** What an answer that contradicts the request throws: an alarm, not an outcome. */
const alarms: ReadonlySet<WeChatPayErrorCode> = new Set([
  'other-merchant',
  'other-order',
  'other-amount',
  'other-currency',
]);

export type Refusal = Readonly<{ kind: 'refused'; code: string; text: string }>;

/** WeChat's no, when it is surely WeChat's and surely about this request: nothing was done. */
export const refusalIn = ({ code, wechat }: WeChatPayError): Refusal | undefined => {
  if (!wechat || (code !== 'refused' && code !== 'rate-limited') || meansItWasThere.has(wechat.code)) return undefined;
  const isCertain = wechat.signed || wechat.status === 401 || wechat.status === 429;
  return isCertain ? { kind: 'refused', code: wechat.code, text: wechat.text } : undefined;
};

const wasNotSent = ({ code, wechat }: WeChatPayError): boolean =>
  code === 'not-sent' || (code === 'rate-limited' && !wechat);

/** Throws what says that the request cannot have arrived ('not-sent', a limit of our own), and alarms; all else is an outcome. */
export const decideCodePayment = async (
  pay: () => Promise<Transaction>,
  query: () => Promise<Transaction>,
): Promise<CodePayment> => {
  try {
    return outcomeOf(await pay());
  } catch (error) {
    if (!(error instanceof WeChatPayError) || wasNotSent(error) || alarms.has(error.code)) throw error;
    return refusalIn(error) ?? (await outcomeByQuery(query, error));
  }
};

const outcomeByQuery = async (query: () => Promise<Transaction>, cause: WeChatPayError): Promise<CodePayment> => {
  try {
    return outcomeOf(await query());
  } catch (error) {
    if (!(error instanceof WeChatPayError) || alarms.has(error.code)) throw error;
    return { kind: 'unknown', reason: cause.code };
  }
};

/** A reversal without a clear answer is to be called again. */
export const decideReversal = async (reverse: () => Promise<Reversal>): Promise<Reversal> => {
  try {
    return await reverse();
  } catch (error) {
    const mayHaveHappened = error instanceof WeChatPayError && error.code !== 'refused' && !alarms.has(error.code);
    if (mayHaveHappened && error.code !== 'request-malformed') return { kind: 'again', reason: error.code };
    throw error;
  }
};
