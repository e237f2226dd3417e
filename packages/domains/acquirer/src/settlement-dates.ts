import type { Clock } from '@zhanggui/time';

/**
 * The settlement date (MMDD) as the centre last told it, in a cut-over or in an answer. Between a cut-over's beginning and the end of
 * the grace after it both dates are open. A host that has just started cannot know whether a day turned while it was away: it leaves
 * that question to the centre for as long.
 */
export interface SettlementDates {
  learn(mmdd: string): void;
  /** Dates whose transactions may still be reversed; empty while this host cannot tell. */
  open(): readonly string[];
}

export const createSettlementDates = (clock: Clock, graceMs: number): SettlementDates => {
  let dates: readonly string[] = [];
  let graceUntil = 0;
  const startedAt = clock();
  return {
    learn: (mmdd) => {
      // An answer from before the cut-over may come after it: its date is already open and turns nothing back.
      if (dates.includes(mmdd)) return;
      dates = [mmdd, ...dates.slice(0, 1)];
      graceUntil = clock() + graceMs;
    },
    open: () => {
      if (clock() < startedAt + graceMs) return [];
      if (dates.length > 1 && clock() > graceUntil) dates = dates.slice(0, 1);
      return dates;
    },
  };
};
