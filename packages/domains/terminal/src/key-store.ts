import type { AuditEntry, AuditStore, SealedKey, WalkableKeyStore } from '@zhanggui/hsm';
import { openDatabase } from './journal.ts';

export type SqliteKeyStore = WalkableKeyStore & Readonly<{ close(): void }>;
export type SqliteAuditStore = AuditStore & Readonly<{ close(): void }>;

type Row = Record<string, unknown>;

/** Keys in the terminal's own database, sealed by the HSM before they come here. */
export const sqliteKeyStore = (file: string): SqliteKeyStore => {
  const database = openDatabase(file);
  const load = database.prepare('SELECT ref, use, bytes, kcv, sealed FROM keys WHERE ref = ?');
  const save = database.prepare(
    `INSERT INTO keys (ref, use, bytes, kcv, sealed) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (ref) DO UPDATE SET use = excluded.use, bytes = excluded.bytes, kcv = excluded.kcv, sealed = excluded.sealed`,
  );
  const remove = database.prepare('DELETE FROM keys WHERE ref = ?');
  const list = database.prepare('SELECT ref, use, bytes, kcv, sealed FROM keys WHERE ref > ? ORDER BY ref LIMIT ?');
  const replace = database.prepare('UPDATE keys SET sealed = ? WHERE ref = ? AND sealed = ?');
  return {
    load: async (ref) => {
      const row = load.get(ref);
      return row && keyOf(row);
    },
    save: async (key) => {
      save.run(key.ref, key.use, key.bytes, key.kcv, key.sealed);
    },
    remove: async (ref) => {
      remove.run(ref);
    },
    list: async (after, limit) =>
      list
        .all(after, limit)
        .map(keyOf)
        .filter((key) => key !== undefined),
    replace: async (former, next) => replace.run(next.sealed, former.ref, former.sealed).changes > 0,
    close: () => database.close(),
  };
};

const keyOf = ({ ref, use, bytes, kcv, sealed }: Row): SealedKey | undefined =>
  sealed instanceof Uint8Array
    ? { ref: String(ref), use: String(use) as SealedKey['use'], bytes: Number(bytes), kcv: String(kcv), sealed }
    : undefined;

/** What the terminal's HSM was told to do with keys and what it refused, in the terminal's own database. */
export const sqliteAuditStore = (file: string): SqliteAuditStore => {
  const database = openDatabase(file);
  const columns = 'sequence, at, command, outcome, ref, person, seal';
  const last = database.prepare(`SELECT ${columns} FROM audit ORDER BY sequence DESC LIMIT 1`);
  const append = database.prepare(`INSERT INTO audit (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const read = database.prepare(`SELECT ${columns} FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?`);
  return {
    last: async () => {
      const row = last.get();
      return row && entryOf(row);
    },
    append: async ({ sequence, at, command, outcome, ref, person, seal }) =>
      append.run(sequence, at, command, outcome, ref, person, seal).changes > 0,
    read: async (after, limit) => read.all(after, limit).map(entryOf),
    close: () => database.close(),
  };
};

const entryOf = ({ sequence, at, command, outcome, ref, person, seal }: Row): AuditEntry => ({
  sequence: Number(sequence),
  at: Number(at),
  command: String(command),
  outcome: String(outcome),
  ref: String(ref),
  person: String(person),
  seal: String(seal),
});
