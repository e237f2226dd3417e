import { concat, xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { DesKey } from './des.ts';
import { type FutureKeys, followingCount, lowestOne, packKeys, unpackKeys } from './dukpt-counter.ts';

/**
 * DUKPT with triple DES (ANSI X9.24-1): a terminal that uses a key once and can no longer compute the ones before, and a
 * host that computes any of them from one base key (BDK). A KSN is 10 bytes: who the terminal is, and in the last 21
 * bits the count of its transactions.
 */
const ksnBytes = 10;
const counterBits = 21;
const counterMask = 2 ** counterBits - 1;
/** Counts with more ones are left out, so that no key is more than ten steps from the initial one. */
const onesMax = 10;

/** What a transaction key is changed into by exclusive or, once per use of its two halves (X9.24-1 A.4.1). */
const variants = {
  pin: '00000000000000FF',
  'mac-request': '000000000000FF00',
  'mac-response': '00000000FF000000',
  'data-request': '0000000000FF0000',
  'data-response': '000000FF00000000',
} as const;
export type TdesDukptUse = keyof typeof variants;

const variantMask = (use: TdesDukptUse): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(variants[use].slice(2 * (at % 8), 2 * (at % 8) + 2), 16));
const derivationMask = Uint8Array.of(0xc0, 0xc0, 0xc0, 0xc0, 0, 0, 0, 0, 0xc0, 0xc0, 0xc0, 0xc0, 0, 0, 0, 0);

/** The key injected into a terminal: 16 bytes. The count in `ksn` does not enter. Throws `key-length`, `ksn-format`. */
export const tdesDukptInitialKey = ({ bdk, ksn }: { bdk: Uint8Array; ksn: Uint8Array }): Uint8Array => {
  demandDoubleLength(bdk);
  const who = withCounter(ksn, 0).slice(0, 8);
  return concat(new DesKey(bdk).encrypt(who), new DesKey(xor(bdk, derivationMask)).encrypt(who));
};

/** The host's side: the key of the transaction that `ksn` names, 16 bytes, before its variant. */
export const tdesDukptTransactionKey = (given: { initialKey: Uint8Array; ksn: Uint8Array }): Uint8Array => {
  demandDoubleLength(given.initialKey);
  const counter = counterOf(given.ksn);
  let key = given.initialKey;
  let reached = 0;
  for (let bit = 1 << (counterBits - 1); bit > 0; bit >>>= 1) {
    if ((counter & bit) === 0) continue;
    reached |= bit;
    key = nextKey(key, withCounter(given.ksn, reached));
  }
  return key;
};

/** What a transaction key is used as: PIN, MAC or data, each way its own. Data keys pass once through the cipher. */
export const tdesDukptWorkingKey = (given: { transactionKey: Uint8Array; use: TdesDukptUse }): Uint8Array => {
  demandDoubleLength(given.transactionKey);
  const variant = xor(given.transactionKey, variantMask(given.use));
  return given.use.startsWith('data') ? new DesKey(variant).encrypt(variant) : variant;
};

/** The terminal's side: prints masked, changes nothing in place; keep the newest and drop the one before. */
export class TdesDukptDevice {
  readonly ksn: Uint8Array;
  readonly #keys: FutureKeys;

  private constructor(ksn: Uint8Array, keys: FutureKeys) {
    this.ksn = ksn;
    this.#keys = keys;
  }

  /** A terminal as it leaves the key injection; the initial key itself is not kept. */
  static load({ initialKey, ksn }: { initialKey: Uint8Array; ksn: Uint8Array }): TdesDukptDevice {
    demandDoubleLength(initialKey);
    return new TdesDukptDevice(withCounter(ksn, 0), futureKeys(initialKey, ksn, { counter: 0, below: counterBits }));
  }

  /** A device as `toBytes` stored it. Throws `device-format`. */
  static fromBytes(stored: Uint8Array): TdesDukptDevice {
    if (stored.length < ksnBytes) throw new CryptoError('device-format');
    return new TdesDukptDevice(stored.slice(0, ksnBytes), unpackKeys(stored.subarray(ksnBytes), 16));
  }

  /** What outlives a power-off: clear keys, to be sealed before it is written anywhere. */
  toBytes(): Uint8Array {
    return concat(this.ksn, packKeys(this.#keys));
  }

  /**
   * The next transaction: its KSN for the message, its key, and the device after it, which cannot compute that key any
   * more. Throws `keys-exhausted` after the last.
   */
  next(): { ksn: Uint8Array; transactionKey: Uint8Array; device: TdesDukptDevice } {
    const counter = followingCount(counterOf(this.ksn), { onesMax, last: counterMask });
    const lowest = lowestOne(counter);
    const transactionKey = this.#keys.get(lowest);
    if (counter > counterMask || !transactionKey) throw new CryptoError('keys-exhausted');
    const ksn = withCounter(this.ksn, counter);
    const keys = new Map(this.#keys);
    keys.delete(lowest);
    for (const [bit, key] of futureKeys(transactionKey, ksn, { counter, below: lowest })) keys.set(bit, key);
    return { ksn, transactionKey, device: new TdesDukptDevice(ksn, keys) };
  }

  toJSON(): string {
    return '****';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'TdesDukptDevice(****)';
  }
}

/** The keys of all counts that set one more bit below the lowest one that is set, by the number of that bit. */
const futureKeys = (
  key: Uint8Array,
  ksn: Uint8Array,
  { counter, below }: { counter: number; below: number },
): Map<number, Uint8Array> => {
  const keys = new Map<number, Uint8Array>();
  for (let bit = below - 1; bit >= 0; bit -= 1) keys.set(bit, nextKey(key, withCounter(ksn, counter | (1 << bit))));
  return keys;
};

/** The non-reversible step from one key to another, the rightmost eight bytes of the KSN going in twice. */
const nextKey = (key: Uint8Array, ksn: Uint8Array): Uint8Array => {
  const data = ksn.slice(2);
  const half = (from: Uint8Array): Uint8Array => {
    const [left, right] = [from.slice(0, 8), from.slice(8)];
    return xor(new DesKey(left).encrypt(xor(data, right)), right);
  };
  return concat(half(xor(key, derivationMask)), half(key));
};

const counterOf = (ksn: Uint8Array): number => {
  if (ksn.length !== ksnBytes) throw new CryptoError('ksn-format');
  return (((ksn[7] ?? 0) << 16) | ((ksn[8] ?? 0) << 8) | (ksn[9] ?? 0)) & counterMask;
};

const withCounter = (ksn: Uint8Array, counter: number): Uint8Array => {
  if (ksn.length !== ksnBytes) throw new CryptoError('ksn-format');
  const named = Uint8Array.from(ksn);
  named[7] = ((named[7] ?? 0) & 0xe0) | (counter >>> 16);
  named[8] = counter >>> 8;
  named[9] = counter;
  return named;
};

const demandDoubleLength = (key: Uint8Array): void => {
  if (key.length !== 16) throw new CryptoError('key-length');
};
