import type {
  Sale as SaleDocument,
  SaleStatusView,
  ShiftTotals,
  TillSession,
  UploadSaleAnswer,
  ZReport,
} from '@zhanggui/api/contract';
import type { Basket, Bilingual, Tender } from '@zhanggui/basket';
import type { Money } from '@zhanggui/money';

/**
 * Where a card payment stands for the till. `asking` has no answer yet; `not-sent` and `refused` never reached the
 * terminal; the others are the terminal's own words.
 */
export type AttemptState = 'asking' | SaleStatusView['state'] | 'not-sent' | 'refused';

/** One request to the terminal. Stored before it is sent; the same `requestId` is asked about until it is settled. */
export type CardAttempt = Readonly<{
  requestId: string;
  terminalId: string;
  amount: Money;
  /** Epoch milliseconds. */
  startedAt: number;
  state: AttemptState;
  code: string | null;
  text: Bilingual | null;
  /** What the card tender of the sale will carry once approved. */
  trace: Readonly<{ batch?: string; stan?: string; rrn?: string; authCode?: string; maskedPan?: string }>;
}>;

/** A sale being made: the one on the screen, or a parked one. */
export type OpenSale = Readonly<{
  id: string;
  openedAt: number;
  /** Epoch milliseconds; null: on the screen. */
  parkedAt: number | null;
  basket: Basket;
  tenders: readonly Tender[];
  attempt: CardAttempt | null;
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
