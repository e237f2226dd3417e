import assert from 'node:assert/strict';
import {
  authorise,
  type Card,
  type CardAccount,
  type CardStatus,
  type Movement,
  type Policy,
  reverseSale,
  reverseVoid,
  type TransactionState,
  type Verdicts,
  voidSale,
} from '@zhanggui/issuing';
import { type Account, availableMinor, type Book, openAccount, openBook, type Transfer } from '@zhanggui/ledger';
import type { BusinessDate, EpochMs } from '@zhanggui/time';
import { settlementAccountId, totalsAdded } from './accounts.ts';
import { counterOf } from './chip.ts';
import { entryOf, type GroupWrites, type JournalEntry, type JournalRow, type LockedRow } from './journal.ts';
import type { IssuerRequest } from './requests.ts';

/** A request with the keyed hash of its PAN, hexadecimal. */
export type GroupRequest = IssuerRequest & Readonly<{ card: string }>;

/** What the issuer answers to one request. */
export type Answer = Readonly<{ code: string; authCode: string | null; availableMinor: bigint | null }>;

export type GroupInput = Readonly<{
  requests: readonly GroupRequest[];
  /** What was locked and read for each request. */
  rows: readonly LockedRow[];
  verdicts: readonly Verdicts[];
  /** Which of the institution's settlement accounts this group books against. */
  lane: number;
  policy: Policy;
  day: BusinessDate;
  at: EpochMs;
}>;

/**
 * Decides the requests of a group one after the other, each on the cards, accounts and journal entries as the one before left
 * them, and collects what is to be written. Pure: nothing is stored until the writes are.
 */
export const decideGroup = (input: GroupInput): { answers: Answer[]; writes: GroupWrites } => {
  const group = new Group(input);
  const answers = input.requests.map((request, index) => group.decide(request, index));
  return { answers, writes: group.writes() };
};

type CardInHand = { card: Card; isChanged: boolean; kind: CardAccount['kind']; currency: string; accountId: string };
type EntryInHand = { entry: JournalEntry; isNew: boolean; isChanged: boolean };

/** What one request comes to, before it is journaled. */
type Decision = Readonly<{
  code: string;
  authCode?: string;
  availableMinor?: bigint | null;
  /** The debit or hold a sale leaves in force. */
  transfer?: Transfer | undefined;
  state?: TransactionState;
}>;

class Group {
  readonly #input: GroupInput;
  readonly #cards = new Map<string, CardInHand>();
  readonly #entries = new Map<string, EntryInHand>();
  readonly #accountsBefore = new Map<string, Account>();
  readonly #book: Book;
  readonly #transfers: (Transfer & { accountId: string })[] = [];

