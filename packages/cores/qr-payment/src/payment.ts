import type { Money } from '@zhanggui/money';
import { type EpochMs, epochMs } from '@zhanggui/time';
import { later, repeatAt, type Timing } from './timing.ts';
import { isSameMoney, type Refusal, type UndoingWord, type Word } from './words.ts';

/**
 * - `created`: journaled; the wallet has not said anything yet.
 * - `awaiting-payer`: the payer types a password, or has not scanned our code yet.
 * - `paid`: the money is ours, all or what was not refunded.
 * - `closed`: nobody paid and nobody can any more.
 * - `reversed`: cancelled at the wallet; what was paid went back.
 * - `refunding`: money is on its way back and has not arrived.
 * - `refunded`: all went back by refunds.
 * - `unknown`: nobody can say yet; it is asked about, or undone.
 */
export type PaymentState =
  | 'created'
  | 'awaiting-payer'
  | 'paid'
  | 'closed'
  | 'reversed'
  | 'refunding'
  | 'refunded'
  | 'unknown';

/**
 * - `late-money`: paid after it had ended without money; it is sent back.
 * - `other-amount`: the wallet named another amount; that word was not taken.
 * - `undone`: the wallet took back what had been paid, and not because we asked.
 */
export type Alarm = 'late-money' | 'other-amount' | 'undone';

type Paid = Readonly<{
  walletTradeNo: string;
  at: EpochMs;
  payer: string | null;
  funding: string | null;
}>;

/** Everything known of one payment. Only `openPayment` and `applyEvent` make one. */
export type Payment = Readonly<{
  how: 'code' | 'show';
  amount: Money;
  askedAt: EpochMs;
  /** Of a shown code. */
  expiresAt: EpochMs | null;
  state: PaymentState;
  /** The wallet gave the code to show. */
  isShown: boolean;
  paid: Paid | null;
  refusal: Refusal | null;
  /** The cashier wants no money; a shown code is closed, and may turn out to be paid. */
  isCancelled: boolean;
  /** No money will be kept, whatever comes. */
  isUndoing: boolean;
  /** The wallet refused to reverse: a query says what is. */
  isReversalRefused: boolean;
  /** A word that may be old contradicts the end: the next query is the truth. */
  isInDoubt: boolean;
  /** Late money lies at the wallet and is to be sent back. */
  owesBack: boolean;
  alarm: Alarm | null;
  refundedMinor: bigint;
  /** Of refunds without an end. */
  refundingMinor: bigint;
  /** Words without an end since the present step began. */
  tries: number;
  /** When `nextAction` is due; null: nothing is left to do. */
  nextAt: EpochMs | null;
  endedAt: EpochMs | null;
}>;

/**
 * `query` is the answer to a query asked for by `nextAction`, one at a time, hence newer than all before it. What was `told` by a notification,
 * and the answer to the `request` itself, may be older than what is known. `close` is the answer to closing.
 */
type Source = 'request' | 'query' | 'close' | 'told';

export type PaymentEvent =
  /** The wallet gave the code to show. */
  | Readonly<{ kind: 'shown' }>
  | Readonly<{ kind: 'word'; word: Word; source: Source }>
  /** A reversal is about to be sent: from now on it may have happened. */
  | Readonly<{ kind: 'undo' }>
  | Readonly<{ kind: 'undoing'; word: UndoingWord }>
  /** The cashier gives up. */
  | Readonly<{ kind: 'cancel' }>
  | Readonly<{ kind: 'refund-asked'; minor: bigint }>
  | Readonly<{ kind: 'refund-done' | 'refund-refused'; minor: bigint }>
  /** A refund that had been refused was done after all. */
  | Readonly<{ kind: 'refund-revived'; minor: bigint }>;

/** What the shell has to do now. `show` asks for the code again (the same order); `send-back` refunds what can be refunded. */
export type PaymentAction = 'none' | 'show' | 'query' | 'close' | 'reverse' | 'send-back';

export const openPayment = (
  order: Readonly<{ how: 'code' | 'show'; amount: Money; at: EpochMs }>,
  timing: Timing,
): Payment => ({
  how: order.how,
  amount: order.amount,
  askedAt: order.at,
  expiresAt: order.how === 'show' ? later(order.at, timing.showMs) : null,
  state: 'created',
  isShown: false,
  paid: null,
  refusal: null,
  isCancelled: false,
  isUndoing: false,
  isReversalRefused: false,
  isInDoubt: false,
  owesBack: false,
  alarm: null,
  refundedMinor: 0n,
  refundingMinor: 0n,
  tries: 0,
  nextAt: later(order.at, timing.pollMs),
  endedAt: null,
});

