import { divideRounded, type Money, money } from '@zhanggui/money';
import { type EpochMs, epochMs } from '@zhanggui/time';
import type { BillLine, PaymentWord, RefundWord, ReversalWord, Told, WalletChannel } from '@zhanggui/wallet-channel';
import type { BillRow } from './bill.ts';
import type { WeChatPay } from './client.ts';
import { type CodePayment, type CodePayments, refusalIn } from './code-payments.ts';
import type { Notification } from './notifications.ts';
import { checkRefund, type Refund, type Transaction } from './transaction.ts';
import { isNotFound, WeChatPayError } from './wechatpay-error.ts';

type ShownWord = Awaited<ReturnType<WalletChannel['show']>>;
type Ask = Readonly<{ outTradeNo: string; total: Money }>;

const instant = (atMs: number | undefined): EpochMs | null => (atMs === undefined ? null : epochMs(atMs));

const paidWord = ({ transactionId, total, paidAtMs, openid, bankType }: Transaction): PaymentWord =>
  transactionId === undefined || !total
    ? { kind: 'unknown', reason: 'answer-malformed' }
    : {
        kind: 'paid',
        walletTradeNo: transactionId,
        total,
        paidAt: instant(paidAtMs),
        payer: openid ?? null,
        funding: bankType ?? null,
      };

/** A payment of which something was refunded was paid. */
const wordOf = (transaction: Transaction): PaymentWord => {
  switch (transaction.state) {
    case 'SUCCESS':
    case 'REFUND':
      return paidWord(transaction);
    case 'NOTPAY':
      return { kind: 'not-paid' };
    case 'USERPAYING':
      return { kind: 'awaiting-payer' };
    case 'CLOSED':
      return { kind: 'closed' };
    case 'REVOKED':
      return { kind: 'reversed' };
    case 'PAYERROR':
      return { kind: 'refused', code: transaction.state, text: transaction.stateText };
  }
};

/** The states of an order that the code payment found instead of being one. */
const foundWords: Readonly<Record<string, PaymentWord>> = {
  CLOSED: { kind: 'closed' },
  REVOKED: { kind: 'reversed' },
  REFUND: { kind: 'unknown', reason: 'REFUND' },
};

const codeWord = (outcome: CodePayment): PaymentWord => {
  switch (outcome.kind) {
    case 'paid':
      return paidWord(outcome.transaction);
    case 'awaiting-payer':
    case 'unknown':
      return outcome;
    case 'refused':
      return foundWords[outcome.code] ?? outcome;
  }
};

const refundWord = ({ state, refundId, refund, doneAtMs }: Refund): RefundWord => {
  switch (state) {
    case 'SUCCESS':
      return { kind: 'refunded', walletRefundNo: refundId, refund, refundedAt: instant(doneAtMs) };
    case 'PROCESSING':
      return { kind: 'refunding', walletRefundNo: refundId };
    case 'CLOSED':
      return { kind: 'refused', code: state, text: '退款关闭' };
    case 'ABNORMAL':
      return { kind: 'undeliverable', walletRefundNo: refundId };
  }
};

const reasonOf = ({ code, wechat }: WeChatPayError): string => wechat?.code ?? code;
const unknown = (error: WeChatPayError) => ({ kind: 'unknown', reason: reasonOf(error) }) as const;
/** Too many calls: nothing was done, and the same call may be made again. */
const refusedOr = (error: WeChatPayError) =>
  error.code === 'rate-limited' ? unknown(error) : (refusalIn(error) ?? unknown(error));

/** A request that could never be right throws; every other error is a word. */
const heard = async <Word>(ask: () => Promise<Word>, silence: (error: WeChatPayError) => Word): Promise<Word> => {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WeChatPayError) || error.code === 'request-malformed') throw error;
    return silence(error);
  }
};

const missing = (error: WeChatPayError) => (isNotFound(error) ? ({ kind: 'not-found' } as const) : unknown(error));

const query = (payments: CodePayments, { outTradeNo, total }: Ask): Promise<PaymentWord> =>
  heard<PaymentWord>(async () => wordOf(await payments.query({ outTradeNo }, total)), missing);

/** Only what cannot change any more, or the payer's turn, is said of an order that would not close. */
const isDecided = ({ kind }: PaymentWord): boolean => kind !== 'not-paid' && kind !== 'unknown';

const close = async (pay: WeChatPay, payments: CodePayments, order: Ask): Promise<PaymentWord> => {
  const word = await heard<PaymentWord>(async () => {
    await pay.close(order.outTradeNo);
    return { kind: 'closed' };
  }, missing);
  if (word.kind !== 'unknown') return word;
  const found = await query(payments, order);
  return isDecided(found) ? found : word;
};

/** WeChat's word for a reversal that comes before its 15 s are over. */
const tooEarly = 'RULE_LIMIT';

const reverse = (payments: CodePayments, outTradeNo: string): Promise<ReversalWord> =>
  heard<ReversalWord>(
    () => payments.reverse(outTradeNo),
    (error) => {
      const refusal = error.wechat?.code === tooEarly ? undefined : refusalIn(error);
      return refusal ?? { kind: 'again', reason: reasonOf(error) };
    },
  );

