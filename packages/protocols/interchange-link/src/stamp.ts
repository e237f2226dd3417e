import { type Clock, epochMs, isoFields, wallClock } from '@zhanggui/time';

/** The present wall clock as the dialect's fields: 7 (MMDDhhmmss), 12 (hhmmss), 13 (MMDD). */
export type Stamp = Readonly<{ mmddhhmmss: string; hhmmss: string; mmdd: string }>;

/** Reads the clock as field texts, computed once a second: this is asked for at least once per message. */
export const stampClock = (clock: Clock): (() => Stamp) => {
  let second = -1;
  let stamp: Stamp = { mmddhhmmss: '', hhmmss: '', mmdd: '' };
  return () => {
    const now = Math.floor(clock() / 1000);
    if (now !== second) {
      second = now;
      stamp = isoFields(wallClock(epochMs(now * 1000)));
    }
    return stamp;
  };
};

/** Trace numbers of the link's own management messages: 000001 to 999999, then again from the start. */
export const traceNumbers = (): (() => string) => {
  let last = 0;
  return () => {
    last = (last % 999_999) + 1;
    return String(last).padStart(6, '0');
  };
};
