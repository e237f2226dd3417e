import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhoneRecord } from '@zhanggui/api/contract';
import { billDays, recordWords } from './bills-view.ts';

const record = (change: Partial<PhoneRecord>): PhoneRecord => ({
  id: '1',
  kind: 'payment',
  wallet: 'alipay',
  at: 0,
  title: '掌柜',
  description: '收银',
  amountMinor: '1200',
  refundedMinor: '0',
  state: 'done',
  funding: { zh: '余额', en: 'Balance' },
  ...change,
});

const rows: readonly (readonly [Partial<PhoneRecord>, string, bigint])[] = [
  [{}, 'paid', -1200n],
  [{ refundedMinor: '1' }, 'partly', -1200n],
  [{ state: 'returned', refundedMinor: '1200' }, 'returned', -1200n],
  [{ state: 'under-way' }, 'paying', -1200n],
  [{ state: 'failed' }, 'failed', 1200n],
  [{ kind: 'refund' }, 'refunded', 1200n],
  [{ kind: 'refund', state: 'under-way' }, 'refunding', 1200n],
  [{ kind: 'refund', state: 'failed' }, 'refund-failed', 1200n],
  [{ kind: 'top-up' }, 'topped-up', 1200n],
];
for (const [change, state, signedMinor] of rows)
  test(`${JSON.stringify(change)} is ${state}, ${signedMinor} fen`, () => {
    const words = recordWords(record(change));
    assert.deepEqual([words.state, words.signedMinor], [state, signedMinor]);
    assert.equal(words.isMoved, change.state !== 'failed');
  });

test('records stand under their day, the newest day first', () => {
  const dayMs = 86_400_000;
  const dayOf = (at: number) => String(Math.floor(at / dayMs));
  const days = billDays(
    [3.5, 3.1, 2.9, 0.2].map((days) => record({ id: String(days), at: days * dayMs })),
    { now: 3.6 * dayMs, dayOf },
  );
  assert.deepEqual(
    days.map(({ when, records }) => [when, records.length]),
    [
      ['today', 2],
      ['yesterday', 1],
      ['earlier', 1],
    ],
  );
});
