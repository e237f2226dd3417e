import { cny } from '@zhanggui/money';
import { pay } from './payment.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import { newRequest } from './request-id.ts';

/** Balance inquiry: moves no money, so silence needs no reversal; prints nothing, because paper lies around. */
export function* balance(desk: Desk): Job<void> {
  const requestId = yield* newRequest();
  const { at } = yield* ask('clock', undefined);
  yield* write((book) => book.open({ requestId, kind: 'balance', amount: cny(0n), at }));
  const row = desk.journal.find(requestId);
  if (row) yield* pay(desk, { row });
}
