import type { Hsm } from '@zhanggui/hsm';
import type { CentreTimers } from '@zhanggui/interchange-link';
import type { Store } from '@zhanggui/store';
import type { Log, Metrics } from '@zhanggui/telemetry';
import type { Clock } from '@zhanggui/time';
import type { Route } from './routes.ts';

export type SwitchTimers = Readonly<{
  /** How long an issuer may take. Shorter than an acquirer waits (40 s). */
  issuerMs: number;
  /** Between two sends of a reversal the issuer has not acknowledged. */
  adviceRepeatMs: number;
  /** How often to look for reversals due, for requests without an answer, and for the cut-over. */
  sweepMs: number;
  /** After a cut-over, how long reversals of the day before are still taken. */
  settlementGraceMs: number;
  link?: Partial<CentreTimers>;
}>;

export const defaultTimers: SwitchTimers = {
  issuerMs: 30_000,
  adviceRepeatMs: 60_000,
  sweepMs: 1_000,
  settlementGraceMs: 600_000,
};

export type SwitchMember = Readonly<{
  /** 8 digits. */
  institution: string;
  /** Key reference of the key shared with this member. */
  zmk: string;
  roles: readonly ('acquirer' | 'issuer')[];
}>;

export type SwitchSettings = Readonly<{
  host: string;
  port: number;
  centre?: string;
  members: readonly SwitchMember[];
  routes: readonly Route[];
  /** Wall-clock time at which the settlement day turns, `hh:mm`. */
  cutOver?: string;
  /** Names this replica: at its start it resolves what it left unanswered. Two replicas must not share a name. */
  instance?: string;
  timers?: Partial<SwitchTimers>;
}>;

export type SwitchOptions = Readonly<{
  store: Store;
  hsm: Hsm;
  log: Log;
  metrics: Metrics;
  clock: Clock;
  settings: SwitchSettings;
}>;

/** Key references of the centre's own keys. */
export const keyRefs = { panHash: 'switch.pan-hash', panData: 'switch.pan-data' } as const;
