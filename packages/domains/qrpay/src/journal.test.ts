import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { openPayment } from '@zhanggui/qr-payment';
import { openTestStore, type Store } from '@zhanggui/store';
import { epochMs } from '@zhanggui/time';
import { migrations } from './index.ts';
import { createJournal } from './journal.ts';
import type { PaymentRecord } from './records.ts';
import { numberOf } from './routing.ts';
import { newId, quick } from './testing/counter.ts';

const at = epochMs(Date.now());
const record = (requestId: string): PaymentRecord => ({
  requestId,
  outTradeNo: numberOf(requestId),
  wallet: 'wechat',
  description: '掌柜便利店',
  place: {},
  qr: null,
  payment: openPayment({ how: 'code', amount: cny(1_00n), at }, quick),
  version: 0,
});

/** As Postgres reads a table of millions: row by row, in the order in which they are asked for. */
const readByIndex = async (store: Store): Promise<void> => {
  for (const way of ['hashjoin', 'mergejoin', 'seqscan'])
    await store.query(
      `do $$ begin execute format('alter database %I set enable_${way} = off', current_database()); end $$`,
    );
  // Connections opened from now on.
  await Promise.all(Array.from({ length: 8 }, () => store.query('select pg_sleep(0.05)')));
};

test('replicas that write the same payments at once, each in its own order, do not lock each other out', async () => {
  const { store, close } = await openTestStore([migrations]);
  await readByIndex(store);
  const replicas = [createJournal({ store, merchantId: 'M1' }), createJournal({ store, merchantId: 'M1' })] as const;
  const ids = Array.from({ length: 200 }, newId);
  const lease = { by: 'test', until: at };
  await Promise.all(ids.map((id) => replicas[0].insert({ record: record(id), lease })));
  const began = performance.now();
  for (let version = 1; version <= 5; version += 1) {
    const save = (replica: (typeof replicas)[number], order: readonly string[]) =>
      order.map((id) => replica.save({ record: { ...record(id), version }, releases: false }));
    const written = await Promise.all([...save(replicas[0], ids), ...save(replicas[1], ids.toReversed())]);
    assert.equal(written.filter(Boolean).length, ids.length, 'each is written by one of them');
  }
  // Postgres takes a second to see that two wait for each other.
  assert.ok(performance.now() - began < 3_000);
  await close();
});
