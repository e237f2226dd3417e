import type { CurrencyCode, Money } from '@zhanggui/money';
import { money } from '@zhanggui/money';
import type { Alarm, Payment, PaymentState, Refund, RefundState } from '@zhanggui/qr-payment';
import { type BusinessDate, businessDateAt, type EpochMs, epochMs } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import type { Place } from './views.ts';

/** A payment as the journal has it: what was asked, the code to show, and what the machine knows. */
export type PaymentRecord = Readonly<{
  requestId: string;
  outTradeNo: string;
  wallet: Wallet;
  description: string;
  place: Place;
  qr: string | null;
  payment: Payment;
  /** Counts the writes; a write that has not seen the last one is refused. */
  version: number;
}>;

export type RefundRecord = Readonly<{
  refundId: string;
  requestId: string;
  outRefundNo: string;
  wallet: Wallet;
  reason: string;
  by: string;
  at: EpochMs;
  refund: Refund;
  version: number;
}>;

/** `int8` columns: bigint on the way back, digits on the way in. */
type Instant = bigint | null;

export type PaymentRow = {
  merchant_id: string;
  request_id: string;
  out_trade_no: string;
  wallet: Wallet;
  how: 'code' | 'show';
  amount_minor: bigint;
  currency: CurrencyCode;
  description: string;
  till_id: string | null;
  terminal_id: string | null;
  asked_at: bigint;
  expires_at: Instant;
  state: PaymentState;
  qr: string | null;
  wallet_trade_no: string | null;
  paid_at: Instant;
  payer: string | null;
  funding: string | null;
  refusal_code: string | null;
  refusal_text: string | null;
  is_cancelled: boolean;
  is_undoing: boolean;
  is_reversal_refused: boolean;
  is_in_doubt: boolean;
  owes_back: boolean;
  alarm: Alarm | null;
  refunded_minor: bigint;
  refunding_minor: bigint;
  tries: number;
  next_at: Instant;
  ended_at: Instant;
  version: number;
};

export type RefundRow = {
  merchant_id: string;
  refund_id: string;
  request_id: string;
  out_refund_no: string;
  wallet: Wallet;
  amount_minor: bigint;
  currency: CurrencyCode;
  reason: string;
  asked_by: string;
  asked_at: bigint;
  state: RefundState;
  wallet_refund_no: string | null;
  refusal_code: string | null;
  refusal_text: string | null;
  alarm: Alarm | null;
  is_missing: boolean;
  tries: number;
  next_at: Instant;
  ended_at: Instant;
  version: number;
};

const instant = (ms: bigint): EpochMs => epochMs(Number(ms));
const instantOrNull = (ms: Instant): EpochMs | null => (ms === null ? null : instant(ms));
const digits = (at: EpochMs | null): Instant => (at === null ? null : BigInt(at));
const dayOf = (at: EpochMs | null): BusinessDate | null => (at === null ? null : businessDateAt(at));

export const paymentFromRow = (row: PaymentRow): PaymentRecord => ({
  requestId: row.request_id,
  outTradeNo: row.out_trade_no,
  wallet: row.wallet,
  description: row.description,
  place: {
    ...(row.till_id === null ? {} : { tillId: row.till_id }),
    ...(row.terminal_id === null ? {} : { terminalId: row.terminal_id }),
  },
  qr: row.qr,
  version: row.version,
  payment: {
    how: row.how,
    amount: money(row.amount_minor, row.currency),
    askedAt: instant(row.asked_at),
    expiresAt: instantOrNull(row.expires_at),
    state: row.state,
    isShown: row.qr !== null,
    paid:
      row.paid_at === null
        ? null
        : {
            walletTradeNo: row.wallet_trade_no ?? '',
            at: instant(row.paid_at),
            payer: row.payer,
            funding: row.funding,
          },
    refusal: row.refusal_code === null ? null : { code: row.refusal_code, text: row.refusal_text ?? '' },
    isCancelled: row.is_cancelled,
    isUndoing: row.is_undoing,
    isReversalRefused: row.is_reversal_refused,
    isInDoubt: row.is_in_doubt,
    owesBack: row.owes_back,
    alarm: row.alarm,
    refundedMinor: row.refunded_minor,
    refundingMinor: row.refunding_minor,
    tries: row.tries,
    nextAt: instantOrNull(row.next_at),
    endedAt: instantOrNull(row.ended_at),
  },
});

