import type { Queryable, Store } from '@zhanggui/store';
import type { Clock } from '@zhanggui/time';

/** What every job of the shop needs: whose shop, where its facts are kept, what time it is. */
export type ShopContext = Readonly<{
  store: Store;
  merchantId: string;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
}>;

/** JSON for Postgres: bigint travels as digits, which its bigint columns read exactly. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));

/** Writes many rows in one statement. Keys are column names; a column without a key is null. */
export const insertRows = async <Row extends object = never>(
  tx: Queryable,
  table: string,
  rows: readonly object[],
  rest = '',
): Promise<Row[]> =>
  rows.length === 0
    ? []
    : tx.query<Row>(
        `insert into shop.${table} select * from jsonb_populate_recordset(null::shop.${table}, $1) ${rest}`,
        [jsonText(rows)],
      );
