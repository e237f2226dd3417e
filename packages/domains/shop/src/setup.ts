import type { Bilingual, CashRounding } from '@zhanggui/basket';
import type { CurrencyCode } from '@zhanggui/money';
import { insertRows, type ShopContext } from './context.ts';
import { initialsOf } from './initials.ts';
import { hashSecret, type Role } from './people.ts';
import type { UnitId } from './units.ts';

/** A shop before its first sale. PINs and passwords are clear here and hashed on the way in. */
export type ShopSetup = Readonly<{
  merchant: Readonly<{
    name: Bilingual;
    currency: CurrencyCode;
    cashRounding: CashRounding;
    /** Notes and coins, largest first. */
    denominationsMinor: readonly bigint[];
    /** 客层 */
    segments: readonly { id: string; name: Bilingual }[];
    receiptColumns: number;
  }>;
  store: Readonly<{ id: string; name: Bilingual; address: Bilingual; phone: string }>;
  tills: readonly { id: string; number: string; name: Bilingual; terminalId: string | null }[];
  staff: readonly {
    id: string;
    number: string;
    name: Bilingual;
    role: Role;
    pin: string;
    username?: string;
    password?: string;
  }[];
  departments: readonly { id: string; name: Bilingual }[];
  goods: readonly { barcode: string; name: Bilingual; unitId: UnitId; priceMinor: bigint; departmentId: string }[];
}>;

/** Founds the shop in one transaction; a shop that is there already stays as it is. Says whether it was founded now. */
export const setUp = async (context: ShopContext, setup: ShopSetup): Promise<boolean> => {
  // Hashing is slow on purpose: a shop that is there already is spared it.
  const [there] = await context.store.query('select from shop.merchants where merchant_id = $1', [context.merchantId]);
  if (there) return false;
  const staff = await Promise.all(setup.staff.map(staffRow));
  return context.store.transaction(async (tx) => {
    const [founded] = await insertRows<{ merchant_id: string }>(
      tx,
      'merchants',
      [{ ...merchantRow(setup.merchant), merchant_id: context.merchantId }],
      'on conflict do nothing returning merchant_id',
    );
    if (!founded) return false;
    const rows = { ...tableRows(setup), staff };
    for (const [table, list] of Object.entries(rows))
      await insertRows(
        tx,
        table,
        list.map((row) => ({ merchant_id: context.merchantId, ...row })),
      );
    return true;
  });
};

const named = ({ zh, en }: Bilingual) => ({ name_zh: zh, name_en: en });

const merchantRow = (merchant: ShopSetup['merchant']) => ({
  ...named(merchant.name),
  currency: merchant.currency,
  cash_rounding_unit_minor: merchant.cashRounding?.unitMinor ?? null,
  cash_rounding: merchant.cashRounding?.rounding ?? null,
  denominations_minor: merchant.denominationsMinor,
  segments: merchant.segments,
  receipt_columns: merchant.receiptColumns,
  catalogue_version: 1,
});

const tableRows = ({ store, tills, departments, goods }: ShopSetup) => ({
  stores: [
    {
      store_id: store.id,
      ...named(store.name),
      address_zh: store.address.zh,
      address_en: store.address.en,
      phone: store.phone,
    },
  ],
  tills: tills.map((till) => ({
    till_id: till.id,
    store_id: store.id,
    number: till.number,
    ...named(till.name),
    terminal_id: till.terminalId,
    last_sequence: 0,
    last_z_number: 0,
  })),
  departments: departments.map(({ id, name }, index) => ({
    department_id: id,
    ...named(name),
    position: index + 1,
  })),
  items: goods.map(({ barcode, name, unitId, priceMinor, departmentId }) => ({
    item_id: barcode,
    barcode,
    ...named(name),
    initials: initialsOf(name.zh),
    unit_id: unitId,
    price_minor: priceMinor,
    department_id: departmentId,
  })),
});

const staffRow = async (person: ShopSetup['staff'][number]) => ({
  staff_id: person.id,
  number: person.number,
  ...named(person.name),
  role: person.role,
  pin_hash: await hashSecret(person.pin),
  username: person.username ?? null,
  password_hash: person.password === undefined ? null : await hashSecret(person.password),
  failed_attempts: 0,
  locked_until: 0,
});
