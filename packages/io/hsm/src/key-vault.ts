import { HsmError } from './hsm-error.ts';
import { isLengthOf, type KeyInfo, type KeyUse } from './key.ts';
import type { KeyStore } from './key-store.ts';
import { Lmks } from './lmks.ts';
import { isCheckValue, keyInfoOf, ReadyKey } from './ready-key.ts';

const cachedKeysMax = 100_000;

/** Seals keys into the store, opens them once and keeps them ready. */
export class KeyVault {
  readonly #lmks: Lmks;
  readonly #store: KeyStore;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #loading = new Map<string, Promise<ReadyKey>>();
  /** Two generations: what is used stays, what is not used while the recent one fills is let go of. */
  #recent = new Map<string, ReadyKey>();
  #former = new Map<string, ReadyKey>();

  constructor(lmks: Lmks, store: KeyStore, random: (bytes: number) => Uint8Array) {
    this.#lmks = lmks;
    this.#store = store;
    this.#random = random;
  }

  /** The key if it is ready, else a promise of it. Throws or rejects with `key-unknown`, `key-use`, `seal-broken`. */
  key(ref: string, uses: readonly KeyUse[]): ReadyKey | Promise<ReadyKey> {
    const ready = this.#cached(ref);
    return ready ? demandUse(ready, uses) : this.#load(ref).then((key) => demandUse(key, uses));
  }

  async find(ref: string): Promise<KeyInfo | undefined> {
    try {
      return (this.#cached(ref) ?? (await this.#load(ref))).info;
    } catch (error) {
      if (error instanceof HsmError && error.code === 'key-unknown') return undefined;
      throw error;
    }
  }

  /** Seals and stores a clear key under `ref`, in place of one that was there. Throws `key-length`. */
  async keep(ref: string, use: KeyUse, clear: Uint8Array, { mayLeave } = { mayLeave: true }): Promise<KeyInfo> {
    if (!isLengthOf(use, clear.length)) throw new HsmError('key-length', ref);
    const info = keyInfoOf(ref, use, clear);
    await this.#store.save({ ...info, sealed: this.#lmks.seal(info, clear, mayLeave) });
    this.#forget(ref);
    this.#remember(ref, new ReadyKey({ info, clear, mayLeave }, this.#random));
    return info;
  }

  /** As `keep`, for a key that came from outside: refuses it when `kcv` is not the first bytes of its check value. */
  keepChecked(ref: string, use: KeyUse, clear: Uint8Array, kcv: Uint8Array | undefined): Promise<KeyInfo> {
    if (!isLengthOf(use, clear.length)) throw new HsmError('key-length', ref);
    if (kcv !== undefined && !isCheckValue(use, clear, kcv)) throw new HsmError('kcv-mismatch', ref);
    return this.keep(ref, use, clear);
  }

  async remove(ref: string): Promise<void> {
    await this.#store.remove(ref);
    this.#forget(ref);
  }

  /** One load for all who ask at the same time; a key that was replaced meanwhile is not remembered. */
  #load(ref: string): Promise<ReadyKey> {
    const underWay = this.#loading.get(ref);
    if (underWay) return underWay;
    const load = this.#open(ref)
      .then((key) => {
        if (this.#loading.get(ref) === load) this.#remember(ref, key);
        return key;
      })
      .finally(() => {
        if (this.#loading.get(ref) === load) this.#loading.delete(ref);
      });
    this.#loading.set(ref, load);
    return load;
  }

  async #open(ref: string): Promise<ReadyKey> {
    const stored = await this.#store.load(ref);
    if (stored === undefined || stored.ref !== ref) throw new HsmError('key-unknown', ref);
    const { clear, mayLeave } = this.#lmks.open(stored);
    return new ReadyKey({ info: keyInfoOf(ref, stored.use, clear), clear, mayLeave }, this.#random);
  }

  #cached(ref: string): ReadyKey | undefined {
    const recent = this.#recent.get(ref);
    if (recent) return recent;
    const former = this.#former.get(ref);
    if (former) this.#remember(ref, former);
    return former;
  }

  #remember(ref: string, key: ReadyKey): void {
    if (this.#recent.size >= cachedKeysMax / 2) {
      this.#former = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(ref, key);
  }

  #forget(ref: string): void {
    this.#loading.delete(ref);
    this.#recent.delete(ref);
    this.#former.delete(ref);
  }
}

const demandUse = (key: ReadyKey, uses: readonly KeyUse[]): ReadyKey => {
  if (!uses.includes(key.info.use)) throw new HsmError('key-use', key.info.ref);
  return key;
};
