import type { Hsm } from '@zhanggui/hsm';
import { type Card, type CardStatus, cardStatuses, type ResponseCode } from '@zhanggui/issuing';
import { type Account, openBook, type Transfer, openAccount as totalsFromZero } from '@zhanggui/ledger';
import type { Pan } from '@zhanggui/secret';
import type { Queryable, Store } from '@zhanggui/store';
import { type BusinessDate, businessDateAt, type Clock } from '@zhanggui/time';
import { settlementAccountId, totalsAdded } from './accounts.ts';
import { writeBooks } from './journal.ts';
import { issuerKeys } from './key-refs.ts';

type AgreementRoom = Readonly<{ store: Store; hsm: Hsm; clock: Clock }>;

/** Money that a wallet takes from, or gives back to, a card that its holder has bound to it (协议支付). `id` is the wallet's. */
export type AgreementOrder = Readonly<{ id: string; pan: Pan; amountMinor: bigint; direction: 'debit' | 'credit' }>;
export type AgreementOutcome = Readonly<{ kind: 'done' } | { kind: 'refused'; code: ResponseCode }>;

type CardRow = Readonly<{
  account_id: string;
  status: CardStatus;
  expiry: string;
  ledger: string;
  overdraft_minor: bigint;
  debits_pending: bigint;
  debits_posted: bigint;
  credits_pending: bigint;
  credits_posted: bigint;
}>;

const lockCard = async (tx: Queryable, panHash: Uint8Array): Promise<CardRow | undefined> => {
  const [row] = await tx.query<CardRow>(
    `select account_id, status, expiry, ledger, overdraft_minor, debits_pending, debits_posted, credits_pending, credits_posted
       from issuer.cards join ledger.accounts as account using (account_id) where pan_hash = $1 for update of account`,
    [panHash],
  );
  return row;
};

const cardRefusal = (
  { status, expiry }: Pick<Card, 'status' | 'expiry'>,
  today: BusinessDate,
): ResponseCode | undefined => {
  if (status !== 'active') return cardStatuses[status].code;
  return expiry < `${today.slice(2, 4)}${today.slice(5, 7)}` ? '54' : undefined;
};

const accountOf = (row: CardRow): Account => ({
  id: row.account_id,
  ledger: row.ledger,
  overdraftMinor: row.overdraft_minor,
  debitsPending: row.debits_pending,
  debitsPosted: row.debits_posted,
  creditsPending: row.credits_pending,
  creditsPosted: row.credits_posted,
});

const wasDone = async (tx: Queryable, accountId: string, transferId: string): Promise<boolean> => {
  const found = await tx.query('select 1 from ledger.transfers where account_id = $1 and transfer_id = $2', [
    accountId,
    transferId,
  ]);
  return found.length > 0;
};

/**
 * Moves money by agreement, without PIN and at once, also on a credit card. The same `id` and direction again moves nothing. Giving
 * back asks neither the card's status nor its expiry: it is the customer's money.
 */
export const moveByAgreement = async (
  { store, hsm, clock }: AgreementRoom,
  { id, pan, amountMinor, direction }: AgreementOrder,
): Promise<AgreementOutcome> => {
  const panHash = await hsm.hashPan({ key: issuerKeys.panHash, pan: pan.reveal() });
  return store.transaction(async (tx) => {
    const row = await lockCard(tx, panHash);
    if (!row) return { kind: 'refused', code: '14' };
    const transferId = `agreement.${direction}.${id}`;
    if (await wasDone(tx, row.account_id, transferId)) return { kind: 'done' };
    const code = direction === 'debit' ? cardRefusal(row, businessDateAt(clock())) : undefined;
    if (code !== undefined) return { kind: 'refused', code };
    const before = accountOf(row);
    const network = totalsFromZero({
      id: settlementAccountId(row.ledger, 0),
      ledger: row.ledger,
      overdraftMinor: null,
    });
    const [from, to] = direction === 'debit' ? [before, network] : [network, before];
    const sides = { debitAccountId: from.id, creditAccountId: to.id };
    const transfer: Transfer = { id: transferId, kind: 'posted', ...sides, amountMinor };
    const book = openBook([before, network]);
    const [outcome] = book.submit([transfer]);
    if (outcome?.kind !== 'applied')
      return {
        kind: 'refused',
        code: outcome?.kind === 'refused' && outcome.reason === 'exceeds-balance' ? '51' : '13',
      };
    const added = (account: Account): Account[] => [totalsAdded(book.account(account.id) ?? account, account)];
    const transfers = [{ ...transfer, accountId: row.account_id }];
    await writeBooks(tx, { customers: added(before), institution: added(network), transfers }, clock());
    return { kind: 'done' };
  });
};