const moneyStates: ReadonlySet<PaymentState> = new Set(['paid', 'refunding', 'refunded']);
const emptyStates: ReadonlySet<PaymentState> = new Set(['closed', 'reversed']);

/** True when the counter knows: money came, or none will. */
export const isEnded = ({ state }: Pick<Payment, 'state'>): boolean => moneyStates.has(state) || emptyStates.has(state);

/** What may still be refunded, in minor units. */
export const refundableMinor = (payment: Payment): bigint =>
  moneyStates.has(payment.state) ? payment.amount.minor - payment.refundedMinor - payment.refundingMinor : 0n;

/** When the present step gives way to reversing, or to closing. */
const deadline = (payment: Payment, timing: Timing): EpochMs =>
  payment.expiresAt ?? later(payment.askedAt, timing.reverseAfterMs);

/** What is due at `now`, which is not before `nextAt`. */
export const nextAction = (payment: Payment, now: EpochMs, timing: Timing): PaymentAction => {
  if (payment.nextAt === null || now < payment.nextAt) return 'none';
  if (payment.owesBack) return 'send-back';
  if (payment.isInDoubt && payment.isUndoing) return 'reverse';
  if (payment.isInDoubt || payment.isReversalRefused) return 'query';
  const isOver = payment.isCancelled || payment.isUndoing || now >= deadline(payment, timing);
  if (isOver) return payment.how === 'code' ? 'reverse' : 'close';
  return payment.how === 'show' && !payment.isShown ? 'show' : 'query';
};

/** The payment after an event. Words that come twice change nothing; words that come too late are checked, never lost. */
export const applyEvent = (payment: Payment, event: PaymentEvent, now: EpochMs, timing: Timing): Payment => {
  switch (event.kind) {
    case 'shown':
      return isEnded(payment)
        ? payment
        : waiting({ ...payment, isShown: true }, 'awaiting-payer', 'request', now, timing);
    case 'word':
      return applyWord(payment, event.word, event.source, now, timing);
    case 'undo':
      return isEnded(payment) ? payment : { ...payment, isUndoing: true, state: 'unknown' };
    case 'undoing':
      return applyUndoing(payment, event.word, now, timing);
    case 'cancel':
      return cancel(payment, now, timing);
    case 'refund-asked':
      return withRefunds(
        { ...payment, owesBack: payment.owesBack && refundableMinor(payment) > event.minor },
        0n,
        event.minor,
      );
    case 'refund-done':
      return withRefunds(payment, event.minor, -event.minor);
    case 'refund-refused':
      return owedStill(withRefunds(payment, 0n, -event.minor), now, timing);
    case 'refund-revived':
      return withRefunds(
        { ...payment, owesBack: payment.owesBack && refundableMinor(payment) > event.minor },
        event.minor,
        0n,
      );
  }
};

const cancel = (payment: Payment, now: EpochMs, timing: Timing): Payment => {
  if (isEnded(payment) || payment.isCancelled || payment.isUndoing) return payment;
  if (payment.how === 'show') return { ...payment, isCancelled: true, tries: 0, nextAt: now };
  const nextAt = notBefore(payment, now, timing);
  return { ...payment, isCancelled: true, isUndoing: true, state: 'unknown', tries: 0, nextAt };
};

/**
 * No end yet: goes on with the present step, or with the next one when its time has come. Once we gave up, only the answer to closing paces
 * the repeats; other words find their step already due.
 */
const waiting = (payment: Payment, state: PaymentState, source: Source, now: EpochMs, timing: Timing): Payment => {
  if (payment.isReversalRefused && source === 'query')
    return repeated({ ...payment, isReversalRefused: false }, now, timing);
  if (payment.isCancelled || payment.isUndoing)
    return source === 'close' ? repeated(afterClose(payment, state), now, timing) : payment;
  const over = deadline(payment, timing);
  return now < over
    ? { ...payment, state, nextAt: epochMs(Math.min(now + timing.pollMs, over)) }
    : repeated({ ...payment, state }, now, timing);
};

/** The cashier cancelled, and closing did not end it: from now on the counter goes on, and late money goes back. */
const afterClose = (payment: Payment, state: PaymentState): Payment =>
  payment.isCancelled ? { ...payment, isUndoing: true, state: 'unknown' } : { ...payment, state };

const repeated = (payment: Payment, now: EpochMs, timing: Timing): Payment => ({
  ...payment,
  tries: payment.tries + 1,
  nextAt: notBefore(payment, repeatAt(now, payment.tries, timing), timing),
});

