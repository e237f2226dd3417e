/**
 * An account's four running totals, in minor units. `overdraftMinor` bounds how far debits, pending ones included, may exceed
 * posted credits: 0 for a deposit, the credit limit for a credit card, `null` for an account without a bound.
 */
export type Account = Readonly<{
  id: string;
  /** The book and currency the account belongs to; money never moves between two ledgers. */
  ledger: string;
  overdraftMinor: bigint | null;
  debitsPending: bigint;
  debitsPosted: bigint;
  creditsPending: bigint;
  creditsPosted: bigint;
}>;

/**
 * One movement of money; its id is its idempotency key. `posted` moves at once; `pending` takes a hold, which exactly one `post`
 * (of the whole or a part; the rest is released) or `void` resolves, named by `pendingId`.
 */
export type Transfer = Readonly<{
  id: string;
  debitAccountId: string;
  creditAccountId: string;
  amountMinor: bigint;
  kind: 'posted' | 'pending' | 'post' | 'void';
  pendingId?: string;
  /** Stands or falls with the transfer after it in the same batch. */
  linked?: boolean;
  /** Passes the overdraft bound: for what already happened in the world and can only be recorded. */
  forced?: boolean;
}>;

export type TransferRefusal =
  | 'account-not-found'
  | 'accounts-are-the-same'
  | 'accounts-in-two-ledgers'
  | 'amount-not-positive'
  | 'exceeds-balance'
  | 'exists-with-other-content'
  | 'pending-not-found'
  | 'pending-is-not-pending'
  | 'pending-with-other-accounts'
  | 'exceeds-pending-amount'
  | 'already-posted'
  | 'already-voided'
  | 'linked-transfer-failed'
  | 'link-is-open';

/** `exists`: the same transfer was applied before, nothing moved now. */
export type TransferOutcome = { kind: 'applied' } | { kind: 'exists' } | { kind: 'refused'; reason: TransferRefusal };

/** What may still be debited, in minor units; `null` when the account has no bound. */
export const availableMinor = (account: Account): bigint | null =>
  account.overdraftMinor === null
    ? null
    : account.overdraftMinor + account.creditsPosted - account.debitsPosted - account.debitsPending;

/** What the account holds for its owner, in minor units: posted credits less posted debits; below zero it owes. */
export const balanceMinor = (account: Account): bigint => account.creditsPosted - account.debitsPosted;

export const openAccount = (
  account: Pick<Account, 'id' | 'ledger' | 'overdraftMinor'> & Partial<Account>,
): Account => ({ debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n, ...account });

/** A double-entry book in memory: holds accounts and transfers and applies batches of transfers in order. */
export interface Book {
  account(id: string): Account | undefined;
  accounts(): IterableIterator<Account>;
  /** Outcomes in the batch's order. A chain of linked transfers is applied wholly or not at all. */
  submit(batch: readonly Transfer[]): TransferOutcome[];
}

const refused = (reason: TransferRefusal): TransferOutcome => ({ kind: 'refused', reason });
const applied: TransferOutcome = { kind: 'applied' };

type Rows = { accounts: Map<string, Account>; transfers: Map<string, Transfer>; resolutions: Map<string, Transfer> };

const isSame = (left: Transfer, right: Transfer): boolean =>
  left.kind === right.kind &&
  left.debitAccountId === right.debitAccountId &&
  left.creditAccountId === right.creditAccountId &&
  left.amountMinor === right.amountMinor &&
  left.pendingId === right.pendingId;

const exceedsBalance = (debit: Account, transfer: Transfer): boolean => {
  const available = availableMinor(debit);
  return !transfer.forced && available !== null && transfer.amountMinor > available;
};

const applyNew = ({ accounts }: Rows, transfer: Transfer, debit: Account, credit: Account): TransferOutcome => {
  if (transfer.amountMinor <= 0n) return refused('amount-not-positive');
  if (exceedsBalance(debit, transfer)) return refused('exceeds-balance');
  const amount = transfer.amountMinor;
  if (transfer.kind === 'pending') {
    accounts.set(debit.id, { ...debit, debitsPending: debit.debitsPending + amount });
    accounts.set(credit.id, { ...credit, creditsPending: credit.creditsPending + amount });
  } else {
    accounts.set(debit.id, { ...debit, debitsPosted: debit.debitsPosted + amount });
    accounts.set(credit.id, { ...credit, creditsPosted: credit.creditsPosted + amount });
  }
  return applied;
};

