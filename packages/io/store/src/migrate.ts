import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Queryable, Store } from './store.ts';

/** One room's tables: ordered `.sql` files in a directory, applied once each, oldest first. */
export type Migrations = Readonly<{ schema: string; directory: URL }>;

type MigrationErrorCode = 'changed-after-applied';

/** A database whose tables do not come from these files: what is wrong, and with which file. */
export class MigrationError extends Error {
  readonly code: MigrationErrorCode;
  readonly file: string;
  constructor(code: MigrationErrorCode, file: string) {
    super(`${file}: ${code}`);
    this.name = 'MigrationError';
    this.code = code;
    this.file = file;
  }
}

type SqlFile = Readonly<{ schema: string; name: string; text: string; checksum: string }>;

const sqlFiles = async ({ schema, directory }: Migrations): Promise<SqlFile[]> => {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, directory), 'utf8');
      return { schema, name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
};

const applyOnce = async (tx: Queryable, file: SqlFile): Promise<boolean> => {
  const [applied] = await tx.query<{ checksum: string }>(
    'select checksum from zhanggui_migrations where schema = $1 and name = $2',
    [file.schema, file.name],
  );
  if (applied && applied.checksum !== file.checksum)
    throw new MigrationError('changed-after-applied', `${file.schema}/${file.name}`);
  if (applied) return false;
  await tx.query(`create schema if not exists "${file.schema}"`);
  await tx.query(file.text);
  await tx.query('insert into zhanggui_migrations (schema, name, checksum) values ($1, $2, $3)', [
    file.schema,
    file.name,
    file.checksum,
  ]);
  return true;
};

/**
 * Brings the database up to date in one transaction under an advisory lock, so that replicas starting together apply each file once.
 * Returns how many files were applied. Throws `MigrationError` when a file changed after it was applied.
 */
export const migrate = async (store: Store, rooms: readonly Migrations[]): Promise<number> => {
  const files = (await Promise.all(rooms.map(sqlFiles))).flat();
  return store.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtext('zhanggui_migrations'))");
    await tx.query(
      'create table if not exists zhanggui_migrations (schema text, name text, checksum text not null, applied_at timestamptz not null default now(), primary key (schema, name))',
    );
    let applied = 0;
    for (const file of files) if (await applyOnce(tx, file)) applied += 1;
    return applied;
  });
};
