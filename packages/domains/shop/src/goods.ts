import { createHash } from 'node:crypto';
import type { Bilingual } from '@zhanggui/basket';
import type { CurrencyCode } from '@zhanggui/money';
import type { Queryable } from '@zhanggui/store';
import { insertRows, type ShopContext } from './context.ts';
import type { GoodsRow } from './goods-columns.ts';
import { type GoodsFault, readGoodsList } from './goods-list.ts';
import { unitOf } from './units.ts';

export type Department = Readonly<{ id: string; name: Bilingual }>;
export type Item = Readonly<{
  id: string;
  barcode: string;
  name: Bilingual;
  initials: string;
  unit: Readonly<{ id: string; name: Bilingual }>;
  weighed: boolean;
  priceMinor: bigint;
  departmentId: string;
}>;
/** `version` changes whenever anything in the catalogue does. */
export type Catalogue = Readonly<{ version: string; departments: Department[]; items: Item[] }>;

export type GoodsSearch = Readonly<{ search?: string; departmentId?: string; offset: number; limit: number }>;

export type ImportOutcome =
  | Readonly<{
      status: 'imported' | 'checked';
      created: number;
      updated: number;
      unchanged: number;
      departmentsCreated: number;
    }>
  | Readonly<{ status: 'rejected'; faults: readonly GoodsFault[] }>;

/** Departments, items and their prices. */
export const createGoods = (context: ShopContext) => ({
  catalogue: () => catalogue(context),
  version: () => catalogueVersion(context),
  search: (search: GoodsSearch) => searchGoods(context, search),
  /** Takes a whole list or nothing of it. `dryRun` only says what would happen. */
  importList: (csv: string, options: { dryRun: boolean }) => importList(context, csv, options),
});

export type ItemRow = {
  item_id: string;
  barcode: string;
  name_zh: string;
  name_en: string;
  initials: string;
  unit_id: string;
  price_minor: bigint;
  department_id: string;
};
type DepartmentRow = { department_id: string; name_zh: string; name_en: string; position: number };

const itemOf = (row: ItemRow): Item => ({
  id: row.item_id,
  barcode: row.barcode,
  name: { zh: row.name_zh, en: row.name_en },
  initials: row.initials,
  ...unitOf(row.unit_id),
  priceMinor: row.price_minor,
  departmentId: row.department_id,
});
const departmentOf = (row: DepartmentRow): Department => ({
  id: row.department_id,
  name: { zh: row.name_zh, en: row.name_en },
});

const itemColumns = 'item_id, barcode, name_zh, name_en, initials, unit_id, price_minor, department_id';

const departmentRows = (tx: Queryable, merchantId: string): Promise<DepartmentRow[]> =>
  tx.query('select * from shop.departments where merchant_id = $1 order by position, department_id', [merchantId]);

const catalogueVersion = async ({ store, merchantId }: ShopContext): Promise<string> => {
  const [row] = await store.query<{ catalogue_version: number }>(
    'select catalogue_version from shop.merchants where merchant_id = $1',
    [merchantId],
  );
  return String(row?.catalogue_version ?? 0);
};

const catalogue = async (context: ShopContext): Promise<Catalogue> => {
  const { store, merchantId } = context;
  // The version is read first: goods changed meanwhile are then newer than it says, and the next look fetches them again.
  const version = await catalogueVersion(context);
  const [departments, items] = await Promise.all([
    departmentRows(store, merchantId),
    store.query<ItemRow>(`select ${itemColumns} from shop.items where merchant_id = $1 order by item_id`, [merchantId]),
  ]);
  return { version, departments: departments.map(departmentOf), items: items.map(itemOf) };
};

const searchGoods = async (
  { store, merchantId }: ShopContext,
  { search, departmentId, offset, limit }: GoodsSearch,
) => {
  const found = await store.query<ItemRow & { total: number }>(
    `select ${itemColumns}, (count(*) over ())::int as total from shop.items
     where merchant_id = $1 and ($2::text is null or department_id = $2)
       and ($3::text is null or strpos(lower(name_zh || ' ' || name_en || ' ' || initials || ' ' || barcode), lower($3)) > 0)
     order by department_id, item_id offset $4 limit $5`,
    [merchantId, departmentId ?? null, search || null, offset, limit],
  );
  const departments = await departmentRows(store, merchantId);
  return { items: found.map(itemOf), departments: departments.map(departmentOf), total: found[0]?.total ?? 0 };
};

