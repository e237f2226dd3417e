import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres, temporaryDirectory } from './embedded.ts';
import { type Migrations, migrate } from './migrate.ts';
import { openStore, type Store } from './store.ts';

const own: { server?: Promise<EmbeddedPostgres> } = {};

/** Starts a server that lives as long as this process, which ends it on its way out. */
const startOwnServer = async (): Promise<EmbeddedPostgres> => {
  const directory = temporaryDirectory();
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres') });
  process.once('exit', () => {
    process.kill(server.pid, 'SIGQUIT');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  });
  return server;
};

const serverUrl = async (): Promise<string> => {
  const shared = process.env['ZHANGGUI_TEST_POSTGRES'];
  if (shared) return shared;
  own.server ??= startOwnServer();
  return (await own.server).url;
};

const admin = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

/**
 * A fresh, migrated database on a real PostgreSQL: the server named by `ZHANGGUI_TEST_POSTGRES`, or one of this process's own.
 * `close` drops the database again.
 */
export const openTestStore = async (
  rooms: readonly Migrations[] = [],
): Promise<{ store: Store; url: string; close: () => Promise<void> }> => {
  const base = await serverUrl();
  const database = `test_${randomBytes(6).toString('hex')}`;
  await admin(base, `create database ${database}`);
  const url = base.replace(/\/[^/]*$/, `/${database}`);
  const store = openStore({ url });
  await migrate(store, rooms);
  const close = async () => {
    await store.close();
    await admin(base, `drop database ${database} with (force)`);
  };
  return { store, url, close };
};
