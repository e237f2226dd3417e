import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestStore } from '@zhanggui/store';
import { epochMs, instantOf, localDateTime } from '@zhanggui/time';
import { migrations } from './index.ts';
import { createNumbers } from './numbers.ts';

let database: Awaited<ReturnType<typeof openTestStore>>;
before(async () => {
  database = await openTestStore([migrations]);
});
after(() => database.close());

test('references are unique over replicas and restarts, and begin with the day of the year', async () => {
  const clock = () => instantOf(localDateTime('2026-02-01T00:00:01'));
  const first = createNumbers(database.store, clock);
  const second = createNumbers(database.store, clock);
  const drawn = await Promise.all(Array.from({ length: 24_000 }, (_, index) => (index % 2 ? first() : second())));
  const afterRestart = await createNumbers(database.store, clock)();
  const rrns = [...drawn, afterRestart].map(({ rrn }) => rrn);
  assert.equal(new Set(rrns).size, 24_001);
  for (const rrn of rrns) assert.match(rrn, /^032\d{9}$/);
});

test('a trace number is six digits and never zero', async () => {
  await database.store.query(`update acquirer.counters set next = 999998 where name = 'rrn'`);
  const numbers = createNumbers(database.store, () => epochMs(0));
  assert.equal((await numbers()).stan, '999999');
  assert.equal((await numbers()).stan, '000001');
});
