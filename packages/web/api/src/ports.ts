import type { QrPay } from '@zhanggui/qrpay';
import type { CardSession, Terminal } from '@zhanggui/terminal';
import type {
  Bilingual,
  Hop,
  PasswordRule,
  PhoneOrder,
  PhoneView,
  SandboxCardView,
  SandboxFault,
  Wallet,
} from './contract.ts';

/** A terminal as the faces reach it. */
export type TerminalPort = Pick<
  Terminal,
  'id' | 'view' | 'onView' | 'command' | 'startSale' | 'saleStatus' | 'cancelSale' | 'onSale'
>;
export interface Terminals {
  get(terminalId: string): TerminalPort | undefined;
  all(): readonly TerminalPort[];
}

/** Payments from customers' phones, as a till and the wallets' notifications reach them. */
export type QrPayments = Pick<QrPay, 'wallets' | 'start' | 'find' | 'cancel' | 'onChange' | 'notified'>;

/** The same as the office reads them: lists, refunds, and the wallets' bills. */
export type QrBooks = Pick<
  QrPay,
  | 'wallets'
  | 'find'
  | 'list'
  | 'refund'
  | 'refunds'
  | 'refundToCard'
  | 'reconcile'
  | 'reconciliations'
  | 'differences'
  | 'settleDifference'
>;

/** Where a card payment went; whoever runs the roles asks each of them. Hops in the order of their time. */
export interface Journeys {
  journey(payment: {
    requestId: string;
    terminalId: string;
    batch: string | null;
    stan: string | null;
    rrn: string | null;
  }): Promise<Hop[]>;
}

/** The test cards beside the terminal, and the ways to break the sandbox network. Absent outside the sandbox. */
export interface Sandbox {
  cards(): Promise<SandboxCardView[]>;
  /** The card ready for the slot; undefined when there is no such card or it has no chip. */
  chip(cardId: string): Promise<CardSession | undefined>;
  /** Track 2 of the stripe. */
  stripe(cardId: string): Promise<string | undefined>;
  faults(): Promise<SandboxFault[]>;
  /** False when there is no such fault. */
  setFault(id: string, active: boolean): Promise<boolean>;
}

/** Ready means every role can do its work; parts are named for the person who reads `/readyz`. */
export interface Readiness {
  read(): Promise<{ ready: boolean; parts: Record<string, boolean> }>;
}

/** An answer that may have to be fetched first. */
type Soon<Value> = Value | Promise<Value>;
/** What the phone shows, with amounts as the wallets count them. */
type PhoneState = Counted<Omit<PhoneView, 'now'>>;
type PhoneRefusal = Readonly<{ kind: 'refused'; code: string; text: Readonly<Bilingual> }>;

/** The consumer's side of the sandbox wallets: one consumer, one phone. */
interface Phone {
  view(): Soon<PhoneState>;
  /** A payment code (付款码): single use, `expiresAt` in epoch milliseconds. */
  paymentCode(wallet: Wallet): Soon<Readonly<{ code: string; expiresAt: number }>>;
  /** Reads the text of a QR code. */
  scan(text: string): Soon<(Counted<PhoneOrder> & Readonly<{ kind: 'order' }>) | PhoneRefusal>;
  /** The newest order shown as a QR code that can still be paid. */
  shown(): Soon<Counted<PhoneOrder> | undefined>;
  /** `password` is left out where the order needs none. */
  pay(
    payment: Readonly<{ orderId: string; password?: string | undefined; funding: string }>,
  ): Soon<Readonly<{ kind: 'paid'; recordId: string }> | (PhoneRefusal & Readonly<{ triesLeft?: number | undefined }>)>;
  decline(orderId: string): Soon<unknown>;
  /** `funding` is `balance` or a card's id. */
  chooseFunding(wallet: Wallet, funding: string): Soon<Readonly<{ kind: 'chosen' }> | PhoneRefusal>;
  topUp(
    order: Readonly<{ wallet: Wallet; cardId: string; amountMinor: bigint }>,
  ): Soon<Readonly<{ kind: 'done' }> | PhoneRefusal>;
  setPasswordRule(rule: PasswordRule): Soon<unknown>;
  /** Told after every change of the view. */
  onChange(listener: () => void): () => void;
}

/** The sandbox wallets as the phone's page reaches them: a consumer's phone, and ways to break them. */
export interface SandboxWallets {
  readonly phone: Phone;
  readonly faults: {
    list(): Soon<readonly Readonly<SandboxFault>[]>;
    /** False when there is no such fault. */
    set(id: string, active: boolean): Soon<boolean>;
  };
}

/** A contract's value with its `…Minor` digits as counts. */
type Counted<Value> = Value extends readonly (infer Part)[]
  ? readonly Counted<Part>[]
  : Value extends object
    ? {
        readonly [Key in keyof Value]: Key extends `${string}Minor`
          ? bigint | Exclude<Value[Key], string>
          : Counted<Value[Key]>;
      }
    : Value;
