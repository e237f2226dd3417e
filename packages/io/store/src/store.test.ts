import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  groupCommit,
  MigrationError,
  migrate,
  openStore,
  openTestStore,
  type Store,
  startEmbeddedPostgres,
  temporaryDirectory,
} from './index.ts';

let opened: { store: Store; close: () => Promise<void> };
before(async () => {
  opened = await openTestStore();
});
after(() => opened.close());

const room = async (files: Record<string, string>) => {
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return { schema: 'room', directory: pathToFileURL(`${directory}/`) };
};

test('a migration is applied once, in order, and refused when its text changed afterwards', async () => {
  const first = await room({
    '002_more.sql': 'alter table room.things add note text',
    '001_first.sql': 'create table room.things (id bigint primary key)',
  });
  assert.equal(await migrate(opened.store, [first]), 2);
  assert.equal(await migrate(opened.store, [first]), 0);
  const changed = await room({ '001_first.sql': 'create table room.others (id bigint primary key)' });
  await assert.rejects(
    migrate(opened.store, [changed]),
    (error) => error instanceof MigrationError && error.file === 'room/001_first.sql',
  );
});

test('a transaction that fails leaves nothing behind', async () => {
  const { store } = opened;
  await store.query('create table kept (id bigint primary key)');
  await assert.rejects(
    store.transaction(async (tx) => {
      await tx.query('insert into kept values (1)');
      await tx.query('insert into kept values (1)');
    }),
  );
  assert.deepEqual(await store.query('select id from kept'), []);
  await store.transaction((tx) => tx.query('insert into kept values (9007199254740993)'));
  assert.deepEqual(await store.query('select id from kept'), [{ id: 9007199254740993n }]);
});

test('concurrent items share groups, keep their own outcomes, and a poisoned one fails alone', async () => {
  const sizes: number[] = [];
  const double = groupCommit({
    maxItems: 8,
    run: async (items: readonly number[]) => {
      sizes.push(items.length);
      if (items.includes(13)) throw new Error('thirteen');
      return items.map((item) => item * 2);
    },
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => double(index)));
  outcomes.forEach((outcome, index) => {
    if (index === 13) assert.equal(outcome.status, 'rejected');
    else assert.deepEqual(outcome, { status: 'fulfilled', value: index * 2 });
  });
  assert.ok(sizes.includes(8));
  await double.drain();
  assert.equal(double.pending(), 0);
});

test('a server left running by a process that died is taken over, with its data', async () => {
  const directory = join(temporaryDirectory(), 'postgres');
  const first = await startEmbeddedPostgres({ directory });
  const second = await startEmbeddedPostgres({ directory });
  assert.equal(second.pid, first.pid);
  await second.stop();
  const third = await startEmbeddedPostgres({ directory });
  assert.notEqual(third.pid, first.pid);
  await third.stop();
});

test('a database server that is killed comes back on its port by itself, with all that was committed', async (t) => {
  const deaths: unknown[] = [];
  const server = await startEmbeddedPostgres({
    directory: join(temporaryDirectory(), 'postgres'),
    onDeath: (failure) => deaths.push(failure),
  });
  const store = openStore({ url: server.url });
  t.after(async () => {
    await store.close();
    await server.stop();
  });
  await store.query('create table kept (value integer)');
  await store.query('insert into kept values (1)');
  process.kill(server.pid, 'SIGKILL');
  const asked = async (): Promise<unknown> => store.query('select value from kept').catch(() => undefined);
  const deadline = performance.now() + 30_000;
  while (!(await asked()) || deaths.length === 0) {
    assert.ok(performance.now() < deadline, 'it is back within thirty seconds');
    await delay(50);
  }
  assert.deepEqual(await asked(), [{ value: 1 }]);
});
