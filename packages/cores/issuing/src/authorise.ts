import type { BusinessDate } from '@zhanggui/time';
import { type CardStatus, cardStatuses, type ResponseCode } from './codes.ts';

/** What the issuer keeps about a card and changes while authorising. */
export type Card = Readonly<{
  status: CardStatus;
  /** Last month of validity, YYMM. */
  expiry: string;
  serviceCode: string;
  /** PIN tries left on the day of `pinTriesOn`; on any other day all of them. */
  pinTriesLeft: number;
  pinTriesOn: BusinessDate;
  /** Highest application transaction counter seen; 0 before the first chip transaction. */
  lastAtc: number;
}>;

export type CardAccount = Readonly<{
  kind: 'debit' | 'credit';
  /** ISO 4217 numeric code, as field 49 carries it. */
  currency: string;
  /** What may still be spent, in minor units: money less holds, or the credit that is left. */
  availableMinor: bigint;
}>;

/** How the card's data came into the terminal (field 22, first two digits). */
export type EntryMode = 'stripe' | 'contact' | 'contactless' | 'manual';

export type AuthorisationRequest = Readonly<{
  kind: 'sale' | 'balance';
  amountMinor: bigint;
  currency: string;
  entry: EntryMode;
  terminalReadsChips: boolean;
  /** The terminal says that the chip could not be read. */
  isFallback: boolean;
  /** The terminal asks to go without PIN for a small amount (field 60.2.6). */
  asksNoPin: boolean;
  /** Application transaction counter (tag 9F36) of a chip transaction. */
  atc?: number;
}>;

/** What the security module found out; `none` where the request carries nothing to verify. */
export type Verdicts = Readonly<{
  pin: 'match' | 'mismatch' | 'format-error' | 'none';
  cvn: 'match' | 'mismatch' | 'none';
  cryptogram: 'match' | 'mismatch' | 'none';
}>;

export type Policy = Readonly<{
  pinTriesPerDay: number;
  /** Largest contactless amount that needs no PIN, in minor units. */
  noPinLimitMinor: bigint;
  /** Largest amount by stripe when the terminal says that the chip failed, in minor units; 0 refuses every downgrade. */
  fallbackLimitMinor: bigint;
}>;

export const defaultPolicy: Policy = { pinTriesPerDay: 3, noPinLimitMinor: 1000_00n, fallbackLimitMinor: 0n };

/**
 * Money that an answer moves on the customer's account: a debit is final at once, a hold stands until clearing; a credit gives a
 * debit back, a release a hold. `forced`: it is recorded even when the account does not have it.
 */
export type Movement = Readonly<{
  kind: 'debit' | 'hold' | 'credit' | 'release';
  amountMinor: bigint;
  forced?: boolean;
}>;

/** The answer, the card afterwards (the same object when nothing changed) and the money that moves. */
export type Outcome = Readonly<{ code: ResponseCode; card: Card; movement?: Movement }>;

export type Authorisation = Readonly<{
  card: Card;
  account: CardAccount;
  request: AuthorisationRequest;
  verdicts: Verdicts;
  policy: Policy;
  day: BusinessDate;
}>;

/** Takes the money of a sale: from a deposit at once, from a credit card as a hold until clearing. */
export const take = (account: CardAccount, amountMinor: bigint): Movement => ({
  kind: account.kind === 'debit' ? 'debit' : 'hold',
  amountMinor,
});

type Check = (authorisation: Authorisation) => ResponseCode | undefined;

const statusCheck: Check = ({ card }) => (card.status === 'active' ? undefined : cardStatuses[card.status].code);

const expiryCheck: Check = ({ card, day }) => (card.expiry < `${day.slice(2, 4)}${day.slice(5, 7)}` ? '54' : undefined);

const cvnCheck: Check = ({ request, verdicts }) => {
  if (verdicts.cvn === 'mismatch') return '59';
  return request.entry === 'stripe' && verdicts.cvn === 'none' ? '30' : undefined;
};

