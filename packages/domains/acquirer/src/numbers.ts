import type { Store } from '@zhanggui/store';
import { type Clock, chinaOffsetMinutes } from '@zhanggui/time';

/** Numbers of one transaction upstream: the retrieval reference (field 37) and the trace number (field 11). */
export type TransactionNumbers = Readonly<{ rrn: string; stan: string }>;

const blockSize = 10_000;
const rrnCounters = 1_000_000_000;
const stansMax = 999_999;
const dayMs = 86_400_000;

/**
 * Gives out retrieval references: the day of the year (3 digits) and a counter (9 digits) that never goes back, so that one is
 * unique on its day across restarts and replicas. Counters are drawn from the database in blocks; what is left of a block when the
 * process ends is never used.
 */
export const createNumbers = (store: Store, clock: Clock) => {
  let next = 0;
  let end = 0;
  let drawing: Promise<void> | undefined;

  const draw = async (): Promise<void> => {
    const [row] = await store.query<{ next: bigint }>(
      `insert into acquirer.counters (name, next) values ('rrn', $1) on conflict (name)
       do update set next = acquirer.counters.next + $1 returning next`,
      [blockSize],
    );
    if (!row) throw new Error('the counter gave no block');
    end = Number(row.next);
    next = end - blockSize;
  };

  return async (): Promise<TransactionNumbers> => {
    while (next >= end) {
      drawing ??= draw().finally(() => {
        drawing = undefined;
      });
      await drawing;
    }
    const counter = next;
    next += 1;
    return {
      rrn: `${dayOfYear(clock())}${String(counter % rrnCounters).padStart(9, '0')}`,
      stan: String((counter % stansMax) + 1).padStart(6, '0'),
    };
  };
};

export type Numbers = ReturnType<typeof createNumbers>;

const dayOfYear = (ms: number): string => {
  const local = ms + chinaOffsetMinutes * 60_000;
  const yearStart = Date.UTC(new Date(local).getUTCFullYear(), 0, 1);
  return String(Math.floor((local - yearStart) / dayMs) + 1).padStart(3, '0');
};
