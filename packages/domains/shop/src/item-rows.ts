import type { Queryable } from '@zhanggui/store';

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
export type DepartmentRow = { department_id: string; name_zh: string; name_en: string; position: number };

export const itemColumns = 'item_id, barcode, name_zh, name_en, initials, unit_id, price_minor, department_id';

export const departmentRows = (tx: Queryable, merchantId: string): Promise<DepartmentRow[]> =>
  tx.query('select * from shop.departments where merchant_id = $1 order by position, department_id', [merchantId]);
