import { businessDateAt, type EpochMs, epochMs } from '@zhanggui/time';
import type {
  BillLine,
  CodeOrder,
  HttpAnswer,
  HttpRequest,
  PaymentWord,
  RefundOrder,
  RefundWord,
  ReversalWord,
  Told,
  WalletChannel,
} from '@zhanggui/wallet-channel';
import type { UnionPayQr } from './client.ts';
import { meaningOf, unionPayCodes } from './respcodes.ts';
import type { SettlementRow } from './settlement-file.ts';
import type { Transaction } from './transaction.ts';
import { UnionPayError } from './unionpay-error.ts';

type Asked = Parameters<WalletChannel['query']>[0];
type Unknown = Readonly<{ kind: 'unknown'; reason: string }>;

/** The clearing day turns at 23:00; a reversal or a void of an earlier day is too late. */
const clearingDayTurns = '23:00';
/** A code that is shown ends by itself within this. */
const shownMsMax = 7_200_000;

const wordOf = (transaction: Transaction): PaymentWord => {
  const { code, text, meaning, queryId, total, at = null, account = null } = transaction;
  switch (meaning) {
    case 'done':
      if (!total) return { kind: 'unknown', reason: 'answer-malformed' };
      return { kind: 'paid', walletTradeNo: queryId, total, paidAt: at, payer: null, funding: account };
    case 'pending':
      return { kind: 'awaiting-payer' };
    case 'given-back':
      return { kind: 'reversed' };
    case 'not-found':
      return { kind: 'not-found' };
    case 'duplicate':
    case 'refused':
      return { kind: 'refused', code, text };
  }
};

const refundWordOf = (transaction: Transaction): RefundWord => {
  const { code, text, meaning, queryId, total, at = null } = transaction;
  switch (meaning) {
    case 'done':
      if (!total) return { kind: 'unknown', reason: 'answer-malformed' };
      return { kind: 'refunded', walletRefundNo: queryId, refund: total, refundedAt: at };
    case 'pending':
      return { kind: 'refunding', walletRefundNo: queryId || null };
    case 'not-found':
      return { kind: 'not-found' };
    case 'duplicate':
    case 'given-back':
    case 'refused':
      return { kind: 'refused', code, text };
  }
};

/** What throws is our own request that could never be right; all else is a word. */
const unknownOf = (error: unknown): Unknown => {
  if (!(error instanceof UnionPayError) || error.code === 'request-malformed') throw error;
  return { kind: 'unknown', reason: error.code };
};

const refusalIn = (error: unknown): Readonly<{ kind: 'refused'; code: string; text: string }> | undefined =>
  error instanceof UnionPayError && error.code === 'refused' && error.unionPay
    ? { kind: 'refused', ...error.unionPay }
    : undefined;

/** Not now, and no word about this transaction: it may be asked for again, and an earlier request of it may still be on its way. */
const isNotNow = (code: string): boolean => code === '02' || code === '37';

const isDuplicate = (code: string): boolean => meaningOf(code) === 'duplicate';

const queried = async (client: UnionPayQr, { outTradeNo: orderId, total, at }: Asked): Promise<PaymentWord> => {
  try {
    const found = await client.query({ orderId, at }, total);
    return found ? wordOf(found) : { kind: 'not-found' };
  } catch (error) {
    return unknownOf(error);
  }
};

const paidByCode = async (client: UnionPayQr, order: CodeOrder, notifyUrl?: string): Promise<PaymentWord> => {
  const { outTradeNo: orderId, total, at, authCode: qrNo, deviceId } = order;
  const terminalId = /^[0-9A-Za-z]{8}$/.test(deviceId) ? deviceId : undefined;
  let doubt: Unknown = { kind: 'unknown', reason: 'outcome-unknown' };
  try {
    await client.payByCode({ orderId, at, total, qrNo, terminalId, notifyUrl });
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal && !isDuplicate(refusal.code)) return refusal;
    doubt = unknownOf(error);
    if (doubt.reason === 'not-sent') return doubt;
  }
  // Taken is not paid: the query decides, also when the answer is lost.
  const word = await queried(client, order);
  return word.kind === 'not-found' ? doubt : word;
};

const clearingDayOf = (at: EpochMs): string => businessDateAt(at, clearingDayTurns);

/**
 * UnionPay has no closing: a code that nobody scanned is over at its end. One that somebody is paying may still be paid after it, until
 * the clearing day turns; then the day's file tells.
 */
