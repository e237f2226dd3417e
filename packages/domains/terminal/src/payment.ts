import { maskPan } from '@zhanggui/secret';
import { presentCard } from './card.ts';
import { chipAttempt } from './chip.ts';
import { type Attempt, abandon, balanceText, type Ending } from './ending.ts';
import type { TransactionRow } from './journal-rows.ts';
import type { Payment } from './online.ts';
import { retryMsDefault } from './parameters.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import { askWallet, payByQr } from './qr-sale.ts';
import { settleReversals } from './reversal.ts';
import { screens } from './screens.ts';
import { signIn } from './sign-in.ts';
import { plainAttempt } from './stripe.ts';
import { type Text, texts } from './texts.ts';
import type { Tone } from './view.ts';

/** Wrong PINs and renewed keys taken together: tries of one payment before it is declined. */
const triesMax = 4;

/** A payment from the first prompt to the card back in the customer's hand. */
export function* pay(desk: Desk, payment: Payment): Job<Ending> {
  const obstacle = yield* makeReady(desk, payment);
  const ending = obstacle ?? (yield* payByCard(desk, payment));
  const settled = ending.state === 'unknown' ? yield* undo(desk, payment) : ending;
  yield* showEnding(desk, payment, settled);
  return settled;
}

/** Before a new online transaction the terminal is signed in and owes no reversal (Q/CUP 009.1, reversal). */
function* makeReady(desk: Desk, payment: Payment): Job<Ending | undefined> {
  if (!(yield* ask('isOnline', undefined))) {
    yield* ask('show', screens.busy(texts.signingIn));
    const line = yield* waitForLine(desk);
    if (line !== 'up') return yield* obstacle(payment, line === 'down' ? texts.noHost : texts.cancelled);
    const result = yield* signIn(desk);
    if (result.kind === 'failed') return yield* obstacle(payment, result.text);
  }
  if (desk.journal.reversals().length === 0) return undefined;
  yield* ask('show', screens.busy(texts.reversing));
  return (yield* settleReversals(desk)) ? undefined : yield* obstacle(payment, texts.reversalFirst);
}

/** A line that has just broken, or is not made yet, gets some seconds: the customer is still looking for the card. */
const lineMsDefault = 8000;

function* waitForLine({ parameters }: Desk): Job<'up' | 'down' | 'cancelled'> {
  while (!(yield* ask('hostReady', undefined))) {
    const input = yield* ask('wait', {
      screen: screens.busy(texts.connecting),
      for: ['link-changed', 'key', 'cancel-requested'],
      timeoutMs: parameters.lineMs ?? lineMsDefault,
    });
    if (input.kind === 'timeout') return 'down';
    if (input.kind === 'cancel-requested' || (input.kind === 'key' && input.key === 'cancel')) return 'cancelled';
  }
  return 'up';
}

function* obstacle(payment: Payment, text: Text): Job<Ending> {
  const attempt = yield* abandon(payment, 'cancelled', text);
  return attempt.kind === 'ended' ? attempt.ending : { state: 'cancelled', text };
}

function* payByCard(desk: Desk, payment: Payment): Job<Ending> {
  let fallback = false;
  const takesPhones = payment.takesPhones === true && desk.wallets.length > 0;
  let prompt: Text = takesPhones ? texts.presentAny : texts.presentCard;
  for (;;) {
    const card = yield* presentCard(desk, payment.row, { prompt, fallback, takesPhones: takesPhones && !fallback });
    if (card.kind === 'phone') return yield* payByPhone(desk, payment, card.code);
    if (card.kind === 'none') {
      return yield* obstacle(payment, card.why === 'timeout' ? texts.timedOut : texts.cancelled);
    }
    if (card.kind === 'stripe' && isOtherCard(payment, maskPan(card.card.pan))) {
      return yield* obstacle(payment, texts.otherCard);
    }
    const result = yield* repeat(desk, payment, (pinPrompt) =>
      card.kind === 'chip' ? chipAttempt(desk, payment, pinPrompt) : plainAttempt(desk, payment, card.card, pinPrompt),
    );
    if (result.kind === 'ended') return result.ending;
    fallback = true;
    prompt = texts.swipeCard;
  }
}

/** The card payment ends without a card; a phone pays the same amount under a number of its own. */
function* payByPhone(desk: Desk, payment: Payment, code: string | undefined): Job<Ending> {
  const { amount } = payment.row;
  yield* abandon(payment, 'cancelled', texts.qrToTill);
  const how = code === undefined ? yield* askWallet(desk, amount) : ({ kind: 'code', authCode: code } as const);
  if (!how) return { state: 'cancelled', text: texts.cancelled, detail: texts.notCharged };
  return yield* payByQr(desk, { amount, how });
}

