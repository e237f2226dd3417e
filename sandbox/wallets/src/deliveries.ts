import type { Wallet } from './engine/words.ts';

/** `probe` is a signature made wrong on purpose by the wallet itself, to see whether anybody looks. */
export type Signing = 'right' | 'wrong' | 'probe';

export type Delivery = Readonly<{
  id: string;
  wallet: Wallet;
  url: string;
  /** What the face needs to compose the request: its own JSON. */
  subject: string;
  createdAt: number;
  /** 0 for the first. */
  attempt: number;
}>;
export type Courier = Readonly<{
  /** How long to wait after each attempt that was not accepted; after the last it is given up. */
  waitsMs: readonly number[];
  /** Composed anew for every attempt: signatures carry the time. */
  compose(delivery: Delivery, signing: Signing): Readonly<{ headers: Readonly<Record<string, string>>; body: string }>;
  accepts(answer: Readonly<{ status: number; body: string }>): boolean;
}>;

/** Notifications of all wallets: kept in the file, repeated on the wallet's own schedule divided by `pace`, bent by the notify-… faults. */
export interface Deliveries {
  register(wallet: Wallet, courier: Courier): void;
  /** The same id again is not sent again. */
  send(delivery: Readonly<{ id: string; wallet: Wallet; url: string; subject: string }>): void;
  close(): Promise<void>;
}
