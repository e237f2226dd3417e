import type { ReportRow, ReportTotals, Today } from '@zhanggui/api/contract';
import { moneyOfMinor, moneyText, numberText, plotHeight } from '@zhanggui/ui/money-text';
import type { LocalText } from '@zhanggui/ui/texts';

/** One picture and its table: the rows in the order they are drawn. */
export type ReportPicture = Readonly<{
  key: 'byHour' | 'byDepartment' | 'byCashier' | 'bySegment' | 'byTender';
  /** Hours are a time axis and stand upright; names are read lying. */
  upright: boolean;
  rows: readonly PictureRow[];
}>;
export type PictureRow = Readonly<{
  key: string;
  name: LocalText;
  count: number;
  amount: string;
  lastWeek: string;
  height: number;
  lastWeekHeight: number;
}>;

export type Headline = Readonly<{
  key: 'amount' | 'count' | 'average' | 'discount';
  value: string;
  /** Against the same stretch of the day a week ago: signed, and which way it points. */
  difference: string;
  trend: 'up' | 'down' | 'level';
  /** A week ago up to the same time of day; undefined when the day is over and this is the whole day's. */
  toNow: string | undefined;
  whole: string;
}>;

const pictureRow = (row: ReportRow): PictureRow => {
  const amount = moneyOfMinor(row.amountMinor);
  const lastWeek = moneyOfMinor(row.lastWeekMinor);
  return {
    key: row.key,
    name: row.name,
    count: row.count,
    amount: moneyText(amount, { symbol: false }),
    lastWeek: moneyText(lastWeek, { symbol: false }),
    height: plotHeight(amount),
    lastWeekHeight: plotHeight(lastWeek),
  };
};

const isTraded = (row: PictureRow): boolean => row.height !== 0 || row.lastWeekHeight !== 0;

/** Hours from the first to the last in which anything was sold on either day, at least the shop's usual eight to twenty-two. */
const tradedHours = (rows: readonly PictureRow[]): PictureRow[] => {
  const traded = rows.filter(isTraded).map((row) => Number(row.key));
  const first = Math.min(8, ...traded);
  const last = Math.max(21, ...traded);
  return rows.filter((row) => Number(row.key) >= first && Number(row.key) <= last);
};

const byHeight = (rows: readonly PictureRow[]): PictureRow[] =>
  rows.filter(isTraded).sort((left, right) => right.height - left.height || right.lastWeekHeight - left.lastWeekHeight);

export const pictures = (today: Today): readonly ReportPicture[] => [
  { key: 'byHour', upright: true, rows: tradedHours(today.byHour.map(pictureRow)) },
  { key: 'byDepartment', upright: false, rows: byHeight(today.byDepartment.map(pictureRow)) },
  { key: 'byCashier', upright: false, rows: byHeight(today.byCashier.map(pictureRow)) },
  { key: 'bySegment', upright: false, rows: byHeight(today.bySegment.map(pictureRow)) },
  { key: 'byTender', upright: false, rows: byHeight(today.byTender.map(pictureRow)) },
];

const inMoney = (minor: bigint, plus = false): string => moneyText({ minor, currency: 'CNY' }, { plus });
const inCount = (count: bigint, plus = false): string => numberText(`${plus && count > 0n ? '+' : ''}${count}`);

const trendOf = (difference: bigint): Headline['trend'] => {
  if (difference === 0n) return 'level';
  return difference > 0n ? 'up' : 'down';
};

/** True while the day runs: a week ago by this time was less than that whole day. */
const isRunning = ({ lastWeekToNow, lastWeek }: Today): boolean => lastWeekToNow.saleCount !== lastWeek.saleCount;

const headline = (
  today: Today,
  key: Headline['key'],
  figureOf: (totals: ReportTotals) => bigint,
  inWords: (figure: bigint, plus?: boolean) => string,
): Headline => {
  const value = figureOf(today.totals);
  const toNow = figureOf(today.lastWeekToNow);
  return {
    key,
    value: inWords(value),
    difference: inWords(value - toNow, true),
    trend: trendOf(value - toNow),
    toNow: isRunning(today) ? inWords(toNow) : undefined,
    whole: inWords(figureOf(today.lastWeek)),
  };
};

export const headlines = (today: Today): readonly Headline[] => [
  headline(today, 'amount', ({ amountMinor }) => BigInt(amountMinor), inMoney),
  headline(today, 'count', ({ saleCount }) => BigInt(saleCount), inCount),
  headline(today, 'average', ({ averageMinor }) => BigInt(averageMinor), inMoney),
  headline(today, 'discount', ({ discountMinor }) => BigInt(discountMinor), inMoney),
];

/** Nothing was sold on either day: there is nothing to draw. */
export const isEmptyDay = ({ totals, lastWeek }: Today): boolean => totals.saleCount === 0 && lastWeek.saleCount === 0;
