import type { PrintedRow } from '@zhanggui/receipt';
import type { EpochMs } from '@zhanggui/time';
import type { Text } from './texts.ts';

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
export type Key = Digit | 'cancel' | 'clear' | 'confirm' | 'menu' | 'up' | 'down';

export type ScreenName =
  | 'starting'
  | 'idle'
  | 'amount'
  | 'present-card'
  | 'choose-application'
  | 'enter-pin'
  | 'processing'
  | 'result'
  | 'remove-card'
  | 'menu'
  | 'operator-sign-in'
  | 'void-voucher'
  | 'void-confirm'
  | 'balance-result'
  | 'scan-code'
  | 'choose-wallet'
  | 'show-code'
  | 'await-payer';

/** How a screen feels; always said in words too. */
export type Tone = 'neutral' | 'busy' | 'approved' | 'declined' | 'unknown';

export type Choice = Readonly<{ item: string; label: Text }>;

/** Digits being keyed in; `text` is already masked when the entry is secret. */
export type Entry = Readonly<{ text: string; masked: boolean }>;

/** One question or one message: what the program wants on the display. */
export type Screen = Readonly<{
  name: ScreenName;
  title?: Text;
  /** Decimal text of the amount, `12.30`. */
  amount?: string;
  message: Text;
  detail?: Text;
  tone?: Tone;
  entry?: Entry;
  choices?: readonly Choice[];
  /** Index into `choices`. */
  selected?: number;
  /** A second way on, as a key on the screen; the menu key does the same. */
  other?: Choice;
  /** The text of a QR code for the customer to scan. */
  qr?: string;
  /** When what is shown ends, where it is not the question that ends; null: nothing a person waits for ends. */
  deadline?: EpochMs | null;
}>;

export type OnlineState = 'connecting' | 'signing-in' | 'signed-in' | 'signed-out';

/** Everything a face needs to draw the terminal; JSON. */
export type TerminalView = Readonly<{
  terminalId: string;
  merchantName: Text;
  operator: string;
  screen: ScreenName;
  title?: Text;
  amount?: string;
  currency: 'CNY';
  message: Text;
  detail?: Text;
  tone: Tone;
  entry?: Entry;
  choices?: readonly Choice[];
  selected?: number;
  other?: Choice;
  qr?: string;
  /** How many PIN digits have been keyed; never which. */
  pinDigits?: number;
  /** When this screen gives up, and the terminal's clock now, so that a face can count down. */
  deadline?: EpochMs;
  now: EpochMs;
  online: OnlineState;
  reversalPending: number;
  cardInSlot: boolean;
  /** Slips hanging out of the printer, oldest first. */
  paper: readonly (readonly PrintedRow[])[];
  sandbox: boolean;
}>;

/** A chip card in the slot: APDUs in, responses out; `reset` powers it and gives the ATR. */
export type CardSession = Readonly<{
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
  reset(): Promise<Uint8Array>;
}>;

/** What hands can do to a terminal. */
export type TerminalCommand =
  | Readonly<{ kind: 'key'; key: Key }>
  | Readonly<{ kind: 'insert'; card: CardSession }>
  | Readonly<{ kind: 'swipe'; track2: string; track3?: string }>
  /** What the scanner read. */
  | Readonly<{ kind: 'scan'; text: string }>
  | Readonly<{ kind: 'remove-card' }>
  | Readonly<{ kind: 'tear-paper' }>
  | Readonly<{ kind: 'choose'; item: string }>;
