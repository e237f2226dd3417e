import { HsmError } from './hsm-error.ts';
import type { KeyInfo, SealedKey } from './key.ts';
import { SealingKey } from './sealing-key.ts';

/** The local master keys: the first seals, all of them open. More than one there are only while they are changed. */
export class Lmks {
  readonly #random: (bytes: number) => Uint8Array;
  #keys: readonly SealingKey[];

  /** Each has 32 bytes; throws `key-length`. */
  constructor(lmks: readonly Uint8Array[], random: (bytes: number) => Uint8Array) {
    this.#random = random;
    this.#keys = lmks.map((lmk) => new SealingKey(lmk, random));
  }

  /** From now on `lmk` seals; those before it still open. */
  begin(lmk: Uint8Array): void {
    this.#keys = [new SealingKey(lmk, this.#random), ...this.#keys];
  }

  /** Only the one that seals is kept. */
  forgetFormer(): void {
    this.#keys = this.#keys.slice(0, 1);
  }

  /** Whether the key may leave again is sealed with it, too. */
  seal(info: KeyInfo, clear: Uint8Array, mayLeave: boolean): Uint8Array {
    const [current] = this.#keys;
    if (current === undefined) throw new HsmError('key-length');
    return current.seal(clear, attributesOf(info, mayLeave));
  }

  /** The clear key, whether it may leave, and whether the sealing master key opened it. Throws `seal-broken`. */
  open(stored: SealedKey): { clear: Uint8Array; mayLeave: boolean; isCurrent: boolean } {
    for (const [index, key] of this.#keys.entries())
      for (const mayLeave of [true, false]) {
        const clear = opened(key, stored, mayLeave);
        if (clear) return { clear, mayLeave, isCurrent: index === 0 };
      }
    throw new HsmError('seal-broken');
  }
}

const opened = (key: SealingKey, stored: SealedKey, mayLeave: boolean): Uint8Array | undefined => {
  try {
    return key.open(stored.sealed, attributesOf(stored, mayLeave));
  } catch (error) {
    if (error instanceof HsmError) return undefined;
    throw error;
  }
};

/** What the seal vouches for beside the key: a key moved to another ref or given another use does not open. */
const attributesOf = ({ ref, use, bytes }: KeyInfo, mayLeave: boolean): Uint8Array =>
  new TextEncoder().encode(`${ref}|${use}|${bytes}${mayLeave ? '' : '|stays'}`);
