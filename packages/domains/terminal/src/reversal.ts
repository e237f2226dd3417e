import { isReversalDone, responseCode } from '@zhanggui/iso8583';
import { decimalText } from '@zhanggui/money';
import type { ReversalRow } from './journal-rows.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import { unconfirmedReversalReceipt } from './slip.ts';
import { texts } from './texts.ts';

/** How often a reversal is sent before it is given up (Q/CUP 009.1, reversal). */
const sendsDefault = 3;

/**
 * Sends every reversal that is owed, oldest first; stops at the first one that gets no answer. Called as soon as a
 * payment is uncertain, when idle, and before every new online transaction. True when nothing is left to send.
 */
export function* settleReversals(desk: Desk): Job<boolean> {
  for (const row of desk.journal.reversals()) {
    const settled = yield* sendReversal(desk, row);
    if (!settled) return false;
  }
  return true;
}

/** One 0400. True when the host confirmed it, or when it has been sent often enough and is left to people. */
function* sendReversal(desk: Desk, row: ReversalRow): Job<boolean> {
  const fields = yield* ask('unseal', row.fields);
  const { at } = yield* ask('clock', undefined);
  const exchange = yield* write((book) => book.reversalSending(row, { at }));
  const settlementDate = row.settlementDate === undefined ? {} : { 15: row.settlementDate };
  const reply = yield* ask('host', {
    mti: '0400',
    mac: true,
    fields: { ...fields, ...settlementDate, 39: row.reason },
  });
  if (reply.kind === 'not-sent') {
    yield* write((book) => {
      book.reversalNotSent(row);
      book.noted(exchange, 'the line is down');
    });
    return false;
  }
  const code = reply.kind === 'answer' && reply.mac !== 'bad' ? String(reply.fields[39] ?? '') : undefined;
  const answered = yield* ask('clock', undefined);
  if (code !== undefined) yield* write((book) => book.answered(exchange, answered.at, code));
  if (code !== undefined && responseCode(code).signInAgain) yield* ask('online', 'signed-out');
  if (code !== undefined && isReversalDone(code)) {
    const voided = desk.journal.find(row.requestId)?.kind === 'void';
    yield* write((book) => book.reversed(row, voided ? texts.voidReversed : texts.reversed));
    return true;
  }
  return yield* giveUpIfTired(desk, row, exchange);
}

function* giveUpIfTired(desk: Desk, row: ReversalRow, exchange: number): Job<boolean> {
  yield* write((book) => book.noted(exchange, 'reversal not confirmed'));
  const sends = row.sends + 1;
  const sendsMax = desk.parameters.reversalSends ?? sendsDefault;
  if (sends < sendsMax) return false;
  yield* write((book) => book.reversalGivenUp(row));
  // One more send of a reversal that had been given up: its paper is out already.
  if (sends > sendsMax) return true;
  const { local } = yield* ask('clock', undefined);
  const transaction = desk.journal.find(row.requestId);
  const receipt = unconfirmedReversalReceipt({
    merchantName: desk.parameters.merchantName,
    terminalId: desk.parameters.terminalId,
    batch: row.batch,
    stan: row.stan,
    amount: transaction ? decimalText(transaction.amount) : '',
    at: local.replace('T', ' '),
  });
  yield* ask('print', { receipts: [receipt] });
  return true;
}
