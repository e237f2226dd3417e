/** Numbers below a bound, the same for the same seed (xorshift, 32 bits). */
export type Chance = (bound: number) => number;

export const chanceOf = (seed: number): Chance => {
  let state = (seed ^ 0x9e37_79b9) | 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
};

const INPUT_BYTES_MAX = 2048;

/** Values at which lengths, tags and digits turn. */
const EDGES = [0x00, 0x01, 0x0f, 0x1f, 0x30, 0x39, 0x3d, 0x7f, 0x80, 0x81, 0x99, 0x9a, 0xf0, 0xff];

const flip = (bytes: Uint8Array, chance: Chance): void => {
  const at = chance(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << chance(8));
};

const overwrite = (bytes: Uint8Array, chance: Chance): void => {
  bytes[chance(bytes.length)] = chance(3) === 0 ? chance(256) : (EDGES[chance(EDGES.length)] ?? 0);
};

const copyWithin = (bytes: Uint8Array, chance: Chance): void => {
  const from = chance(bytes.length);
  bytes.copyWithin(chance(bytes.length), from, from + 1 + chance(16));
};

const changes = [flip, overwrite, overwrite, copyWithin] as const;

const noise = (chance: Chance): Uint8Array => {
  const bytes = new Uint8Array(chance(160));
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = chance(256);
  return bytes;
};

/** A seed damaged in a few places, cut or drawn out, or nothing but noise. */
export const damaged = (seeds: readonly Uint8Array[], chance: Chance): Uint8Array => {
  const seed = seeds[chance(seeds.length)];
  if (seed === undefined || chance(16) === 0) return noise(chance);
  // A copy: `slice` of a Buffer is none, and the seed would wear off.
  const bytes =
    chance(24) === 0 ? Uint8Array.from([...seed, ...seed].slice(0, INPUT_BYTES_MAX)) : Uint8Array.from(seed);
  for (let count = chance(4); count > 0 && bytes.length > 0; count -= 1)
    changes[chance(changes.length)]?.(bytes, chance);
  return chance(8) === 0 ? bytes.subarray(0, chance(bytes.length + 1)) : bytes;
};
