import { column, groupCommit, type Queryable, type Statement, type Store } from '@zhanggui/store';
import type { EpochMs } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import {
  type PaymentRecord,
  type PaymentRow,
  paymentFromRow,
  paymentRow,
  type RefundRecord,
  type RefundRow,
  refundFromRow,
  refundRow,
} from './records.ts';
import type { PaymentPage } from './views.ts';

/** What a piece of work holds: nobody else takes the row before `until`. */
export type Lease = Readonly<{ by: string; until: EpochMs }>;

const changing = [
  'state, qr, wallet_trade_no, paid_at, payer, funding, refusal_code, refusal_text, is_cancelled, is_undoing',
  'is_reversal_refused, is_in_doubt, owes_back, alarm, refunded_minor, refunding_minor, tries, next_at, ended_at, version',
].join(', ');
const refundChanging =
  'state, wallet_refund_no, refusal_code, refusal_text, alarm, is_missing, tries, next_at, ended_at, version';

const assigned = (columns: string): string =>
  columns
    .split(', ')
    .map((name) => `${name} = r.${name}`)
    .join(', ');

/** A row is written only over the version it was made from; the day, once there, is the reconciliation's. */
const update = (table: 'payments' | 'refunds', key: string, columns: string): Statement => ({
  name: `qrpay.save-${table}`,
  text: `update qrpay.${table} t set ${assigned(columns)}, day = coalesce(t.day, r.day),
      leased_until = case when t.${key} = any($2) then null else t.leased_until end
    from jsonb_populate_recordset(null::qrpay.${table}, $1) r
    where t.merchant_id = r.merchant_id and t.${key} = r.${key} and t.version = r.version - 1
    returning t.${key} as id`,
});

const take = (table: 'payments' | 'refunds', key: string): Statement => ({
  name: `qrpay.take-${table}`,
  text: `update qrpay.${table} t set leased_by = $2, leased_until = $3
    from (
      select merchant_id, ${key} from qrpay.${table}
      where merchant_id = $1 and next_at <= $4 and (leased_until is null or leased_until <= $4)
        and ($6::uuid is null or ${key} = $6)
      order by next_at limit $5 for update skip locked
    ) due
    where t.merchant_id = due.merchant_id and t.${key} = due.${key}
    returning t.*`,
});

const statements = {
  insert: {
    name: 'qrpay.insert-payments',
    text: `insert into qrpay.payments select * from jsonb_populate_recordset(null::qrpay.payments, $1)
      on conflict do nothing returning request_id as id`,
  },
  insertRefund: {
    name: 'qrpay.insert-refund',
    text: `insert into qrpay.refunds select * from jsonb_populate_recordset(null::qrpay.refunds, $1)
      on conflict do nothing returning refund_id as id`,
  },
  save: update('payments', 'request_id', changing),
  saveRefund: update('refunds', 'refund_id', refundChanging),
  take: take('payments', 'request_id'),
  takeRefunds: take('refunds', 'refund_id'),
  find: { name: 'qrpay.find', text: 'select * from qrpay.payments where merchant_id = $1 and request_id = $2' },
  lock: {
    name: 'qrpay.lock',
    text: 'select * from qrpay.payments where merchant_id = $1 and request_id = $2 for update',
  },
  findByTrade: {
    name: 'qrpay.find-by-trade',
    text: 'select * from qrpay.payments where merchant_id = $1 and out_trade_no = $2 and wallet = $3',
  },
  findRefund: {
    name: 'qrpay.find-refund',
    text: 'select * from qrpay.refunds where merchant_id = $1 and refund_id = $2',
  },
  findRefundByNumber: {
    name: 'qrpay.find-refund-by-number',
    text: 'select * from qrpay.refunds where merchant_id = $1 and out_refund_no = $2 and wallet = $3',
  },
  refundsOf: {
    name: 'qrpay.refunds-of',
    text: 'select * from qrpay.refunds where merchant_id = $1 and request_id = $2 order by asked_at, refund_id',
  },
  release: {
    name: 'qrpay.release',
    text: `with payments as (
        update qrpay.payments set leased_until = null where merchant_id = $1 and request_id = $2 and leased_by = $3
      )
      update qrpay.refunds set leased_until = null where merchant_id = $1 and refund_id = $2 and leased_by = $3`,
  },
  releaseAll: {
    name: 'qrpay.release-all',
    text: `with payments as (
        update qrpay.payments set leased_until = null
        where merchant_id = $1 and leased_by = $2 and leased_until is not null and next_at is not null
      )
      update qrpay.refunds set leased_until = null
      where merchant_id = $1 and leased_by = $2 and leased_until is not null and next_at is not null`,
  },
  nextDue: {
    name: 'qrpay.next-due',
    text: `select least(
        (select min(greatest(next_at, leased_until)) from qrpay.payments where merchant_id = $1 and next_at is not null and next_at <= $2),
        (select min(greatest(next_at, leased_until)) from qrpay.refunds where merchant_id = $1 and next_at is not null and next_at <= $2)
      ) as at`,
  },
  versions: {
    name: 'qrpay.versions',
    text: 'select request_id as id, version from qrpay.payments where merchant_id = $1 and request_id = any($2)',
  },
} as const satisfies Record<string, Statement>;

