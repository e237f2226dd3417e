import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { cny } from '@zhanggui/money';
import { silentLog } from '@zhanggui/telemetry';
import type { SaleStatus } from '@zhanggui/terminal';
import { createPaymentRecord } from './payment-record.ts';

test('a payment that ended while the database was away is written down when it is back, as its terminal tells it then', async () => {
  const status = { requestId: 'r', amount: cny(100n), state: 'unknown' } as SaleStatus;
  const written: string[] = [];
  let isAway = true;
  const record = async ({ state }: { state: string }): Promise<void> => {
    if (isAway) throw new Error('away');
    written.push(state);
  };
  const terminal = { id: 't', saleStatus: () => ({ ...status, state: 'reversed' }) as SaleStatus };
  const terminals = { all: () => [], get: () => terminal } as unknown as Parameters<typeof createPaymentRecord>[1];
  const shop = { payments: { record, unsettled: async () => [] } };
  const payments = createPaymentRecord(shop, terminals, silentLog(), 5);
  await assert.rejects(payments.write('t', status));
  await delay(30);
  isAway = false;
  for (let look = 0; look < 200 && written.length === 0; look += 1) await delay(5);
  await payments.stop();
  assert.deepEqual(written, ['reversed']);
});
