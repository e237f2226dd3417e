import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';

const schema = `
create table if not exists kept (name text primary key, value text not null) strict, without rowid;
create table if not exists serials (name text primary key, value integer not null) strict, without rowid;
create table if not exists merchants (
  wallet text not null, merchant_no text not null, title text not null, fee_basis_points integer not null,
  primary key (wallet, merchant_no)) strict, without rowid;
create table if not exists consumers (
  id text primary key, name_zh text not null, name_en text not null, password text not null, password_rule text not null,
  wrong_passwords integer not null default 0, locked_until integer not null default 0) strict, without rowid;
create table if not exists funding (
  consumer_id text not null, wallet text not null, funding text not null, primary key (consumer_id, wallet)) strict, without rowid;
create table if not exists codes (
  code text primary key, wallet text not null, consumer_id text not null, issued_at integer not null,
  expires_at integer not null, used_by text) strict, without rowid;
create table if not exists balances (account text primary key, minor integer not null) strict, without rowid;
create table if not exists movements (
  id text primary key, at integer not null, source text not null, target text not null, minor integer not null check (minor > 0),
  why text not null, order_id text) strict;
create index if not exists movements_from on movements (source, at);
create index if not exists movements_to on movements (target, at);
create index if not exists movements_of_order on movements (order_id);
create table if not exists orders (
  id text primary key, wallet text not null, merchant_no text not null, out_trade_no text not null, trade_no text not null,
  way text not null, state text not null, minor integer not null, description text not null, terms text not null, memo text not null,
  link text unique, freezes integer not null, created_at integer not null, expires_at integer not null, asked_at integer not null,
  paid_at integer, ended_at integer, consumer_id text, funding text, fee_minor integer not null, refunded_minor integer not null,
  unique (wallet, merchant_no, out_trade_no), unique (wallet, trade_no)) strict;
create index if not exists orders_paid on orders (wallet, merchant_no, paid_at);
create index if not exists orders_ended on orders (wallet, merchant_no, ended_at);
create index if not exists orders_of_consumer on orders (consumer_id, created_at);
create table if not exists refunds (
  id text primary key, order_id text not null, wallet text not null, merchant_no text not null, out_refund_no text not null,
  refund_no text not null, minor integer not null, state text not null, terms text not null, memo text not null, funding text not null,
  created_at integer not null, done_at integer, fee_minor integer not null,
  is_lost integer not null, unique (wallet, merchant_no, out_refund_no), unique (wallet, refund_no)) strict;
create index if not exists refunds_of_order on refunds (order_id);
create index if not exists refunds_created on refunds (wallet, merchant_no, created_at);
create table if not exists charges (
  id text primary key, order_id text not null, consumer_id text not null, card_id text not null, minor integer not null,
  state text not null) strict, without rowid;
create table if not exists notices (
  id text primary key, consumer_id text not null, at integer not null, content text not null) strict, without rowid;
create index if not exists notices_of_consumer on notices (consumer_id, at);
create table if not exists deliveries (
  id text primary key, wallet text not null, url text not null, subject text not null, created_at integer not null,
  attempt integer not null, next_at integer, state text not null) strict, without rowid;
`;

export type Row = Readonly<Record<string, SQLOutputValue>>;
type Values = Readonly<Record<string, SQLInputValue>>;

/** Everything the sandbox knows, in one SQLite file. Statements are prepared once; named parameters are written `:name`. */
export interface Store {
  rows(sql: string, values?: Values): Row[];
  row(sql: string, values?: Values): Row | undefined;
  each(sql: string, values?: Values): IterableIterator<Row>;
  run(sql: string, values?: Values): number;
  /** All of it or nothing; what is inside another belongs to that one. */
  atomically<T>(work: () => T): T;
  close(): void;
}

export const openStore = (file: string): Store => {
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;');
  database.exec(schema);
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = database.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  const atomically = <T>(work: () => T): T => {
    if (database.isTransaction) return work();
    database.exec('begin immediate');
    try {
      const result = work();
      database.exec('commit');
      return result;
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  };
  return {
    rows: (sql, values = {}) => statement(sql).all(values),
    row: (sql, values = {}) => statement(sql).get(values),
    // A statement of its own: what is read slowly may be asked for again meanwhile.
    each: (sql, values = {}) => database.prepare(sql).iterate(values),
    run: (sql, values = {}) => Number(statement(sql).run(values).changes),
    atomically,
    close: () => database.close(),
  };
};

export const textOf = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is text`);
  return value;
};
export const numberOf = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is a number`);
  return value;
};
export const minorOf = (row: Row, column: string): bigint => BigInt(numberOf(row, column));
export const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : textOf(row, column);
export const numberOrNull = (row: Row, column: string): number | null =>
  row[column] === null ? null : numberOf(row, column);
