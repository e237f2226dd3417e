import type { Log } from '@zhanggui/telemetry';
import type { FundingCards } from './cards.ts';
import type { Faults } from './faults.ts';
import type { Phone } from './phone.ts';

export type WalletsSettings = Readonly<{
  /** Where the sandbox keeps its money and its keys; ':memory:' forgets. */
  file?: string;
  host?: string;
  port?: number;
  now?: () => number;
  random?: (bytes: number) => Uint8Array;
  /** The consumer's bank cards; a few of its own without. */
  cards?: FundingCards;
  /** Divides the times between notifications and of refunds: 1 is the real schedule. */
  pace?: number;
  log: Log;
}>;

export interface Wallets {
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  readonly phone: Phone;
  close(): Promise<void>;
}
