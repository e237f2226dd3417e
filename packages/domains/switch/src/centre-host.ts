import type { Hsm } from '@zhanggui/hsm';
import type { Centre, Stamp } from '@zhanggui/interchange-link';
import type { Log } from '@zhanggui/telemetry';
import type { Clock } from '@zhanggui/time';
import type { Figures } from './figures.ts';
import type { Journal } from './journal.ts';
import type { SwitchTimers } from './settings.ts';
import type { SettlementDay } from './settlement-day.ts';

/** What the parts of the centre share. */
export type CentreHost = Readonly<{
  hsm: Hsm;
  log: Log;
  figures: Figures;
  clock: Clock;
  now: () => Stamp;
  timers: SwitchTimers;
  journal: Journal;
  day: SettlementDay;
  links: Centre;
  issuerOf: (pan: string) => string | undefined;
  /** Reversals have been put on their way: send them now rather than at the next look. */
  kickAdvices: () => void;
}>;
