import type { SQLOutputValue } from 'node:sqlite';
import { cny, type Money } from '@zhanggui/money';
import { type EpochMs, epochMs, type LocalDateTime } from '@zhanggui/time';
import type { Slip } from './slip.ts';
import type { EntryMode, Hop, SaleState } from './status.ts';
import type { Text } from './texts.ts';

export type TransactionKind = 'sale' | 'void' | 'balance';

/** One payment request and all that is known of it; a row of `transactions`. */
export type TransactionRow = Readonly<{
  requestId: string;
  kind: TransactionKind;
  state: SaleState;
  amount: Money;
  askedAt: EpochMs;
  batch?: string;
  stan?: string;
  code?: string;
  text?: Text;
  rrn?: string;
  authCode?: string;
  maskedPan?: string;
  entryMode?: EntryMode;
  at?: LocalDateTime;
  settlementDate?: string;
  slip?: Slip;
  voids?: string;
  voidedBy?: string;
}>;

/** What an answer (or its absence) teaches about a transaction. */
export type Learned = Readonly<{
  code?: string;
  text?: Text;
  rrn?: string;
  authCode?: string;
  at?: LocalDateTime;
  settlementDate?: string;
}>;

export type MessageKey = Readonly<{ batch: string; stan: string }>;

/** A reversal record: sealed fields of the 0400, and how often it has been sent. */
export type ReversalRow = MessageKey &
  Readonly<{ requestId: string; reason: string; fields: Uint8Array; sends: number; settlementDate?: string }>;

export type Sending = MessageKey &
  Readonly<{
    requestId: string;
    mti: string;
    at: EpochMs;
    maskedPan: string;
    entryMode: EntryMode;
    /** Sealed fields of the reversal this message may need; absent when the message moves no money. */
    reversal?: Uint8Array;
  }>;

export type Row = Record<string, SQLOutputValue>;

export const maybe = (value: SQLOutputValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

export const transactionOf = (row: Row): TransactionRow => ({
  requestId: String(row['request_id']),
  kind: String(row['kind']) as TransactionKind,
  state: String(row['state']) as SaleState,
  amount: cny(BigInt(Number(row['amount_minor']))),
  askedAt: epochMs(Number(row['asked_at'])),
  batch: maybe(row['batch']),
  stan: maybe(row['stan']),
  code: maybe(row['code']),
  text: typeof row['text_zh'] === 'string' ? { zh: row['text_zh'], en: String(row['text_en']) } : undefined,
  rrn: maybe(row['rrn']),
  authCode: maybe(row['auth_code']),
  maskedPan: maybe(row['masked_pan']),
  entryMode: maybe(row['entry_mode']) as EntryMode | undefined,
  at: maybe(row['at']) as LocalDateTime | undefined,
  settlementDate: maybe(row['settlement_date']),
  slip: typeof row['slip'] === 'string' ? (JSON.parse(row['slip']) as Slip) : undefined,
  voids: maybe(row['voids']),
  voidedBy: maybe(row['voided_by']),
});

export const reversalOf = (row: Row): ReversalRow => ({
  batch: String(row['batch']),
  stan: String(row['stan']),
  requestId: String(row['request_id']),
  reason: String(row['reason']),
  fields: row['fields'] instanceof Uint8Array ? row['fields'] : new Uint8Array(),
  sends: Number(row['sends']),
  settlementDate: maybe(row['settlement_date']),
});

export const hopOf = (row: Row): Hop => ({
  role: 'terminal',
  at: epochMs(Number(row['sent_at'])),
  mti: String(row['mti']),
  code: maybe(row['code']) ?? null,
  latencyMs: row['answered_at'] === null ? null : Number(row['answered_at']) - Number(row['sent_at']),
  ...(typeof row['note'] === 'string' ? { note: row['note'] } : {}),
});
