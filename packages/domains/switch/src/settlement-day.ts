import type { Store } from '@zhanggui/store';
import { type BusinessDate, businessDateAt, type Clock, instantOf, localDateTime } from '@zhanggui/time';

/** The day transactions are settled under. The centre sets it, and writes it into everything it forwards (field 15). */
export interface SettlementDay {
  /** MMDD. */
  mmdd(): string;
  date(): BusinessDate;
  /** Days whose transactions may still be reversed, today's first: after a cut-over also the day before, for a while. */
  open(): readonly string[];
  /** Turns the day when its time has come. Returns the new MMDD when it did. */
  turn(): Promise<string | undefined>;
}

type Options = Readonly<{ store: Store; clock: Clock; centre: string; cutOver: string; graceMs: number }>;

const mmddOf = (date: BusinessDate): string => date.slice(5).replace('-', '');

type Turned = Readonly<{ date: BusinessDate; previous: BusinessDate | null; turnedAt: bigint | null }>;

/**
 * Takes up the day the database knows, so that a clock set back does not reopen one. A day that ended while nobody looked turns now:
 * what was under way when the centre stopped still has its time to be reversed.
 */
export const openSettlementDay = async ({
  store,
  clock,
  centre,
  cutOver,
  graceMs,
}: Options): Promise<SettlementDay> => {
  const keep = async (date: BusinessDate): Promise<Turned> => {
    const [row] = await store.query<Turned>(
      `insert into switch.settlement_days as day (centre, business_date) values ($1, $2)
       on conflict (centre) do update set
         previous_date = case when excluded.business_date > day.business_date then day.business_date else day.previous_date end,
         turned_at = case when excluded.business_date > day.business_date then $3 else day.turned_at end,
         business_date = greatest(day.business_date, excluded.business_date)
       returning business_date as date, previous_date as previous, turned_at as "turnedAt"`,
      [centre, date, clock()],
    );
    return row ?? { date, previous: null, turnedAt: null };
  };
  /** When the day ends, in real time: at the cut-over on its own date. */
  const endOf = (date: BusinessDate): number => instantOf(localDateTime(`${date}T${cutOver}:00`));

  let day = await keep(businessDateAt(clock(), cutOver));
  return {
    mmdd: () => mmddOf(day.date),
    date: () => day.date,
    open: () => {
      const isPreviousOpen = clock() < Number(day.turnedAt ?? 0n) + graceMs;
      return day.previous && isPreviousOpen ? [mmddOf(day.date), mmddOf(day.previous)] : [mmddOf(day.date)];
    },
    turn: async () => {
      if (clock() < endOf(day.date)) return undefined;
      day = await keep(businessDateAt(clock(), cutOver));
      return mmddOf(day.date);
    },
  };
};
