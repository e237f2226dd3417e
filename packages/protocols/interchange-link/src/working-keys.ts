import type { Clock, EpochMs } from '@zhanggui/time';

/**
 * References of one working key over its resets. Messages under way may have been made with the current key, with one on offer that
 * the other side has already taken, or with the one before: all of these are usable until the window is over. Two key store slots
 * are used in turn.
 */
export interface WorkingKey {
  /** The slot for a new key, from now on usable for what arrives. */
  offer(): string;
  /** The offered key becomes current: both sides hold it. */
  turn(): void;
  /** The offered key was not taken. */
  withdraw(): void;
  /** Usable references, current first. Empty before the first offer. */
  usable(): readonly string[];
  current(): string | undefined;
}

export const createWorkingKey = (options: { prefix: string; clock: Clock; windowMs: number }): WorkingKey => {
  const slots = [`${options.prefix}.0`, `${options.prefix}.1`] as const;
  let turns = 0;
  let previousUntil: EpochMs | undefined;
  let current: string | undefined;
  let other: string | undefined; // on offer, or the previous one within its window
  let usable: readonly string[] = [];
  const hold = (refs: { current: string | undefined; other: string | undefined }): void => {
    ({ current, other } = refs);
    usable = [current, other].filter((ref) => ref !== undefined);
  };
  return {
    offer: () => {
      const ref = slots[turns % 2 === 0 ? 0 : 1];
      previousUntil = undefined;
      hold({ current, other: ref });
      return ref;
    },
    turn: () => {
      turns += 1;
      previousUntil = (options.clock() + options.windowMs) as EpochMs;
      hold({ current: other, other: current });
    },
    withdraw: () => hold({ current, other: undefined }),
    usable: () => {
      if (previousUntil !== undefined && options.clock() > previousUntil) {
        previousUntil = undefined;
        hold({ current, other: undefined });
      }
      return usable;
    },
    current: () => current,
  };
};
