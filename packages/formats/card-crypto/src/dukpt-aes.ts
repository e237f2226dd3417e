import { concat } from '@zhanggui/bytes';
import { AesKey } from './aes.ts';
import { CryptoError } from './crypto-error.ts';
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
 * DUKPT with AES (ANSI X9.24-3): like the triple DES kind, with derivation data that names what each key is for. A KSN is
 * 12 bytes: the initial key's id (8) and a 32-bit count. The derivation key of a transaction gives a working key per
 * use and kind.
 */
export const aesDukptUses = {
  'key-encryption': 0x0002,
  'pin-encryption': 0x1000,
  'mac-generation': 0x2000,
  'mac-verification': 0x2001,
  'mac-both-ways': 0x2002,
  'data-encryption': 0x3000,
  'data-decryption': 0x3001,
  'data-both-ways': 0x3002,
  'key-derivation': 0x8000,
} as const;
export type AesDukptUse = keyof typeof aesDukptUses;

/** The kinds of key that can be derived: number in the derivation data, and bits. */
export const aesDukptKinds = {
  tdes128: { algorithm: 0, bits: 128 },
  tdes192: { algorithm: 1, bits: 192 },
  aes128: { algorithm: 2, bits: 128 },
  aes192: { algorithm: 3, bits: 192 },
  aes256: { algorithm: 4, bits: 256 },
  hmac128: { algorithm: 5, bits: 128 },
  hmac192: { algorithm: 5, bits: 192 },
  hmac256: { algorithm: 5, bits: 256 },
} as const;
export type AesDukptKind = keyof typeof aesDukptKinds;

const initialKeyDerivation = 0x8001;

const scheme: DukptScheme = {
  ksnBytes: 12,
  counterBits: 32,
  onesMax: 16,
  counterOf: (ksn) => new DataView(ksn.buffer, ksn.byteOffset).getUint32(8),
  withCounter: (ksn, counter) =>
    concat(ksn.subarray(0, 8), Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter)),
  step: (key, ksn) => derived(key, aesDukptUses['key-derivation'], kindOfLength(key), context(ksn)),
};
/** The count of no transaction: it has more ones than allowed. */
const updateCounter = 0xffffffff;

/** The key injected into a terminal, as long as the BDK; `initialKeyId` is 8 bytes. Throws `key-length`, `ksn-format`. */
export const aesDukptInitialKey = (given: { bdk: Uint8Array; initialKeyId: Uint8Array }): Uint8Array => {
  if (given.initialKeyId.length !== 8) throw new CryptoError('ksn-format');
  return derived(given.bdk, initialKeyDerivation, kindOfLength(given.bdk), given.initialKeyId);
};

/** The host's side: the derivation key of the transaction that `ksn` names, as long as the initial key. */
export const aesDukptTransactionKey = (given: { initialKey: Uint8Array; ksn: Uint8Array }): Uint8Array => {
  kindOfLength(given.initialKey);
  return keyOfCount(scheme, given.initialKey, given.ksn);
};

/** What a transaction's derivation key gives for a use. A key stronger than its derivation key is refused (`key-length`). */
export const aesDukptWorkingKey = (given: {
  transactionKey: Uint8Array;
  ksn: Uint8Array;
  use: AesDukptUse;
  kind: AesDukptKind;
}): Uint8Array => {
  const { transactionKey, ksn, kind } = given;
  if (ksn.length !== scheme.ksnBytes) throw new CryptoError('ksn-format');
  if (isStronger(kind, transactionKey)) throw new CryptoError('key-length');
  return derived(transactionKey, aesDukptUses[given.use], kind, context(ksn));
};

/**
 * The key that carries a new initial key to the terminal (X9.24-3 6.6.4): that of a transaction with a count of all
 * ones, which none has. A terminal asks for it when it is loaded and keeps it, as it keeps no initial key.
 */