/** Tries with the same card until something final: a wrong PIN and stale keys ask again, with a new trace number. */
function* repeat(
  desk: Desk,
  payment: Payment,
  attempt: (pinPrompt: Text) => Job<Attempt>,
): Job<Exclude<Attempt, { kind: 'again' }>> {
  let prompt: Text = texts.enterPin;
  for (let tries = 1; ; tries += 1) {
    const result = yield* attempt(prompt);
    if (result.kind !== 'again') return result;
    const renewed = result.why === 'pin' || (yield* signIn(desk)).kind === 'signed-in';
    if (!renewed || tries === triesMax) {
      const text = result.why === 'pin' ? texts.pinTries : texts.signInFailed;
      yield* abandon(payment, 'declined', text);
      return { kind: 'ended', ending: { state: 'declined', text, detail: texts.notCharged } };
    }
    prompt = result.why === 'pin' ? texts.pinWrong : texts.keysRenewed;
  }
}

/** A void takes the card of the original transaction, as far as its kept digits tell. */
const isOtherCard = ({ original }: Payment, maskedPan: string): boolean =>
  original?.maskedPan !== undefined && original.maskedPan !== maskedPan;

/** The result is uncertain: says so, and sends the reversal while the customer is still here. */
function* undo(desk: Desk, { row }: Payment): Job<Ending> {
  yield* ask('show', screens.result(row, 'unknown', texts.unknown, texts.unknownDetail));
  yield* settleReversals(desk);
  return endingNow(desk, row, { state: 'unknown', text: texts.unknown, detail: texts.unknownDetail });
}

/** How the payment stands now: what was unknown is told as reversed as soon as the host has confirmed that. */
const endingNow = ({ journal }: Desk, { requestId }: TransactionRow, ending: Ending): Ending => {
  const now = ending.state === 'unknown' ? journal.find(requestId) : undefined;
  return now?.state === 'reversed' ? { state: 'cancelled', text: now.text ?? texts.reversed } : ending;
};

export const toneOf: Record<Ending['state'], Tone> = {
  approved: 'approved',
  declined: 'declined',
  cancelled: 'declined',
  unknown: 'unknown',
};

export const resultMsDefault = 8000;

/** The result stays for a while or until a key; a chip card must leave the slot before anything else happens. */
function* showEnding(desk: Desk, { row }: Payment, ending: Ending): Job<void> {
  const cardIn = yield* ask('slot', undefined);
  const result =
    row.kind === 'balance' && ending.state === 'approved'
      ? screens.balance(balanceText(ending))
      : screens.result(row, toneOf[ending.state], ending.text, cardIn ? cardWords(ending) : ending.detail);
  yield* ask('wait', {
    screen: result,
    for: cardIn ? ['card-removed', 'key'] : ['key', 'sale-waiting'],
    timeoutMs: desk.parameters.resultMs ?? resultMsDefault,
  });
  yield* waitForCard(desk, row, ending);
}

/** Taking the card is asked for in the same breath as what became of the money. */
const cardWords = ({ state, detail }: Ending): Text => {
  if (state === 'unknown') return texts.removeCardUnknown;
  return detail === texts.notCharged ? texts.removeCardNotCharged : texts.removeCard;
};

/** A card forgotten in the slot holds up the next customer, not the reversal that is owed. */
function* waitForCard(desk: Desk, row: TransactionRow, shown: Ending): Job<void> {
  while (yield* ask('slot', undefined)) {
    const ending = endingNow(desk, row, shown);
    const input = yield* ask('wait', {
      screen: screens.removeCard(row, toneOf[ending.state], cardWords(ending), ending.text),
      for: ['card-removed'],
      timeoutMs: reversalPauseMs(desk),
    });
    if (input.kind !== 'timeout') continue;
    yield* write((book) => book.resumeReversals());
    yield* settleReversals(desk);
  }
}

/** How much rarer a reversal that was given up is tried again than one that is not. */
const givenUpPauses = 16;

/** When to send again what is owed; undefined when nothing is. */
const reversalPauseMs = ({ journal, parameters }: Desk): number | undefined => {
  const retryMs = parameters.retryMs ?? retryMsDefault;
  if (journal.reversals().length > 0) return retryMs;
  return journal.reversalsPending() > 0 ? retryMs * givenUpPauses : undefined;
};
