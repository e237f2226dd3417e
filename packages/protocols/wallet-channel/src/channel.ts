import type { Money } from '@zhanggui/money';
import type { Pan } from '@zhanggui/secret';
import type { EpochMs } from '@zhanggui/time';

export type Wallet = 'wechat' | 'alipay' | 'unionpay';

export type WalletOrder = Readonly<{
  /** Ours: 8 to 32 letters and digits, never used before by this merchant. */
  outTradeNo: string;
  /** What the payer reads. */
  description: string;
  total: Money;
}>;
/** `authCode` is the payer's payment code (付款码). */
export type CodeOrder = WalletOrder &
  Readonly<{ authCode: string; storeId: string; deviceId: string; clientIp: string; at: EpochMs }>;
export type ShownOrder = WalletOrder & Readonly<{ expiresAt: EpochMs; at: EpochMs }>;

export type RefundOrder = Readonly<{
  /** Ours: one number is one refund, however often it is asked for. */
  outRefundNo: string;
  outTradeNo: string;
  /** The wallet's number of the payment, of its `paid` word: UnionPay knows the original by it. */
  walletTradeNo: string;
  refund: Money;
  /** The whole of the payment. */
  total: Money;
  reason?: string;
  at: EpochMs;
}>;

/** Paid, with the amount the wallet says; the client has compared it, the currency and the merchant with what was asked. */
export type PaidWord = Readonly<{
  kind: 'paid';
  walletTradeNo: string;
  total: Money;
  paidAt: EpochMs | null;
  /** The wallet's own number of the payer, never a name. */
  payer: string | null;
  /** The bank or balance it came from, in the wallet's words. */
  funding: string | null;
}>;

/** What a wallet says of a payment. */
export type PaymentWord =
  | PaidWord
  /** The payer types a password. */
  | Readonly<{ kind: 'awaiting-payer' }>
  /** An order that nobody has paid yet. */
  | Readonly<{ kind: 'not-paid' }>
  /** Cannot be paid any more, and nobody paid. */
  | Readonly<{ kind: 'closed' }>
  /** Cancelled by us; what was paid went back. */
  | Readonly<{ kind: 'reversed' }>
  /** The wallet's own code and text; nothing was paid. */
  | Readonly<{ kind: 'refused'; code: string; text: string }>
  /** The wallet has no such order. */
  | Readonly<{ kind: 'not-found' }>
  /** No answer, or none to be trusted: money may have moved. */
  | Readonly<{ kind: 'unknown'; reason: string }>;

/** `again`: ask once more; nobody knows whether it was done. */
export type ReversalWord =
  | Readonly<{ kind: 'reversed' }>
  | Readonly<{ kind: 'again'; reason: string }>
  | Readonly<{ kind: 'refused'; code: string; text: string }>;

/** A card of the payer, for a refund that could not go back to where it came from. */
export type PayerCard = Readonly<{
  /** The wallet's own name of the bank and the card's kind, such as ICBC_DEBIT. */
  bank: string;
  number: Pan;
  holder: string;
}>;

export type RefundWord =
  | Readonly<{ kind: 'refunded'; walletRefundNo: string; refund: Money; refundedAt: EpochMs | null }>
  | Readonly<{ kind: 'refunding'; walletRefundNo: string | null }>
  /** The payer's account does not take it: the wallet keeps the money until it goes to a card. */
  | Readonly<{ kind: 'undeliverable'; walletRefundNo: string }>
  | Readonly<{ kind: 'refused'; code: string; text: string }>
  | Readonly<{ kind: 'not-found' }>
  | Readonly<{ kind: 'unknown'; reason: string }>;

/** What a notification told, verified and compared with our merchant; the amount is for the caller to compare. */
export type Told =
  | Readonly<{ kind: 'payment'; outTradeNo: string; word: PaymentWord }>
  | Readonly<{ kind: 'refund'; outRefundNo: string; word: RefundWord }>;

/** A request as it came, its body untouched: the signature covers the bytes. */
export type HttpRequest = Readonly<{ headers: Headers; body: Uint8Array }>;
export type HttpAnswer = Readonly<{ status: number; headers: Readonly<Record<string, string>>; body: string }>;

/** A line of the wallet's daily bill. Amounts are positive; `fee` is what the merchant pays, negative when it comes back. */
export type BillLine = Readonly<{
  kind: 'payment' | 'refund';
  outTradeNo: string;
  /** Refunds only. */
  outRefundNo: string | null;
  walletTradeNo: string;
  amount: Money;
  fee: Money;
  at: EpochMs;
}>;

/**
 * What a counter asks of a wallet, whichever it is. Every method resolves with a word, also when the network is silent; what throws is
 * a request that could never be right, or a bill that cannot be had or trusted.
 */
export interface WalletChannel {
  readonly wallet: Wallet;
  /** Where the payer's money is asked for by scanning the code the payer shows. Sent once; a lost answer is queried by the client. */
  payByCode(order: CodeOrder): Promise<PaymentWord>;
  /** The text of the QR code that the payer scans. `unknown`: the same order may be asked for again. */
  show(
    order: ShownOrder,
  ): Promise<
    | Readonly<{ kind: 'shown'; qr: string }>
    | Readonly<{ kind: 'refused'; code: string; text: string }>
    | Readonly<{ kind: 'unknown'; reason: string }>
  >;
  /** `total` is compared with the wallet's. `at` is when the order was made; UnionPay names an order by both. */
  query(order: Readonly<{ outTradeNo: string; total: Money; at: EpochMs }>): Promise<PaymentWord>;
  /**
   * An order shown and not paid. `paid` when the payer was faster; `not-paid` where the wallet has no closing and the code ends by itself,
   * which it does at `expiresAt`.
   */
  close(order: Readonly<{ outTradeNo: string; total: Money; at: EpochMs; expiresAt?: EpochMs }>): Promise<PaymentWord>;
  /** Cancels a code payment: what is unpaid never will be, what is paid goes back. */
  reverse(order: Readonly<{ outTradeNo: string; total: Money; at: EpochMs }>): Promise<ReversalWord>;
  refund(order: RefundOrder): Promise<RefundWord>;
  queryRefund(order: RefundOrder): Promise<RefundWord>;
  /** An undeliverable refund to a card of the payer; `refused` is of this card, and the wallet keeps the money. Absent where wallets have none. */
  refundToCard?(order: RefundOrder & Readonly<{ walletRefundNo: string }>, card: PayerCard): Promise<RefundWord>;
  /** Verifies, tells `hear`, and answers in the wallet's own form: success only when `hear` resolved. */
  notified(request: HttpRequest, hear: (told: Told) => Promise<void>): Promise<HttpAnswer>;
  /** The bill of a day (yyyy-MM-dd in Beijing), line by line; its hash or signature is proved before the first line. */
  bill(date: string): AsyncIterable<BillLine>;
}
