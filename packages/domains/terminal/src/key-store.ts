import type { KeyStore, SealedKey } from '@zhanggui/hsm';
import { openDatabase } from './journal.ts';

export type SqliteKeyStore = KeyStore & Readonly<{ close(): void }>;

/** Keys in the terminal's own database, sealed by the HSM before they come here. */
export const sqliteKeyStore = (file: string): SqliteKeyStore => {
  const database = openDatabase(file);
  const load = database.prepare('SELECT use, bytes, kcv, sealed FROM keys WHERE ref = ?');
  const save = database.prepare(
    `INSERT INTO keys (ref, use, bytes, kcv, sealed) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (ref) DO UPDATE SET use = excluded.use, bytes = excluded.bytes, kcv = excluded.kcv, sealed = excluded.sealed`,
  );
  const remove = database.prepare('DELETE FROM keys WHERE ref = ?');
  return {
    load: async (ref) => {
      const row = load.get(ref);
      if (!row || !(row['sealed'] instanceof Uint8Array)) return undefined;
      return {
        ref,
        use: String(row['use']) as SealedKey['use'],
        bytes: Number(row['bytes']),
        kcv: String(row['kcv']),
        sealed: row['sealed'],
      };
    },
    save: async (key) => {
      save.run(key.ref, key.use, key.bytes, key.kcv, key.sealed);
    },
    remove: async (ref) => {
      remove.run(ref);
    },
    close: () => database.close(),
  };
};
