import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { concat, xor } from '@zhanggui/bytes';
import { HsmError } from './hsm-error.ts';

const prefixBytes = 12;
const nonceBytes = 24;
const tagBytes = 16;
const sealsPerPrefix = 2 ** 32;
const openPrefixesMax = 256;
const nothing = new Uint8Array(0);

/**
 * XAES-256-GCM (C2SP): AES-256-GCM under a key derived from the first half of a 24-byte nonce. Plain GCM with random
 * nonces must stop after 2^32 messages, which a busy host reaches in weeks. Here the first half is drawn once per
 * process and the second half counts, so that a seal costs neither randomness nor a derivation.
 */
export class SealingKey {
  readonly #key: KeyObject;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #mask: Uint8Array;
  readonly #derived = new Map<string, KeyObject>();
  #prefix: Uint8Array = nothing;
  #derivedForPrefix: KeyObject | undefined;
  #count = 0;

  /** `key` has 32 bytes; `random` gives as many unpredictable bytes as asked for. */
  constructor(key: Uint8Array, random: (bytes: number) => Uint8Array) {
    if (key.length !== 32) throw new HsmError('key-length');
    this.#key = createSecretKey(key);
    this.#random = random;
    this.#mask = doubled(this.#encipher(new Uint8Array(16)));
  }

  /** Nonce, ciphertext, tag: 40 bytes more than the data. */
  seal(data: Uint8Array, attributes: Uint8Array = nothing): Uint8Array {
    const { key, nonce } = this.#nextNonce();
    const cipher = createCipheriv('aes-256-gcm', key, nonce.subarray(prefixBytes));
    // No attributes are what a cipher starts with; saying so costs a third of a seal.
    if (attributes.length > 0) cipher.setAAD(attributes);
    return concat(nonce, cipher.update(data), cipher.final(), cipher.getAuthTag());
  }

  /** Throws `seal-broken` when anything differs: key, data or attributes; nobody learns which. */
  open(sealed: Uint8Array, attributes: Uint8Array = nothing): Uint8Array {
    if (sealed.length < nonceBytes + tagBytes) throw new HsmError('seal-broken');
    const key = this.#derivedFor(sealed.subarray(0, prefixBytes));
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(prefixBytes, nonceBytes))
      .setAAD(attributes)
      .setAuthTag(sealed.subarray(-tagBytes));
    try {
      return concat(decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final());
    } catch {
      throw new HsmError('seal-broken');
    }
  }

  #nextNonce(): { key: KeyObject; nonce: Uint8Array } {
    if (this.#derivedForPrefix === undefined || this.#count === sealsPerPrefix) {
      this.#prefix = this.#random(prefixBytes);
      this.#derivedForPrefix = this.#derive(this.#prefix);
      this.#count = 0;
    }
    const nonce = new Uint8Array(nonceBytes);
    nonce.set(this.#prefix);
    new DataView(nonce.buffer).setUint32(nonceBytes - 4, this.#count);
    this.#count += 1;
    return { key: this.#derivedForPrefix, nonce };
  }

  #derivedFor(prefix: Uint8Array): KeyObject {
    const name = Buffer.from(prefix).toString('latin1');
    const known = this.#derived.get(name);
    if (known) return known;
    if (this.#derived.size === openPrefixesMax) this.#derived.clear();
    const key = this.#derive(prefix);
    this.#derived.set(name, key);
    return key;
  }

  /** Two CMAC blocks in counter mode (NIST SP 800-108), as the specification lays them out. */
  #derive(prefix: Uint8Array): KeyObject {
    const block = (index: number) => xor(concat(Uint8Array.of(0, index, 0x58, 0), prefix), this.#mask);
    return createSecretKey(this.#encipher(concat(block(1), block(2))));
  }

  #encipher(blocks: Uint8Array): Uint8Array {
    return createCipheriv('aes-256-ecb', this.#key, null).setAutoPadding(false).update(blocks);
  }
}

/** CMAC's first subkey: the block times two in GF(2^128) (NIST SP 800-38B §6.1). */
const doubled = (block: Uint8Array): Uint8Array => {
  const carry = ((block[0] ?? 0) >> 7) * 0x87;
  return block.map((byte, index) => (byte << 1) ^ (index === 15 ? carry : (block[index + 1] ?? 0) >> 7));
};
