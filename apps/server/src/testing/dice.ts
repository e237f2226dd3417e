/** A stream of numbers in [0, 1) that a seed repeats (mulberry32). */
const numbersFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Dice of one seed. */
export const diceOf = (seed: number) => {
  const next = numbersFrom(seed);
  return {
    next,
    /** True in so many of all throws. */
    lands: (share: number): boolean => next() < share,
    upTo: (most: number): number => Math.floor(next() * most),
    pick: <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item,
  };
};

export type Dice = ReturnType<typeof diceOf>;