const importList = async (
  { store, merchantId }: ShopContext,
  csv: string,
  { dryRun }: { dryRun: boolean },
): Promise<ImportOutcome> => {
  const [merchant] = await store.query<{ currency: CurrencyCode }>(
    'select currency from shop.merchants where merchant_id = $1',
    [merchantId],
  );
  const list = readGoodsList(csv, merchant?.currency ?? 'CNY');
  if (list.kind === 'faulty') return { status: 'rejected', faults: list.faults };
  return store.transaction(async (tx) => {
    // Two imports at once take turns, so that each compares with what the other left.
    await tx.query('select from shop.merchants where merchant_id = $1 for update', [merchantId]);
    const plan = await planImport(tx, merchantId, list.goods);
    if (!dryRun) await writeImport(tx, merchantId, plan);
    return {
      status: dryRun ? 'checked' : 'imported',
      created: plan.created.length,
      updated: plan.updated.length,
      unchanged: list.goods.length - plan.created.length - plan.updated.length,
      departmentsCreated: plan.departments.length,
    };
  });
};

type ImportPlan = Readonly<{ departments: DepartmentRow[]; created: ItemRow[]; updated: ItemRow[] }>;

const planImport = async (tx: Queryable, merchantId: string, goods: readonly GoodsRow[]): Promise<ImportPlan> => {
  const departments = await departmentRows(tx, merchantId);
  const known = new Map(
    departments.flatMap((row) => [row.name_en, row.name_zh].map((name) => [name, row.department_id])),
  );
  const made = newDepartments(goods, known, departments.at(-1)?.position ?? 0);
  for (const row of made) known.set(row.name_zh, row.department_id);
  const existing = await tx.query<ItemRow>(
    `select ${itemColumns} from shop.items where merchant_id = $1 and barcode = any($2)`,
    [merchantId, goods.map(({ barcode }) => barcode)],
  );
  const stored = new Map(existing.map((row) => [row.barcode, row]));
  const rows = goods.map((one) => itemRow(one, stored.get(one.barcode)?.item_id ?? one.barcode, known));
  return {
    departments: made,
    created: rows.filter(({ barcode }) => !stored.has(barcode)),
    updated: rows.filter((row) => isChanged(row, stored.get(row.barcode))),
  };
};

const newDepartments = (
  goods: readonly GoodsRow[],
  known: ReadonlyMap<string, string>,
  last: number,
): DepartmentRow[] => {
  const named = new Map(
    goods.filter(({ department }) => !known.has(department.zh)).map(({ department }) => [department.zh, department.en]),
  );
  return [...named].map(([zh, en], index) => ({
    department_id: `d-${createHash('sha256').update(zh).digest('hex').slice(0, 12)}`,
    name_zh: zh,
    name_en: en,
    position: last + index + 1,
  }));
};

const itemRow = (goods: GoodsRow, itemId: string, departmentIds: ReadonlyMap<string, string>): ItemRow => ({
  item_id: itemId,
  barcode: goods.barcode,
  name_zh: goods.name.zh,
  name_en: goods.name.en,
  initials: goods.initials,
  unit_id: goods.unitId,
  price_minor: goods.priceMinor,
  department_id: departmentIds.get(goods.department.zh) ?? '',
});

const isChanged = (row: ItemRow, stored: ItemRow | undefined): boolean =>
  stored !== undefined && (Object.keys(row) as (keyof ItemRow)[]).some((column) => row[column] !== stored[column]);

const writeImport = async (tx: Queryable, merchantId: string, plan: ImportPlan): Promise<void> => {
  const owned = (rows: readonly object[]) => rows.map((row) => ({ merchant_id: merchantId, ...row }));
  await insertRows(tx, 'departments', owned(plan.departments));
  await insertRows(
    tx,
    'items',
    owned([...plan.created, ...plan.updated]),
    `on conflict (merchant_id, item_id) do update set name_zh = excluded.name_zh, name_en = excluded.name_en, initials = excluded.initials,
       unit_id = excluded.unit_id, price_minor = excluded.price_minor, department_id = excluded.department_id`,
  );
  if (plan.created.length + plan.updated.length > 0)
    await tx.query('update shop.merchants set catalogue_version = catalogue_version + 1 where merchant_id = $1', [
      merchantId,
    ]);
};
