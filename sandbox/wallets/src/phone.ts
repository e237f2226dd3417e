import type { Wallet } from './engine/words.ts';

export type PhoneText = Readonly<{ zh: string; en: string }>;
export type PasswordRule = 'always' | 'over-1000' | 'never';
export type PhoneRefusal = Readonly<{ kind: 'refused'; code: string; text: PhoneText }>;

export type PhoneCard = Readonly<{ id: string; title: PhoneText; maskedPan: string }>;
export type PhoneWallet = Readonly<{
  wallet: Wallet;
  title: PhoneText;
  balanceMinor: bigint;
  cards: readonly PhoneCard[];
  /** 'balance' or a card's id. */
  funding: string;
}>;
export type PhoneHistoryEntry = Readonly<{
  id: string;
  wallet: Wallet;
  at: number;
  /** The merchant. */
  title: string;
  description: string;
  amountMinor: bigint;
  kind: 'payment' | 'refund';
  state: 'done' | 'under-way' | 'failed' | 'returned';
  funding: PhoneText;
}>;
/** An order on the screen: one that was scanned, or a code payment that asks for the password. */
export type PhoneOrder = Readonly<{
  orderId: string;
  wallet: Wallet;
  merchant: string;
  description: string;
  amountMinor: bigint;
}>;
export type PhoneNotice = Readonly<{ id: string; at: number; text: PhoneText }>;
export type PhoneView = Readonly<{
  consumer: Readonly<{ id: string; name: PhoneText }>;
  wallets: readonly PhoneWallet[];
  passwordRule: PasswordRule;
  /** Milliseconds since 1970, while too many wrong passwords keep it locked. */
  lockedUntil?: number;
  history: readonly PhoneHistoryEntry[];
  prompt?: PhoneOrder;
  notices: readonly PhoneNotice[];
}>;

/** The consumer's side of the wallets. */
export interface Phone {
  view(): Promise<PhoneView>;
  /** The code of this minute; a new one when it was used. */
  paymentCode(wallet: Wallet): Readonly<{ code: string; expiresAt: number }>;
  /** What the camera read. */
  scan(text: string): (Readonly<{ kind: 'order' }> & PhoneOrder) | PhoneRefusal;
  /** A scanned order or the prompt's; the password has six digits. `funding` is 'balance' or a card's id. */
  pay(
    request: Readonly<{ orderId: string; password: string; funding?: string }>,
  ): Promise<Readonly<{ kind: 'paid' }> | PhoneRefusal>;
  decline(orderId: string): Promise<void>;
  chooseFunding(wallet: Wallet, funding: string): Promise<Readonly<{ kind: 'chosen' }> | PhoneRefusal>;
  topUp(wallet: Wallet, amountMinor: bigint): void;
  setPasswordRule(rule: PasswordRule): void;
  onChange(listener: () => void): () => void;
}
