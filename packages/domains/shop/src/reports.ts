import type { Bilingual, TenderWay } from '@zhanggui/basket';
import { divideRounded } from '@zhanggui/money';
import { type BusinessDate, businessDate, businessDateAt, type EpochMs } from '@zhanggui/time';
import type { ShopContext } from './context.ts';

/** One bar of a picture: a day beside the same weekday of the week before. */
export type ReportRow = Readonly<{
  key: string;
  name: Bilingual;
  /** Sales; for departments, lines. */
  count: number;
  amountMinor: bigint;
  lastWeekCount: number;
  lastWeekMinor: bigint;
}>;
export type ReportTotals = Readonly<{
  saleCount: number;
  amountMinor: bigint;
  discountMinor: bigint;
  roundingMinor: bigint;
  averageMinor: bigint;
}>;
export type DayReport = Readonly<{
  date: BusinessDate;
  comparedWith: BusinessDate;
  asOf: EpochMs;
  totals: ReportTotals;
  /** The compared day up to the same time of day while `date` is still running; else the whole day. */
  lastWeekToNow: ReportTotals;
  lastWeek: ReportTotals;
  byHour: readonly ReportRow[];
  byDepartment: readonly ReportRow[];
  byCashier: readonly ReportRow[];
  bySegment: readonly ReportRow[];
  byTender: readonly ReportRow[];
}>;

const weekMs = 7 * 86_400_000;

/** What sold, when, by whom, to whom and how it was paid. */
export const createReports = (context: ShopContext) => ({
  /** The business date it is now. */
  today: () => businessDateAt(context.clock()),
  day: (date: BusinessDate) => dayReport(context, date),
});

const dayReport = async (context: ShopContext, date: BusinessDate): Promise<DayReport> => {
  const asOf = context.clock();
  const comparedWith = businessDate(new Date(Date.parse(date) - weekMs).toISOString().slice(0, 10));
  const days = { date, comparedWith };
  const untilLastWeek = date === businessDateAt(asOf) ? asOf - weekMs : Number.MAX_SAFE_INTEGER;
  const wholeDay = Number.MAX_SAFE_INTEGER;
  const [totals, lastWeekToNow, lastWeek, byHour, byDepartment, byCashier, bySegment, byTender] = await Promise.all([
    dayTotals(context, date, wholeDay),
    dayTotals(context, comparedWith, untilLastWeek),
    dayTotals(context, comparedWith, wholeDay),
    rows(context, hourQuery, days).then(everyHour),
    rows(context, departmentQuery, days),
    rows(context, cashierQuery, days),
    rows(context, segmentQuery, days),
    rows(context, tenderQuery, days),
  ]);
  const pictures = { byHour, byDepartment, byCashier, bySegment, byTender };
  return { ...days, asOf, totals, lastWeekToNow, lastWeek, ...pictures };
};

const dayTotals = async (
  { store, merchantId }: ShopContext,
  date: BusinessDate,
  untilMs: number,
): Promise<ReportTotals> => {
  const [row] = await store.query<{ count: number; amount: bigint; discount: bigint; rounding: bigint }>(
    `select count(*)::int as count, coalesce(sum(total_minor), 0)::bigint as amount,
       coalesce(sum(discount_minor), 0)::bigint as discount, coalesce(sum(rounding_minor), 0)::bigint as rounding
     from shop.sales where merchant_id = $1 and business_date = $2 and at <= $3`,
    [merchantId, date, untilMs],
  );
  const { count = 0, amount = 0n, discount = 0n, rounding = 0n } = row ?? {};
  return {
    saleCount: count,
    amountMinor: amount,
    discountMinor: discount,
    roundingMinor: rounding,
    averageMinor: count === 0 ? 0n : divideRounded(amount, BigInt(count), 'half-even'),
  };
};

/** Counts and sums of this day ($2) and of the compared day ($3), side by side. */
const bothDays = (amount: string): string =>
  [
    'count(*) filter (where business_date = $2)::int as count',
    `coalesce(sum(${amount}) filter (where business_date = $2), 0)::bigint as amount_minor`,
    'count(*) filter (where business_date = $3)::int as last_week_count',
    `coalesce(sum(${amount}) filter (where business_date = $3), 0)::bigint as last_week_minor`,
  ].join(', ');
