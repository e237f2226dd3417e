import { readFile } from 'node:fs/promises';
import type { Shop } from '@zhanggui/shop';
import { businessDateAt, type EpochMs, epochMs } from '@zhanggui/time';
import { chanceOf } from './chance.ts';
import { type PastShift, pastShiftId, pastShifts } from './past-sales.ts';
import { townSetup } from './people-and-place.ts';

export type TownOptions = Readonly<{
  now: EpochMs;
  /** Days of imagined sales before today (default 8: yesterday to the same weekday last week and the day before it). */
  pastDays?: number;
  seed?: number;
}>;
export type Founding = Readonly<{ founded: boolean; goods: number; sales: number }>;

/** The goods of the sample shop, in the columns of docs/import-goods.md. */
export const goodsCsv = (): Promise<string> => readFile(new URL('../goods.csv', import.meta.url), 'utf8');

/** Founds the sample shop with its goods and its past. Done again, it finds everything there and leaves it alone. */
export const foundTown = async (shop: Shop, { now, pastDays = 8, seed = 8583 }: TownOptions): Promise<Founding> => {
  const founded = await shop.setUp(townSetup);
  let { items } = await shop.goods.catalogue();
  if (items.length === 0) {
    const outcome = await shop.goods.importList(await goodsCsv(), { dryRun: false });
    if (outcome.status === 'rejected') throw new Error(`the sample goods do not import: ${outcome.faults[0]?.code}`);
    ({ items } = await shop.goods.catalogue());
  }
  const sales = founded ? await livePast(shop, { now, pastDays, seed }) : 0;
  if (!founded) await endBrokenDays(shop, { now, seed });
  return { founded, goods: items.length, sales };
};

const livePast = async (shop: Shop, { now, pastDays, seed }: Required<TownOptions>): Promise<number> => {
  const [catalogue, place, tills] = await Promise.all([
    shop.goods.catalogue(),
    shop.place.describe(),
    shop.place.tills(),
  ]);
  const staffIds = townSetup.staff.filter(({ role }) => role !== 'owner').map(({ id }) => id);
  const shifts = pastShifts({ catalogue, place, seed }, { now, days: pastDays, tills, staffIds });
  // A till's days follow one another; the tills do not wait for each other.
  await Promise.all(
    tills.map(async (till) => {
      for (const shift of shifts.filter((one) => one.till.id === till.id)) await liveShift(shop, shift, seed);
    }),
  );
  return shifts.reduce((count, { sales }) => count + sales.length, 0);
};

const liveShift = async (shop: Shop, shift: PastShift, seed: number): Promise<void> => {
  const { id, till, staffId, openedAt, closedAt, floatMinor, sales } = shift;
  await shop.shifts.open({ id, tillId: till.id, staffId, floatMinor, at: openedAt });
  const kept = (await shop.sales.upload(till.id, sales)).find(({ status }) => status === 'kept');
  if (kept?.status === 'kept')
    throw new Error(`an imagined sale is sound: ${kept.faults[0]?.code} ${kept.faults[0]?.place}`);
  // Drawers are right on most days, and a few coins out on others.
  const slipMinor = chanceOf(seed + closedAt / 60_000).pick([0n, 0n, 0n, -50n, 1_00n, -2_00n]);
  const countedMinor = floatMinor + cashKept(sales) + slipMinor;
  await shop.shifts.close({ id, tillId: till.id, at: closedAt, countedMinor });
};

const cashKept = (sales: PastShift['sales']): bigint =>
  sales.reduce((sum, { tenders, change }) => {
    const received = tenders.map((tender) => (tender.kind === 'cash' ? tender.received.minor : 0n));
    return received.reduce((cash, minor) => cash + minor, sum) - change.minor;
  }, 0n);

/** A start that was killed while it imagined the past may leave one imagined shift open; nobody else would close it. */
const endBrokenDays = async (shop: Shop, { now, seed }: { now: EpochMs; seed: number }): Promise<void> => {
  for (const till of await shop.place.tills()) {
    const shift = await shop.shifts.current(till.id);
    if (!shift || businessDateAt(epochMs(shift.openedAt)) === businessDateAt(now)) continue;
    if (shift.id !== pastShiftId(seed, till, epochMs(shift.openedAt))) continue;
    const { expectedCashMinor } = shift.totals;
    await shop.shifts.close({ id: shift.id, tillId: till.id, at: now, countedMinor: expectedCashMinor });
  }
};
