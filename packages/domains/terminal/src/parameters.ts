import type { AidParameters, CaPublicKey } from '@zhanggui/emv';
import type { Text } from './texts.ts';

/** A person who may use the terminal: two-digit number and PIN (the supervisor's PIN in void). */
export type Operator = Readonly<{ no: string; pin: string }>;

/** What an acquirer gives a terminal when it is installed. */
export type TerminalParameters = Readonly<{
  /** Field 41, 8 characters. */
  terminalId: string;
  /** Field 42, 15 characters: institution 3, region 4, MCC 4, serial 4. */
  merchantId: string;
  merchantName: Text;
  /** Acquirer shown on the slip until the host names itself in field 44. */
  acquirerCode?: string;
  acquirer: Readonly<{ host: string; port: number }>;
  /** Ten digits: `60`, destination, source. */
  tpdu: string;
  /** How long an answer is awaited, milliseconds; 60 s in the field. */
  timeoutMs: number;
  /** How long a sale waits for a line that is down, milliseconds. */
  lineMs?: number;
  /** How long the terminal waits for a card or a PIN, milliseconds. */
  promptMs?: number;
  /** How long a result stays on the screen, milliseconds. */
  resultMs?: number;
  /** Pause before a reversal or a sign-in is tried again, milliseconds. */
  retryMs?: number;
  /** How often a reversal is sent before the terminal gives up and prints it. */
  reversalSends?: number;
  aids: readonly AidParameters[];
  capks: readonly CaPublicKey[];
  sandbox: boolean;
  operators: readonly Operator[];
}>;

/** Pause before a sign-in or a reversal is tried again by itself; it doubles while the host keeps refusing a sign-in. */
export const retryMsDefault = 5000;

/** Names of this terminal's keys in the HSM; the TMK is injected before the first start. */
export const terminalKeyRefs = (terminalId: string) =>
  ({
    tmk: `terminal.${terminalId}.tmk`,
    tpk: `terminal.${terminalId}.tpk`,
    tak: `terminal.${terminalId}.tak`,
    data: `terminal.${terminalId}.data`,
  }) as const;

export type TerminalKeyRefs = ReturnType<typeof terminalKeyRefs>;
