import { createCipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { hex } from '@zhanggui/bytes';
import { DesKey, kcv } from '@zhanggui/card-crypto';
import type { KeyInfo, KeyUse } from './key.ts';
import { SealingKey } from './sealing-key.ts';

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A clear key in memory, its schedule made at its first use and kept. Never leaves this package; prints masked. */
export class ReadyKey {
  readonly info: KeyInfo;
  readonly #clear: Uint8Array;
  readonly #random: (bytes: number) => Uint8Array;
  #des: DesKey | undefined;
  #sealing: SealingKey | undefined;
  #hashing: KeyObject | undefined;

  constructor(info: KeyInfo, clear: Uint8Array, random: (bytes: number) => Uint8Array) {
    this.info = info;
    this.#clear = clear;
    this.#random = random;
  }

  get clear(): Uint8Array {
    return this.#clear;
  }

  get des(): DesKey {
    return (this.#des ??= new DesKey(this.#clear));
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

/** All of a key's check value: 8 bytes; AES and HMAC keys (32 bytes) show the first 8 of a zero block under AES. */
export const checkValue = (clear: Uint8Array): Uint8Array =>
  clear.length === 32
    ? createCipheriv('aes-256-ecb', clear, null).setAutoPadding(false).update(new Uint8Array(16)).subarray(0, 8)
    : kcv(clear);

export const keyInfoOf = (ref: string, use: KeyUse, clear: Uint8Array): KeyInfo => ({
  ref,
  use,
  bytes: clear.length,
  kcv: hex(checkValue(clear).subarray(0, 4)),
});