const theseDays = 'merchant_id = $1 and business_date in ($2::date, $3::date)';

const hourQuery = `select lpad(hour::text, 2, '0') as key, null as name_zh, null as name_en, ${bothDays('total_minor')}
  from shop.sales where ${theseDays} group by hour order by hour`;

const departmentQuery = `select department_id as key, department.name_zh, department.name_en, ${bothDays('amount_minor')}
  from shop.sale_lines left join shop.departments department using (merchant_id, department_id)
  where ${theseDays} group by 1, 2, 3 order by amount_minor desc, last_week_minor desc, key`;

const cashierQuery = `select staff_id as key, staff.name_zh, staff.name_en, ${bothDays('total_minor')}
  from shop.sales left join shop.staff staff using (merchant_id, staff_id)
  where ${theseDays} group by 1, 2, 3 order by amount_minor desc, last_week_minor desc, key`;

const segmentQuery = `select coalesce(segment, 'none') as key,
    case when segment is null then '未记录' else label #>> '{name,zh}' end as name_zh,
    case when segment is null then 'Not recorded' else label #>> '{name,en}' end as name_en, ${bothDays('total_minor')}
  from shop.sales join shop.merchants using (merchant_id)
    left join lateral (select value as label from jsonb_array_elements(segments) where value ->> 'id' = segment) named on true
  where ${theseDays} group by 1, 2, 3 order by amount_minor desc, last_week_minor desc, key`;

const tenderNames = Object.entries({
  cash: { zh: '现金', en: 'Cash' },
  card: { zh: '银行卡', en: 'Card' },
  wechat: { zh: '微信支付', en: 'WeChat Pay' },
  alipay: { zh: '支付宝', en: 'Alipay' },
  unionpay: { zh: '云闪付', en: 'UnionPay QR' },
} satisfies Record<TenderWay, Bilingual>)
  .map(([way, { zh, en }]) => `('${way}', '${zh}', '${en}')`)
  .join(', ');

/** One row per sale and way of paying, its cash less its change. */
const tenderQuery = `select kind as key, max(name.zh) as name_zh, max(name.en) as name_en, ${bothDays('kept_minor')}
  from (
    select coalesce(tender.wallet, tender.kind) as kind, sale.business_date,
      sum(tender.amount_minor) - case min(tender.kind) when 'cash' then max(sale.change_minor) else 0 end as kept_minor
    from shop.sale_tenders tender join shop.sales sale using (merchant_id, sale_id)
    where ${theseDays} group by 1, sale.business_date, sale_id) kept
    left join (values ${tenderNames}) as name (kind, zh, en) using (kind)
  group by kind order by kind`;

const rows = async (
  { store, merchantId }: ShopContext,
  query: string,
  { date, comparedWith }: { date: BusinessDate; comparedWith: BusinessDate },
): Promise<ReportRow[]> => {
  const found = await store.query<{
    key: string;
    name_zh: string | null;
    name_en: string | null;
    count: number;
    amount_minor: bigint;
    last_week_count: number;
    last_week_minor: bigint;
  }>(query, [merchantId, date, comparedWith]);
  return found.map((row) => ({
    key: row.key,
    name: { zh: row.name_zh ?? row.key, en: row.name_en ?? row.key },
    count: row.count,
    amountMinor: row.amount_minor,
    lastWeekCount: row.last_week_count,
    lastWeekMinor: row.last_week_minor,
  }));
};

/** A quiet hour is a bar of nothing, not a missing bar. */
const everyHour = (found: readonly ReportRow[]): ReportRow[] =>
  Array.from({ length: 24 }, (_, hour) => {
    const key = String(hour).padStart(2, '0');
    const name = { zh: `${key}:00`, en: `${key}:00` };
    const quiet = { key, count: 0, amountMinor: 0n, lastWeekCount: 0, lastWeekMinor: 0n };
    return { ...(found.find((row) => row.key === key) ?? quiet), name };
  });
