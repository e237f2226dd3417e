import { type EpochMs, epochMs } from '@zhanggui/time';

/** When to ask, and when to give up. */
export type Timing = Readonly<{
  /** Between two queries of a payment without an end. */
  pollMs: number;
  /** A code payment without an end is reversed this long after the request. */
  reverseAfterMs: number;
  /** WeChat takes no reversal earlier than this after the request. */
  reverseNotBeforeMs: number;
  /** How long a shown code can be paid. */
  showMs: number;
  /** What is repeated is repeated ever more rarely, but at least this often. */
  repeatMaxMs: number;
}>;

export const defaultTiming: Timing = {
  pollMs: 5_000,
  reverseAfterMs: 30_000,
  reverseNotBeforeMs: 15_000,
  showMs: 300_000,
  repeatMaxMs: 600_000,
};

/** So many tries come at the pace of a query; after them each waits twice as long as the one before. */
const steadyTries = 6;

export const later = (at: EpochMs, ms: number): EpochMs => epochMs(at + ms);

export const repeatAt = (now: EpochMs, tries: number, timing: Timing): EpochMs =>
  later(now, Math.min(timing.repeatMaxMs, timing.pollMs * 2 ** Math.min(30, Math.max(0, tries - steadyTries))));
