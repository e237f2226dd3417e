/** Digits in fours from the left, as people read them out. */
export const digitGroups = (digits: string): string[] => digits.match(/\d{1,4}/g) ?? [];

/** Whole seconds that are left, rounded up: the last one is shown until it is over. */
export const secondsLeft = (until: number, now: number): number => Math.max(0, Math.ceil((until - now) / 1000));
