import { type CashRounding, checkSale, type Sale, type TenderWay } from '@zhanggui/basket';
import type { CurrencyCode, Rounding } from '@zhanggui/money';
import type { Queryable } from '@zhanggui/store';
import type { BusinessDate } from '@zhanggui/time';
import { insertRows, jsonText, type ShopContext } from './context.ts';
import { type UploadFault, uploadFault } from './sale-faults.ts';
import { type LineRow, lineRow, type SaleRow, saleFromRows, saleRow, type TenderRow, tenderRow } from './sale-rows.ts';

/** An upload is accepted as it is, or kept aside with the reasons; it is never changed and never dropped. */
export type UploadOutcome =
  | Readonly<{ status: 'accepted'; saleId: string; receiptNo: string }>
  | Readonly<{ status: 'kept'; saleId: string; faults: readonly UploadFault[] }>;

export type SaleSummary = Readonly<{
  id: string;
  receiptNo: string;
  at: number;
  tillId: string;
  cashier: { zh: string; en: string };
  segment: string | null;
  lineCount: number;
  amountMinor: bigint;
  tenders: readonly TenderWay[];
}>;
export type KeptSale = Readonly<{
  id: string;
  tillId: string;
  keptAt: number;
  faults: readonly UploadFault[];
  document: unknown;
}>;
export type Page = Readonly<{ date?: BusinessDate; before?: string; limit: number }>;

/** Finished sales: taken from tills, and read back. */
export const createSales = (context: ShopContext) => ({
  /** The same identity uploaded again gets the same answer. Many at once are written as one. */
  upload: (tillId: string, sales: readonly Sale[]) => upload(context, tillId, sales),
  /** Keeps what is not even a sale, so that a person can look at it. */
  keepMalformed: (tillId: string, saleId: string, document: unknown) =>
    keepMalformed(context, { tillId, saleId, document }),
  list: (page: Page) => listSales(context, page),
  find: (saleId: string) => findSale(context, saleId),
  kept: () => listKept(context),
  /** The sales that payments paid for, by the payment's request. */
  paidBy: (requestIds: readonly string[]) => paidBy(context, requestIds),
});

type Terms = Readonly<{ tillNumber: string; currency: CurrencyCode; cashRounding: CashRounding }>;
type Known = Readonly<{
  receiptNos: Map<string, string>;
  sequences: Set<number>;
  /** Shift id to whether it is closed. */
  shifts: ReadonlyMap<string, boolean>;
  staffIds: ReadonlySet<string>;
}>;

type PaidSale = Readonly<{ saleId: string; receiptNo: string }>;

const paidBy = async (
  { store, merchantId }: ShopContext,
  requestIds: readonly string[],
): Promise<ReadonlyMap<string, PaidSale>> => {
  const rows = await store.query<{ request_id: string; sale_id: string; receipt_no: string }>(
    `select tender.request_id, sale.sale_id, sale.receipt_no
       from shop.sale_tenders tender join shop.sales sale using (merchant_id, sale_id)
      where tender.merchant_id = $1 and tender.request_id = any($2::uuid[])`,
    [merchantId, requestIds],
  );
  return new Map(rows.map((row) => [row.request_id, { saleId: row.sale_id, receiptNo: row.receipt_no }]));
};

const upload = (context: ShopContext, tillId: string, sales: readonly Sale[]): Promise<UploadOutcome[]> =>
  context.store.transaction(async (tx) => {
    const terms = await lockTill(tx, context.merchantId, tillId);
    const known = await knownFacts(tx, context.merchantId, tillId, sales);
    const accepted: Sale[] = [];
    const outcomes = sales.map((sale): UploadOutcome => {
      const receiptNo = known.receiptNos.get(sale.id);
      if (receiptNo !== undefined) return { status: 'accepted', saleId: sale.id, receiptNo };
      const faults = faultsOf(sale, terms, known);
      if (faults.length > 0) return { status: 'kept', saleId: sale.id, faults };
      known.receiptNos.set(sale.id, sale.receiptNo);
      known.sequences.add(sale.sequence);
      accepted.push(sale);
      return { status: 'accepted', saleId: sale.id, receiptNo: sale.receiptNo };
    });
    await writeAccepted(tx, context, tillId, accepted, known);
    for (const [index, outcome] of outcomes.entries())
      if (outcome.status === 'kept') await keep(tx, context, { ...outcome, tillId, document: sales[index] });
    return outcomes;
  });