const resolvePending = (rows: Rows, transfer: Transfer, debit: Account, credit: Account): TransferOutcome => {
  const pending = rows.transfers.get(transfer.pendingId ?? '');
  if (!pending) return refused('pending-not-found');
  if (pending.kind !== 'pending') return refused('pending-is-not-pending');
  if (pending.debitAccountId !== debit.id || pending.creditAccountId !== credit.id)
    return refused('pending-with-other-accounts');
  const before = rows.resolutions.get(pending.id);
  if (before) return refused(before.kind === 'post' ? 'already-posted' : 'already-voided');
  if (transfer.amountMinor > pending.amountMinor) return refused('exceeds-pending-amount');
  if (transfer.kind === 'post' && transfer.amountMinor <= 0n) return refused('amount-not-positive');
  const posted = transfer.kind === 'post' ? transfer.amountMinor : 0n;
  rows.accounts.set(debit.id, {
    ...debit,
    debitsPending: debit.debitsPending - pending.amountMinor,
    debitsPosted: debit.debitsPosted + posted,
  });
  rows.accounts.set(credit.id, {
    ...credit,
    creditsPending: credit.creditsPending - pending.amountMinor,
    creditsPosted: credit.creditsPosted + posted,
  });
  rows.resolutions.set(pending.id, transfer);
  return applied;
};

const applyOne = (rows: Rows, transfer: Transfer): TransferOutcome => {
  const before = rows.transfers.get(transfer.id);
  if (before) return isSame(before, transfer) ? { kind: 'exists' } : refused('exists-with-other-content');
  const debit = rows.accounts.get(transfer.debitAccountId);
  const credit = rows.accounts.get(transfer.creditAccountId);
  if (!debit || !credit) return refused('account-not-found');
  if (debit.id === credit.id) return refused('accounts-are-the-same');
  if (debit.ledger !== credit.ledger) return refused('accounts-in-two-ledgers');
  const isNew = transfer.kind === 'posted' || transfer.kind === 'pending';
  const outcome = (isNew ? applyNew : resolvePending)(rows, transfer, debit, credit);
  if (outcome.kind === 'applied') rows.transfers.set(transfer.id, transfer);
  return outcome;
};

/** Takes an applied transfer back: only for the earlier members of a chain whose later member failed, newest first. */
const takeBack = (rows: Rows, transfer: Transfer, debit: Account, credit: Account): void => {
  rows.accounts.set(debit.id, debit);
  rows.accounts.set(credit.id, credit);
  rows.transfers.delete(transfer.id);
  if (transfer.pendingId !== undefined) rows.resolutions.delete(transfer.pendingId);
};

const applyChain = (rows: Rows, chain: readonly Transfer[]): TransferOutcome[] => {
  const outcomes: TransferOutcome[] = [];
  const undo: (() => void)[] = [];
  for (const transfer of chain) {
    const debit = rows.accounts.get(transfer.debitAccountId);
    const credit = rows.accounts.get(transfer.creditAccountId);
    const outcome = applyOne(rows, transfer);
    outcomes.push(outcome);
    if (outcome.kind === 'applied' && debit && credit) undo.push(() => takeBack(rows, transfer, debit, credit));
    if (outcome.kind !== 'refused') continue;
    for (const step of undo.reverse()) step();
    return chain.map((_, index) => (index === outcomes.length - 1 ? outcome : refused('linked-transfer-failed')));
  }
  return outcomes;
};

/** Opens a book on rows read from a store. `transfers` are those that the coming batches name or may repeat. */
export const openBook = (accounts: Iterable<Account>, transfers: Iterable<Transfer> = []): Book => {
  const rows: Rows = { accounts: new Map(), transfers: new Map(), resolutions: new Map() };
  for (const account of accounts) rows.accounts.set(account.id, account);
  for (const transfer of transfers) {
    rows.transfers.set(transfer.id, transfer);
    if (transfer.pendingId !== undefined) rows.resolutions.set(transfer.pendingId, transfer);
  }
  const submit = (batch: readonly Transfer[]): TransferOutcome[] => {
    const outcomes: TransferOutcome[] = [];
    for (let start = 0; start < batch.length; ) {
      let end = start;
      while (end < batch.length && batch[end]?.linked) end += 1;
      const chain = batch.slice(start, end + 1);
      const open = end === batch.length;
      outcomes.push(...(open ? chain.map(() => refused('link-is-open')) : applyChain(rows, chain)));
      start = end + 1;
    }
    return outcomes;
  };
  return { account: (id) => rows.accounts.get(id), accounts: () => rows.accounts.values(), submit };
};
