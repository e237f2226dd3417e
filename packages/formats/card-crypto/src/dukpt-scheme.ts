/**
 * What both kinds of DUKPT share. A count is a way from the initial key: one step for each of its ones, the highest first. A
 * device keeps, for every bit below the lowest one of its count, the key of the count that sets that bit too.
 */
import { concat } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';

export type DukptScheme = Readonly<{
  ksnBytes: number;
  counterBits: number;
  /** Counts with more ones are left out, so that no key is further from the initial one. */
  onesMax: number;
  counterOf(ksn: Uint8Array): number;
  withCounter(ksn: Uint8Array, counter: number): Uint8Array;
  /** One step, to the key of the count in `ksn`. */
  step(key: Uint8Array, ksn: Uint8Array): Uint8Array;
}>;

/** Keys by the number of the bit that their count sets below the present one. */
export type FutureKeys = ReadonlyMap<number, Uint8Array>;

/** The host's way, all of it. Throws `ksn-format`, for count zero too: it names no transaction but the initial key. */
export const keyOfCount = (scheme: DukptScheme, initialKey: Uint8Array, ksn: Uint8Array): Uint8Array => {
  const counter = scheme.counterOf(namedBy(scheme, ksn));
  if (counter === 0) throw new CryptoError('ksn-format');
  let key = initialKey;
  let reached = 0;
  for (let bit = scheme.counterBits - 1; bit >= 0; bit -= 1) {
    if (((counter >>> bit) & 1) === 0) continue;
    reached += 2 ** bit;
    key = scheme.step(key, scheme.withCounter(ksn, reached));
  }
  return key;
};

/** A device as it leaves the key injection: count zero, a key for every bit. Throws `ksn-format`. */
export const loaded = (
  scheme: DukptScheme,
  initialKey: Uint8Array,
  ksn: Uint8Array,
): { ksn: Uint8Array; keys: FutureKeys } => {
  const zero = scheme.withCounter(namedBy(scheme, ksn), 0);
  return { ksn: zero, keys: futureKeys(scheme, initialKey, { ksn: zero, below: scheme.counterBits }) };
};

/** The next transaction and what is kept after it: its own key is not. Throws `keys-exhausted`. */
export const advanced = (
  scheme: DukptScheme,
  device: { ksn: Uint8Array; keys: FutureKeys },
): { ksn: Uint8Array; transactionKey: Uint8Array; keys: FutureKeys } => {
  const counter = following(scheme, scheme.counterOf(device.ksn));
  const lowest = lowestOne(counter);
  const transactionKey = device.keys.get(lowest);
  if (counter >= 2 ** scheme.counterBits || !transactionKey) throw new CryptoError('keys-exhausted');
  const ksn = scheme.withCounter(device.ksn, counter);
  const keys = new Map([...device.keys, ...futureKeys(scheme, transactionKey, { ksn, below: lowest })]);
  keys.delete(lowest);
  return { ksn, transactionKey, keys };
};

const futureKeys = (
  scheme: DukptScheme,
  key: Uint8Array,
  { ksn, below }: { ksn: Uint8Array; below: number },
): Map<number, Uint8Array> => {
  const counter = scheme.counterOf(ksn);
  const keys = new Map<number, Uint8Array>();
  for (let bit = below - 1; bit >= 0; bit -= 1)
    keys.set(bit, scheme.step(key, scheme.withCounter(ksn, counter + 2 ** bit)));
  return keys;
};

/** The next count with no more ones than allowed: too many are left behind by counting on from the lowest. */
const following = ({ onesMax, counterBits }: DukptScheme, counter: number): number => {
  let next = counter + 1;
  while (next < 2 ** counterBits && ones(next) > onesMax) next += 2 ** lowestOne(next);
  return next;
};

const ones = (value: number): number => value.toString(2).replaceAll('0', '').length;
const lowestOne = (value: number): number => 31 - Math.clz32(value & -value);

const namedBy = ({ ksnBytes }: DukptScheme, ksn: Uint8Array): Uint8Array => {
  if (ksn.length !== ksnBytes) throw new CryptoError('ksn-format');
  return ksn;
};

/** KSN and keys one behind the other, each key with the number of its bit in front. */
export const packDevice = (ksn: Uint8Array, keys: FutureKeys): Uint8Array =>
  concat(ksn, ...[...keys].map(([bit, key]) => concat(Uint8Array.of(bit), key)));

/** Throws `device-format`. */
export const unpackDevice = (
  { ksnBytes }: DukptScheme,
  packed: Uint8Array,
  keyBytes: number,
): { ksn: Uint8Array; keys: FutureKeys } => {
  const keys = new Map<number, Uint8Array>();
  if (packed.length < ksnBytes || (packed.length - ksnBytes) % (keyBytes + 1) !== 0)
    throw new CryptoError('device-format');
  for (let at = ksnBytes; at < packed.length; at += keyBytes + 1)
    keys.set(packed[at] ?? 0, packed.slice(at + 1, at + 1 + keyBytes));
  return { ksn: packed.slice(0, ksnBytes), keys };
};