/** A chip card read by its stripe where its chip could be read (service code 2xx or 6xx). */
const downgradeCheck: Check = ({ card, request, policy }) => {
  const isDowngrade = request.entry === 'stripe' && request.terminalReadsChips && /^[26]/.test(card.serviceCode);
  if (!isDowngrade) return undefined;
  return request.isFallback && request.amountMinor <= policy.fallbackLimitMinor ? undefined : '45';
};

const isByChip = ({ entry }: AuthorisationRequest): boolean => entry === 'contact' || entry === 'contactless';

/** A counter at or below the highest one seen is a replay. */
const cryptogramCheck: Check = ({ card, request, verdicts }) => {
  if (!isByChip(request)) return undefined;
  if (verdicts.cryptogram !== 'match' || request.atc === undefined) return '05';
  return request.atc <= card.lastAtc ? '59' : undefined;
};

const entryCheck: Check = ({ request }) => (request.entry === 'manual' ? '57' : undefined);

/** In this order, so that a card that is not in order reveals nothing about its PIN. */
const cardChecks: readonly Check[] = [statusCheck, expiryCheck, entryCheck, cvnCheck, downgradeCheck, cryptogramCheck];

const needsPin = ({ account, request, policy }: Authorisation): boolean => {
  if (request.kind === 'balance') return true;
  const isSmall = request.entry === 'contactless' && request.amountMinor <= policy.noPinLimitMinor;
  return account.kind === 'debit' && !(request.asksNoPin && isSmall);
};

const moneyCheck: Check = ({ account, request }) => {
  if (request.kind === 'balance') return undefined;
  if (request.currency !== account.currency) return '12';
  if (request.amountMinor <= 0n) return '13';
  return request.amountMinor > account.availableMinor ? '51' : undefined;
};

const firstRefusal = (checks: readonly Check[], authorisation: Authorisation): ResponseCode | undefined => {
  for (const check of checks) {
    const code = check(authorisation);
    if (code !== undefined) return code;
  }
  return undefined;
};

type PinInput = Readonly<{ card: Card; pin: Verdicts['pin']; isNeeded: boolean; policy: Policy; day: BusinessDate }>;

/** Counts the tries of a day: 55 for a wrong PIN, 75 for the one that uses up the last try, 38 from then on; a good one resets. */
export const checkPin = ({ card, pin, isNeeded, policy, day }: PinInput): { code?: ResponseCode; card: Card } => {
  const triesLeft = card.pinTriesOn === day ? card.pinTriesLeft : policy.pinTriesPerDay;
  if (pin === 'none') return isNeeded ? { code: triesLeft === 0 ? '38' : '55', card } : { card };
  if (triesLeft === 0) return { code: '38', card };
  if (pin === 'format-error') return { code: '99', card };
  if (pin === 'match') {
    const isFresh = triesLeft === policy.pinTriesPerDay;
    return { card: isFresh ? card : { ...card, pinTriesLeft: policy.pinTriesPerDay, pinTriesOn: day } };
  }
  const counted = { ...card, pinTriesLeft: triesLeft - 1, pinTriesOn: day };
  return { code: counted.pinTriesLeft === 0 ? '75' : '55', card: counted };
};

/** Decides a sale or a balance inquiry. A good cryptogram uses up its counter whatever the answer is. */
export const authorise = (authorisation: Authorisation): Outcome => {
  const { card, account, request, verdicts, policy, day } = authorisation;
  const refuse = (code: ResponseCode, after: Card): Outcome => ({ code, card: after });

  const cardRefusal = firstRefusal(cardChecks, authorisation);
  if (cardRefusal !== undefined) return refuse(cardRefusal, card);

  const seen = isByChip(request) && request.atc !== undefined ? { ...card, lastAtc: request.atc } : card;
  const pin = checkPin({ card: seen, pin: verdicts.pin, isNeeded: needsPin(authorisation), policy, day });
  if (pin.code !== undefined) return refuse(pin.code, pin.card);

  const moneyRefusal = moneyCheck(authorisation);
  if (moneyRefusal !== undefined) return refuse(moneyRefusal, pin.card);
  if (request.kind === 'balance') return { code: '00', card: pin.card };
  return { code: '00', card: pin.card, movement: take(account, request.amountMinor) };
};
