import type { Wallet } from '@zhanggui/wallet-channel';

export type { Wallet };

/** Who the money belongs to: the merchant that sells (in partner mode the sub-merchant). */
export type MerchantName = Readonly<{ wallet: Wallet; merchantNo: string }>;
export type Merchant = MerchantName & Readonly<{ title: string; feeBasisPoints: number }>;

/**
 * `code`: the payer shows; `shown`: the payer scans; `page`: opened inside a page or an app (JSAPI, APP, H5).
 */
export type OrderWay = 'code' | 'shown' | 'page';
/** `paying`: a code payment that waits for the password. `failed`: a code payment that the payer refused; never paid. */
export type OrderState = 'not-paid' | 'paying' | 'paid' | 'failed' | 'closed' | 'reversed';

/** Amounts are fen. Everything a face wants to remember goes into `memo`; the engine never reads it. */
export type Order = MerchantName &
  Readonly<{
    id: string;
    outTradeNo: string;
    /** The wallet's own number, there from the beginning; a face may hide it until the order is paid. */
    tradeNo: string;
    way: OrderWay;
    state: OrderState;
    amountMinor: bigint;
    description: string;
    /** What must be the same when the same number is asked for again. */
    terms: string;
    memo: string;
    /** What the payer scans. */
    link: string | null;
    /** Whether the money stays frozen after the payment, to be shared. */
    freezes: boolean;
    createdAt: number;
    expiresAt: number;
    /** When the payment was last asked for. */
    askedAt: number;
    paidAt: number | null;
    endedAt: number | null;
    /** Who pays, paid, or has scanned it. */
    consumerId: string | null;
    /** 'balance' or the card's id. */
    funding: string | null;
    feeMinor: bigint;
    /** Sum of all refunds that did not fail, under way or done. */
    refundedMinor: bigint;
  }>;

export type NewOrder = MerchantName &
  Readonly<{
    outTradeNo: string;
    amountMinor: bigint;
    description: string;
    terms: string;
    memo: string;
    freezes?: boolean;
    expiresAt: number;
  }>;

export type CreateOutcome =
  | Readonly<{ kind: 'created' | 'same'; order: Order }>
  | Readonly<{ kind: 'refused'; reason: 'other-terms' | 'paid' | 'paying' | 'closed' | 'reversed'; order: Order }>;

export type PayRefusal =
  | 'code-malformed'
  | 'code-unknown'
  | 'code-expired'
  | 'code-used'
  | 'other-terms'
  /** A second attempt, and not with the same person's code. */
  | 'other-payer'
  | 'paid'
  | 'closed'
  | 'reversed'
  | 'not-enough'
  | 'card-refused'
  | 'account-frozen';
/** `order` is there when the number is known; a refused first attempt leaves it `not-paid`, so that another code may pay it. */
export type CodePayOutcome =
  | Readonly<{ kind: 'paid' | 'paying'; order: Order }>
  | Readonly<{ kind: 'refused'; reason: PayRefusal; order?: Order }>;

export type OrderName = MerchantName & (Readonly<{ outTradeNo: string }> | Readonly<{ tradeNo: string }>);

export type CloseOutcome =
  | Readonly<{ kind: 'closed'; order: Order }>
  | Readonly<{ kind: 'refused'; reason: 'not-found' | 'paid' | 'must-reverse' | 'reversed' }>;

/** Paid money is back with the payer when this says `reversed`. */
export type ReverseOutcome =
  | Readonly<{ kind: 'reversed'; order: Order }>
  | Readonly<{ kind: 'refused'; reason: 'not-found' | 'too-early' | 'too-late' | 'not-enough' | 'refunded' }>;

export type RefundState = 'processing' | 'done' | 'abnormal' | 'closed';
export type Refund = MerchantName &
  Readonly<{
    id: string;
    orderId: string;
    outRefundNo: string;
    /** The wallet's own number. */
    refundNo: string;
    amountMinor: bigint;
    state: RefundState;
    terms: string;
    memo: string;
    /** Where it went: 'balance' or the card's id. */
    funding: string;
    createdAt: number;
    doneAt: number | null;
    /** Of the fee, what came back to the merchant. */
    feeMinor: bigint;
  }>;
export type NewRefund = Readonly<{
  order: OrderName;
  outRefundNo: string;
  amountMinor: bigint;
  /** The whole of the order, as the merchant believes it. */
  totalMinor?: bigint;
  terms: string;
  memo: string;
  /** Done before the answer, as Alipay does it. */
  isInstant?: boolean;
}>;
export type RefundRefusal =
  | 'not-found'
  | 'not-paid'
  | 'other-total'
  | 'exceeds'
  | 'other-terms'
  | 'too-many'
  | 'too-late'
  | 'not-enough';
export type RefundOutcome =
  | Readonly<{ kind: 'accepted' | 'same'; refund: Refund; order: Order }>
  | Readonly<{ kind: 'refused'; reason: RefundRefusal }>;

