import type { Hsm } from '@zhanggui/hsm';
import type { Store } from '@zhanggui/store';
import type { Log, Metrics } from '@zhanggui/telemetry';
import type { Clock } from '@zhanggui/time';

export type AcquirerTimers = Readonly<{
  /** How long the switch may take. Longer than the switch gives the issuer (30 s), shorter than a terminal waits (60 s). */
  switchMs: number;
  /** Between two sends of a reversal the centre has not acknowledged. */
  adviceRepeatMs: number;
  /** How often to look for reversals due and for transactions without an answer. */
  sweepMs: number;
  /** After a cut-over, how long reversals of the day before are still taken. */
  settlementGraceMs: number;
  /** At a stop, how long requests under way may take to end. */
  drainMs: number;
}>;

export const defaultTimers: AcquirerTimers = {
  switchMs: 40_000,
  adviceRepeatMs: 60_000,
  sweepMs: 1_000,
  settlementGraceMs: 600_000,
  drainMs: 2_000,
};

export type AcquirerSettings = Readonly<{
  host: string;
  port: number;
  /** This institution's code, 8 digits. */
  institution: string;
  switch: Readonly<{ host: string; port: number; centre?: string }>;
  /** Key reference of the member's key shared with the centre. */
  zmk: string;
  /** Names this replica: at its start it resolves what it left unanswered. Two replicas must not share a name. */
  instance?: string;
  /** Length of terminals' MAC keys: 8 as the POS specification has it, 16 where the terminals take it. */
  macKeyBytes?: 8 | 16;
  timers?: Partial<AcquirerTimers>;
}>;

export type AcquirerOptions = Readonly<{
  store: Store;
  hsm: Hsm;
  log: Log;
  metrics: Metrics;
  clock: Clock;
  settings: AcquirerSettings;
}>;

/** Key references of this institution's own keys. */
export const keyRefs = {
  panHash: 'acquirer.pan-hash',
  panData: 'acquirer.pan-data',
  terminalMaster: (terminalId: string) => `acquirer.terminal.${terminalId}.tmk`,
  terminalPin: (terminalId: string, generation: number) => `acquirer.terminal.${terminalId}.tpk.${generation}`,
  terminalMac: (terminalId: string, generation: number) => `acquirer.terminal.${terminalId}.tak.${generation}`,
  terminalTrack: (terminalId: string, generation: number) => `acquirer.terminal.${terminalId}.tdk.${generation}`,
} as const;
