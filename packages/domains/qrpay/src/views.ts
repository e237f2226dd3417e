import type { Money } from '@zhanggui/money';
import type { Alarm, PaymentState, RefundState } from '@zhanggui/qr-payment';
import type { BusinessDate, EpochMs } from '@zhanggui/time';
import type { PayerCard, Wallet } from '@zhanggui/wallet-channel';

export type Words = Readonly<{ zh: string; en: string }>;
/** Where at the counter it is paid. */
export type Place = Readonly<{ tillId?: string; terminalId?: string }>;

/** A payment as a counter and the office see it. */
export type QrPaymentView = Readonly<{
  requestId: string;
  /** Our number of the order at the wallet. */
  outTradeNo: string;
  wallet: Wallet;
  /** `code`: the payer's payment code was scanned. `show`: the payer scans ours. */
  how: 'code' | 'show';
  amount: Money;
  description: string;
  state: PaymentState;
  /** We gave up and see to it that no money is kept: the counter may go on. */
  undoing: boolean;
  /** Something a person should know: late money, another amount, undone by the wallet. */
  alarm?: Alarm;
  /** The text of the QR code to show, while it can be paid. */
  qr?: string;
  expiresAt?: EpochMs;
  /** The wallet's own code of a refusal, and what to say about it. */
  code?: string;
  text?: Words;
  walletTradeNo?: string;
  payer?: string;
  funding?: string;
  /** What has gone back. */
  refunded: Money;
  at: EpochMs;
  paidAt?: EpochMs;
  endedAt?: EpochMs;
  place: Place;
}>;

export type RefundView = Readonly<{
  refundId: string;
  requestId: string;
  outRefundNo: string;
  amount: Money;
  state: RefundState;
  reason: string;
  by: string;
  alarm?: Alarm;
  code?: string;
  text?: Words;
  walletRefundNo?: string;
  at: EpochMs;
  endedAt?: EpochMs;
}>;

export type StartRequest = Readonly<{
  /** A uuid made by the till; the same one again is the same payment. */
  requestId: string;
  amount: Money;
  /** What the payer reads. */
  description: string;
  place: Place;
  clientIp: string;
  how: Readonly<{ kind: 'code'; authCode: string }> | Readonly<{ kind: 'show'; wallet: Wallet }>;
}>;

export type RefundRequest = Readonly<{
  /** A uuid; the same one again is the same refund. */
  refundId: string;
  requestId: string;
  amount: Money;
  reason: string;
  /** Who asks: a name or number of a person. */
  by: string;
}>;

/** Where an undeliverable refund shall go instead. */
export type CardRequest = Readonly<{ refundId: string; card: PayerCard; by: string }>;

/** `before` is the `next` of the page before. */
export type PaymentPage = Readonly<{
  date?: BusinessDate;
  wallet?: Wallet;
  state?: PaymentState;
  before?: string;
  limit: number;
}>;

/** Sums of one side of a day: payments, what went back, fees, each positive; a fee that came back counts down. */
export type BillSums = Readonly<{ payments: Money; refunds: Money; fees: Money }>;

export type DifferenceKind = 'missing-here' | 'missing-there' | 'amount' | 'fee';

/** A day's bill of a wallet beside our books. */
export type ReconciliationView = Readonly<{
  wallet: Wallet;
  date: BusinessDate;
  at: EpochMs;
  /** How often this day was run. */
  runs: number;
  /** Lines of the bill, and how many of them agree. */
  lines: number;
  agreed: number;
  ours: BillSums;
  theirs: BillSums;
  differences: Readonly<Record<DifferenceKind, number>>;
  /** Differences nobody has worked off. */
  open: number;
}>;

/** One side of a difference. */
export type DifferenceSide = Readonly<{
  amount: Money;
  fee: Money;
  at: EpochMs;
  /** Ours: the payment's or refund's state. */
  state?: PaymentState | RefundState;
  requestId?: string;
  walletTradeNo?: string;
}>;

export type DifferenceView = Readonly<{
  id: string;
  wallet: Wallet;
  date: BusinessDate;
  kind: DifferenceKind;
  line: 'payment' | 'refund';
  outTradeNo: string;
  /** Of a refund; what went back of a reversed payment has none. */
  outRefundNo?: string;
  /** Our payment, if we know one of this number, also where our side is missing. */
  requestId?: string;
  here?: DifferenceSide;
  there?: DifferenceSide;
  /** Who worked it off last, and what was done. */
  by?: string;
  note?: string;
  /** Absent: open. One that changed after it was settled is open again and keeps its note. */
  settledAt?: EpochMs;
  /** Settled, and not found any more when the day was run again. */
  isGone: boolean;
}>;

/** `open` true or false: only those. */
export type DifferencePage = Readonly<{
  wallet?: Wallet;
  date?: BusinessDate;
  open?: boolean;
  before?: string;
  limit: number;
}>;
