import { createHash } from 'node:crypto';
import type { CurrencyCode } from '@zhanggui/money';
import type { Queryable } from '@zhanggui/store';
import { insertRows, type ShopContext } from './context.ts';
import type { GoodsRow } from './goods-columns.ts';
import { type GoodsFault, readGoodsList } from './goods-list.ts';
import { type DepartmentRow, departmentRows, type ItemRow, itemColumns } from './item-rows.ts';

export type ImportOutcome =
  | Readonly<{
      status: 'imported' | 'checked';
      created: number;
      updated: number;
      unchanged: number;
      departmentsCreated: number;
    }>
  | Readonly<{ status: 'rejected'; faults: readonly GoodsFault[] }>;

/** Plans the whole list against what is stored, then writes it in one transaction, or only says what it would write. */
export const importList = async (
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

const itemRow = (goods: GoodsRow, itemId: string, departmentIds: ReadonlyMap<string, string>): ItemRow => {
  const departmentId = departmentIds.get(goods.department.zh);
  if (departmentId === undefined) throw new Error('every department of a plan is known or made');
  return {
    item_id: itemId,
    barcode: goods.barcode,
    name_zh: goods.name.zh,
    name_en: goods.name.en,
    initials: goods.initials,
    unit_id: goods.unitId,
    price_minor: goods.priceMinor,
    department_id: departmentId,
  };
};

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
