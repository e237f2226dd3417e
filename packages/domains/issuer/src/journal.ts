import type { TransactionState } from '@zhanggui/issuing';
import type { Account, Transfer } from '@zhanggui/ledger';
import type { Queryable, Statement } from '@zhanggui/store';
import type { EpochMs } from '@zhanggui/time';

export type RequestKind = 'sale' | 'balance' | 'void' | 'reversal' | 'unsupported';

/** A request and its answer as the journal keeps them. `card` is the keyed hash of the PAN, hexadecimal. */
export type JournalEntry = Readonly<{
  card: string;
  key: string;
  originalKey: string | null;
  kind: RequestKind;
  mti: string;
  processingCode: string;
  rrn: string;
  maskedPan: string;
  accountId: string | null;
  amountMinor: bigint;
  currency: string;
  code: string;
  authCode: string | null;
  /** What a balance inquiry was told, in minor units. */
  availableMinor: bigint | null;
  state: TransactionState;
  /** The debit or hold in force and the institution's account it is booked against. */
  transferId: string | null;
  settlementAccountId: string | null;
  receivedAt: EpochMs;
  answeredAt: EpochMs;
}>;

/** The names by which a request finds its rows. */
export type GroupItem = Readonly<{ card: string; key: string; originalKey: string | null }>;

/** A row of `issuer.lock_group`: the card and account, locked, and the journal entries the request may concern. */
export type LockedRow = Readonly<{
  account_id: string | null;
  sequence_number: string;
  expiry: string;
  service_code: string;
  pin_offset: string;
  status: string;
  pin_tries_left: number;
  pin_tries_on: string;
  last_atc: number;
  kind: 'debit' | 'credit';
  currency: string;
  ledger: string;
  overdraft_minor: bigint | null;
  debits_pending: bigint;
  debits_posted: bigint;
  credits_pending: bigint;
  credits_posted: bigint;
  repeated: JournalRow | null;
  original: JournalRow | null;
  original_of_original: JournalRow | null;
}>;

/** A journal row as JSON. Amounts have at most twelve digits (field 4) and instants fewer than sixteen, so numbers hold them. */
export type JournalRow = Readonly<{
  pan_hash: string;
  message_key: string;
  original_key: string | null;
  kind: RequestKind;
  mti: string;
  processing_code: string;
  rrn: string;
  masked_pan: string;
  account_id: string | null;
  amount_minor: number;
  currency: string;
  code: string;
  auth_code: string | null;
  available_minor: number | null;
  state: TransactionState;
  transfer_id: string | null;
  settlement_account_id: string | null;
  received_at_ms: number;
  answered_at_ms: number;
}>;

export const entryOf = (row: JournalRow): JournalEntry => ({
  card: row.pan_hash.slice(2).toUpperCase(),
  key: row.message_key,
  originalKey: row.original_key,
  kind: row.kind,
  mti: row.mti,
  processingCode: row.processing_code,
  rrn: row.rrn,
  maskedPan: row.masked_pan,
  accountId: row.account_id,
  amountMinor: BigInt(row.amount_minor),
  currency: row.currency,
  code: row.code,
  authCode: row.auth_code,
  availableMinor: row.available_minor === null ? null : BigInt(row.available_minor),
  state: row.state,
  transferId: row.transfer_id,
  settlementAccountId: row.settlement_account_id,
  receivedAt: row.received_at_ms as EpochMs,
  answeredAt: row.answered_at_ms as EpochMs,
});

type CardChange = Readonly<{ card: string; pinTriesLeft: number; pinTriesOn: string; lastAtc: number }>;

/** Everything a group writes, in one call. */
export type GroupWrites = Readonly<{
  journal: readonly JournalEntry[];
  /** Entries of before whose state, money or time changed. */
  changed: readonly JournalEntry[];
  cards: readonly CardChange[];
  /** Totals to add, per account: customers' accounts are locked already, the institution's are not. */
  customers: readonly Account[];
  institution: readonly Account[];
  transfers: readonly (Transfer & { accountId: string })[];
}>;

