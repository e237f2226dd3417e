import {
  type Basket,
  type BasketItem,
  cashSuggestions,
  changeBasket,
  closeSale,
  emptyBasket,
  priceBasket,
  receiptNumber,
  type Sale,
  settle,
  type Tender,
} from '@zhanggui/basket';
import { uuidv7 } from '@zhanggui/ids';
import { money } from '@zhanggui/money';
import type { Catalogue, Place, Till } from '@zhanggui/shop';
import {
  type BusinessDate,
  businessDate,
  businessDateAt,
  type EpochMs,
  epochMs,
  instantOf,
  localDateTime,
} from '@zhanggui/time';
import { type Chance, chanceOf } from './chance.ts';

/** A day of a till as it might have been: its shift and what it sold. */
export type PastShift = Readonly<{
  id: string;
  till: Till;
  staffId: string;
  openedAt: EpochMs;
  closedAt: EpochMs;
  floatMinor: bigint;
  sales: readonly Sale[];
}>;

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** When people shop: lunch and the way home. Weight by hour. */
const hours = [
  [8, 5],
  [9, 6],
  [10, 7],
  [11, 11],
  [12, 12],
  [13, 7],
  [14, 5],
  [15, 6],
  [16, 8],
  [17, 13],
  [18, 15],
  [19, 11],
  [20, 8],
] as const;

/** What they come for. Weight by department; one that is not named weighs 3. */
const departmentWeights: Readonly<Record<string, number>> = {
  drinks: 18,
  snacks: 13,
  dairy: 10,
  vegetables: 11,
  fruit: 10,
  instant: 8,
  bakery: 8,
  meat: 6,
  wine: 2,
  stationery: 1,
};

type World = Readonly<{ catalogue: Catalogue; place: Place; seed: number }>;

/** The same shift has the same identity whenever it is imagined: by the seed, the till and the day. */
export const pastShiftId = (seed: number, till: Till, openedAt: EpochMs): string =>
  uuidv7(openedAt, chanceOf(seed + Number(till.number) * 7919 + openedAt / dayMs).bytes(10));

/** The days before `now`, oldest first, every till from eight to nine. The same seed and day give the same sales. */
export const pastShifts = (
  world: World,
  { now, days, tills, staffIds }: { now: EpochMs; days: number; tills: readonly Till[]; staffIds: readonly string[] },
): PastShift[] =>
  tills.flatMap((till, index) => {
    let sequence = till.nextSequence;
    return Array.from({ length: days }, (_, day): PastShift => {
      const date = businessDateAt(epochMs(now - (days - day) * dayMs));
      const staffId = staffIds[(index + day) % staffIds.length] ?? '';
      const shift = shiftOf(world, { till, date, staffId, sequence });
      sequence += shift.sales.length;
      return shift;
    });
  });

type ShiftOrder = Readonly<{ till: Till; date: BusinessDate; staffId: string; sequence: number }>;

const shiftOf = (world: World, { till, date, staffId, sequence }: ShiftOrder): PastShift => {
  const openedAt = instantOf(localDateTime(`${date}T07:50:00`));
  const chance = chanceOf(world.seed + Number(till.number) * 104_729 + openedAt / minuteMs);
  const id = pastShiftId(world.seed, till, openedAt);
  const isWeekend = [0, 6].includes(new Date(businessDate(date)).getUTCDay());
  const count = chance.whole(70, 100) + (isWeekend ? 30 : 0);
  const times = Array.from({ length: count }, () => timeOfDay(date, chance)).sort((left, right) => left - right);
  const sales = times.map((at, index) => {
    const number = sequence + index;
    const identity = { id: uuidv7(at, chance.bytes(10)), shiftId: id, staffId, at, sequence: number };
    return { ...saleOf(world, chance), ...identity, receiptNo: receiptNumber(till.number, number) };
  });
  const closedAt = instantOf(localDateTime(`${date}T21:10:00`));
  return { id, till, staffId, openedAt, closedAt, floatMinor: 500_00n, sales };
};

const timeOfDay = (date: BusinessDate, chance: Chance): EpochMs => {
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(chance.weighted(hours))}:${two(chance.whole(0, 59))}:${two(chance.whole(0, 59))}`;
  return instantOf(localDateTime(`${date}T${clock}`));
};

const saleOf = (world: World, chance: Chance) => {
  const basket = basketOf(world, chance);
  const { total } = priceBasket(basket);
  const closed = closeSale(basket, tendersOf(total, world, chance), world.place.cashRounding);
  if (closed.kind !== 'closed') throw new Error(`an imagined sale closes: ${closed.reason}`);
  const segments = world.place.segments.map(({ id }) => id);
  return { ...closed.figures, segment: chance.next() < 0.06 ? null : chance.pick(segments) };
};

const basketOf = ({ catalogue, place }: World, chance: Chance): Basket => {
  let basket = emptyBasket(place.currency);
  const lineCount = chance.weighted([
    [1, 30],
    [2, 25],
    [3, 16],
    [5, 18],
    [9, 8],
    [15, 3],
  ]);
  const apply = (command: Parameters<typeof changeBasket>[1]) => {
    const outcome = changeBasket(basket, command);
    if (outcome.kind === 'changed') basket = outcome.basket;
  };
  for (let line = 0; line < lineCount; line += 1) {
    const item = itemOf(catalogue, place, chance);
    const quantityMilli = item.weighed
      ? chance.whole(25, 180) * 10
      : chance.weighted([
          [1000, 80],
          [2000, 15],
          [3000, 5],
        ]);
    apply({ kind: 'add', lineId: String(line), item, quantityMilli });
    if (chance.next() < 0.05)
      apply({ kind: 'discount', lineId: String(line), discount: { kind: 'percent', basisPoints: 1000 } });
  }
  return basket;
};

const itemOf = (catalogue: Catalogue, place: Place, chance: Chance): BasketItem => {
  const departmentId = chance.weighted(
    catalogue.departments.map(({ id }) => [id, departmentWeights[id] ?? 3] as const),
  );
  const {
    initials: _initials,
    priceMinor,
    ...goods
  } = chance.pick(catalogue.items.filter((item) => item.departmentId === departmentId));
  return { ...goods, price: money(priceMinor, place.currency) };
};

const tendersOf = (total: Sale['total'], { place }: World, chance: Chance): Tender[] => {
  const way = chance.weighted([
    ['card', 55],
    ['cash', 41],
    ['split', 4],
  ] as const);
  const byCard = way === 'card' ? total.minor : way === 'split' ? (total.minor / 2_00n) * 1_00n : 0n;
  const card: Tender[] =
    byCard === 0n
      ? []
      : [
          {
            kind: 'card',
            amount: money(byCard, total.currency),
            terminalId: `0000000${chance.whole(1, 2)}`,
            requestId: uuidv7(chance.whole(0, 0xffff_ffff), chance.bytes(10)),
          },
        ];
  const { isPaid, leftInCash } = settle(total, card, place.cashRounding);
  return isPaid ? card : [...card, { kind: 'cash', received: chance.pick(cashSuggestions(leftInCash)) }];
};
