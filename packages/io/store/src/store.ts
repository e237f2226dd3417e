import pg from 'pg';

/** A statement the server plans once per connection and keeps under its name. */
export type Statement = Readonly<{ name: string; text: string }>;

/** What a caller inside or outside a transaction can do: ask, and get plain rows. `int8` arrives as bigint. */
export interface Queryable {
  query<Row extends object = Record<string, unknown>>(
    statement: string | Statement,
    values?: readonly unknown[],
  ): Promise<Row[]>;
}

export interface Store extends Queryable {
  readonly url: string;
  /** Commits when `run` resolves, rolls back when it rejects. */
  transaction<Result>(run: (tx: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const int8 = 20;
const bigintTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? BigInt
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

const queryable = (client: pg.Pool | pg.PoolClient): Queryable => ({
  query: async <Row extends object>(statement: string | Statement, values: readonly unknown[] = []) => {
    const named = typeof statement === 'string' ? { text: statement } : statement;
    const result = await client.query<Row & pg.QueryResultRow>({ ...named, values: [...values] });
    return result.rows as Row[];
  },
});

const inTransaction = async <Result>(pool: pg.Pool, run: (tx: Queryable) => Promise<Result>): Promise<Result> => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await run(queryable(client));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // A connection whose rollback failed is in an unknown state: it leaves the pool.
    const rollback = await client.query('rollback').then(
      () => undefined,
      (failure: Error) => failure,
    );
    client.release(rollback);
    throw error;
  }
};

/** Opens a pool on a PostgreSQL server. `max` bounds the connections, `onError` hears of idle connections that broke. */
export const openStore = (options: { url: string; max?: number; onError?: (error: Error) => void }): Store => {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    types: bigintTypes,
    keepAlive: true,
  });
  pool.on('error', (error) => options.onError?.(error));
  // A connection that ends between two statements of a transaction has nobody else to tell; its next statement fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    url: options.url,
    ...queryable(pool),
    transaction: (run) => inTransaction(pool, run),
    close: () => pool.end(),
  };
};