  constructor(input: GroupInput) {
    this.#input = input;
    input.rows.forEach((row, index) => this.#takeInHand(row, input.requests[index]?.card ?? ''));
    this.#book = openBook(this.#accountsBefore.values(), this.#transfersInForce());
  }

  decide(request: GroupRequest, index: number): Answer {
    const known = this.#entries.get(entryId(request.card, request.key));
    if (known && known.entry.state !== 'awaited') return repeatedAnswer(known.entry);
    if (known) return this.#refuseReversed(request, known);
    return this.#journal(this.#journalEntry(request, this.#decideNew(request, index)));
  }

  writes(): GroupWrites {
    const entries = [...this.#entries.values()];
    const moved = [...this.#accountsBefore.values()].flatMap((before) => {
      const after = this.#book.account(before.id) ?? before;
      return after === before ? [] : [totalsAdded(after, before)];
    });
    return {
      journal: entries.filter(({ isNew }) => isNew).map(({ entry }) => entry),
      changed: entries.filter(({ isNew, isChanged }) => isChanged && !isNew).map(({ entry }) => entry),
      cards: [...this.#cards]
        .filter(([, { isChanged }]) => isChanged)
        .map(([card, inHand]) => ({ card, ...inHand.card })),
      customers: moved.filter(({ overdraftMinor }) => overdraftMinor !== null),
      institution: moved.filter(({ overdraftMinor }) => overdraftMinor === null),
      transfers: this.#transfers,
    };
  }

  #takeInHand(row: LockedRow, card: string): void {
    for (const found of [row.repeated, row.original, row.original_of_original]) if (found) this.#takeEntry(found, row);
    if (row.account_id === null || this.#cards.has(card)) return;
    const { account_id: accountId, ledger, kind, currency } = row;
    if (!this.#accountsBefore.has(accountId)) this.#accountsBefore.set(accountId, accountOf(row, accountId));
    this.#takeSettlementAccount(settlementAccountId(ledger, this.#input.lane), ledger);
    this.#cards.set(card, { card: cardOf(row), isChanged: false, kind, currency, accountId });
  }

  #takeEntry(found: JournalRow, row: LockedRow): void {
    const entry = entryOf(found);
    const id = entryId(entry.card, entry.key);
    if (this.#entries.has(id)) return;
    this.#entries.set(id, { entry, isNew: false, isChanged: false });
    if (entry.settlementAccountId) this.#takeSettlementAccount(entry.settlementAccountId, row.ledger);
  }

  /** The institution's accounts are not read: from nothing on, their totals are what the group adds to them. */
  #takeSettlementAccount(id: string, ledger: string): void {
    if (!this.#accountsBefore.has(id)) this.#accountsBefore.set(id, openAccount({ id, ledger, overdraftMinor: null }));
  }

  #transfersInForce(): Transfer[] {
    return [...this.#entries.values()].flatMap(({ entry }) => this.#holdInForce(entry) ?? []);
  }

  #decideNew(request: GroupRequest, index: number): Decision {
    if (request.kind === 'reversal') return this.#reverse(request);
    if (request.kind === 'unsupported') return { code: '40' };
    const inHand = this.#cards.get(request.card);
    const verdicts = this.#input.verdicts[index];
    if (!inHand || !verdicts) return { code: '14' };
    return request.kind === 'void' ? this.#void(request, inHand, verdicts) : this.#authorise(request, inHand, verdicts);
  }

  #authorise(request: GroupRequest, inHand: CardInHand, verdicts: Verdicts): Decision {
    const { policy, day } = this.#input;
    const { kind, amountMinor, currency, entry, terminal, chip } = request;
    const account = this.#accountNow(inHand);
    const outcome = authorise({
      card: inHand.card,
      account,
      request: {
        kind: kind === 'balance' ? 'balance' : 'sale',
        amountMinor,
        currency,
        entry,
        ...terminal,
        atc: chip && counterOf(chip),
      },
      verdicts,
      policy,
      day,
    });
    keepCard(inHand, outcome.card);
    if (outcome.code !== '00') return { code: outcome.code };
    if (kind === 'balance') return { code: '00', availableMinor: account.availableMinor };
    const transfer = this.#move(request, inHand, outcome.movement);
    return { code: '00', authCode: authCodeOf(request.card + request.key), transfer };
  }

  #void(request: GroupRequest, inHand: CardInHand, verdicts: Verdicts): Decision {
    const { policy, day } = this.#input;
    const named = this.#entries.get(entryId(request.card, request.originalKey));
    const sale = named?.entry.kind === 'sale' ? named : undefined;
    const outcome = voidSale({
      card: inHand.card,
      account: this.#accountNow(inHand),
      sale: sale?.entry,
      amountMinor: request.amountMinor,
      pin: verdicts.pin,
      policy,
      day,
    });
    keepCard(inHand, outcome.card);
    this.#move(request, inHand, outcome.movement, sale?.entry);
    if (sale && outcome.code === '00') change(sale, { state: 'voided' });
    return { code: outcome.code };
  }

  /** 00 for whatever field 90 names: what cannot be found is remembered and refused when it comes after all. */
  #reverse(request: GroupRequest): Decision {
    if (request.originalKey === null) return { code: '30' };
    const original = this.#entries.get(entryId(request.card, request.originalKey));
    if (!original) this.#expect(request, request.originalKey);
    else if (original.entry.state === 'approved' || original.entry.state === 'voided') this.#undo(request, original);
    return { code: '00' };
  }

  #undo(request: GroupRequest, original: EntryInHand): void {
    const inHand = this.#cards.get(request.card);
    assert(inHand, 'an approved transaction has its card');
    const account = this.#accountNow(inHand);
    if (original.entry.kind === 'sale') {
      this.#move(request, inHand, reverseSale(account, original.entry), original.entry);
    } else if (original.entry.kind === 'void') {
      const sale = this.#entries.get(entryId(request.card, original.entry.originalKey));
      const movement = reverseVoid(account, { state: original.entry.state, sale: sale?.entry });
      const transfer = this.#move(request, inHand, movement);
      if (sale && transfer) change(sale, { state: 'approved', ...inForce(transfer) });
    }
    change(original, { state: 'reversed' });
  }

  #expect(reversal: GroupRequest, key: string): void {
    const awaited = this.#journalEntry(reversal, { code: '94', state: 'awaited' });
    this.#journal({ ...awaited, key, kind: 'sale', mti: key.slice(-4), originalKey: null });
  }

  /** Its reversal came first and holds: the network has already told the merchant that the request failed. */
  #refuseReversed({ receivedAt }: GroupRequest, known: EntryInHand): Answer {
    change(known, { state: 'reversed', receivedAt, answeredAt: this.#input.at });
    return known.entry;
  }

  #journal(entry: JournalEntry): JournalEntry {
    this.#entries.set(entryId(entry.card, entry.key), { entry, isNew: true, isChanged: false });
    return entry;
  }

  #accountNow({ accountId, kind, currency }: CardInHand): CardAccount {
    const account = this.#book.account(accountId);
    assert(account, 'a card has its account');
    return { kind, currency, availableMinor: availableMinor(account) ?? 0n };
  }

  /** Books a movement under the identity of its request; `sale` is the one whose money is given back. */
  #move(
    request: GroupRequest,
    { accountId }: CardInHand,
    movement: Movement | undefined,
    sale?: JournalEntry,
  ): Transfer | undefined {
    if (!movement) return undefined;
    const ledger = this.#book.account(accountId)?.ledger ?? '';
    const settlement = settlementAccountId(ledger, this.#input.lane);
    const transfer = transferOf(movement, { id: request.key, accountId, settlement, sale });
    const [outcome] = this.#book.submit([transfer]);
    assert.equal(outcome?.kind, 'applied', 'the ledger carries out what was decided');
    this.#transfers.push({ ...transfer, accountId });
    return transfer;
  }

  #journalEntry(request: GroupRequest, decision: Decision): JournalEntry {
    const { card, key, originalKey, kind, mti, processingCode, rrn, amountMinor, currency, receivedAt } = request;
    return {
      card,
      key,
      originalKey,
      kind,
      mti,
      processingCode,
      rrn,
      maskedPan: request.pan.toString(),
      accountId: this.#cards.get(card)?.accountId ?? null,
      amountMinor,
      currency,
      code: decision.code,
      authCode: decision.authCode ?? null,
      availableMinor: decision.availableMinor ?? null,
      state: decision.state ?? (decision.code === '00' ? 'approved' : 'declined'),
      ...inForce(decision.transfer),
      receivedAt,
      answeredAt: this.#input.at,
    };
  }

  /** The hold a sale of before left on a credit card, which may now be released. */
  #holdInForce({ card, transferId, accountId, settlementAccountId, amountMinor }: JournalEntry): Transfer | undefined {
    if (this.#cards.get(card)?.kind !== 'credit' || !transferId || !accountId || !settlementAccountId) return undefined;
    const between = { debitAccountId: accountId, creditAccountId: settlementAccountId };
    return { id: transferId, kind: 'pending', amountMinor, ...between };
  }
}

