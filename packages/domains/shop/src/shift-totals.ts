import type { Bilingual, TenderWay } from '@zhanggui/basket';
import type { Queryable } from '@zhanggui/store';

/** What a shift took so far (X report), or took in all (Z report). */
export type ShiftTotals = Readonly<{
  saleCount: number;
  totalMinor: bigint;
  discountMinor: bigint;
  roundingMinor: bigint;
  byTender: readonly { kind: TenderWay; count: number; amountMinor: bigint }[];
  byDepartment: readonly { departmentId: string; name: Bilingual; amountMinor: bigint }[];
  cashInMinor: bigint;
  cashOutMinor: bigint;
  /** Float + cash kept + cash in - cash out. */
  expectedCashMinor: bigint;
  firstReceiptNo: string | null;
  lastReceiptNo: string | null;
}>;
/** Late sales stay out: a Z report says tomorrow what it said when it was drawn. */
export const shiftTotals = async (
  tx: Queryable,
  merchantId: string,
  { shiftId, floatMinor }: { shiftId: string; floatMinor: bigint },
): Promise<ShiftTotals> => {
  const key = [merchantId, shiftId];
  const { changeMinor, ...sums } = await saleSums(tx, key);
  const byTender = await tenderSums(tx, key, changeMinor);
  const { cashInMinor, cashOutMinor } = await moveSums(tx, key);
  const cashKeptMinor = byTender.find(({ kind }) => kind === 'cash')?.amountMinor ?? 0n;
  return {
    ...sums,
    byTender,
    byDepartment: await departmentSums(tx, key),
    cashInMinor,
    cashOutMinor,
    expectedCashMinor: floatMinor + cashKeptMinor + cashInMinor - cashOutMinor,
  };
};

type Key = readonly string[];

const saleSums = async (tx: Queryable, key: Key) => {
  const [row] = await tx.query<{
    count: number;
    total: bigint;
    discount: bigint;
    rounding: bigint;
    change: bigint;
    first: string | null;
    last: string | null;
  }>(
    `select count(*)::int as count, coalesce(sum(total_minor), 0)::bigint as total,
       coalesce(sum(discount_minor), 0)::bigint as discount, coalesce(sum(rounding_minor), 0)::bigint as rounding,
       coalesce(sum(change_minor), 0)::bigint as change,
       (array_agg(receipt_no order by sequence))[1] as first, (array_agg(receipt_no order by sequence desc))[1] as last
     from shop.sales where merchant_id = $1 and shift_id = $2 and not late`,
    key,
  );
  return {
    saleCount: row?.count ?? 0,
    totalMinor: row?.total ?? 0n,
    discountMinor: row?.discount ?? 0n,
    roundingMinor: row?.rounding ?? 0n,
    changeMinor: row?.change ?? 0n,
    firstReceiptNo: row?.first ?? null,
    lastReceiptNo: row?.last ?? null,
  };
};

/** Change comes out of the cash that was handed over. */
const tenderSums = async (tx: Queryable, key: Key, changeMinor: bigint) => {
  const rows = await tx.query<{ kind: TenderWay; count: number; amount: bigint }>(
    `select coalesce(wallet, kind) as kind, count(distinct sale_id)::int as count, sum(amount_minor)::bigint as amount
     from shop.sale_tenders join shop.sales using (merchant_id, sale_id)
     where merchant_id = $1 and shift_id = $2 and not late group by 1 order by 1`,
    key,
  );
  return rows.map(({ kind, count, amount }) => ({
    kind,
    count,
    amountMinor: kind === 'cash' ? amount - changeMinor : amount,
  }));
};

const departmentSums = async (tx: Queryable, key: Key) => {
  const rows = await tx.query<{ department_id: string; name_zh: string; name_en: string; amount: bigint }>(
    `select department_id, coalesce(department.name_zh, department_id) as name_zh,
       coalesce(department.name_en, department_id) as name_en, sum(line.amount_minor)::bigint as amount
     from shop.sale_lines line join shop.sales sale using (merchant_id, sale_id)
       left join shop.departments department using (merchant_id, department_id)
     where merchant_id = $1 and sale.shift_id = $2 and not sale.late group by 1, 2, 3 order by amount desc`,
    key,
  );
  return rows.map((row) => ({
    departmentId: row.department_id,
    name: { zh: row.name_zh, en: row.name_en },
    amountMinor: row.amount,
  }));
};

const moveSums = async (tx: Queryable, key: Key) => {
  const [row] = await tx.query<{ came: bigint; went: bigint }>(
    `select coalesce(sum(amount_minor) filter (where kind = 'in'), 0)::bigint as came,
       coalesce(sum(amount_minor) filter (where kind = 'out'), 0)::bigint as went
     from shop.cash_moves where merchant_id = $1 and shift_id = $2`,
    key,
  );
  return { cashInMinor: row?.came ?? 0n, cashOutMinor: row?.went ?? 0n };
};
