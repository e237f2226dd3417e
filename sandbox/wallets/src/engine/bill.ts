import assert from 'node:assert/strict';
import { type Core, orderOf, refundOf } from './core.ts';
import { minorOf, numberOf, type Row, textOf } from './store.ts';
import type { BillEntry, MerchantName, Span } from './words.ts';

const linesSql = `
  select 'payment' as kind, paid_at as line_at, id as line_id, id as order_id from orders
    where wallet = :wallet and merchant_no = :merchantNo and paid_at >= :from and paid_at < :until
  union all select 'reversal', ended_at, id, id from orders
    where wallet = :wallet and merchant_no = :merchantNo and state = 'reversed' and paid_at is not null
      and ended_at >= :from and ended_at < :until
  union all select 'refund', created_at, id, order_id from refunds
    where wallet = :wallet and merchant_no = :merchantNo and state <> 'closed' and created_at >= :from and created_at < :until`;

const entryOf = (core: Core, row: Row): BillEntry => {
  const kind = textOf(row, 'kind');
  const at = numberOf(row, 'line_at');
  const order = orderOf(row);
  const { amountMinor, feeMinor } = order;
  if (kind !== 'refund')
    return { kind: kind === 'reversal' ? 'reversal' : 'payment', at, amountMinor, feeMinor, order };
  const refundRow = core.store.row('select * from refunds where id = :id', { id: textOf(row, 'line_id') });
  assert.ok(refundRow, 'a refund that was listed is there');
  const refund = refundOf(refundRow);
  return { kind: 'refund', at, amountMinor: refund.amountMinor, feeMinor: refund.feeMinor, order, refund };
};

/** A payment nobody made, in the likeness of one that was. */
const strangerOf = (entry: BillEntry): BillEntry => {
  const { order, at } = entry;
  const outTradeNo = `NOBODY${order.tradeNo.slice(-10)}`;
  const stranger = { ...order, id: `${order.id}x`, outTradeNo, tradeNo: `9${order.tradeNo.slice(1)}` };
  return { kind: 'payment', at, amountMinor: order.amountMinor, feeMinor: order.feeMinor, order: stranger };
};

type Faulted = Readonly<{ missing: number; extra: number; amount: number; fee: number }>;

/** Each fault has a line of its own as long as there are lines enough. */
const faultedLines = (core: Core, count: number): Faulted => {
  const line = (id: 'bill-missing' | 'bill-extra' | 'bill-amount' | 'bill-fee', index: number): number =>
    core.faults.take(id) ? index % Math.max(count, 1) : -1;
  return {
    missing: line('bill-missing', 0),
    amount: line('bill-amount', 1),
    fee: line('bill-fee', 2),
    extra: line('bill-extra', 3),
  };
};

export function* billEntries(
  core: Core,
  { wallet, merchantNo }: MerchantName,
  { from, until }: Span,
): Generator<BillEntry> {
  const values = { wallet, merchantNo, from, until };
  const counted = core.store.row(`select count(*) as count from (${linesSql})`, values);
  const faulted = faultedLines(core, counted ? Number(minorOf(counted, 'count')) : 0);
  let index = 0;
  const sql = `select l.*, o.* from (${linesSql}) l join orders o on o.id = l.order_id order by line_at, line_id`;
  for (const row of core.store.each(sql, values)) {
    const entry = entryOf(core, row);
    const line = index;
    index += 1;
    const amountMinor = entry.amountMinor + (line === faulted.amount ? 1n : 0n);
    const feeMinor = entry.feeMinor + (line === faulted.fee ? 1n : 0n);
    if (line !== faulted.missing) yield { ...entry, amountMinor, feeMinor };
    if (line === faulted.extra) yield strangerOf(entry);
  }
}
