import { type Account, openAccount as emptyAccount, openBook, type Transfer } from '@zhanggui/ledger';
import type { Queryable, Store } from '@zhanggui/store';
import type { Clock, EpochMs } from '@zhanggui/time';
import { writeBooks } from './journal.ts';

/** Books of one institution in one currency (ISO 4217 numeric): `03050001/156`. */
const ledgerOf = (institution: string, currency: string): string => `${institution}/${currency}`;

/** Where the institution owes the network what its cards paid. One per lane, so that two groups never wait for the same row. */
export const settlementAccountId = (ledger: string, lane: number): string => `${ledger}/settlement/${lane}`;

/** Where the money of opening balances comes from. */
const vaultAccountId = (ledger: string): string => `${ledger}/vault`;

/** What an account's totals grew by: the form in which books are written. */
export const totalsAdded = (after: Account, before: Account): Account => ({
  ...after,
  debitsPending: after.debitsPending - before.debitsPending,
  debitsPosted: after.debitsPosted - before.debitsPosted,
  creditsPending: after.creditsPending - before.creditsPending,
  creditsPosted: after.creditsPosted - before.creditsPosted,
});

export type AccountOrder = Readonly<{
  accountId: string;
  kind: 'debit' | 'credit';
  holder: string;
  /** ISO 4217 numeric code; default 156. */
  currency?: string;
  /** Money put in at the opening, in minor units. */
  balanceMinor?: bigint;
  /** How far a credit card may go, in minor units. */
  creditLimitMinor?: bigint;
}>;

export type AccountView = Readonly<{
  accountId: string;
  kind: 'debit' | 'credit';
  holder: string;
  currency: string;
  /** Posted credits less posted debits, in minor units; below zero the customer owes. */
  balanceMinor: bigint;
  /** What may still be spent, holds taken off. */
  availableMinor: bigint;
  heldMinor: bigint;
}>;

type Books = Readonly<{ store: Store; institution: string; lanes: number; clock: Clock }>;

const accountIdPattern = /^[\w.:-]{1,40}$/;

/** Opens an account, with its opening balance as a transfer from the vault. False when it was there before. */
export const openAccount = ({ store, institution, lanes, clock }: Books, order: AccountOrder): Promise<boolean> => {
  if (!accountIdPattern.test(order.accountId))
    throw new RangeError('an account id has up to 40 letters, digits and . : -');
  const currency = order.currency ?? '156';
  const ledger = ledgerOf(institution, currency);
  return store.transaction(async (tx) => {
    const opened = await tx.query(
      'insert into issuer.accounts values ($1, $2, $3, $4, $5) on conflict do nothing returning account_id',
      [order.accountId, order.kind, currency, order.holder, clock()],
    );
    if (opened.length === 0) return false;
    await openInstitutionAccounts(tx, ledger, lanes);
    await tx.query('insert into ledger.accounts (account_id, ledger, overdraft_minor) values ($1, $2, $3)', [
      order.accountId,
      ledger,
      order.creditLimitMinor ?? 0n,
    ]);
    await putIn(tx, { accountId: order.accountId, ledger, amountMinor: order.balanceMinor ?? 0n }, clock());
    return true;
  });
};

const openInstitutionAccounts = async (tx: Queryable, ledger: string, lanes: number): Promise<void> => {
  const settlement = Array.from({ length: lanes }, (_, lane) => settlementAccountId(ledger, lane));
  await tx.query(
    `insert into ledger.accounts (account_id, ledger) select account_id, $2 from unnest($1::text[]) as account_id
       order by account_id on conflict do nothing`,
    [[...settlement, vaultAccountId(ledger)], ledger],
  );
};

type Deposit = { accountId: string; ledger: string; amountMinor: bigint };

const putIn = async (tx: Queryable, { accountId, ledger, amountMinor }: Deposit, at: EpochMs): Promise<void> => {
  if (amountMinor === 0n) return;
  const vault = emptyAccount({ id: vaultAccountId(ledger), ledger, overdraftMinor: null });
  const book = openBook([vault, emptyAccount({ id: accountId, ledger, overdraftMinor: 0n })]);
  const opening: Transfer = {
    id: 'opening',
    kind: 'posted',
    debitAccountId: vault.id,
    creditAccountId: accountId,
    amountMinor,
  };
  const [outcome] = book.submit([opening]);
  if (outcome?.kind !== 'applied') throw new RangeError('an opening balance is more than nothing');
  const [institution = [], customers = []] = [book.account(vault.id), book.account(accountId)].map((account) =>
    account ? [account] : [],
  );
  await writeBooks(tx, { customers, institution, transfers: [{ ...opening, accountId }] }, at);
};

export const listAccounts = async (store: Store): Promise<AccountView[]> => {
  const rows = await store.query<{
    account_id: string;
    kind: 'debit' | 'credit';
    holder: string;
    currency: string;
    balance_minor: bigint;
    available_minor: bigint;
    held_minor: bigint;
  }>(
    `select account_id, kind, holder, currency,
            credits_posted - debits_posted as balance_minor,
            overdraft_minor + credits_posted - debits_posted - debits_pending as available_minor,
            debits_pending as held_minor
       from issuer.accounts join ledger.accounts using (account_id) order by account_id`,
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    kind: row.kind,
    holder: row.holder,
    currency: row.currency,
    balanceMinor: row.balance_minor,
    availableMinor: row.available_minor,
    heldMinor: row.held_minor,
  }));
};

/** The proof that nothing was lost: `sumMinor` and `pendingSumMinor` are zero and no account is `unproven`. */
export type BooksProof = Readonly<{
  isBalanced: boolean;
  /** Posted credits less posted debits over all accounts of the institution. */
  sumMinor: bigint;
  pendingSumMinor: bigint;
  accounts: bigint;
  /** Accounts whose totals are not what their transfers make them. */
  unproven: readonly string[];
}>;

/** Adds up the institution's books anew from every transfer. Reads everything: for audits and tests, not for the hot path. */
export const proveBooks = async ({ store, institution }: Pick<Books, 'store' | 'institution'>): Promise<BooksProof> => {
  const [row] = await store.query<{ sum: bigint; pending: bigint; accounts: bigint; unproven: string[] }>(
    `select coalesce(sum(credits_posted - debits_posted), 0)::bigint as sum,
            coalesce(sum(credits_pending - debits_pending), 0)::bigint as pending,
            count(*) as accounts,
            coalesce(array_agg(account_id order by account_id) filter (where not is_proven), '{}') as unproven
       from ledger.proof where ledger like $1`,
    [`${institution}/%`],
  );
  const { sum = 0n, pending = 0n, accounts = 0n, unproven = [] } = row ?? {};
  const isBalanced = sum === 0n && pending === 0n && unproven.length === 0;
  return { isBalanced, sumMinor: sum, pendingSumMinor: pending, accounts, unproven };
};