type Booking = Readonly<{ id: string; accountId: string; settlement: string; sale: JournalEntry | undefined }>;

/** A movement on the customer's account as a transfer between that account and the institution's. */
const transferOf = (
  { kind, amountMinor, forced }: Movement,
  { id, accountId, settlement, sale }: Booking,
): Transfer => {
  const out = { id, debitAccountId: accountId, creditAccountId: settlement, amountMinor, forced };
  switch (kind) {
    case 'debit':
      return { ...out, kind: 'posted' };
    case 'hold':
      return { ...out, kind: 'pending' };
    case 'credit':
      return { id, kind: 'posted', debitAccountId: settlement, creditAccountId: accountId, amountMinor };
    case 'release': {
      assert(sale?.transferId && sale.settlementAccountId, 'a hold that is released was taken');
      const held = { creditAccountId: sale.settlementAccountId, pendingId: sale.transferId };
      return { ...out, ...held, kind: 'void', amountMinor: 0n };
    }
  }
};

const keepCard = (inHand: CardInHand, card: Card): void => {
  if (card === inHand.card) return;
  inHand.card = card;
  inHand.isChanged = true;
};

/** A repeat gets the stored answer, unless the request was reversed since: nobody may take that for approved. */
const repeatedAnswer = (entry: JournalEntry): Answer =>
  entry.state === 'reversed' ? { code: '94', authCode: null, availableMinor: null } : entry;

const entryId = (card: string, key: string | null): string => `${card}${key}`;

const change = (inHand: EntryInHand, changes: Partial<JournalEntry>): void => {
  inHand.entry = { ...inHand.entry, ...changes };
  inHand.isChanged = true;
};

const inForce = (transfer: Transfer | undefined): Pick<JournalEntry, 'transferId' | 'settlementAccountId'> => ({
  transferId: transfer?.id ?? null,
  settlementAccountId: transfer?.creditAccountId ?? null,
});

const cardOf = (row: LockedRow): Card => ({
  status: row.status as CardStatus,
  expiry: row.expiry,
  serviceCode: row.service_code,
  pinTriesLeft: row.pin_tries_left,
  pinTriesOn: row.pin_tries_on as BusinessDate,
  lastAtc: row.last_atc,
});

const accountOf = (row: LockedRow, id: string): Account => ({
  id,
  ledger: row.ledger,
  overdraftMinor: row.overdraft_minor,
  debitsPending: row.debits_pending,
  debitsPosted: row.debits_posted,
  creditsPending: row.credits_pending,
  creditsPosted: row.credits_posted,
});

/** Six digits made from the request's identity, so that they need no memory of their own (FNV-1a). */
const authCodeOf = (identity: string): string => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < identity.length; index += 1) {
    hash = Math.imul(hash ^ identity.charCodeAt(index), 0x01000193) >>> 0;
  }
  return String(hash % 1_000_000).padStart(6, '0');
};
