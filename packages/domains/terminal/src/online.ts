import { responseCode } from '@zhanggui/iso8583';
import { maskPan } from '@zhanggui/secret';
import { isoFields } from '@zhanggui/time';
import { decodeTlv } from '@zhanggui/tlv';
import { codeText, judge } from './answer.ts';
import type { Fields } from './host.ts';
import type { Learned, MessageKey, TransactionRow } from './journal-rows.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import {
  type CardData,
  type FinancialRequest,
  financialFields,
  reversalField55,
  reversalFields,
  transactionTypes,
} from './request.ts';
import { screens } from './screens.ts';
import { batchFirst, hostTime } from './sign-in.ts';
import { type Text, texts } from './texts.ts';

/** How one financial message went. Only `approved` leaves the reversal record in place: the caller completes or undoes. */
export type OnlineResult =
  | Readonly<{ kind: 'approved'; key: MessageKey; learned: Learned; fields: Fields; request: FinancialRequest }>
  /** Known not to be charged; the journal says so already. */
  | Readonly<{ kind: 'refused'; code?: string; text: Text; again?: 'pin' | 'keys' }>
  | Readonly<{ kind: 'cancelled' }>
  /** A reversal is owed; the journal says so already. */
  | Readonly<{ kind: 'uncertain' }>;

export type Payment = Readonly<{
  row: TransactionRow;
  original?: TransactionRow;
  /** A payment code is as good as a card: the sale was begun here, and no till waits for a card. */
  takesPhones?: true;
}>;

/**
 * Sends one 0200 and deals with its answer. The reversal record is on disk before the message leaves (Q/CUP 009.1, reversal);
 * a definitive answer deletes it, silence or an answer that cannot be believed makes it owed.
 */
export function* sendFinancial(
  desk: Desk,
  payment: Payment,
  card: CardData,
  pinBlock: Uint8Array | undefined,
): Job<OnlineResult> {
  const { row } = payment;
  const cancelled = yield* ask('wait', {
    screen: screens.processing(row, card.entryMode),
    for: ['cancel-requested'],
    timeoutMs: 0,
  });
  if (cancelled.kind === 'cancel-requested') return { kind: 'cancelled' };
  const request = yield* requestOf(desk, payment, card, pinBlock);
  const key = { batch: request.batch, stan: request.stan };
  const exchange = yield* journalSending(request, row);
  const outgoing = { mti: '0200', mac: true, fields: financialFields(request) };
  const reply = yield* ask('host', outgoing);
  const verdict = judge(outgoing, reply);
  const { at } = yield* ask('clock', undefined);
  if (verdict.kind === 'approved' || verdict.kind === 'declined') {
    yield* write((book) => book.answered(exchange, at, verdict.code));
    if (verdict.signInAgain) yield* ask('online', 'signed-out');
  }
  switch (verdict.kind) {
    case 'approved': {
      return { kind: 'approved', key, learned: learnedFrom(verdict.fields, at), fields: verdict.fields, request };
    }
    case 'declined': {
      return yield* refusedByHost(row, key, verdict.code);
    }
    case 'not-sent': {
      yield* write((book) => {
        book.noted(exchange, 'the line is down');
        book.refused(row.requestId, key, 'cancelled', { text: texts.noHost });
      });
      return { kind: 'refused', text: texts.noHost };
    }
    case 'uncertain': {
      yield* write((book) => {
        book.noted(exchange, verdict.note);
        if (transactionTypes[row.kind].movesMoney)
          book.owed(row.requestId, key, verdict.reason, { text: texts.unknown });
        else book.ended(row.requestId, 'cancelled', { text: texts.noHost });
      });
      return transactionTypes[row.kind].movesMoney ? { kind: 'uncertain' } : { kind: 'refused', text: texts.noHost };
    }
  }
}

function* requestOf(
  desk: Desk,
  { row, original }: Payment,
  card: CardData,
  pinBlock: Uint8Array | undefined,
): Job<FinancialRequest> {
  return {
    parameters: desk.parameters,
    transaction: row,
    batch: desk.journal.setting('batch') ?? batchFirst,
    stan: yield* write((book) => book.nextStan()),
    operator: desk.journal.setting('operator') ?? '01',
    card,
    pinBlock,
    original,
  };
}

function* journalSending(request: FinancialRequest, row: TransactionRow): Job<number> {
  const { card } = request;
  const { at } = yield* ask('clock', undefined);
  const field55 = card.field55 ? reversalField55(decodeTlv(card.field55)) : undefined;
  const reversal = transactionTypes[row.kind].movesMoney
    ? yield* ask('seal', reversalFields(request, field55))
    : undefined;
  return yield* write((book) =>
    book.sending({
      requestId: row.requestId,
      mti: '0200',
      batch: request.batch,
      stan: request.stan,
      at,
      maskedPan: maskPan(card.pan),
      entryMode: card.entryMode,
      reversal,
    }),
  );
}

/** A wrong PIN and stale keys are worth another try with a new trace number; everything else ends the payment. */
function* refusedByHost(row: TransactionRow, key: MessageKey, code: string): Job<OnlineResult> {
  const again = code === '55' ? 'pin' : responseCode(code).signInAgain ? 'keys' : undefined;
  const text = codeText(code);
  yield* write((book) => book.refused(row.requestId, key, again ? 'waiting-card' : 'declined', { code, text }));
  return { kind: 'refused', code, text, again };
}

/** What an approval teaches; the slip's time is the host's. */
const learnedFrom = (fields: Fields, at: number): Learned => ({
  code: '00',
  text: texts.approved,
  rrn: fields[37],
  authCode: fields[38],
  settlementDate: fields[15],
  at: hostTime(fields, at),
});

/** Wall-clock pieces the kernel wants: YYMMDD and hhmmss. */
export function* kernelClock(): Job<{ date: string; time: string }> {
  const { local } = yield* ask('clock', undefined);
  const { yymmdd, hhmmss } = isoFields(local);
  return { date: yymmdd, time: hhmmss };
}
