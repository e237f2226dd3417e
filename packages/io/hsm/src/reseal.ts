import { HsmError } from './hsm-error.ts';
import type { WalkableKeyStore } from './key-store.ts';
import type { Lmks } from './lmks.ts';

/** `resealed` and `current` (already under the new master key) count keys; `broken` names those no master key opens. */
export type Resealing = Readonly<{ resealed: number; current: number; broken: readonly string[] }>;

const pageKeys = 500;

/**
 * Seals every key of the store under the current master key. Keys stay usable all the time, and one that somebody
 * changes meanwhile is looked at again.
 */
export const resealAll = async (store: WalkableKeyStore, lmks: Lmks): Promise<Resealing> => {
  let resealed = 0;
  let current = 0;
  const broken: string[] = [];
  for (let after = ''; ; ) {
    const page = await store.list(after, pageKeys);
    for (const key of page) {
      const outcome = await resealOne(store, lmks, key.ref);
      if (outcome === 'resealed') resealed += 1;
      if (outcome === 'current') current += 1;
      if (outcome === 'broken') broken.push(key.ref);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageKeys) return { resealed, current, broken };
    after = last.ref;
  }
};

const resealOne = async (
  store: WalkableKeyStore,
  lmks: Lmks,
  ref: string,
): Promise<'resealed' | 'current' | 'broken' | 'gone'> => {
  for (;;) {
    const stored = await store.load(ref);
    if (stored === undefined) return 'gone';
    try {
      const { clear, mayLeave, isCurrent } = lmks.open(stored);
      if (isCurrent) return 'current';
      if (await store.replace(stored, { ...stored, sealed: lmks.seal(stored, clear, mayLeave) })) return 'resealed';
    } catch (error) {
      if (error instanceof HsmError) return 'broken';
      throw error;
    }
  }
};
