import type { Bilingual, CashRounding } from '@zhanggui/basket';
import type { CurrencyCode, Rounding } from '@zhanggui/money';
import type { ShopContext } from './context.ts';

export type Till = Readonly<{
  id: string;
  number: string;
  name: Bilingual;
  terminalId: string | null;
  /** The sequence its next sale takes, as far as the shop has heard. */
  nextSequence: number;
}>;
export type Place = Readonly<{
  merchantId: string;
  name: Bilingual;
  address: Bilingual;
  phone: string;
  currency: CurrencyCode;
  cashRounding: CashRounding;
  denominationsMinor: readonly bigint[];
  segments: readonly { id: string; name: Bilingual }[];
  receiptColumns: number;
}>;

/** The shop itself: its address, its rules, its tills. */
export const createPlace = (context: ShopContext) => ({
  tills: () => tills(context),
  describe: () => describe(context),
});

const tills = async ({ store, merchantId }: ShopContext): Promise<Till[]> => {
  const rows = await store.query<{
    till_id: string;
    number: string;
    name_zh: string;
    name_en: string;
    terminal_id: string | null;
    last_sequence: number;
  }>('select * from shop.tills where merchant_id = $1 order by number', [merchantId]);
  return rows.map((row) => ({
    id: row.till_id,
    number: row.number,
    name: { zh: row.name_zh, en: row.name_en },
    terminalId: row.terminal_id,
    nextSequence: row.last_sequence + 1,
  }));
};

const describe = async ({ store, merchantId }: ShopContext): Promise<Place> => {
  const [row] = await store.query<{
    name_zh: string;
    name_en: string;
    address_zh: string;
    address_en: string;
    phone: string;
    currency: CurrencyCode;
    cash_rounding_unit_minor: bigint | null;
    cash_rounding: Rounding | null;
    denominations_minor: string[];
    segments: { id: string; name: Bilingual }[];
    receipt_columns: number;
  }>(
    `select store.*, currency, cash_rounding_unit_minor, cash_rounding, denominations_minor, segments, receipt_columns
     from shop.stores store join shop.merchants using (merchant_id) where merchant_id = $1 order by store_id limit 1`,
    [merchantId],
  );
  if (!row) throw new Error(`no shop is set up for merchant ${merchantId}`);
  const { cash_rounding_unit_minor: unitMinor, cash_rounding: rounding } = row;
  return {
    merchantId,
    name: { zh: row.name_zh, en: row.name_en },
    address: { zh: row.address_zh, en: row.address_en },
    phone: row.phone,
    currency: row.currency,
    cashRounding: unitMinor !== null && rounding !== null ? { unitMinor, rounding } : null,
    denominationsMinor: row.denominations_minor.map(BigInt),
    segments: row.segments,
    receiptColumns: row.receipt_columns,
  };
};