export type ConfirmRefusal =
  | 'not-found'
  | 'paid'
  | 'closed'
  | 'reversed'
  | 'password-needed'
  | 'password-wrong'
  | 'password-locked'
  | 'not-enough'
  | 'card-refused'
  | 'card-unknown';
export type ConfirmOutcome =
  | Readonly<{ kind: 'paid'; order: Order }>
  /** `triesLeft` after a wrong password. */
  | Readonly<{ kind: 'refused'; reason: ConfirmRefusal; triesLeft?: number }>;

/** What happened, after it was written; faces turn it into notifications, phones into notices. */
export type EngineEvent =
  | Readonly<{ kind: 'order'; order: Order }>
  | Readonly<{ kind: 'refund'; refund: Refund; order: Order }>
  /** A shown code was read and did not pay. */
  | Readonly<{ kind: 'refused'; consumerId: string; order: Order; reason: 'not-enough' | 'card-refused' }>
  | Readonly<{ kind: 'consumer'; consumerId: string }>;

/**
 * A line of the day's bill: payments at `paidAt`, refunds at `createdAt`, and paid orders that were reversed at `endedAt`. The planted
 * faults of bills are already in it. Fees of refunds and reversals are what came back.
 */
export type BillEntry =
  | Readonly<{ kind: 'payment' | 'reversal'; at: number; amountMinor: bigint; feeMinor: bigint; order: Order }>
  | Readonly<{ kind: 'refund'; at: number; amountMinor: bigint; feeMinor: bigint; order: Order; refund: Refund }>;

/** A movement of money. Accounts are named by the functions of accounts.ts. One `id` moves once. */
export type Movement = Readonly<{
  id: string;
  from: string;
  to: string;
  amountMinor: bigint;
  why: string;
  orderId: string | null;
}>;
export type BookedMovement = Movement & Readonly<{ at: number }>;

/** `from` is in it, `until` is not. */
export type Span = Readonly<{ from: number; until: number }>;

/** What a face keeps for itself in the file, as texts under names of its own. */
export interface Shelf {
  get(name: string): string | undefined;
  put(name: string, value: string): void;
  remove(name: string): void;
  /** In the order of their names. */
  list(prefix: string): readonly Readonly<{ name: string; value: string }>[];
  /** All of it or nothing, movements of money included. */
  atomically<T>(work: () => T): T;
}

export interface Engine {
  readonly shelf: Shelf;
  now(): number;
  /** A value of the sandbox's own that must survive a restart (keys, certificates): made once, then always the same. */
  kept(name: string, make: () => string): string;
  /** Bytes nobody guesses, or the tests' own. */
  random(bytes: number): Uint8Array;
  /** A number of the wallet's kind for an order, a refund or whatever a face needs one for: unique in this file. */
  serial(): bigint;

  addMerchant(merchant: Merchant): void;
  merchant(name: MerchantName): Merchant | undefined;

  /** An order the payer will scan or open; asked for again with the same terms it is the same order. */
  createOrder(order: NewOrder & Readonly<{ way: 'shown' | 'page'; link?: string }>): CreateOutcome;
  payByCode(order: NewOrder & Readonly<{ authCode: string }>): Promise<CodePayOutcome>;
  findOrder(name: OrderName): Order | undefined;
  orderById(id: string): Order | undefined;
  orderByLink(link: string): Order | undefined;
  close(name: OrderName): Promise<CloseOutcome>;
  /** `notBeforeMs` after the payment was asked for; earlier it is refused. */
  reverse(name: OrderName, rule?: Readonly<{ notBeforeMs: number }>): Promise<ReverseOutcome>;
  /** The face keeps a new memo with the order. */
  remember(orderId: string, memo: string): void;

  refund(refund: NewRefund): Promise<RefundOutcome>;
  findRefund(
    name: MerchantName & (Readonly<{ outRefundNo: string }> | Readonly<{ refundNo: string }>),
  ): Refund | undefined;
  refundsOf(orderId: string): readonly Refund[];
  /** An abnormal refund goes to another account of the payer. */
  redirectRefund(refundId: string): Promise<Refund | undefined>;

  confirm(
    request: Readonly<{ consumerId: string; orderId: string; password?: string; funding?: string }>,
  ): Promise<ConfirmOutcome>;
  decline(orderId: string): Promise<void>;
  /** Orders of a combined payment are paid with what its payer paid for the whole. All of them, once. */
  payParts(whole: Order, partIds: readonly string[]): readonly Order[];

  /** Moves money between accounts, all or nothing, and only what is there. The same id again does nothing. */
  move(movements: readonly Movement[]): 'moved' | 'same' | 'not-enough';
  balance(account: string): bigint;
  /** Movements of an account in a span of time, oldest first: the fund-flow bill. */
  movements(account: string, span: Span): Iterable<BookedMovement>;

  billEntries(merchant: MerchantName, span: Span): Iterable<BillEntry>;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** Throws when money came from nowhere or went nowhere. */
  prove(): void;
}
