import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { equal, hex } from '@zhanggui/bytes';
import { AesKey, aesKcv, DesKey, kcv, Sm4Key, sm4Kcv } from '@zhanggui/card-crypto';
import { type KeyAlgorithm, type KeyInfo, type KeyUse, keyUses } from './key.ts';
import { SealingKey } from './sealing-key.ts';

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A clear key in memory, its schedule made at its first use and kept. Never leaves this package; prints masked. */
export class ReadyKey {
  readonly info: KeyInfo;
  readonly algorithm: KeyAlgorithm;
  /** False for a key that came in a block which forbids to send it on. */
  readonly mayLeave: boolean;
  readonly #clear: Uint8Array;
  readonly #random: (bytes: number) => Uint8Array;
  #des: DesKey | undefined;
  #aes: AesKey | undefined;
  #sm4: Sm4Key | undefined;
  #sealing: SealingKey | undefined;
  #hashing: KeyObject | undefined;

  constructor(
    { info, clear, mayLeave }: { info: KeyInfo; clear: Uint8Array; mayLeave: boolean },
    random: (bytes: number) => Uint8Array,
  ) {
    this.mayLeave = mayLeave;
    this.info = info;
    this.algorithm = keyUses[info.use].algorithm;
    this.#clear = clear;
    this.#random = random;
  }

  get clear(): Uint8Array {
    return this.#clear;
  }

  get des(): DesKey {
    return (this.#des ??= new DesKey(this.#clear));
  }

  get aes(): AesKey {
    return (this.#aes ??= new AesKey(this.#clear));
  }

  get sm4(): Sm4Key {
    return (this.#sm4 ??= new Sm4Key(this.#clear));
  }

  get sealing(): SealingKey {
    return (this.#sealing ??= new SealingKey(this.#clear, this.#random));
  }

  /** HMAC-SHA-256: 32 bytes. */
  hash(text: string): Uint8Array {
    this.#hashing ??= createSecretKey(this.#clear);
    return new Uint8Array(createHmac('sha256', this.#hashing).update(text).digest());
  }

  toJSON(): KeyInfo {
    return this.info;
  }

  [inspect](): KeyInfo {
    return this.info;
  }
}

/** All of a key's check value, 8 bytes of it: a block of zeros enciphered with the algorithm of its use. */
export const checkValue = (use: KeyUse, clear: Uint8Array): Uint8Array => {
  switch (keyUses[use].algorithm) {
    case 'des':
      return kcv(clear);
    case 'aes':
      return aesKcv(clear).subarray(0, 8);
    case 'sm4':
      return sm4Kcv(clear).subarray(0, 8);
  }
};

export const keyInfoOf = (ref: string, use: KeyUse, clear: Uint8Array): KeyInfo => ({
  ref,
  use,
  bytes: clear.length,
  kcv: hex(checkValue(use, clear).subarray(0, 4)),
});

const kcvBytesMin = 3;

/** Whether `kcv` is the first three or more bytes of the key's check value. */
export const isCheckValue = (use: KeyUse, clear: Uint8Array, kcv: Uint8Array): boolean =>
  kcv.length >= kcvBytesMin && equal(checkValue(use, clear).subarray(0, kcv.length), kcv);
