import { cny, type Money } from '@zhanggui/money';
import { askDigits } from './digits.ts';
import type { Ending } from './ending.ts';
import type { TransactionRow } from './journal-rows.ts';
import { notice } from './notice.ts';
import { pay, resultMsDefault, toneOf } from './payment.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import { askHow, payByQr, resumeQr } from './qr-sale.ts';
import { newRequest } from './request-id.ts';
import { screens } from './screens.ts';
import { type Text, texts } from './texts.ts';
import type { Key } from './view.ts';

/** Twelve digits fit field 4; nine are a till's upper bound and fit the screen. */
const amountDigitsMax = 9;

/** A sale that a till asked for. */
export function* sale(desk: Desk, row: TransactionRow): Job<void> {
  yield* pay(desk, { row });
}

function* askAmount(desk: Desk, first: Key, title?: Text): Job<Money | undefined> {
  const digits = yield* askDigits(desk, {
    screen: (typed) => screens.amount(typed, title),
    first,
    digitsMax: amountDigitsMax,
    isComplete: (typed) => BigInt(typed || '0') > 0n,
  });
  return digits === undefined ? undefined : cny(BigInt(digits));
}

/** A sale begun at the terminal itself: the amount is keyed in first. */
export function* keyedSale(desk: Desk, first: Key): Job<void> {
  const amount = yield* askAmount(desk, first);
  if (!amount) return;
  const requestId = yield* newRequest();
  const { at } = yield* ask('clock', undefined);
  yield* write((book) => book.open({ requestId, kind: 'sale', amount, at }));
  const row = desk.journal.find(requestId);
  if (row) yield* pay(desk, { row, takesPhones: true });
}

/** A payment by QR code asked for as such: it needs no acquirer, so it works while the line to it is down. */
export function* keyedQrSale(desk: Desk): Job<void> {
  if (desk.wallets.length === 0) return yield* notice(desk, texts.qrNotOffered, 'declined');
  const amount = yield* askAmount(desk, 'confirm', texts.qr);
  const how = amount && (yield* askHow(desk, amount));
  if (how) yield* showQrEnding(desk, amount, yield* payByQr(desk, { amount, how }));
}

/** Tells how a payment ended that a power cut left on the counter. */
export function* resumedQrSale(desk: Desk): Job<void> {
  const ending = yield* resumeQr(desk);
  if (ending) yield* showQrEnding(desk, undefined, ending);
}

function* showQrEnding(desk: Desk, amount: Money | undefined, { state, text, detail }: Ending): Job<void> {
  yield* ask('wait', {
    screen: screens.qrResult(amount, toneOf[state], text, detail),
    for: ['key', 'sale-waiting'],
    timeoutMs: desk.parameters.resultMs ?? resultMsDefault,
  });
}
