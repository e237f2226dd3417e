import type { ReportRow, Today } from '@zhanggui/api/contract';
import { type LocalText, moneyOfMinor, moneyText, plotHeight } from '@zhanggui/ui';

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
  /** The same figure a week ago, up to the same time of day and of the whole day. */
  toNow: string;
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

const inMoney = (minor: string): string => moneyText(moneyOfMinor(minor));

export const headlines = ({ totals, lastWeekToNow, lastWeek }: Today): readonly Headline[] => [
  {
    key: 'amount',
    value: inMoney(totals.amountMinor),
    toNow: inMoney(lastWeekToNow.amountMinor),
    whole: inMoney(lastWeek.amountMinor),
  },
  {
    key: 'count',
    value: String(totals.saleCount),
    toNow: String(lastWeekToNow.saleCount),
    whole: String(lastWeek.saleCount),
  },
  {
    key: 'average',
    value: inMoney(totals.averageMinor),
    toNow: inMoney(lastWeekToNow.averageMinor),
    whole: inMoney(lastWeek.averageMinor),
  },
  {
    key: 'discount',
    value: inMoney(totals.discountMinor),
    toNow: inMoney(lastWeekToNow.discountMinor),
    whole: inMoney(lastWeek.discountMinor),
  },
];