const closed = async (client: UnionPayQr, order: Parameters<WalletChannel['close']>[0]): Promise<PaymentWord> => {
  const word = await queried(client, order);
  const endsAt = order.expiresAt ?? epochMs(order.at + shownMsMax);
  const now = client.now();
  if (word.kind === 'not-found') return now > endsAt ? { kind: 'closed' } : { kind: 'not-paid' };
  const isOver = now > endsAt && clearingDayOf(now) !== clearingDayOf(endsAt);
  return word.kind === 'awaiting-payer' && isOver ? { kind: 'closed' } : word;
};

const reversed = async (client: UnionPayQr, { outTradeNo: orderId, at }: Asked): Promise<ReversalWord> => {
  if (clearingDayOf(at) !== clearingDayOf(client.now()))
    return { kind: 'refused', code: '39', text: unionPayCodes['39']?.zh ?? '' };
  try {
    const outcome = await client.reverse({ orderId, at });
    return outcome === 'reversed' ? { kind: 'reversed' } : { kind: 'again', reason: 'pending' };
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal && !isNotNow(refusal.code)) return refusal;
    return { kind: 'again', reason: refusal?.code ?? unknownOf(error).reason };
  }
};

const refundQueried = async (client: UnionPayQr, order: RefundOrder): Promise<RefundWord> => {
  try {
    const found = await client.query({ orderId: order.outRefundNo, at: order.at }, order.refund);
    return found ? refundWordOf(found) : { kind: 'not-found' };
  } catch (error) {
    return unknownOf(error);
  }
};

const refunded = async (client: UnionPayQr, order: RefundOrder, notifyUrl?: string): Promise<RefundWord> => {
  const { outRefundNo: orderId, at, refund: total, walletTradeNo: originalQueryId } = order;
  let isTaken = true;
  try {
    await client.refund({ orderId, at, total, originalQueryId, notifyUrl });
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) return unknownOf(error);
    if (isNotNow(refusal.code)) return { kind: 'unknown', reason: refusal.code };
    if (!isDuplicate(refusal.code)) return refusal;
    isTaken = false;
  }
  const word = await refundQueried(client, order);
  return isTaken && word.kind === 'not-found' ? { kind: 'refunding', walletRefundNo: null } : word;
};

const toldOf = (transaction: Transaction): Told => {
  const { orderId, txnType } = transaction;
  if (txnType === '01') return { kind: 'payment', outTradeNo: orderId, word: wordOf(transaction) };
  if (txnType === '04' || txnType === '31')
    return { kind: 'refund', outRefundNo: orderId, word: refundWordOf(transaction) };
  throw new UnionPayError('answer-malformed', 'txnType');
};

const answerOf = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

/** UnionPay looks at the status only, and asks again when it is not 200. */
const heard = async (
  client: UnionPayQr,
  { body }: HttpRequest,
  hear: (told: Told) => Promise<void>,
): Promise<HttpAnswer> => {
  try {
    await hear(toldOf(client.readNotification(body)));
    return answerOf(200, 'ok');
  } catch (error) {
    return answerOf(error instanceof UnionPayError ? 400 : 500, 'failure');
  }
};

const lineOf = (row: SettlementRow): BillLine => {
  const { kind, orderId, originalOrderId, queryId, originalQueryId, amount, fee, at } = row;
  if (kind === 'payment')
    return { kind, outTradeNo: orderId, outRefundNo: null, walletTradeNo: queryId, amount, fee, at };
  const original = { outTradeNo: originalOrderId ?? '', walletTradeNo: originalQueryId ?? '' };
  return { kind: 'refund', ...original, outRefundNo: orderId, amount, fee, at };
};

async function* billOf(client: UnionPayQr, date: string): AsyncGenerator<BillLine> {
  for await (const row of await client.settlementFile(date)) yield lineOf(row);
}

/** UnionPay QR behind the interface of every wallet. `notifyUrl` travels with each order and refund. */
export const unionPayQrChannel = (settings: Readonly<{ client: UnionPayQr; notifyUrl?: string }>): WalletChannel => {
  const { client, notifyUrl } = settings;
  return {
    wallet: 'unionpay',
    payByCode: (order) => paidByCode(client, order, notifyUrl),
    async show(order) {
      const { outTradeNo: orderId, total, at, description, expiresAt } = order;
      if (expiresAt - at > shownMsMax) throw new UnionPayError('request-malformed', 'expiresAt');
      try {
        const { qrCode } = await client.applyQr({ orderId, at, total, description, expiresAt, notifyUrl });
        return { kind: 'shown', qr: qrCode };
      } catch (error) {
        return refusalIn(error) ?? unknownOf(error);
      }
    },
    query: (order) => queried(client, order),
    close: (order) => closed(client, order),
    reverse: (order) => reversed(client, order),
    refund: (order) => refunded(client, order, notifyUrl),
    queryRefund: (order) => refundQueried(client, order),
    notified: (request, hear) => heard(client, request, hear),
    bill: (date) => billOf(client, date),
  };
};
