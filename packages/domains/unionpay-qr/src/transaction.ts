import { cny, type Money } from '@zhanggui/money';
import { type EpochMs, instantOf, type LocalDateTime } from '@zhanggui/time';
import { txnTimeOf } from './gateway.ts';
import type { Fields } from './message.ts';
import { type CodeMeaning, meaningOf } from './respcodes.ts';
import { UnionPayError } from './unionpay-error.ts';

/** What UnionPay knows of one transaction: a sale, a refund or a void. */
export type Transaction = Readonly<{
  orderId: string;
  txnType: string;
  meaning: CodeMeaning;
  code: string;
  text: string;
  /** UnionPay's number; refunds and voids name the original by it. */
  queryId: string;
  total?: Money;
  at?: EpochMs;
  /** 借记账户, 贷记账户 …; absent when UnionPay does not tell. */
  account?: string;
}>;

export type TransactionName = Readonly<{ orderId: string; at: EpochMs }>;

const accounts: Readonly<Record<string, string>> = {
  '01': '借记账户',
  '02': '贷记账户',
  '03': '准贷记账户',
  '04': '借贷合一账户',
  '05': '预付费账户',
};

/** Fen as digits. */
export const fenOf = (amount: Money, place: string): string => {
  if (amount.currency !== 'CNY' || amount.minor <= 0n) throw new UnionPayError('request-malformed', place);
  return String(amount.minor);
};

const totalIn = ({ txnAmt, currencyCode = '156' }: Fields): Money | undefined => {
  if (!txnAmt) return undefined;
  if (currencyCode !== '156') throw new UnionPayError('other-currency', 'currencyCode');
  if (!/^\d{1,12}$/.test(txnAmt)) throw new UnionPayError('answer-malformed', 'txnAmt');
  return cny(BigInt(txnAmt));
};

const instantIn = (digits: string | undefined): EpochMs | undefined => {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits ?? '');
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}` as LocalDateTime;
  if (Number.isNaN(Date.parse(`${local}Z`))) throw new UnionPayError('answer-malformed', 'time');
  return instantOf(local);
};

/** `traceTime` has no year; it is never earlier than the order by more than the turn of a year. */
const doneAt = ({ traceTime, txnTime }: Fields): EpochMs | undefined => {
  if (!/^\d{10}$/.test(traceTime ?? '')) return undefined;
  const year = Number(txnTime?.slice(0, 4));
  const isNextYear = txnTime?.slice(4, 6) === '12' && traceTime?.startsWith('01');
  return instantIn(`${isNextYear ? year + 1 : year}${traceTime}`);
};

/** `code` and `text` are those of the transaction itself: `origRespCode` of a query, `respCode` of a notification. */
export const transactionOf = (fields: Fields, code: string, text: string): Transaction => ({
  orderId: fields.orderId ?? '',
  txnType: fields.txnType ?? '',
  meaning: meaningOf(code),
  code,
  text,
  queryId: fields.queryId ?? '',
  total: totalIn(fields),
  at: doneAt(fields) ?? instantIn(fields.txnTime),
  account: accounts[fields.payCardType ?? ''],
});

/** Throws when an answer is about another order. */
export const checkName = (fields: Fields, { orderId, at }: TransactionName): void => {
  if (fields.orderId !== orderId) throw new UnionPayError('other-order', 'orderId');
  if (fields.txnTime !== txnTimeOf(at)) throw new UnionPayError('other-order', 'txnTime');
};

/** A transaction that is done must name what was asked for, and its number. */
export const checkTotal = (transaction: Transaction, total: Money | undefined): void => {
  if (transaction.meaning !== 'done') return;
  if (transaction.total === undefined || transaction.queryId === '')
    throw new UnionPayError('answer-malformed', 'txnAmt');
  if (total && transaction.total.minor !== total.minor) throw new UnionPayError('other-amount', 'txnAmt');
};