/** A code payment that is being undone rests until it may be reversed. */
const notBefore = (payment: Payment, at: EpochMs, timing: Timing): EpochMs =>
  payment.how === 'show' ? at : epochMs(Math.max(at, payment.askedAt + timing.reverseNotBeforeMs));

const ended = (payment: Payment, state: PaymentState, now: EpochMs): Payment => ({
  ...payment,
  state,
  isUndoing: false,
  isReversalRefused: false,
  isInDoubt: false,
  tries: 0,
  nextAt: null,
  endedAt: payment.endedAt ?? now,
});

/** Without money: what had been paid went back, so that it was reversed, in whichever order the words came. */
const endedEmpty = (payment: Payment, kind: 'closed' | 'reversed', now: EpochMs): Payment =>
  ended(payment, kind === 'reversed' || payment.state === 'reversed' || payment.paid ? 'reversed' : 'closed', now);

const lateMoney = (payment: Payment, now: EpochMs): Payment => ({
  ...ended(payment, 'refunding', now),
  alarm: 'late-money',
  owesBack: true,
  nextAt: now,
});

const applyWord = (payment: Payment, word: Word, source: Source, now: EpochMs, timing: Timing): Payment => {
  if (word.kind === 'paid' && !isSameMoney(word.total, payment.amount))
    return otherAmount(payment, source, now, timing);
  const informed = word.kind === 'paid' ? { ...payment, paid: payment.paid ?? paidOf(word, now) } : payment;
  if (isEnded(payment)) return afterEnd(informed, word, source, now, timing);
  switch (word.kind) {
    case 'paid':
      return moneyCame(informed, source, now, timing);
    case 'closed':
    case 'reversed':
      return endedEmpty(payment, word.kind, now);
    case 'refused':
      if (source === 'close') return waiting(payment, payment.state, source, now, timing);
      return endedEmpty({ ...payment, refusal: { code: word.code, text: word.text } }, 'closed', now);
    case 'not-found':
      return notFound(payment, source, now, timing);
    case 'awaiting-payer':
    case 'not-paid':
    case 'unknown':
      return waiting(payment, stillOpen(payment, word.kind), source, now, timing);
  }
};

/** A query that brought nothing does not make less known than before. */
const stillOpen = (payment: Payment, kind: 'awaiting-payer' | 'not-paid' | 'unknown'): PaymentState => {
  if (kind === 'unknown') return payment.state === 'created' ? 'unknown' : payment.state;
  return kind === 'awaiting-payer' || payment.how === 'show' ? 'awaiting-payer' : 'unknown';
};

const paidOf = (word: Extract<Word, { kind: 'paid' }>, now: EpochMs): Paid => ({
  walletTradeNo: word.walletTradeNo,
  at: word.paidAt ?? now,
  payer: word.payer,
  funding: word.funding,
});

const moneyCame = (payment: Payment, source: Source, now: EpochMs, timing: Timing): Payment => {
  if (!payment.isUndoing) {
    const paid = ended(payment, 'paid', now);
    // A close that is still on its way may take it back (Alipay's does): it is looked at once more.
    return payment.isCancelled ? { ...paid, isInDoubt: true, nextAt: later(now, timing.reverseAfterMs) } : paid;
  }
  // The reversal that is under way takes it back; only when it was refused is the money still there.
  if (payment.how === 'show' || (payment.isReversalRefused && source === 'query')) return lateMoney(payment, now);
  return payment;
};

const otherAmount = (payment: Payment, source: Source, now: EpochMs, timing: Timing): Payment => {
  const alarmed: Payment = { ...payment, alarm: payment.alarm ?? 'other-amount' };
  if (!isEnded(payment)) return waiting(alarmed, 'unknown', source, now, timing);
  return payment.isInDoubt && source === 'query' ? repeated(alarmed, now, timing) : alarmed;
};

/** A code payment that the wallet does not have will not come any more once it may be reversed; a shown one is made when it is scanned. */
const notFound = (payment: Payment, source: Source, now: EpochMs, timing: Timing): Payment => {
  if (payment.how === 'show') {
    const isOver = source === 'close' && payment.expiresAt !== null && now >= payment.expiresAt;
    return isOver
      ? endedEmpty(payment, 'closed', now)
      : waiting(payment, stillOpen(payment, payment.isShown ? 'not-paid' : 'unknown'), source, now, timing);
  }
  if (payment.isReversalRefused && source === 'query') return lookedAtOnceMore(payment, now, timing);
  const isTime = source === 'query' && now >= later(payment.askedAt, timing.reverseNotBeforeMs);
  if (isTime && !payment.isUndoing) return { ...payment, isUndoing: true, state: 'unknown', tries: 0, nextAt: now };
  return waiting(payment, 'unknown', source, now, timing);
};

