import type { Money } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';

/** What a wallet says of a payment (the words of `@zhanggui/wallet-channel` fit). */
export type Word =
  | Readonly<{
      kind: 'paid';
      walletTradeNo: string;
      total: Money;
      paidAt: EpochMs | null;
      payer: string | null;
      funding: string | null;
    }>
  | Readonly<{ kind: 'awaiting-payer' }>
  | Readonly<{ kind: 'not-paid' }>
  | Readonly<{ kind: 'closed' }>
  | Readonly<{ kind: 'reversed' }>
  | Readonly<{ kind: 'refused'; code: string; text: string }>
  | Readonly<{ kind: 'not-found' }>
  | Readonly<{ kind: 'unknown'; reason: string }>;

export type UndoingWord =
  | Readonly<{ kind: 'reversed' }>
  | Readonly<{ kind: 'again'; reason: string }>
  | Readonly<{ kind: 'refused'; code: string; text: string }>;

export type RefundWord =
  | Readonly<{ kind: 'refunded'; walletRefundNo: string; refund: Money; refundedAt: EpochMs | null }>
  | Readonly<{ kind: 'refunding'; walletRefundNo: string | null }>
  | Readonly<{ kind: 'undeliverable'; walletRefundNo: string }>
  | Readonly<{ kind: 'refused'; code: string; text: string }>
  | Readonly<{ kind: 'not-found' }>
  | Readonly<{ kind: 'unknown'; reason: string }>;

/** A refusal in the wallet's own code and text. */
export type Refusal = Readonly<{ code: string; text: string }>;

export const isSameMoney = (left: Money, right: Money): boolean =>
  left.minor === right.minor && left.currency === right.currency;
