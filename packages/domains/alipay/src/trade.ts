import { decimalText, type Money, parseMoney } from '@zhanggui/money';
import { type EpochMs, instantOf, type LocalDateTime } from '@zhanggui/time';
import { z } from 'zod';
import { AlipayError } from './alipay-error.ts';

const statuses = ['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED'] as const;
/** `TRADE_CLOSED` with `paidAt` was paid and went back as a whole; without, nobody paid. */
export type TradeStatus = (typeof statuses)[number];

export type Trade = Readonly<{
  outTradeNo: string;
  tradeNo: string;
  status: TradeStatus;
  total?: Money;
  paidAt?: EpochMs;
  /** Alipay's own number of the payer. */
  buyer?: string;
  /** Alipay's words for where the money came from: `ALIPAYACCOUNT`, `DEBIT_CARD` … */
  funding?: string;
}>;

/** Amounts are texts; some answers have them as numbers. */
const amountText = z.union([z.string(), z.number()]).transform(String);
const fundShape = z.object({ fund_channel: z.string().optional(), fundChannel: z.string().optional() });

export const tradeShape = z.object({
  out_trade_no: z.string(),
  trade_no: z.string().default(''),
  trade_status: z.enum(statuses).optional(),
  total_amount: amountText.optional(),
  gmt_payment: z.string().optional(),
  send_pay_date: z.string().optional(),
  buyer_user_id: z.string().optional(),
  buyer_id: z.string().optional(),
  buyer_open_id: z.string().optional(),
  fund_bill_list: z.array(fundShape).optional(),
});
export const refundShape = z.object({
  out_trade_no: z.string(),
  trade_no: z.string().default(''),
  fund_change: z.enum(['Y', 'N']),
  refund_fee: amountText,
  gmt_refund_pay: z.string().optional(),
});
export const refundQueryShape = z.object({
  out_trade_no: z.string().optional(),
  trade_no: z.string().default(''),
  out_request_no: z.string().optional(),
  refund_status: z.string().optional(),
  refund_amount: amountText.optional(),
  total_amount: amountText.optional(),
  gmt_refund_pay: z.string().optional(),
});

export const shaped = <Output>(shape: z.ZodType<Output>, value: unknown, place: string): Output => {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AlipayError('answer-malformed', `${place}.${parsed.error.issues[0]?.path.join('.') ?? ''}`);
};

/** Yuan with two decimals. */
export const yuanOf = (amount: Money, place: string): string => {
  if (amount.currency !== 'CNY' || amount.minor <= 0n) throw new AlipayError('request-malformed', place);
  return decimalText(amount);
};

export const moneyOf = (text: string, place: string): Money => {
  const amount = parseMoney(text, 'CNY');
  if (!amount) throw new AlipayError('answer-malformed', place);
  return amount;
};

/** `yyyy-MM-dd HH:mm:ss`, in Beijing. */
export const instantIn = (text: string | undefined, place: string): EpochMs | undefined => {
  if (!text) return undefined;
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(text);
  const local = match && (`${match[1]}T${match[2]}` as LocalDateTime);
  if (!local || Number.isNaN(Date.parse(`${local}Z`))) throw new AlipayError('answer-malformed', place);
  return instantOf(local);
};

/** `status` is said by the code of the answer where the answer has none of its own. */
export const tradeOf = (answer: z.output<typeof tradeShape>, status: TradeStatus, place: string): Trade => {
  const channels = answer.fund_bill_list?.map((fund) => fund.fund_channel ?? fund.fundChannel ?? '').filter(Boolean);
  return {
    outTradeNo: answer.out_trade_no,
    tradeNo: answer.trade_no,
    status: answer.trade_status ?? status,
    total: answer.total_amount === undefined ? undefined : moneyOf(answer.total_amount, `${place}.total_amount`),
    paidAt: instantIn(answer.gmt_payment ?? answer.send_pay_date, `${place}.gmt_payment`),
    buyer: answer.buyer_user_id ?? answer.buyer_id ?? answer.buyer_open_id,
    funding: channels?.length ? channels.join('+') : undefined,
  };
};

export type AskedTrade = Readonly<{ outTradeNo?: string; tradeNo?: string; total?: Money }>;

/** Throws when the answer is about another order, or another amount; a paid trade must name its amount. */
export const checkTrade = (trade: Trade, asked: AskedTrade): void => {
  if (asked.outTradeNo !== undefined && trade.outTradeNo !== asked.outTradeNo)
    throw new AlipayError('other-order', 'out_trade_no');
  if (asked.tradeNo !== undefined && trade.tradeNo !== asked.tradeNo) throw new AlipayError('other-order', 'trade_no');
  const isPaid = trade.status === 'TRADE_SUCCESS' || trade.status === 'TRADE_FINISHED';
  if (isPaid && (trade.total === undefined || trade.tradeNo === ''))
    throw new AlipayError('answer-malformed', 'total_amount');
  if (asked.total && trade.total && trade.total.minor !== asked.total.minor)
    throw new AlipayError('other-amount', 'total_amount');
};