type Literal = string | number | bigint | boolean | null | undefined;

/** A PostgreSQL row literal (PostgreSQL documentation, "Composite Value Input"): quoted only where a character asks for it. */
const rowLiteral = (values: readonly Literal[]): string => {
  let text = '(';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    const value = values[index];
    if (value === null || value === undefined) continue;
    const plain = String(value);
    text += /^[\w.:*-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
  }
  return `${text})`;
};

const bytea = (hexText: string): string => `\\x${hexText}`;

const journalLiteral = (entry: JournalEntry): string =>
  rowLiteral([
    bytea(entry.card),
    entry.key,
    entry.originalKey,
    entry.kind,
    entry.mti,
    entry.processingCode,
    entry.rrn,
    entry.maskedPan,
    entry.accountId,
    entry.amountMinor,
    entry.currency,
    entry.code,
    entry.authCode,
    entry.availableMinor,
    entry.state,
    entry.transferId,
    entry.settlementAccountId,
    entry.receivedAt,
    entry.answeredAt,
  ]);

const changeLiteral = (entry: JournalEntry): string =>
  rowLiteral([
    bytea(entry.card),
    entry.key,
    entry.state,
    entry.transferId,
    entry.settlementAccountId,
    entry.receivedAt,
    entry.answeredAt,
  ]);

const balanceLiteral = (change: Account): string =>
  rowLiteral([change.id, change.debitsPending, change.debitsPosted, change.creditsPending, change.creditsPosted]);

const transferLiteral = (transfer: Transfer & { accountId: string }, at: EpochMs): string =>
  rowLiteral([
    transfer.accountId,
    transfer.id,
    transfer.debitAccountId,
    transfer.creditAccountId,
    transfer.amountMinor,
    transfer.kind,
    transfer.pendingId,
    transfer.forced === true,
    at,
  ]);

const lockGroupStatement: Statement = {
  name: 'issuer.lock_group',
  text: 'select * from issuer.lock_group($1::issuer.group_item[])',
};

const writeGroupStatement: Statement = {
  name: 'issuer.write_group',
  text: `select issuer.write_group($1::issuer.journal[], $2::issuer.journal_change[], $3::issuer.card_change[],
    $4::ledger.balance_change[], $5::ledger.balance_change[], $6::ledger.transfers[])`,
};

const writeBooksStatement: Statement = {
  name: 'ledger.write_group',
  text: 'select ledger.write_group($1::ledger.balance_change[], $2::ledger.balance_change[], $3::ledger.transfers[])',
};

/** Locks and reads what a group concerns; rows in the items' order. */
export const lockGroup = (tx: Queryable, items: readonly GroupItem[]): Promise<LockedRow[]> =>
  tx.query<LockedRow>(lockGroupStatement, [
    items.map((item) => rowLiteral([bytea(item.card), item.key, item.originalKey])),
  ]);

export const writeGroup = async (tx: Queryable, writes: GroupWrites, at: EpochMs): Promise<void> => {
  await tx.query(writeGroupStatement, [
    writes.journal.map(journalLiteral),
    writes.changed.map(changeLiteral),
    writes.cards.map((change) =>
      rowLiteral([bytea(change.card), change.pinTriesLeft, change.pinTriesOn, change.lastAtc]),
    ),
    writes.customers.map(balanceLiteral),
    writes.institution.map(balanceLiteral),
    writes.transfers.map((transfer) => transferLiteral(transfer, at)),
  ]);
};

/** Writes transfers that no card asked for, such as an opening balance. */
export const writeBooks = async (
  tx: Queryable,
  writes: Pick<GroupWrites, 'customers' | 'institution' | 'transfers'>,
  at: EpochMs,
): Promise<void> => {
  await tx.query(writeBooksStatement, [
    writes.customers.map(balanceLiteral),
    writes.institution.map(balanceLiteral),
    writes.transfers.map((transfer) => transferLiteral(transfer, at)),
  ]);
};
