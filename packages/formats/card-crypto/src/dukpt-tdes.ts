import { concat, xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { DesKey } from './des.ts';
import {
  advanced,
  type DukptScheme,
  type FutureKeys,
  keyOfCount,
  loaded,
  packDevice,
  unpackDevice,
} from './dukpt-scheme.ts';

/**
 * DUKPT with triple DES (ANSI X9.24-1): a terminal that uses a key once and can no longer compute the ones before, and a
 * host that computes any of them from one base key (BDK). A KSN is 10 bytes: who the terminal is, and in the last 21
 * bits the count of its transactions.
 */
const scheme: DukptScheme = {
  ksnBytes: 10,
  counterBits: 21,
  onesMax: 10,
  counterOf: (ksn) => (((ksn[7] ?? 0) & 0x1f) << 16) | ((ksn[8] ?? 0) << 8) | (ksn[9] ?? 0),
  withCounter: (ksn, counter) => {
    const named = Uint8Array.from(ksn);
    named[7] = ((named[7] ?? 0) & 0xe0) | (counter >>> 16);
    named[8] = counter >>> 8;
    named[9] = counter;
    return named;
  },
  step: (key, ksn) => nextKey(key, ksn),
};

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
  if (ksn.length !== scheme.ksnBytes) throw new CryptoError('ksn-format');
  const who = scheme.withCounter(ksn, 0).slice(0, 8);
  return concat(new DesKey(bdk).encrypt(who), new DesKey(xor(bdk, derivationMask)).encrypt(who));
};

/** The host's side: the key of the transaction that `ksn` names, 16 bytes, before its variant. */
export const tdesDukptTransactionKey = (given: { initialKey: Uint8Array; ksn: Uint8Array }): Uint8Array => {
  demandDoubleLength(given.initialKey);
  return keyOfCount(scheme, given.initialKey, given.ksn);
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
    const device = loaded(scheme, initialKey, ksn);
    return new TdesDukptDevice(device.ksn, device.keys);
  }

  /** A device as `toBytes` stored it. Throws `device-format`. */
  static fromBytes(stored: Uint8Array): TdesDukptDevice {
    const device = unpackDevice(scheme, stored, 16);
    return new TdesDukptDevice(device.ksn, device.keys);
  }

  /** What outlives a power-off: clear keys, to be sealed before it is written anywhere. */
  toBytes(): Uint8Array {
    return packDevice(this.ksn, this.#keys);
  }

  /**
   * The next transaction: its KSN for the message, its key, and the device after it, which cannot compute that key any
   * more. Throws `keys-exhausted` after the last.
   */
  next(): { ksn: Uint8Array; transactionKey: Uint8Array; device: TdesDukptDevice } {
    const { ksn, transactionKey, keys } = advanced(scheme, { ksn: this.ksn, keys: this.#keys });
    return { ksn, transactionKey, device: new TdesDukptDevice(ksn, keys) };
  }

  toJSON(): string {
    return '****';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'TdesDukptDevice(****)';
  }
}

/** The non-reversible step from one key to another, the rightmost eight bytes of the KSN going in twice. */
const nextKey = (key: Uint8Array, ksn: Uint8Array): Uint8Array => {
  const data = ksn.slice(2);
  const half = (from: Uint8Array): Uint8Array => {
    const [left, right] = [from.slice(0, 8), from.slice(8)];
    return xor(new DesKey(left).encrypt(xor(data, right)), right);
  };
  return concat(half(xor(key, derivationMask)), half(key));
};

const demandDoubleLength = (key: Uint8Array): void => {
  if (key.length !== 16) throw new CryptoError('key-length');
};