/** JSON for Postgres: bigint travels as digits, which its bigint columns read exactly. */
const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));

type Insertion = Readonly<{ record: PaymentRecord; lease: Lease }>;
type Save = Readonly<{ record: PaymentRecord /** The work on it is over. */; releases: boolean }>;

const asks = async <Row extends object>(tx: Queryable, statement: Statement, values: readonly unknown[]) => {
  const [row] = await tx.query<Row>(statement, values);
  return row;
};

/** The rows of one merchant. Concurrent writes of a kind share one statement and one commit. */
export const createJournal = ({ store, merchantId }: Readonly<{ store: Store; merchantId: string }>) => {
  const insert = groupCommit<Insertion, boolean>({
    run: async (items) => {
      const rows = items.map(({ record, lease }) => ({
        ...paymentRow(merchantId, record),
        leased_by: lease.by,
        leased_until: lease.until,
      }));
      const inserted = await store.query<{ id: string }>(statements.insert, [jsonText(rows)]);
      const ids = new Set(column(inserted, ({ id }) => id));
      // Of two equal ones in a group one is new, and the other is not: the first.
      return items.map(({ record }) => ids.delete(record.requestId));
    },
  });
  const save = groupCommit<Save, boolean>({
    run: async (items) => {
      const rows = items.map(({ record }) => paymentRow(merchantId, record));
      const released = items.filter(({ releases }) => releases).map(({ record }) => record.requestId);
      const saved = await store.query<{ id: string }>(statements.save, [jsonText(rows), released]);
      const ids = new Set(column(saved, ({ id }) => id));
      return items.map(({ record }) => ids.delete(record.requestId));
    },
  });

  return {
    /** False when the payment is there already. */
    insert: (insertion: Insertion) => insert(insertion),
    /** False when somebody else wrote it since. */
    save: (change: Save) => save(change),
    transaction: store.transaction,
    lock: async (tx: Queryable, requestId: string): Promise<PaymentRecord | undefined> => {
      const row = await asks<PaymentRow>(tx, statements.lock, [merchantId, requestId]);
      return row && paymentFromRow(row);
    },
    saveIn: async (tx: Queryable, record: PaymentRecord): Promise<boolean> =>
      (await tx.query(statements.save, [jsonText([paymentRow(merchantId, record)]), []])).length === 1,
    insertRefund: async (tx: Queryable, record: RefundRecord, lease: Lease): Promise<boolean> => {
      const row = { ...refundRow(merchantId, record), leased_by: lease.by, leased_until: lease.until };
      return (await tx.query(statements.insertRefund, [jsonText([row])])).length === 1;
    },
    saveRefund: async (tx: Queryable, record: RefundRecord, releases: boolean): Promise<boolean> => {
      const released = releases ? [record.refundId] : [];
      return (
        (await tx.query(statements.saveRefund, [jsonText([refundRow(merchantId, record)]), released])).length === 1
      );
    },
    find: async (requestId: string): Promise<PaymentRecord | undefined> => {
      const row = await asks<PaymentRow>(store, statements.find, [merchantId, requestId]);
      return row && paymentFromRow(row);
    },
    findByTrade: async (wallet: Wallet, outTradeNo: string): Promise<PaymentRecord | undefined> => {
      const row = await asks<PaymentRow>(store, statements.findByTrade, [merchantId, outTradeNo, wallet]);
      return row && paymentFromRow(row);
    },
    findRefund: async (refundId: string): Promise<RefundRecord | undefined> => {
      const row = await asks<RefundRow>(store, statements.findRefund, [merchantId, refundId]);
      return row && refundFromRow(row);
    },
    findRefundByNumber: async (wallet: Wallet, outRefundNo: string): Promise<RefundRecord | undefined> => {
      const row = await asks<RefundRow>(store, statements.findRefundByNumber, [merchantId, outRefundNo, wallet]);
      return row && refundFromRow(row);
    },
    refundsOf: async (requestId: string): Promise<RefundRecord[]> =>
      (await store.query<RefundRow>(statements.refundsOf, [merchantId, requestId])).map(refundFromRow),
    list: (page: PaymentPage) => list(store, merchantId, page),
    /** Hands out what is due, each to one caller. With `only`, that one or nothing. */
    take: async (lease: Lease, now: EpochMs, limit: number, only?: string): Promise<PaymentRecord[]> => {
      const values = [merchantId, lease.by, lease.until, now, limit, only ?? null];
      return (await store.query<PaymentRow>(statements.take, values)).map(paymentFromRow);
    },
    takeRefunds: async (lease: Lease, now: EpochMs, limit: number): Promise<RefundRecord[]> => {
      const values = [merchantId, lease.by, lease.until, now, limit, null];
      return (await store.query<RefundRow>(statements.takeRefunds, values)).map(refundFromRow);
    },
    /** Ends the work on a payment or a refund that was not written. */
    release: async (id: string, by: string): Promise<void> =>
      void (await store.query(statements.release, [merchantId, id, by])),
    releaseAll: async (by: string): Promise<void> => void (await store.query(statements.releaseAll, [merchantId, by])),
    /** When something is due next, if that is before `horizon`. */
    nextDue: async (horizon: EpochMs): Promise<number | null> => {
      const row = await asks<{ at: bigint | null }>(store, statements.nextDue, [merchantId, horizon]);
      return row?.at === null || row?.at === undefined ? null : Number(row.at);
    },
    versions: async (requestIds: readonly string[]): Promise<{ id: string; version: number }[]> =>
      store.query(statements.versions, [merchantId, requestIds]),
    drain: async (): Promise<void> => {
      await Promise.all([insert.drain(), save.drain()]);
    },
  };
};

export type Journal = ReturnType<typeof createJournal>;

const list = async (store: Store, merchantId: string, page: PaymentPage): Promise<PaymentRecord[]> => {
  const [beforeAt, beforeId] = page.before?.split('.') ?? [];
  const rows = await store.query<PaymentRow>(
    `select * from qrpay.payments
     where merchant_id = $1
       and ($2::date is null or (asked_at >= $3 and asked_at < $3 + 86400000))
       and ($4::text is null or wallet = $4) and ($5::text is null or state = $5)
       and ($6::bigint is null or (asked_at, request_id) < ($6, $7::uuid))
     order by asked_at desc, request_id desc limit $8`,
    [
      merchantId,
      page.date ?? null,
      page.date === undefined ? null : Date.parse(`${page.date}T00:00:00+08:00`),
      page.wallet ?? null,
      page.state ?? null,
      beforeAt ?? null,
      beforeId ?? null,
      page.limit,
    ],
  );
  return rows.map(paymentFromRow);
};
