import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { openPayment } from '@zhanggui/qr-payment';
import { silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import { createFigures } from './figures.ts';
import type { Journal } from './journal.ts';
import { createListeners } from './listeners.ts';
import type { PaymentRecord } from './records.ts';
import { numberOf } from './routing.ts';
import { newId, quick } from './testing/counter.ts';

const at = epochMs(1_780_000_000_000);
const payment = openPayment({ how: 'show', amount: cny(1_00n), at }, quick);
const recordOf = (requestId: string): PaymentRecord => ({
  requestId,
  outTradeNo: numberOf(requestId),
  wallet: 'wechat',
  description: '面包',
  place: {},
  qr: null,
  payment,
  version: 0,
});

test('what another replica changed is told once, however many payments are watched', async () => {
  const rows = new Map(Array.from({ length: 1_000 }, newId).map((id) => [id, recordOf(id)]));
  const journal: Pick<Journal, 'versions' | 'find'> = {
    versions: async (ids) => ids.map((id) => ({ id, version: rows.get(id)?.version ?? 0 })),
    find: async (id) => rows.get(id),
  };
  const room = { journal: journal as Journal, clock: () => at, log: silentLog(), figures: createFigures() };
  const listeners = createListeners(room as Parameters<typeof createListeners>[0]);
  const told: string[] = [];
  listeners.listen(({ requestId }) => told.push(requestId));
  for (const row of rows.values()) listeners.watch(row);
  const [changed] = rows.keys();
  assert.ok(changed);
  rows.set(changed, { ...recordOf(changed), version: 1 });
  for (let sweep = 0; sweep < 3; sweep += 1) await listeners.catchUp();
  assert.deepEqual(told, [changed]);
});
