import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDatabaseAway } from './database-away.ts';
import { openStore } from './store.ts';
import { openTestStore } from './test-store.ts';

let database: Awaited<ReturnType<typeof openTestStore>>;
before(async () => {
  database = await openTestStore([]);
});
after(() => database.close());

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a server nobody listens at, and one that ends our connection, are away; a wrong statement is not', async () => {
  const nobody = openStore({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
  assert.equal(isDatabaseAway(await failureOf(nobody.query('select 1'))), true);
  await nobody.close();
  const ended = await failureOf(
    database.store.transaction(async (tx) => {
      await tx.query('select pg_terminate_backend(pg_backend_pid())');
    }),
  );
  assert.equal(isDatabaseAway(ended), true);
  assert.equal(isDatabaseAway(await failureOf(database.store.query('select nothing'))), false);
  assert.equal(isDatabaseAway(undefined), false);
});
