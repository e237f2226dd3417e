/**
 * The tables of FIPS 46-3 as printed there (bits are numbered from 1, the most significant), and what the cipher
 * derives from them once: S-boxes already permuted by P, and each key byte's share of all sixteen round keys.
 */
const pc1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63, 55,
  47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];

const pc2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55, 30,
  40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];

const shifts = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

const permutation = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
];

/** S1 to S8: four rows of sixteen entries each, one hexadecimal digit an entry. */
const substitutions = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
];

/** One box's output nibble after P, rotated left by one as the rounds keep both halves. */
const permuted = (box: number, nibble: number): number => {
  let word = 0;
  for (let bit = 0; bit < 4; bit += 1)
    if ((nibble >> (3 - bit)) & 1) word |= 1 << (31 - permutation.indexOf(4 * box + bit + 1));
  return (word << 1) | (word >>> 31);
};

/** S-box `box` (0 to 7) of six input bits `input` is entry `64 * box + input`. */
export const boxes: Int32Array = Int32Array.from({ length: 512 }, (_, entry) => {
  const input = entry & 63;
  const row = ((input >> 4) & 2) | (input & 1);
  const digit = substitutions[entry >> 6]?.charAt(16 * row + ((input >> 1) & 15)) ?? '';
  return permuted(entry >> 6, Number.parseInt(digit, 16));
});

/** Words of one key's schedule: for each of sixteen rounds the bits for S1, S3, S5, S7, then those for S2, S4, S6, S8. */
export const scheduleWords = 32;

/** What each of the 64 key bits (the eight of parity nothing) sets in the schedule. */
const sharesOfBits = (): Int32Array[] => {
  const shares = Array.from({ length: 64 }, () => new Int32Array(scheduleWords));
  let turned = 0;
  shifts.forEach((shift, round) => {
    turned += shift;
    pc2.forEach((choice, index) => {
      const half = choice > 28 ? 28 : 0;
      const keyBit = pc1[half + ((choice - 1 - half + turned) % 28)] ?? 0;
      const box = Math.floor(index / 6);
      const share = shares[keyBit - 1];
      const word = 2 * round + (box & 1);
      if (share) share[word] = (share[word] ?? 0) | (1 << (24 - 8 * (box >> 1) + 5 - (index % 6)));
    });
  });
  return shares;
};

/**
 * The round keys are linear in the key, so a key's schedule is the union of its bytes' shares. Byte `index` with the
 * seven bits `value` (its parity bit dropped) has its share at `(128 * index + value) * scheduleWords`.
 */
export const keyShares: Int32Array = (() => {
  const ofBits = sharesOfBits();
  const shares = new Int32Array(8 * 128 * scheduleWords);
  for (let index = 0; index < 8; index += 1) {
    for (let value = 1; value < 128; value += 1) {
      const top = 31 - Math.clz32(value);
      const at = (128 * index + value) * scheduleWords;
      const rest = (128 * index + (value ^ (1 << top))) * scheduleWords;
      const share = ofBits[8 * index + 6 - top];
      for (let word = 0; word < scheduleWords; word += 1)
        shares[at + word] = (shares[rest + word] ?? 0) | (share?.[word] ?? 0);
    }
  }
  return shares;
})();
