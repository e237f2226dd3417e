import type { ChipTags } from '@zhanggui/emv';
import { CodecError, field54, posField44 } from '@zhanggui/iso8583';
import { cny, decimalText, type Money } from '@zhanggui/money';
import { maskPan } from '@zhanggui/secret';
import { wallClock } from '@zhanggui/time';
import type { Fields } from './host.ts';
import type { OnlineResult, Payment } from './online.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import type { CardData } from './request.ts';
import { printedSlip, type Slip } from './slip.ts';
import { type Text, texts, withCode } from './texts.ts';

/** How a payment ended for the people at the counter. */
export type Ending = Readonly<{
  state: 'approved' | 'declined' | 'cancelled' | 'unknown';
  text: Text;
  detail?: Text;
  balance?: Money;
}>;

/** How one attempt with one card ended: for good, or with a reason to try again. */
export type Attempt =
  | Readonly<{ kind: 'ended'; ending: Ending }>
  | Readonly<{ kind: 'again'; why: 'pin' | 'keys' }>
  | Readonly<{ kind: 'fallback' }>;

export const ended = (ending: Ending): Attempt => ({ kind: 'ended', ending });

/** Nothing is outstanding at the host: says so in the journal and on the screen. */
export function* abandon(payment: Payment, state: 'declined' | 'cancelled', text: Text): Job<Attempt> {
  yield* write((book) => book.ended(payment.row.requestId, state, { text }));
  return ended({ state, text, detail: texts.notCharged });
}

/** The attempt that a refused or uncertain message ends in; the journal has been written by then. */
export function* unsuccessful(payment: Payment, result: Exclude<OnlineResult, { kind: 'approved' }>): Job<Attempt> {
  switch (result.kind) {
    case 'refused': {
      if (result.again) return { kind: 'again', why: result.again };
      const state = result.code === undefined ? 'cancelled' : 'declined';
      return ended({ state, text: withCode(result.text, result.code), detail: texts.notCharged });
    }
    case 'cancelled': {
      return yield* abandon(payment, 'cancelled', texts.cancelled);
    }
    case 'uncertain': {
      return ended({ state: 'unknown', text: texts.unknown, detail: texts.unknownDetail });
    }
  }
}

/** Approved and completed: one commit holds the status, the slip and the end of the reversal record; then paper. */
export function* complete(
  desk: Desk,
  payment: Payment,
  result: Extract<OnlineResult, { kind: 'approved' }>,
  chip?: ChipTags,
): Job<Attempt> {
  const { row } = payment;
  const { at } = yield* ask('clock', undefined);
  const learned = { ...result.learned, at: result.learned.at ?? wallClock(at) };
  const slip = row.kind === 'balance' ? undefined : slipOf(desk, payment, { ...result, learned }, chip);
  yield* write((book) => book.approved(row.requestId, result.key, learned, slip));
  if (slip) yield* ask('print', printedSlip(slip));
  const balance = row.kind === 'balance' ? availableBalance(result.fields) : undefined;
  return ended({ state: 'approved', text: row.kind === 'void' ? texts.voided : texts.approved, balance });
}

/** UnionPay's application identifiers end in the kind of the card (JR/T 0025). */
const cardKinds: Readonly<Record<string, 'debit' | 'credit'>> = { '01': 'debit', '02': 'credit', '03': 'credit' };

const slipOf = (
  desk: Desk,
  { row }: Payment,
  { key, learned, fields, request }: Extract<OnlineResult, { kind: 'approved' }>,
  chip: ChipTags | undefined,
): Slip => {
  const { parameters } = desk;
  const card: CardData = request.card;
  const { issuer, acquirer } = posField44.decode(fields[44] ?? '');
  return {
    merchantName: parameters.merchantName.zh,
    merchantId: parameters.merchantId,
    terminalId: parameters.terminalId,
    operator: request.operator,
    issuerCode: issuer,
    acquirerCode: acquirer || (parameters.acquirerCode ?? ''),
    maskedPan: maskPan(card.pan),
    entryMode: card.entryMode,
    cardKind: chip && cardKinds[chip.aid.slice(-2)],
    kind: row.kind === 'void' ? 'void' : 'sale',
    batch: key.batch,
    stan: key.stan,
    authCode: learned.authCode,
    rrn: learned.rrn,
    at: learned.at ?? wallClock(row.askedAt),
    amountMinor: String(row.amount.minor),
    chip: chip && {
      aid: chip.aid,
      label: chip.label,
      tc: chip.cryptogram,
      tvr: chip.tvr,
      tsi: chip.tsi,
      atc: chip.atc,
    },
    noPin: request.pinBlock === undefined,
    remark: (fields[63] ?? '').slice(3).trim() || undefined,
    sandbox: parameters.sandbox,
  };
};

/** What the account can pay with: field 54, amount type 02. Undefined when the host sent none that can be read. */
const availableBalance = (fields: Fields): Money | undefined => {
  try {
    const found = field54.decode(fields[54] ?? '').find(({ amountType }) => amountType === '02');
    const minor = found && BigInt(found.amount);
    return minor === undefined ? undefined : cny(found?.sign === 'D' ? -minor : minor);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
};

/** Balance as decimal text, or a dash when the host sent none. */
export const balanceText = (ending: Ending): string => (ending.balance ? decimalText(ending.balance) : '—');
