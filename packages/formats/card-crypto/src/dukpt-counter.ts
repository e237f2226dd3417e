/** What both kinds of DUKPT share: counts of few ones, and the keys of the future as a device stores them. */
import { concat } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';

/** Keys by the number of the bit that their count sets below the present one. */
export type FutureKeys = ReadonlyMap<number, Uint8Array>;

/** The next count with no more ones than allowed: too many are left behind by counting on from the lowest. */
export const followingCount = (counter: number, { onesMax, last }: { onesMax: number; last: number }): number => {
  let next = counter + 1;
  while (next <= last && ones(next) > onesMax) next += 2 ** lowestOne(next);
  return next;
};

const ones = (value: number): number => value.toString(2).replaceAll('0', '').length;
export const lowestOne = (value: number): number => 31 - Math.clz32(value & -value);

/** The keys one behind the other, each with the number of its bit in front. */
export const packKeys = (keys: FutureKeys): Uint8Array =>
  concat(...[...keys].map(([bit, key]) => concat(Uint8Array.of(bit), key)));

/** Throws `device-format`. */
export const unpackKeys = (packed: Uint8Array, keyBytes: number): Map<number, Uint8Array> => {
  const keys = new Map<number, Uint8Array>();
  if (packed.length % (keyBytes + 1) !== 0) throw new CryptoError('device-format');
  for (let at = 0; at < packed.length; at += keyBytes + 1)
    keys.set(packed[at] ?? 0, packed.slice(at + 1, at + 1 + keyBytes));
  return keys;
};
