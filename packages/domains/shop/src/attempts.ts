import type { EpochMs } from '@zhanggui/time';

/** How often somebody guessed in a row, and until when guessing is off (epoch milliseconds, 0: it is on). */
export type Attempts = Readonly<{ failedCount: number; lockedUntil: number }>;

export const failedAttemptsMax = 5;
export const lockMs = 5 * 60_000;

export const isLocked = ({ lockedUntil }: Attempts, now: EpochMs): boolean => now < lockedUntil;

/** The record after one more guess: a right one clears it, every fifth wrong one in a row locks for five minutes. */
export const afterAttempt = ({ failedCount }: Attempts, isRight: boolean, now: EpochMs): Attempts => {
  if (isRight) return { failedCount: 0, lockedUntil: 0 };
  const failed = failedCount + 1;
  return failed >= failedAttemptsMax
    ? { failedCount: 0, lockedUntil: now + lockMs }
    : { failedCount: failed, lockedUntil: 0 };
};
