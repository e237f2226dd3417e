import type { Bilingual } from '@zhanggui/basket';
import type { ShopContext } from './context.ts';
import { importList } from './goods-import.ts';
import { type DepartmentRow, departmentRows, type ItemRow, itemColumns } from './item-rows.ts';
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

/** Departments, items and their prices. */
export const createGoods = (context: ShopContext) => ({
  catalogue: () => catalogue(context),
  version: () => catalogueVersion(context),
  search: (search: GoodsSearch) => searchGoods(context, search),
  /** Takes a whole list or nothing of it. `dryRun` only says what would happen. */
  importList: (csv: string, options: { dryRun: boolean }) => importList(context, csv, options),
});

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
