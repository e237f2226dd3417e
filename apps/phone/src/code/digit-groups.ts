/** Digits in fours from the left, as people read them out. */
export const digitGroups = (digits: string): string[] => digits.match(/\d{1,4}/g) ?? [];

/** How long a code is on the screen at most. It may be good for longer, so that one just being scanned does not die in the cashier's hand. */
export const codeShownMs = 60_000;

/** Whole seconds that are left, rounded up: the last one is shown until it is over. A clock that ticks may be a moment behind. */
export const secondsLeft = (until: number, now: number): number =>
  Math.max(0, Math.ceil(Math.min(until - now, codeShownMs) / 1000));
