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
  WalletOrder,
} from '@zhanggui/wallet-channel';
import { AlipayError, type AlipayErrorCode, isNotFound } from './alipay-error.ts';
import type { Alipay } from './client.ts';
import type { Trade } from './trade.ts';

type Asked = Parameters<WalletChannel['query']>[0];

const wordOf = (trade: Trade): PaymentWord => {
  switch (trade.status) {
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED': {
      const { tradeNo, total, paidAt = null, buyer = null, funding = null } = trade;
      if (!total) return { kind: 'unknown', reason: 'answer-malformed' };
      return { kind: 'paid', walletTradeNo: tradeNo, total, paidAt, payer: buyer, funding };
    }
    case 'WAIT_BUYER_PAY':
      return { kind: 'awaiting-payer' };
    case 'TRADE_CLOSED':
      return trade.paidAt === undefined ? { kind: 'closed' } : { kind: 'reversed' };
  }
};

/** What throws is our own request that could never be right; all else is a word. */
const wordsOfError = (error: unknown): Readonly<{ kind: 'unknown'; reason: string }> => {
  if (!(error instanceof AlipayError) || error.code === 'request-malformed') throw error;
  return { kind: 'unknown', reason: error.code };
};

const certain: ReadonlySet<AlipayErrorCode> = new Set(['refused', 'rate-limited']);
const refusalIn = (error: unknown): Readonly<{ kind: 'refused'; code: string; text: string }> | undefined => {
  if (!(error instanceof AlipayError) || !error.alipay || !certain.has(error.code)) return undefined;
  const { code, text, subCode, subText } = error.alipay;
  return { kind: 'refused', code: subCode || code, text: subText || text };
};

const isBusy = (error: unknown): boolean => error instanceof AlipayError && error.code === 'rate-limited';

/** Too many calls is no refusal of what may be asked for again: a code to show, a refund. */
const refusedOr = (error: unknown) => (isBusy(error) ? undefined : refusalIn(error)) ?? wordsOfError(error);

const queried = async (client: Alipay, { outTradeNo, total }: Asked): Promise<PaymentWord> => {
  try {
    return wordOf(await client.query({ outTradeNo }, total));
  } catch (error) {
    return isNotFound(error) ? { kind: 'not-found' } : wordsOfError(error);
  }
};

/** Refusals that a lost first answer can cause: the order may well be paid. */
const meansItWasThere: ReadonlySet<string> = new Set([
  'ACQ.TRADE_HAS_SUCCESS',
  'ACQ.TRADE_HAS_CLOSE',
  'ACQ.CONTEXT_INCONSISTENT',
]);

/** Characters that Alipay takes no subject with become blanks. */
const subjectOf = ({ description }: WalletOrder): string => description.replace(/[/=&]/g, ' ').slice(0, 256);

const paidByCode = async (client: Alipay, order: CodeOrder, notifyUrl?: string): Promise<PaymentWord> => {
  const { outTradeNo, total, authCode, storeId, deviceId: terminalId } = order;
  const subject = subjectOf(order);
  try {
    return wordOf(await client.pay({ outTradeNo, subject, total, authCode, storeId, terminalId, notifyUrl }));
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal && !meansItWasThere.has(refusal.code)) return refusal;
    const unknown = wordsOfError(error);
    if (unknown.reason === 'not-sent') return unknown;
    const word = await queried(client, order);
    // The request may still be on its way.
    return word.kind === 'not-found' ? unknown : word;
  }
};

/** A trade that nobody scanned yet cannot be closed, only cancelled; a payer who is faster gets the money back. */
const closed = async (client: Alipay, order: Asked): Promise<PaymentWord> => {
  const before = await queried(client, order);
  if (before.kind !== 'awaiting-payer' && before.kind !== 'not-found') return before;
  try {
    if (before.kind === 'awaiting-payer') await client.close(order.outTradeNo);
    else {
      const { action, retry } = await client.cancel(order.outTradeNo);
      if (retry) return { kind: 'unknown', reason: 'retry' };
      if (action === 'refund') return { kind: 'reversed' };
    }
    return { kind: 'closed' };
  } catch (error) {
    const after = await queried(client, order);
    return after.kind === 'awaiting-payer' || after.kind === 'not-found' ? wordsOfError(error) : after;
  }
};