export const aesDukptUpdateKey = (given: {
  initialKey: Uint8Array;
  initialKeyId: Uint8Array;
  kind: AesDukptKind;
}): Uint8Array => {
  if (given.initialKeyId.length !== 8) throw new CryptoError('ksn-format');
  const ksn = scheme.withCounter(given.initialKeyId, updateCounter);
  const transactionKey = aesDukptTransactionKey({ initialKey: given.initialKey, ksn });
  return aesDukptWorkingKey({ transactionKey, ksn, use: 'key-encryption', kind: given.kind });
};

/** The terminal's side: prints masked, changes nothing in place; keep the newest and drop the one before. */
export class AesDukptDevice {
  readonly ksn: Uint8Array;
  readonly #keys: FutureKeys;

  private constructor(ksn: Uint8Array, keys: FutureKeys) {
    this.ksn = ksn;
    this.#keys = keys;
  }

  /** A terminal as it leaves the key injection; the initial key itself is not kept. */
  static load(given: { initialKey: Uint8Array; initialKeyId: Uint8Array }): AesDukptDevice {
    if (given.initialKeyId.length !== 8) throw new CryptoError('ksn-format');
    const device = loaded(scheme, given.initialKey, concat(given.initialKeyId, new Uint8Array(4)));
    return new AesDukptDevice(device.ksn, device.keys);
  }

  /** A device as `toBytes` stored it. Throws `device-format`. */
  static fromBytes(stored: Uint8Array): AesDukptDevice {
    const keyBytes = stored[0] ?? 0;
    if (![16, 24, 32].includes(keyBytes)) throw new CryptoError('device-format');
    const device = unpackDevice(scheme, stored.subarray(1), keyBytes);
    return new AesDukptDevice(device.ksn, device.keys);
  }

  /** What outlives a power-off: clear keys, to be sealed before it is written anywhere. */
  toBytes(): Uint8Array {
    const [first] = this.#keys.values();
    return concat(Uint8Array.of(first?.length ?? 16), packDevice(this.ksn, this.#keys));
  }

  /**
   * The next transaction: its KSN for the message, its derivation key, and the device after it, which cannot compute
   * that key any more. Throws `keys-exhausted` after the last.
   */
  next(): { ksn: Uint8Array; transactionKey: Uint8Array; device: AesDukptDevice } {
    const { ksn, transactionKey, keys } = advanced(scheme, { ksn: this.ksn, keys: this.#keys });
    return { ksn, transactionKey, device: new AesDukptDevice(ksn, keys) };
  }

  toJSON(): string {
    return '****';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'AesDukptDevice(****)';
  }
}

/** A key as ECB over its derivation data (X9.24-3 6.3.2): version, block number, use, algorithm, bits, context. */
const derived = (key: Uint8Array, use: number, kind: AesDukptKind, context: Uint8Array): Uint8Array => {
  const { algorithm, bits } = aesDukptKinds[kind];
  const blocks = Array.from({ length: Math.ceil(bits / 128) }, (_, index) =>
    concat(Uint8Array.of(1, index + 1, ...pair(use), ...pair(algorithm), ...pair(bits)), context),
  );
  return new AesKey(key).encrypt(concat(...blocks)).slice(0, bits / 8);
};

const pair = (value: number): [number, number] => [value >>> 8, value & 0xff];

/** Of the initial key's id the right half, then the count. */
const context = (ksn: Uint8Array): Uint8Array => ksn.slice(4);

const kindOfLength = (key: Uint8Array): AesDukptKind => {
  const kind = ({ 16: 'aes128', 24: 'aes192', 32: 'aes256' } as const)[key.length];
  if (!kind) throw new CryptoError('key-length');
  return kind;
};

/** Triple DES has the strength of AES-128 at most; the others are as strong as they are long. */
const isStronger = (kind: AesDukptKind, key: Uint8Array): boolean =>
  !kind.startsWith('tdes') && aesDukptKinds[kind].bits > 8 * key.length;
