import type {
  PasswordRule,
  PhoneCodeAnswer,
  PhoneOrder,
  PhonePayAnswer,
  PhoneScanAnswer,
  PhoneTopUpAnswer,
  PhoneView,
  SandboxFault,
  Wallet,
} from '@zhanggui/api/contract';

export type LineState = 'connecting' | 'open' | 'lost';

/** The last whole view, whether it is still being told, and how far the server's clock is ahead of ours. */
export type PhoneState = Readonly<{ line: LineState; view?: PhoneView; aheadMs: number }>;

type Payment = Readonly<{ orderId: string; password?: string; funding: string }>;
type TopUp = Readonly<{ wallet: Wallet; cardId: string; amountMinor: string }>;

/** What this face needs from outside. Every promise rejects when the server cannot be reached. */
export type PhoneWire = Readonly<{
  subscribe(listener: () => void): () => void;
  state(): PhoneState;
  code(wallet: Wallet): Promise<PhoneCodeAnswer>;
  scan(text: string): Promise<PhoneScanAnswer>;
  shown(): Promise<PhoneOrder | null>;
  pay(payment: Payment): Promise<PhonePayAnswer>;
  decline(orderId: string): Promise<void>;
  chooseFunding(wallet: Wallet, funding: string): Promise<void>;
  topUp(order: TopUp): Promise<PhoneTopUpAnswer>;
  setPasswordRule(rule: PasswordRule): Promise<void>;
  faults(): Promise<readonly SandboxFault[]>;
  setFault(fault: { id: string; active: boolean }): Promise<readonly SandboxFault[]>;
}>;
