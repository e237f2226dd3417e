import { askDigits } from './digits.ts';
import type { TransactionRow } from './journal-rows.ts';
import { pay } from './payment.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import { newRequest } from './request-id.ts';
import { screens } from './screens.ts';
import type { Key } from './view.ts';

/** Twelve digits fit field 4; nine are a till's upper bound and fit the screen. */
const amountDigitsMax = 9;

/** A sale that a till asked for. */
export function* sale(desk: Desk, row: TransactionRow): Job<void> {
  yield* pay(desk, { row });
}

/** A sale begun at the terminal itself: the amount is keyed in first. */
export function* keyedSale(desk: Desk, first: Key): Job<void> {
  const digits = yield* askDigits(desk, {
    screen: (typed) => screens.amount(typed),
    first,
    digitsMax: amountDigitsMax,
    isComplete: (typed) => BigInt(typed || '0') > 0n,
  });
  if (digits === undefined) return;
  const requestId = yield* newRequest();
  const { at } = yield* ask('clock', undefined);
  const amount = { minor: BigInt(digits), currency: 'CNY' } as const;
  yield* write((book) => book.open({ requestId, kind: 'sale', amount, at }));
  const row = desk.journal.find(requestId);
  if (row) yield* sale(desk, row);
}
