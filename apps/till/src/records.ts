import type {
  QrPaymentState,
  Sale as SaleDocument,
  SaleStatusView,
  ShiftTotals,
  TillSession,
  UploadSaleAnswer,
  ZReport,
} from '@zhanggui/api/contract';
import type { Basket, Bilingual, CardTender, Tender, Wallet, WalletTender } from '@zhanggui/basket';
import type { Money } from '@zhanggui/money';

/** What the till knows by itself: `asking` has no answer yet; `not-sent` and `refused` never began. */
type OwnState = 'asking' | 'not-sent' | 'refused';
/** Where a card payment stands: the till's own words, or the terminal's. */
export type CardState = OwnState | SaleStatusView['state'];
/** Where a payment from a phone stands: the till's own words, or the server's. */
export type WalletState =
  | OwnState
  | QrPaymentState
  /** Given up: whatever was charged goes back by itself, and the counter goes on. */
  | 'undoing';

/** One payment asked for. Stored before it is sent; the same `requestId` is asked about until it is settled. */
type AttemptOf<Kind, State> = Readonly<{
  kind: Kind;
  requestId: string;
  amount: Money;
  /** Epoch milliseconds. */
  startedAt: number;
  state: State;
  code: string | null;
  text: Bilingual | null;
}>;
export type CardAttempt = AttemptOf<'card', CardState> &
  Readonly<{
    terminalId: string;
    /** What the card tender of the sale will carry once approved. */
    trace: Readonly<Pick<CardTender, 'batch' | 'stan' | 'rrn' | 'authCode' | 'maskedPan'>>;
  }>;
export type WalletAttempt = AttemptOf<'wallet', WalletState> &
  Readonly<{
    wallet: Wallet;
    /** `code`: the payer's code was scanned; it is good once and is not stored. `show`: the payer scans ours. */
    how: 'code' | 'show';
    /** The text of the code to show, until `expiresAt`. */
    qr: string | null;
    expiresAt: number | null;
    /** What the wallet tender of the sale will carry once paid. */
    trace: Readonly<Pick<WalletTender, 'outTradeNo' | 'walletTradeNo' | 'payer'>>;
  }>;
export type Attempt = CardAttempt | WalletAttempt;

/** A sale being made: the one on the screen, or a parked one. */
export type OpenSale = Readonly<{
  id: string;
  openedAt: number;
  /** Epoch milliseconds; null: on the screen. */
  parkedAt: number | null;
  basket: Basket;
  tenders: readonly Tender[];
  attempt: Attempt | null;
}>;

type UploadFaults = (UploadSaleAnswer & { status: 'kept' })['faults'];

/** A finished sale and whether the shop has it. A kept one was refused by the server, which holds it with the reasons. */
export type StoredSale = Readonly<{
  id: string;
  shiftId: string;
  sequence: number;
  document: SaleDocument;
  upload: 'waiting' | 'accepted' | 'kept';
  faults: UploadFaults | null;
}>;

export type DenominationCount = Readonly<{ valueMinor: string; count: number }>;

export type StoredShift = Readonly<{
  id: string;
  tillId: string;
  staffId: string;
  openedAt: number;
  floatMinor: string;
  closed: Readonly<{
    at: number;
    countedMinor: string;
    denominations: readonly DenominationCount[];
    reason: string | null;
  }> | null;
  /** The server's Z, once it has the closing. */
  report: ZReport | null;
  /** What the server last said the shift took: the truth for sales this browser does not have. */
  heard?: ShiftTotals;
}>;

/** What still has to reach the shop, in the order it happened. */
export type OutboxEntry = Readonly<{
  /** Given by the store; the order of sending. */
  position?: number;
  kind: 'shift-open' | 'sale' | 'shift-close';
  /** The shift's or the sale's identity. */
  id: string;
  at: number;
}>;

/** The till as it was signed in, kept so that a reload without network goes on. */
export type StoredSession = Readonly<{ session: TillSession; signedInAt: number }>;