/** The wallet never had it. The request may still be on its way to it, and pay behind our back: the counter goes on, and it is asked once more. */
const lookedAtOnceMore = (payment: Payment, now: EpochMs, timing: Timing): Payment => ({
  ...endedEmpty(payment, 'closed', now),
  isInDoubt: true,
  nextAt: later(now, timing.reverseAfterMs),
});

const applyUndoing = (payment: Payment, word: UndoingWord, now: EpochMs, timing: Timing): Payment => {
  switch (word.kind) {
    case 'reversed':
      return moneyStates.has(payment.state)
        ? { ...ended(payment, 'reversed', now), alarm: 'undone' }
        : endedEmpty(payment, 'reversed', now);
    case 'again':
      return isEnded(payment) && !payment.isInDoubt ? payment : repeated(payment, now, timing);
    case 'refused':
      if (isEnded(payment))
        return payment.isInDoubt ? { ...repeated(payment, now, timing), isUndoing: false } : payment;
      return { ...repeated(payment, now, timing), isReversalRefused: true, nextAt: now };
  }
};

const saysMoney = (word: Word): boolean | undefined => {
  if (word.kind === 'paid') return true;
  return word.kind === 'closed' || word.kind === 'reversed' || word.kind === 'refused' ? false : undefined;
};

/** A word about a payment that has an end. One that contradicts it is checked by a query, and the query's answer is the truth. */
const afterEnd = (payment: Payment, word: Word, source: Source, now: EpochMs, timing: Timing): Payment => {
  const hasMoney = moneyStates.has(payment.state);
  const says = saysMoney(word);
  const isTruth = payment.isInDoubt && source === 'query';
  if (isTruth && says === undefined) {
    if (word.kind === 'not-found' && !hasMoney) return ended(payment, payment.state, now);
    const isAlive = word.kind === 'awaiting-payer' || word.kind === 'not-paid';
    // It came to the wallet after the end: nobody waits for it, and nobody shall pay it.
    if (isAlive && !hasMoney && payment.how === 'code') return { ...payment, isUndoing: true, tries: 0, nextAt: now };
    return repeated(payment, now, timing);
  }
  const isGoingBack = payment.state === 'refunding' || payment.state === 'refunded';
  if (isTruth && isGoingBack) return { ...payment, isInDoubt: false, nextAt: payment.owesBack ? now : null };
  if (says === undefined || isGoingBack) return payment;
  if (isTruth) return settled(payment, word, says, now);
  if (says === hasMoney || payment.isInDoubt) return payment;
  return { ...payment, isInDoubt: true, tries: 0, nextAt: now };
};

const settled = (payment: Payment, word: Word, says: boolean, now: EpochMs): Payment => {
  const hasMoney = moneyStates.has(payment.state);
  if (says && !hasMoney) return lateMoney(payment, now);
  if (says) return ended(payment, payment.state, now);
  const empty = endedEmpty(payment, word.kind === 'reversed' ? 'reversed' : 'closed', now);
  return hasMoney ? { ...empty, alarm: 'undone' } : empty;
};

/** A wallet may refuse for want of money at the merchant, which the day brings. After so many times a person must look. */
const sendBackTriesMax = 200;

/** Late money that was not taken back is still owed. */
const owedStill = (payment: Payment, now: EpochMs, timing: Timing): Payment =>
  payment.alarm === 'late-money' && refundableMinor(payment) > 0n && payment.tries < sendBackTriesMax
    ? {
        ...payment,
        state: 'refunding',
        owesBack: true,
        tries: payment.tries + 1,
        nextAt: repeatAt(now, payment.tries, timing),
      }
    : payment;

const withRefunds = (payment: Payment, doneMinor: bigint, openMinor: bigint): Payment => {
  const refundedMinor = payment.refundedMinor + doneMinor;
  const refundingMinor = payment.refundingMinor + openMinor;
  const fits = refundedMinor >= 0n && refundingMinor >= 0n && refundedMinor + refundingMinor <= payment.amount.minor;
  if (!fits) throw new RangeError('refunds are no more than what was paid');
  const rest: PaymentState = refundedMinor === payment.amount.minor ? 'refunded' : 'paid';
  return {
    ...payment,
    refundedMinor,
    refundingMinor,
    state: refundingMinor > 0n || payment.owesBack ? 'refunding' : rest,
    nextAt: payment.isInDoubt || payment.owesBack ? payment.nextAt : null,
  };
};
