/** A source of the same chances for the same seed. */
export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** Picks by weight; weights need not add up to anything. */
  weighted<Value>(values: readonly (readonly [Value, number])[]): Value;
  bytes(count: number): Uint8Array;
}

/** SplitMix on 32 bits: good enough for shoppers, never for keys. */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
  };
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  const pick = <Value>(values: readonly Value[]): Value => values[whole(0, values.length - 1)] as Value;
  return {
    next,
    whole,
    pick,
    weighted: (values) => {
      let left = next() * values.reduce((sum, [, weight]) => sum + weight, 0);
      const found = values.find(([, weight]) => (left -= weight) < 0);
      return (found ?? (values.at(-1) as (typeof values)[number]))[0];
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => whole(0, 255)),
  };
};
