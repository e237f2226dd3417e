import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dexie } from 'dexie';
import { openJournal } from './journal.ts';

test('a till of the version before goes on: its open payment is a card, its session names no wallet', async () => {
  const name = 'journal-upgrade-test';
  const before = new Dexie(name);
  before.version(1).stores({
    notes: '&key',
    items: '&id',
    openSales: '&id',
    sales: '&id, shiftId, upload',
    shifts: '&id',
    outbox: '++position',
  });
  const attempt = { requestId: 'r', terminalId: '00000001', state: 'processing' };
  await before.table('openSales').bulkAdd([
    { id: 's', attempt },
    { id: 't', attempt: null },
  ]);
  await before.table('notes').add({ key: 'session', value: { session: { terminalId: '00000001' }, signedInAt: 1 } });
  before.close();

  const kept = await openJournal(name).recover();
  assert.deepEqual(
    kept.openSales.map((sale) => sale.attempt),
    [{ kind: 'card', ...attempt }, null],
  );
  assert.deepEqual(kept.session?.session.wallets, []);
});