const toldOf = (notification: Notification): Told | undefined => {
  switch (notification.kind) {
    case 'paid':
      return {
        kind: 'payment',
        outTradeNo: notification.transaction.outTradeNo,
        word: wordOf(notification.transaction),
      };
    case 'refund':
      return { kind: 'refund', outRefundNo: notification.refund.outRefundNo, word: refundWord(notification.refund) };
    case 'combined':
    case 'shared':
    case 'other':
      return undefined;
  }
};

/** Yuan with any number of decimals, in fen. */
const fenIn = (row: BillRow, column: string): Money => {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(row[column] ?? '') ?? [];
  if (sign === undefined) throw new WeChatPayError('bill-malformed', column);
  const amount = divideRounded(BigInt(whole + fraction.padEnd(8, '0')), 1_000_000n, 'half-up');
  return money(sign === '-' ? -amount : amount, 'CNY');
};

const textIn = (row: BillRow, column: string): string => {
  const text = row[column];
  if (text === undefined || text === '') throw new WeChatPayError('bill-malformed', column);
  return text;
};

const instantIn = (row: BillRow): EpochMs => {
  const atMs = Date.parse(`${textIn(row, '交易时间').replace(' ', 'T')}+08:00`);
  if (Number.isNaN(atMs)) throw new WeChatPayError('bill-malformed', '交易时间');
  return epochMs(atMs);
};

/** REFUND is a refund, REVOKED the money that a reversal gave back; WeChat writes 0 where there is no refund. */
const billLineOf = (row: BillRow): BillLine => {
  const state = textIn(row, '交易状态');
  if (state !== 'SUCCESS' && state !== 'REFUND' && state !== 'REVOKED')
    throw new WeChatPayError('bill-malformed', '交易状态');
  if ((row.货币种类 ?? 'CNY') !== 'CNY') throw new WeChatPayError('other-currency', '货币种类');
  const isRefund = state !== 'SUCCESS';
  const outRefundNo = isRefund ? row.商户退款单号 : undefined;
  return {
    kind: isRefund ? 'refund' : 'payment',
    outTradeNo: textIn(row, '商户订单号'),
    outRefundNo: outRefundNo === undefined || outRefundNo === '' || outRefundNo === '0' ? null : outRefundNo,
    walletTradeNo: textIn(row, '微信订单号'),
    amount: fenIn(row, isRefund ? '申请退款金额' : '订单金额'),
    fee: fenIn(row, '手续费'),
    at: instantIn(row),
  };
};

/** WeChat makes no bill of a day without payments. */
const isEmptyDay = (error: unknown): boolean =>
  error instanceof WeChatPayError && error.wechat?.signed === true && error.wechat.code === 'NO_STATEMENT_EXIST';

async function* billLines(pay: WeChatPay, date: string): AsyncGenerator<BillLine> {
  try {
    for await (const row of pay.tradeBillRows({ date, type: 'ALL' })) yield billLineOf(row);
  } catch (error) {
    if (!isEmptyDay(error)) throw error;
  }
}

/**
 * WeChat Pay as a counter asks any wallet. `codePayments` is the v2 client of an account that pays by code over v2 only; it
 * then also queries, reverses and refunds. What API v3 is told to notify comes to `notifyUrl`.
 */
export const weChatChannel = ({
  pay,
  codePayments: payments = pay,
  notifyUrl,
}: Readonly<{ pay: WeChatPay; codePayments?: CodePayments; notifyUrl: string }>): WalletChannel => ({
  wallet: 'wechat',
  payByCode: (order) => heard<PaymentWord>(async () => codeWord(await payments.payByCode(order)), unknown),
  show: ({ outTradeNo, description, total, expiresAt }) =>
    heard<ShownWord>(async () => {
      const { codeUrl } = await pay.native({ outTradeNo, description, total, notifyUrl, expiresAtMs: expiresAt });
      return { kind: 'shown', qr: codeUrl };
    }, refusedOr),
  query: (order) => query(payments, order),
  close: (order) => close(pay, payments, order),
  reverse: ({ outTradeNo }) => reverse(payments, outTradeNo),
  refund: ({ outRefundNo, outTradeNo, refund, total, reason }) =>
    heard<RefundWord>(async () => {
      // What v2 tells is sealed in another way, which nobody here opens: its refunds are asked about.
      const told = payments === pay ? { notifyUrl } : {};
      const order = { outRefundNo, original: { outTradeNo }, refund, total, reason, ...told };
      return refundWord(await payments.refund(order));
    }, refusedOr),
  queryRefund: ({ outRefundNo, outTradeNo, walletTradeNo, refund, total }) =>
    heard<RefundWord>(async () => {
      const found = await payments.queryRefund(outRefundNo);
      checkRefund(found, { outTradeNo, transactionId: walletTradeNo, refund, total });
      return refundWord(found);
    }, missing),
  refundToCard: ({ outRefundNo, walletRefundNo, refund }, { bank, number, holder }) =>
    heard<RefundWord>(async () => {
      const card = { bankType: bank, cardNumber: number.reveal(), name: holder };
      const done = await pay.refundToCard({ refundId: walletRefundNo, outRefundNo, ...card });
      checkRefund(done, { outRefundNo, refund });
      return refundWord(done);
    }, refusedOr),
  async notified(request, hear) {
    const { status, body } = await pay.notifications.answer(request, async (notification) => {
      const told = toldOf(notification);
      if (told) await hear(told);
    });
    const headers: Record<string, string> = body === '' ? {} : { 'Content-Type': 'application/json' };
    return { status, headers, body };
  },
  bill: (date) => billLines(pay, date),
});
