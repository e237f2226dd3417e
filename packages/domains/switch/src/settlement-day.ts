import type { Store } from '@zhanggui/store';
import { type BusinessDate, businessDateAt, type Clock, epochMs, instantOf, localDateTime } from '@zhanggui/time';

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

/** Takes up the day the database knows, so that a clock set back does not reopen one. */
export const openSettlementDay = async ({
  store,
  clock,
  centre,
  cutOver,
  graceMs,
}: Options): Promise<SettlementDay> => {
  const keep = async (date: BusinessDate): Promise<BusinessDate> => {
    const [row] = await store.query<{ date: BusinessDate }>(
      `insert into switch.settlement_days (centre, business_date) values ($1, $2)
       on conflict (centre) do update set business_date = greatest(switch.settlement_days.business_date, excluded.business_date)
       returning business_date as date`,
      [centre, date],
    );
    return row?.date ?? date;
  };
  /** When the day ends, in real time: at the cut-over on its own date. */
  const endOf = (date: BusinessDate): number => instantOf(localDateTime(`${date}T${cutOver}:00`));

  let date = await keep(businessDateAt(clock(), cutOver));
  let previous: BusinessDate | undefined;
  let graceUntil = epochMs(0);
  return {
    mmdd: () => mmddOf(date),
    date: () => date,
    open: () => (previous && clock() < graceUntil ? [mmddOf(date), mmddOf(previous)] : [mmddOf(date)]),
    turn: async () => {
      if (clock() < endOf(date)) return undefined;
      previous = date;
      date = await keep(businessDateAt(clock(), cutOver));
      graceUntil = epochMs(clock() + graceMs);
      return mmddOf(date);
    },
  };
};
