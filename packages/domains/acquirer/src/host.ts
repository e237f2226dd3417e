import type { Hsm } from '@zhanggui/hsm';
import type { Member, Stamp } from '@zhanggui/interchange-link';
import type { Store } from '@zhanggui/store';
import type { Log } from '@zhanggui/telemetry';
import type { Clock } from '@zhanggui/time';
import type { Figures } from './figures.ts';
import type { Journal } from './journal.ts';
import type { Numbers } from './numbers.ts';
import type { Registry } from './registry.ts';
import type { AcquirerTimers } from './settings.ts';
import type { SettlementDates } from './settlement-dates.ts';

/** What the parts of the acquiring host share. */
export type Host = Readonly<{
  institution: string;
  store: Store;
  hsm: Hsm;
  log: Log;
  figures: Figures;
  clock: Clock;
  now: () => Stamp;
  timers: AcquirerTimers;
  macKeyBytes: 8 | 16;
  registry: Registry;
  journal: Journal;
  numbers: Numbers;
  member: Member;
  settlementDates: SettlementDates;
  /** Reversals have been put on their way: send them now rather than at the next look. */
  kickAdvices: () => void;
}>;