export const paymentRow = (merchantId: string, record: PaymentRecord): PaymentRow & { day: BusinessDate | null } => {
  const { payment, place } = record;
  return {
    merchant_id: merchantId,
    request_id: record.requestId,
    out_trade_no: record.outTradeNo,
    wallet: record.wallet,
    how: payment.how,
    amount_minor: payment.amount.minor,
    currency: payment.amount.currency,
    description: record.description,
    till_id: place.tillId ?? null,
    terminal_id: place.terminalId ?? null,
    asked_at: BigInt(payment.askedAt),
    expires_at: digits(payment.expiresAt),
    state: payment.state,
    qr: record.qr,
    wallet_trade_no: payment.paid?.walletTradeNo ?? null,
    paid_at: digits(payment.paid?.at ?? null),
    payer: payment.paid?.payer ?? null,
    funding: payment.paid?.funding ?? null,
    refusal_code: payment.refusal?.code ?? null,
    refusal_text: payment.refusal?.text ?? null,
    is_cancelled: payment.isCancelled,
    is_undoing: payment.isUndoing,
    is_reversal_refused: payment.isReversalRefused,
    is_in_doubt: payment.isInDoubt,
    owes_back: payment.owesBack,
    alarm: payment.alarm,
    refunded_minor: payment.refundedMinor,
    refunding_minor: payment.refundingMinor,
    tries: payment.tries,
    next_at: digits(payment.nextAt),
    ended_at: digits(payment.endedAt),
    day: dayOf(payment.paid?.at ?? null),
    version: record.version,
  };
};

export const refundFromRow = (row: RefundRow): RefundRecord => ({
  refundId: row.refund_id,
  requestId: row.request_id,
  outRefundNo: row.out_refund_no,
  wallet: row.wallet,
  reason: row.reason,
  by: row.asked_by,
  at: instant(row.asked_at),
  version: row.version,
  refund: {
    amount: money(row.amount_minor, row.currency),
    state: row.state,
    walletRefundNo: row.wallet_refund_no,
    refusal: row.refusal_code === null ? null : { code: row.refusal_code, text: row.refusal_text ?? '' },
    alarm: row.alarm,
    isMissing: row.is_missing,
    tries: row.tries,
    nextAt: instantOrNull(row.next_at),
    endedAt: instantOrNull(row.ended_at),
  },
});

export const refundRow = (merchantId: string, record: RefundRecord): RefundRow & { day: BusinessDate | null } => {
  const { refund } = record;
  return {
    merchant_id: merchantId,
    refund_id: record.refundId,
    request_id: record.requestId,
    out_refund_no: record.outRefundNo,
    wallet: record.wallet,
    amount_minor: refund.amount.minor,
    currency: refund.amount.currency,
    reason: record.reason,
    asked_by: record.by,
    asked_at: BigInt(record.at),
    state: refund.state,
    wallet_refund_no: refund.walletRefundNo,
    refusal_code: refund.refusal?.code ?? null,
    refusal_text: refund.refusal?.text ?? null,
    alarm: refund.alarm,
    is_missing: refund.isMissing,
    tries: refund.tries,
    next_at: digits(refund.nextAt),
    ended_at: digits(refund.endedAt),
    day: refund.state === 'refunded' ? dayOf(refund.endedAt) : null,
    version: record.version,
  };
};

/** Both sides of a refund are in one currency. */
export const moneyOf = (amount: Money, minor: bigint): Money => money(minor, amount.currency);
