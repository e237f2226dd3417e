import type { Money } from '@zhanggui/money';
import type { Receipt } from '@zhanggui/receipt';
import type { EpochMs, LocalDateTime } from '@zhanggui/time';
import type { Text } from './texts.ts';

/**
 * `unknown` means no valid answer came: a reversal is owed and nobody may charge again.
 * It ends as `reversed` (not charged) when the host confirms the reversal.
 */
export type SaleState = 'waiting-card' | 'processing' | 'approved' | 'declined' | 'cancelled' | 'unknown' | 'reversed';

export type EntryMode = 'insert' | 'swipe';

export type SaleStatus = Readonly<{
  requestId: string;
  amount: Money;
  state: SaleState;
  code?: string;
  text?: Text;
  batch?: string;
  stan?: string;
  rrn?: string;
  authCode?: string;
  maskedPan?: string;
  entryMode?: EntryMode;
  merchantSlip?: Receipt;
  cardholderSlip?: Receipt;
  /** The request that voided this sale. */
  voidedBy?: string;
  /** When the sale was asked for. */
  at: EpochMs;
  /** The host's wall clock in its answer (fields 12 and 13). */
  answeredAt?: LocalDateTime;
}>;

/** One message of a payment as this role saw it. */
export type Hop = Readonly<{
  role: 'terminal';
  at: EpochMs;
  mti: string;
  code: string | null;
  latencyMs: number | null;
  note?: string;
}>;

/** True when nothing more will happen to the sale by itself. */
export const isFinal = (state: SaleState): boolean =>
  state === 'approved' || state === 'declined' || state === 'cancelled' || state === 'reversed';
