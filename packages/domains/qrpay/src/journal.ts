import { column, groupCommit, type Queryable, type Statement, type Store } from '@zhanggui/store';
import type { EpochMs } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import { pageStart } from './page-start.ts';
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
import { statements } from './statements.ts';
import type { PaymentPage } from './views.ts';

/** What a piece of work holds: nobody else takes the row before `until`. */
export type Lease = Readonly<{ by: string; until: EpochMs }>;

/** JSON for Postgres: bigint travels as digits, which its bigint columns read exactly. */
const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));

type Insertion = Readonly<{ record: PaymentRecord; lease: Lease }>;
type Save = Readonly<{ record: PaymentRecord /** The work on it is over. */; releases: boolean }>;

const asks = async <Row extends object>(tx: Queryable, statement: Statement, values: readonly unknown[]) => {
  const [row] = await tx.query<Row>(statement, values);
  return row;
};

type Place = Readonly<{ store: Store; merchantId: string }>;

/** The rows of one merchant. Concurrent writes of a kind share one statement and one commit. */
export const createJournal = (place: Place) => {
  const { store, merchantId } = place;
  const insert = insertions(place);
  const save = saves(place);
  return {
    ...lookups(place),
    ...leases(place),
    ...refundRows(place),
    transaction: store.transaction,
    /** False when the payment is there already. */
    insert: (insertion: Insertion) => insert(insertion),
    /** False when somebody else wrote it since. */
    save: (change: Save) => save(change),
    lock: async (tx: Queryable, requestId: string): Promise<PaymentRecord | undefined> => {
      const row = await asks<PaymentRow>(tx, statements.lock, [merchantId, requestId]);
      return row && paymentFromRow(row);
    },
    saveIn: async (tx: Queryable, record: PaymentRecord): Promise<boolean> =>
      (await tx.query(statements.save, [jsonText([paymentRow(merchantId, record)]), []])).length === 1,
    drain: async (): Promise<void> => {
      await Promise.all([insert.drain(), save.drain()]);
    },
  };
};

export type Journal = ReturnType<typeof createJournal>;

/**
 * Of several writes to one payment in a group the first is tried; the others have not seen it. Rows are written, and so locked, in the
 * order of their ids: two replicas with the same ones never wait for each other.
 */
const firstOfEach = <Item extends { record: PaymentRecord }>(items: readonly Item[]): Map<string, Item> => {
  const first = new Map<string, Item>();
  for (const item of items) if (!first.has(item.record.requestId)) first.set(item.record.requestId, item);
  return new Map([...first].sort(([left], [right]) => (left < right ? -1 : 1)));
};

const insertions = ({ store, merchantId }: Place) =>
  groupCommit<Insertion, boolean>({
    run: async (items) => {
      const first = firstOfEach(items);
      const rows = [...first.values()].map(({ record, lease }) => ({
        ...paymentRow(merchantId, record),
        leased_by: lease.by,
        leased_until: lease.until,
      }));
      const inserted = await store.query<{ id: string }>(statements.insert, [jsonText(rows)]);
      const ids = new Set(column(inserted, ({ id }) => id));
      return items.map((item) => ids.has(item.record.requestId) && first.get(item.record.requestId) === item);
    },
  });

const saves = ({ store, merchantId }: Place) =>
  groupCommit<Save, boolean>({
    run: async (items) => {
      const first = firstOfEach(items);
      const rows = [...first.values()].map(({ record }) => paymentRow(merchantId, record));
      const released = [...first.values()].filter(({ releases }) => releases).map(({ record }) => record.requestId);
      const saved = await store.query<{ id: string }>(statements.save, [jsonText(rows), released]);
      const ids = new Set(column(saved, ({ id }) => id));
      return items.map((item) => ids.has(item.record.requestId) && first.get(item.record.requestId) === item);
    },
  });

const lookups = ({ store, merchantId }: Place) => ({
  find: async (requestId: string): Promise<PaymentRecord | undefined> => {
    const row = await asks<PaymentRow>(store, statements.find, [merchantId, requestId]);
    return row && paymentFromRow(row);
  },
  findByTrade: async (wallet: Wallet, outTradeNo: string): Promise<PaymentRecord | undefined> => {
    const row = await asks<PaymentRow>(store, statements.findByTrade, [merchantId, outTradeNo, wallet]);
    return row && paymentFromRow(row);
  },
  list: (page: PaymentPage) => list(store, merchantId, page),
});

const leases = ({ store, merchantId }: Place) => ({
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
});

const refundRows = ({ store, merchantId }: Place) => ({
  insertRefund: async (tx: Queryable, record: RefundRecord, lease: Lease): Promise<boolean> => {
    const row = { ...refundRow(merchantId, record), leased_by: lease.by, leased_until: lease.until };
    return (await tx.query(statements.insertRefund, [jsonText([row])])).length === 1;
  },
  saveRefund: async (tx: Queryable, record: RefundRecord, releases: boolean): Promise<boolean> => {
    const released = releases ? [record.refundId] : [];
    return (await tx.query(statements.saveRefund, [jsonText([refundRow(merchantId, record)]), released])).length === 1;
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
});

const list = async (store: Store, merchantId: string, page: PaymentPage): Promise<PaymentRecord[]> => {
  const [beforeAt, beforeId] = pageStart('payments', page.before);
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
