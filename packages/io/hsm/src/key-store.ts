import { equal } from '@zhanggui/bytes';
import { isKeyUse, type SealedKey } from './key.ts';

/** Where sealed keys rest. Whoever can write here can delete keys, but not make or change one. */
export interface KeyStore {
  load(ref: string): Promise<SealedKey | undefined>;
  /** Stores the key, in place of one of the same ref. */
  save(key: SealedKey): Promise<void>;
  remove(ref: string): Promise<void>;
}

/** A store whose keys can be gone through, for a change of the master key. */
export interface WalkableKeyStore extends KeyStore {
  /** The next keys by reference behind `after`, at most `limit`. */
  list(after: string, limit: number): Promise<SealedKey[]>;
  /** Puts `next` in place of `former`; false when something else is there by now. */
  replace(former: SealedKey, next: SealedKey): Promise<boolean>;
}

export const isWalkable = (store: KeyStore): store is WalkableKeyStore => 'list' in store && 'replace' in store;

/** For tests and for worlds that end with the process. */
export const memoryKeyStore = (): WalkableKeyStore => {
  const keys = new Map<string, SealedKey>();
  return {
    list: async (after, limit) =>
      [...keys.values()]
        .filter(({ ref }) => ref > after)
        .sort((left, right) => (left.ref < right.ref ? -1 : 1))
        .slice(0, limit),
    replace: async (former, next) => {
      const held = keys.get(former.ref);
      if (held === undefined || !equal(held.sealed, former.sealed)) return false;
      keys.set(next.ref, next);
      return true;
    },
    load: async (ref) => keys.get(ref),
    save: async (key) => void keys.set(key.ref, key),
    remove: async (ref) => void keys.delete(ref),
  };
};

/** What this package needs of a database: `Store` of `@zhanggui/store` has it. */
export interface Sql {
  query(text: string, values: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** Tables of `postgresKeyStore`, for `migrate` of `@zhanggui/store`; the schema is `hsm`. */
export const migrations: URL = new URL('../migrations/', import.meta.url);

export const postgresKeyStore = (sql: Sql, institution: string): WalkableKeyStore => ({
  load: async (ref) => {
    const [row] = await sql.query(
      'select ref, use, bytes, kcv, sealed from hsm.keys where institution = $1 and ref = $2',
      [institution, ref],
    );
    return row && sealedKeyOf(row);
  },
  save: async ({ ref, use, bytes, kcv, sealed }) => {
    await sql.query(
      `insert into hsm.keys (institution, ref, use, bytes, kcv, sealed) values ($1, $2, $3, $4, $5, $6)
       on conflict (institution, ref) do update
       set use = excluded.use, bytes = excluded.bytes, kcv = excluded.kcv, sealed = excluded.sealed, changed_at = now()`,
      [institution, ref, use, bytes, kcv, sealed],
    );
  },
  list: async (after, limit) => {
    const rows = await sql.query(
      `select ref, use, bytes, kcv, sealed from hsm.keys
       where institution = $1 and ref collate "C" > $2 order by ref collate "C" limit $3`,
      [institution, after, limit],
    );
    return rows.map(sealedKeyOf).filter((key) => key !== undefined);
  },
  replace: async (former, next) => {
    const rows = await sql.query(
      `update hsm.keys set sealed = $4, changed_at = now()
       where institution = $1 and ref = $2 and sealed = $3 returning 1`,
      [institution, former.ref, former.sealed, next.sealed],
    );
    return rows.length > 0;
  },
  remove: async (ref) => {
    await sql.query('delete from hsm.keys where institution = $1 and ref = $2', [institution, ref]);
  },
});

/** A row that is no sealed key counts as absent: the seal would refuse it anyway. */
const sealedKeyOf = ({ ref, use, bytes, kcv, sealed }: Record<string, unknown>): SealedKey | undefined =>
  typeof ref === 'string' &&
  typeof use === 'string' &&
  isKeyUse(use) &&
  typeof bytes === 'number' &&
  typeof kcv === 'string' &&
  sealed instanceof Uint8Array
    ? { ref, use, bytes, kcv, sealed }
    : undefined;
