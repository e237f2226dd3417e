import type { Statement } from '@zhanggui/store';

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

/** Planned once for each connection. */
export const statements = {
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
