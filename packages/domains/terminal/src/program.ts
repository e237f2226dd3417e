/**
 * The terminal's behaviour is written as generators: each `yield` is a step the shell performs (show, wait, send,
 * write), and what comes back is a plain value. So the whole behaviour can be replayed, scripted, and killed at any step.
 */

import type { Money } from '@zhanggui/money';
import type { EpochMs, LocalDateTime } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import type { Fields, HostReply, Outgoing } from './host.ts';
import type { Journal } from './journal.ts';
import type { TerminalParameters } from './parameters.ts';
import type { QrHow, QrStatus } from './qr-port.ts';
import type { PrintedSlip } from './slip.ts';
import type { Text } from './texts.ts';
import type { Key, OnlineState, Screen } from './view.ts';

/** What may happen while the program waits. */
export type Input =
  | Readonly<{ kind: 'key'; key: Key }>
  | Readonly<{ kind: 'chosen'; item: string }>
  | Readonly<{ kind: 'inserted' }>
  | Readonly<{ kind: 'card-removed' }>
  | Readonly<{ kind: 'swiped'; track2: string }>
  | Readonly<{ kind: 'scanned'; text: string }>
  /** The payment by QR code on the counter may have moved. */
  | Readonly<{ kind: 'qr-changed' }>
  /** A till has asked for a sale and it has not begun; stays true until it begins. */
  | Readonly<{ kind: 'sale-waiting' }>
  | Readonly<{ kind: 'cancel-requested' }>
  | Readonly<{ kind: 'link-changed' }>
  | Readonly<{ kind: 'timeout' }>;

export type PinReply =
  | Readonly<{ kind: 'entered'; block: Uint8Array }>
  | Readonly<{ kind: 'bypassed' }>
  | Readonly<{ kind: 'cancelled' }>
  | Readonly<{ kind: 'timeout' }>
  | Readonly<{ kind: 'card-gone' }>;

export type CardReply = Readonly<{ kind: 'response'; bytes: Uint8Array }> | Readonly<{ kind: 'card-gone' }>;

/** Working keys as the host sends them: cryptograms under the TMK with 4-byte check values. */
export type WorkingKey = Readonly<{ use: 'tpk' | 'tak'; cryptogram: Uint8Array; kcv: Uint8Array }>;

/** What is asked of the shop's payments by QR code, and what they say; `silent` when nobody can say. */
export type QrAsk =
  | Readonly<{ kind: 'start'; requestId: string; amount: Money; how: QrHow }>
  | Readonly<{ kind: 'find' | 'cancel'; requestId: string }>;
export type QrReply =
  | Readonly<{ kind: 'status'; status: QrStatus }>
  | Readonly<{ kind: 'refused'; text: Text }>
  | Readonly<{ kind: 'not-found' }>
  | Readonly<{ kind: 'silent' }>;

/** Every step: what the program asks, and what it gets back. */
export type Steps = {
  show: { ask: Screen; reply: undefined };
  wait: { ask: { screen: Screen; for: readonly Input['kind'][]; timeoutMs?: number }; reply: Input };
  pin: { ask: { screen: Screen; pan: string; timeoutMs: number }; reply: PinReply };
  /** Powers the card in the slot; the reply is its ATR. */
  powerCard: { ask: undefined; reply: CardReply };
  apdu: { ask: Uint8Array; reply: CardReply };
  slot: { ask: undefined; reply: boolean };
  random: { ask: number; reply: Uint8Array };
  clock: { ask: undefined; reply: { at: EpochMs; local: LocalDateTime } };
  seal: { ask: Fields; reply: Uint8Array };
  unseal: { ask: Uint8Array; reply: Fields };
  host: { ask: Outgoing; reply: HostReply };
  hostReady: { ask: undefined; reply: boolean };
  installKeys: { ask: readonly WorkingKey[]; reply: 'installed' | 'refused' };
  online: { ask: OnlineState; reply: undefined };
  isOnline: { ask: undefined; reply: boolean };
  write: { ask: (journal: Journal) => unknown; reply: unknown };
  print: { ask: PrintedSlip; reply: undefined };
  qr: { ask: QrAsk; reply: QrReply };
};

export type Step = { [Name in keyof Steps]: Readonly<{ step: Name; ask: Steps[Name]['ask'] }> }[keyof Steps];

/** A piece of behaviour; `yield*` one job inside another. */
export type Job<Result> = Generator<Step, Result, unknown>;

/** Asks the shell for one step. The reply's type follows from the step; this is the only place that says so. */
export function* ask<Name extends keyof Steps>(step: Name, value: Steps[Name]['ask']): Job<Steps[Name]['reply']> {
  return (yield { step, ask: value } as Step) as Steps[Name]['reply'];
}

/** One durable change of the journal; it is on disk when the job goes on. */
export function* write<Result>(change: (journal: Journal) => Result): Job<Result> {
  return (yield* ask('write', change)) as Result;
}

/** What every job may read. Reading the journal is not a step: it changes nothing. */
export type Desk = Readonly<{
  parameters: TerminalParameters;
  journal: Omit<Journal, WritingMethods>;
  /** The wallets that can pay here; none: no payment by QR code is offered. */
  wallets: readonly Wallet[];
}>;

type WritingMethods = 'open' | 'sending' | 'refused' | 'approved' | 'ended' | 'owed' | 'reversalSending' | 'reversed';
