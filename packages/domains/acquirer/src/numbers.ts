import type { Store } from '@zhanggui/store';
import type { Clock } from '@zhanggui/time';

/** Numbers of one transaction upstream: the retrieval reference (field 37) and the trace number (field 11). */
export type TransactionNumbers = Readonly<{ rrn: string; stan: string }>;

const blockSize = 10_000;
const counterModulus = 1_000_000_000n;
const dayMs = 86_400_000;
const chinaOffsetMs = 8 * 3_600_000;

/**
 * Gives out retrieval references: the day of the year (3 digits) and a counter (9 digits) that never goes back, so that one is
 * unique on its day across restarts and replicas. Counters are drawn from the database in blocks; what is left of a block when the
 * process ends is never used.
 */
export const createNumbers = (store: Store, clock: Clock) => {
  let next = 0n;
  let end = 0n;
  let drawing: Promise<void> | undefined;

  const draw = async (): Promise<void> => {
    const [row] = await store.query<{ next: bigint }>(
      `insert into acquirer.counters (name, next) values ('rrn', $1) on conflict (name)
       do update set next = acquirer.counters.next + $1 returning next`,
      [blockSize],
    );
    if (!row) throw new Error('the counter gave no block');
    end = row.next;
    next = row.next - BigInt(blockSize);
  };

  return async (): Promise<TransactionNumbers> => {
    while (next >= end) {
      drawing ??= draw().finally(() => {
        drawing = undefined;
      });
      await drawing;
    }
    const counter = next;
    next += 1n;
    // A trace number is 000001 to 999999; the one in a million that would be zero shares the number of its neighbour a block away.
    const stan = counter % 1_000_000n || 999_999n;
    return {
      rrn: `${dayOfYear(clock())}${digits(counter % counterModulus, 9)}`,
      stan: digits(stan, 6),
    };
  };
};

export type Numbers = ReturnType<typeof createNumbers>;

const digits = (value: bigint, length: number): string => value.toString().padStart(length, '0');

const dayOfYear = (ms: number): string => {
  const local = ms + chinaOffsetMs;
  const yearStart = Date.UTC(new Date(local).getUTCFullYear(), 0, 1);
  return String(Math.floor((local - yearStart) / dayMs) + 1).padStart(3, '0');
};
