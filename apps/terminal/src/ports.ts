import type { FaceCommand, SandboxCardView, SandboxFault, Wallet } from '@zhanggui/api/contract';
import type { TerminalView } from '@zhanggui/terminal';
import type { LocalText } from '@zhanggui/ui';

export type LineState = 'connecting' | 'open' | 'lost';

/** The face knows nothing but this: the last whole view, and whether it is still being told. */
export type FaceState = Readonly<{
  line: LineState;
  view?: TerminalView;
  /** What the server refused, until the next view. */
  refusal?: LocalText;
}>;

/** What this face needs from outside. */
export type TerminalWire = Readonly<{
  subscribe(listener: () => void): () => void;
  state(): FaceState;
  send(command: FaceCommand): void;
  cards(): Promise<readonly SandboxCardView[]>;
  faults(): Promise<readonly SandboxFault[]>;
  /** The wallets on the customer's sandbox phone, and a fresh payment code of one of them. */
  wallets(): Promise<readonly Wallet[]>;
  paymentCode(wallet: Wallet): Promise<string>;
  setFault(fault: { id: string; active: boolean }): Promise<readonly SandboxFault[]>;
}>;