/** Uploads and the close of a shift take turns on the till's row, so that a Z report and the sales it counts agree. */
export const lockTill = async (tx: Queryable, merchantId: string, tillId: string): Promise<Terms> => {
  const [row] = await tx.query<{
    number: string;
    currency: CurrencyCode;
    cash_rounding_unit_minor: bigint | null;
    cash_rounding: Rounding | null;
  }>(
    `select till.number, merchant.currency, merchant.cash_rounding_unit_minor, merchant.cash_rounding
     from shop.tills till join shop.merchants merchant using (merchant_id)
     where merchant_id = $1 and till_id = $2 for update of till`,
    [merchantId, tillId],
  );
  if (!row) throw new Error('a till that signed in exists');
  const { cash_rounding_unit_minor: unitMinor, cash_rounding: rounding } = row;
  const cashRounding = unitMinor !== null && rounding !== null ? { unitMinor, rounding } : null;
  return { tillNumber: row.number, currency: row.currency, cashRounding };
};

const knownFacts = async (
  tx: Queryable,
  merchantId: string,
  tillId: string,
  sales: readonly Sale[],
): Promise<Known> => {
  const stored = await tx.query<{ sale_id: string; till_id: string; sequence: number; receipt_no: string }>(
    `select sale_id, till_id, sequence, receipt_no from shop.sales
     where merchant_id = $1 and (sale_id = any($2) or (till_id = $3 and sequence = any($4)))`,
    [merchantId, sales.map(({ id }) => id), tillId, sales.map(({ sequence }) => sequence)],
  );
  const shifts = await tx.query<{ shift_id: string; closed: boolean }>(
    `select shift_id, closed_at is not null as closed from shop.shifts
     where merchant_id = $1 and till_id = $2 and shift_id = any($3)`,
    [merchantId, tillId, [...new Set(sales.map(({ shiftId }) => shiftId))]],
  );
  const staff = await tx.query<{ staff_id: string }>('select staff_id from shop.staff where merchant_id = $1', [
    merchantId,
  ]);
  return {
    receiptNos: new Map(stored.map((row) => [row.sale_id, row.receipt_no])),
    sequences: new Set(stored.filter((row) => row.till_id === tillId).map(({ sequence }) => sequence)),
    shifts: new Map(shifts.map(({ shift_id, closed }) => [shift_id, closed])),
    staffIds: new Set(staff.map(({ staff_id }) => staff_id)),
  };
};

const faultsOf = (sale: Sale, terms: Terms, known: Known): UploadFault[] => {
  const faults = checkSale(sale, terms).map(({ code, place }) => uploadFault(code, place));
  if (sale.total.currency !== terms.currency) faults.push(uploadFault('other-currency', 'total'));
  if (!known.shifts.has(sale.shiftId)) faults.push(uploadFault('shift-unknown', 'shiftId'));
  if (!known.staffIds.has(sale.staffId)) faults.push(uploadFault('staff-unknown', 'staffId'));
  if (known.sequences.has(sale.sequence)) faults.push(uploadFault('sequence-taken', 'sequence'));
  return faults;
};

const writeAccepted = async (
  tx: Queryable,
  { merchantId, clock }: ShopContext,
  tillId: string,
  sales: readonly Sale[],
  known: Known,
): Promise<void> => {
  if (sales.length === 0) return;
  const rowsOf = <Row extends object>(rows: (sale: Sale) => Row[]) =>
    sales.flatMap((sale) => {
      const key = { merchant_id: merchantId, sale_id: sale.id };
      return rows(sale).map((row) => ({ ...key, ...row }));
    });
  const receivedAt = clock();
  const heads = rowsOf((sale) => [
    { ...saleRow(sale), till_id: tillId, late: known.shifts.get(sale.shiftId), received_at: receivedAt },
  ]);
  const lines = rowsOf((sale) =>
    sale.lines.map((line, index) => ({ ...lineRow(line, index), business_date: saleRow(sale).business_date })),
  );
  await insertRows(tx, 'sales', heads);
  await insertRows(tx, 'sale_lines', lines);
  await insertRows(
    tx,
    'sale_tenders',
    rowsOf((sale) => sale.tenders.map(tenderRow)),
  );
  await tx.query(
    'update shop.tills set last_sequence = greatest(last_sequence, $3) where merchant_id = $1 and till_id = $2',
    [merchantId, tillId, Math.max(...sales.map(({ sequence }) => sequence))],
  );
  await tx.query(
    'update shop.kept_sales set settled_at = $3 where merchant_id = $1 and sale_id = any($2) and settled_at is null',
    [merchantId, sales.map(({ id }) => id), receivedAt],
  );
};