const reversed = async (client: Alipay, outTradeNo: string): Promise<ReversalWord> => {
  try {
    const { retry, action } = await client.cancel(outTradeNo);
    if (retry) return { kind: 'again', reason: 'retry' };
    // Nothing was there to cancel, and what comes later is not stopped by it.
    return action ? { kind: 'reversed' } : { kind: 'refused', code: 'ACQ.TRADE_NOT_EXIST', text: '交易不存在' };
  } catch (error) {
    const refusal = refusalIn(error);
    const mayTryAgain = isBusy(error) || (error instanceof AlipayError && error.alipay?.retry);
    if (refusal && !mayTryAgain) return refusal;
    return { kind: 'again', reason: refusal?.code ?? wordsOfError(error).reason };
  }
};

const refundFound = async (client: Alipay, order: RefundOrder): Promise<RefundWord> => {
  const { outTradeNo, outRefundNo } = order;
  try {
    const found = await client.queryRefund({ outTradeNo, outRequestNo: outRefundNo });
    if (!found) return { kind: 'not-found' };
    if (found.refund.minor !== order.refund.minor) return { kind: 'unknown', reason: 'other-amount' };
    const { tradeNo: walletRefundNo, refund, at: refundedAt = null } = found;
    return { kind: 'refunded', walletRefundNo, refund, refundedAt };
  } catch (error) {
    return isNotFound(error) ? { kind: 'not-found' } : wordsOfError(error);
  }
};

const refunded = async (client: Alipay, order: RefundOrder): Promise<RefundWord> => {
  const { outTradeNo, outRefundNo, refund, total, reason } = order;
  try {
    const done = await client.refund({ outTradeNo, outRequestNo: outRefundNo, refund, total, reason });
    if (done.changed) return { kind: 'refunded', walletRefundNo: done.tradeNo, refund, refundedAt: done.at ?? null };
  } catch (error) {
    return refusedOr(error);
  }
  const found = await refundFound(client, order);
  return found.kind === 'not-found' ? { kind: 'refunding', walletRefundNo: null } : found;
};

const heardRefund = async (client: Alipay, outTradeNo: string, outRefundNo: string): Promise<Told> => {
  const found = await client.queryRefund({ outTradeNo, outRequestNo: outRefundNo });
  const word: RefundWord = found
    ? { kind: 'refunded', walletRefundNo: found.tradeNo, refund: found.refund, refundedAt: found.at ?? null }
    : { kind: 'refunding', walletRefundNo: null };
  return { kind: 'refund', outRefundNo, word };
};

const answerOf = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

const heard = async (
  client: Alipay,
  { body }: HttpRequest,
  hear: (told: Told) => Promise<void>,
): Promise<HttpAnswer> => {
  try {
    const { trade, outRequestNo } = client.readNotification(body);
    if (outRequestNo === undefined) await hear({ kind: 'payment', outTradeNo: trade.outTradeNo, word: wordOf(trade) });
    else await hear(await heardRefund(client, trade.outTradeNo, outRequestNo));
    return answerOf(200, 'success');
  } catch (error) {
    const isTheirs = error instanceof AlipayError && !error.alipay;
    return answerOf(isTheirs ? 400 : 500, 'failure');
  }
};

async function* billOf(client: Alipay, date: string): AsyncGenerator<BillLine> {
  for await (const { tradeNo: walletTradeNo, outRequestNo: outRefundNo, ...row } of await client.tradeBill(date))
    yield { ...row, walletTradeNo, outRefundNo: row.kind === 'refund' ? outRefundNo : null };
}

/** Alipay behind the interface of every wallet. `notifyUrl` travels with each order. */
export const alipayChannel = (settings: Readonly<{ client: Alipay; notifyUrl?: string }>): WalletChannel => {
  const { client, notifyUrl } = settings;
  return {
    wallet: 'alipay',
    payByCode: (order) => paidByCode(client, order, notifyUrl),
    async show(order) {
      const { outTradeNo, total, expiresAt } = order;
      const subject = subjectOf(order);
      try {
        const { qrCode } = await client.precreate({ outTradeNo, subject, total, expiresAt, notifyUrl });
        return { kind: 'shown', qr: qrCode };
      } catch (error) {
        return refusedOr(error);
      }
    },
    query: (order) => queried(client, order),
    close: (order) => closed(client, order),
    reverse: ({ outTradeNo }) => reversed(client, outTradeNo),
    refund: (order) => refunded(client, order),
    queryRefund: (order) => refundFound(client, order),
    notified: (request, hear) => heard(client, request, hear),
    bill: (date) => billOf(client, date),
  };
};
