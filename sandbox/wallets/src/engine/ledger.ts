import assert from 'node:assert/strict';
import { outside } from './accounts.ts';
import { minorOf, numberOf, type Row, type Store, textOf, textOrNull } from './store.ts';
import type { BookedMovement, Movement, Span } from './words.ts';

export interface Ledger {
  move(movements: readonly Movement[]): 'moved' | 'same' | 'not-enough';
  balance(account: string): bigint;
  movements(account: string, span: Span): Iterable<BookedMovement>;
  /** Throws when an account does not hold what its movements say, or the whole is not nothing. */
  prove(): void;
}

const movementOf = (row: Row): BookedMovement => ({
  id: textOf(row, 'id'),
  at: numberOf(row, 'at'),
  from: textOf(row, 'source'),
  to: textOf(row, 'target'),
  amountMinor: minorOf(row, 'minor'),
  why: textOf(row, 'why'),
  orderId: textOrNull(row, 'order_id'),
});

/** The outside owes what the sandbox holds of it; a wallet may give back a fen more of a fee than it took, for the rounding. */
const mayOwe = (account: string): boolean => account === outside || account.startsWith('fees/');

const isCovered = (movements: readonly Movement[], balance: (account: string) => bigint): boolean => {
  const held = new Map<string, bigint>();
  const of = (account: string): bigint => held.get(account) ?? balance(account);
  for (const { from, to, amountMinor } of movements) {
    if (!mayOwe(from) && of(from) < amountMinor) return false;
    held.set(from, of(from) - amountMinor);
    held.set(to, of(to) + amountMinor);
  }
  return true;
};

const proveBooks = (store: Store): void => {
  const sums = store.rows(`
    select account, coalesce(sum(change), 0) as moved, max(held) as held from (
      select target as account, minor as change, null as held from movements
      union all select source, -minor, null from movements
      union all select account, 0, minor from balances) group by account`);
  let whole = 0n;
  for (const row of sums) {
    const account = textOf(row, 'account');
    const held = minorOf(row, 'held');
    assert.equal(held, minorOf(row, 'moved'), `${account} holds what was moved`);
    assert.ok(mayOwe(account) || held >= 0n, `${account} does not owe`);
    whole += held;
  }
  assert.equal(whole, 0n, 'money comes from somewhere and goes somewhere');
};

export const createLedger = (store: Store, now: () => number): Ledger => {
  const balance = (account: string): bigint => {
    const row = store.row('select minor from balances where account = :account', { account });
    return row ? minorOf(row, 'minor') : 0n;
  };
  const add = (account: string, minor: bigint): void => {
    store.run(
      `insert into balances (account, minor) values (:account, :minor)
       on conflict (account) do update set minor = minor + excluded.minor`,
      { account, minor },
    );
  };
  const book = ({ id, from, to, amountMinor, why, orderId }: Movement): void => {
    store.run(
      `insert into movements (id, at, source, target, minor, why, order_id)
       values (:id, :at, :source, :target, :minor, :why, :order_id)`,
      { id, at: now(), source: from, target: to, minor: amountMinor, why, order_id: orderId },
    );
    add(from, -amountMinor);
    add(to, amountMinor);
  };
  return {
    balance,
    move: (movements) =>
      store.atomically(() => {
        const wanted = movements.filter(({ amountMinor }) => amountMinor > 0n);
        const known = wanted.filter(({ id }) => store.row('select 1 as found from movements where id = :id', { id }));
        if (known.length > 0) return 'same';
        if (!isCovered(wanted, balance)) return 'not-enough';
        for (const movement of wanted) book(movement);
        return 'moved';
      }),
    *movements(account, { from, until }) {
      const sql = `select * from movements where (source = :account or target = :account) and at >= :from and at < :until
        order by at, rowid`;
      for (const row of store.each(sql, { account, from, until })) yield movementOf(row);
    },
    prove: () => proveBooks(store),
  };
};