type Keeping = Readonly<{ tillId: string; saleId: string; document: unknown; faults: readonly UploadFault[] }>;

const keep = async (tx: Queryable, { merchantId, clock }: ShopContext, kept: Keeping): Promise<void> => {
  await tx.query(
    `insert into shop.kept_sales (merchant_id, sale_id, till_id, document, faults, kept_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (merchant_id, sale_id) do update set document = excluded.document, faults = excluded.faults, kept_at = excluded.kept_at`,
    [merchantId, kept.saleId, kept.tillId, jsonText(kept.document), jsonText(kept.faults), clock()],
  );
};

const keepMalformed = async (context: ShopContext, upload: Omit<Keeping, 'faults'>): Promise<UploadOutcome> => {
  const faults = [uploadFault('malformed', '')];
  await keep(context.store, context, { ...upload, faults });
  return { status: 'kept', saleId: upload.saleId, faults };
};

const listSales = async ({ store, merchantId }: ShopContext, page: Page) => {
  const [beforeAt, beforeId] = page.before?.split('.') ?? [];
  const rows = await store.query<{
    sale_id: string;
    receipt_no: string;
    at: bigint;
    till_id: string;
    name_zh: string | null;
    name_en: string | null;
    segment: string | null;
    line_count: number;
    total_minor: bigint;
    tenders: TenderWay[];
  }>(
    `select sale.*, staff.name_zh, staff.name_en, array(
       select distinct coalesce(wallet, kind) from shop.sale_tenders tender
       where tender.merchant_id = sale.merchant_id and tender.sale_id = sale.sale_id order by 1) as tenders
     from shop.sales sale left join shop.staff staff using (merchant_id, staff_id)
     where merchant_id = $1 and ($2::date is null or business_date = $2)
       and ($3::bigint is null or (at, sale_id) < ($3, $4::uuid))
     order by at desc, sale_id desc limit $5`,
    [merchantId, page.date ?? null, beforeAt ?? null, beforeId ?? null, page.limit],
  );
  const sales = rows.map(
    (row): SaleSummary => ({
      id: row.sale_id,
      receiptNo: row.receipt_no,
      at: Number(row.at),
      tillId: row.till_id,
      cashier: { zh: row.name_zh ?? '', en: row.name_en ?? '' },
      segment: row.segment,
      lineCount: row.line_count,
      amountMinor: row.total_minor,
      tenders: row.tenders,
    }),
  );
  return { sales, next: nextPage(sales, page) };
};

/** Where the next page begins, for `before`; null when this one was not full. */
export const nextPage = (rows: readonly { id: string; at: number }[], { limit }: Page): string | null => {
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return last ? `${last.at}.${last.id}` : null;
};

const findSale = async ({ store, merchantId }: ShopContext, saleId: string): Promise<Sale | undefined> => {
  const key = [merchantId, saleId];
  const [row] = await store.query<SaleRow & { currency: CurrencyCode }>(
    `select sale.*, merchant.currency from shop.sales sale join shop.merchants merchant using (merchant_id)
     where merchant_id = $1 and sale_id = $2`,
    key,
  );
  if (!row) return undefined;
  const lines = await store.query<LineRow>(
    'select * from shop.sale_lines where merchant_id = $1 and sale_id = $2 order by line_no',
    key,
  );
  const tenders = await store.query<TenderRow>(
    'select * from shop.sale_tenders where merchant_id = $1 and sale_id = $2 order by tender_no',
    key,
  );
  return saleFromRows(row, lines, tenders, row.currency);
};

const listKept = async ({ store, merchantId }: ShopContext): Promise<KeptSale[]> => {
  const rows = await store.query<{
    sale_id: string;
    till_id: string;
    kept_at: bigint;
    faults: UploadFault[];
    document: unknown;
  }>(
    'select * from shop.kept_sales where merchant_id = $1 and settled_at is null order by kept_at desc, sale_id limit 500',
    [merchantId],
  );
  return rows.map((row) => ({
    id: row.sale_id,
    tillId: row.till_id,
    keptAt: Number(row.kept_at),
    faults: row.faults,
    document: row.document,
  }));
};
