import type { Queryable } from '@zhanggui/store';
import type { BusinessDate } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';

/** The day, whose, and what the wallet should take: basis points, half up for each line. */
export type Day = Readonly<{
  merchantId: string;
  wallet: Wallet;
  date: BusinessDate;
  basisPoints: number;
  now: number;
}>;

/** What a run found, in one row. Amounts in minor units; `proof` is nothing when our sums and the differences make theirs. */
export type Findings = Readonly<{
  agreed: bigint;
  our_payments: bigint;
  our_refunds: bigint;
  our_fees: bigint;
  their_payments: bigint;
  their_refunds: bigint;
  their_fees: bigint;
  proof: boolean;
}>;

/** The session's own tables, gone with its transaction. */
const tables = `
  create temporary table qrpay_ours (
    line text, number text, out_trade_no text, request_id uuid, amount_minor bigint, fee_minor bigint, at bigint, state text
  ) on commit drop;
  create temporary table qrpay_unmatched (line text, number text, out_trade_no text) on commit drop;
  create temporary table qrpay_found (
    line text, number text, copy integer, kind text, out_trade_no text, request_id uuid, our_amount_minor bigint, our_fee_minor bigint,
    our_at bigint, our_state text, their_amount_minor bigint, their_fee_minor bigint, their_at bigint, their_trade_no text
  ) on commit drop`;

/** Half up; a refund's fee comes back. */
const feeOf = (amount: string): string => `(${amount} * $4::bigint + 5000) / 10000`;

/** Payments and refunds of the day. What was reversed is asked for only where the bill speaks of it: wallets differ in that. */
const oursOfTheDay = `insert into qrpay_ours
  select 'payment', out_trade_no, out_trade_no, request_id, amount_minor, ${feeOf('amount_minor')}, paid_at, state
  from qrpay.payments where merchant_id = $1 and wallet = $2 and day = $3 and state <> 'reversed'
  union all
  select 'refund', r.out_refund_no, p.out_trade_no, r.request_id, r.amount_minor, -(${feeOf('r.amount_minor')}), r.ended_at, r.state
  from qrpay.refunds r join qrpay.payments p using (merchant_id, request_id)
  where r.merchant_id = $1 and r.wallet = $2 and r.day = $3 and r.state = 'refunded'`;

/** Lines of the bill that nothing of the day answers to: few, unless something is very wrong. */
const unmatched = `insert into qrpay_unmatched
  select line, number, out_trade_no from qrpay_bill b
  where not exists (select from qrpay_ours o where o.line = b.line and o.number = b.number)`;

/** True unless it was there in the bill of its own day. */
const isFree = (table: string, line: string, number: string): string => `(
    ${table}.day is null
    or not exists (select from qrpay.reconciliations c where c.merchant_id = $1 and c.wallet = $2 and c.bill_date = ${table}.day)
    or exists (select from qrpay.differences d where d.merchant_id = $1 and d.wallet = $2 and d.bill_date = ${table}.day
      and d.line = '${line}' and d.number = ${number} and d.kind = 'missing-there' and not d.is_gone)
  )`;

/** What happened around midnight is in the bill of the day before or after: it goes over to that day. */
const movedPayments = `with moved as (
    update qrpay.payments p set day = $3
    from (select distinct number from qrpay_unmatched where line = 'payment') u
    where p.merchant_id = $1 and p.wallet = $2 and p.out_trade_no = u.number and p.paid_at is not null
      and p.state <> 'reversed' and p.day is distinct from $3 and ${isFree('p', 'payment', 'p.out_trade_no')}
    returning p.*
  )
  insert into qrpay_ours
  select 'payment', out_trade_no, out_trade_no, request_id, amount_minor, ${feeOf('amount_minor')}, paid_at, state from moved`;

const movedRefunds = `with moved as (
    update qrpay.refunds r set day = $3
    from (select distinct number from qrpay_unmatched where line = 'refund') u
    where r.merchant_id = $1 and r.wallet = $2 and r.out_refund_no = u.number and r.state <> 'refused'
      and (r.day is distinct from $3 or r.state <> 'refunded') and ${isFree('r', 'refund', 'r.out_refund_no')}
    returning r.*
  )
  insert into qrpay_ours
  select 'refund', m.out_refund_no, p.out_trade_no, m.request_id, m.amount_minor, -(${feeOf('m.amount_minor')}), m.asked_at, m.state
  from moved m join qrpay.payments p using (merchant_id, request_id)`;

/** Reversed, and in the bill: paid there and gone back, both. */
const reversed = `insert into qrpay_ours
  select line, p.out_trade_no, p.out_trade_no, p.request_id, p.amount_minor, sign * (${feeOf('p.amount_minor')}), p.ended_at, p.state
  from qrpay.payments p cross join (values ('payment', 1), ('reversal', -1)) as sides (line, sign)
  where p.merchant_id = $1 and p.wallet = $2 and p.state = 'reversed'
    and p.out_trade_no in (select out_trade_no from qrpay_unmatched where line in ('payment', 'reversal'))
    and (p.day is null or p.day = $3 or ${isFree('p', 'payment', 'p.out_trade_no')})`;

/** Line by line. A number that stands twice in the bill meets ours once. */
const compared = `insert into qrpay_found
  select * from (
    select coalesce(b.line, o.line) as line, coalesce(b.number, o.number) as number, coalesce(b.copy, 1)::integer as copy,
      case when o.number is null then 'missing-here' when b.number is null then 'missing-there'
        when o.amount_minor <> b.amount_minor then 'amount' when o.fee_minor <> b.fee_minor then 'fee' end as kind,
      coalesce(o.out_trade_no, b.out_trade_no) as out_trade_no, o.request_id,
      o.amount_minor as our_amount_minor, o.fee_minor as our_fee_minor, o.at as our_at, o.state as our_state,
      b.amount_minor as their_amount_minor, b.fee_minor as their_fee_minor, b.at as their_at, b.trade_no as their_trade_no
    from (select *, row_number() over (partition by line, number order by line_no) as copy from qrpay_bill) b
    full join qrpay_ours o on o.line = b.line and o.number = b.number and b.copy = 1
  ) sides where kind is not null`;

/** A missing line may be of a payment we know, in another state. */
const known = `update qrpay_found f set request_id = p.request_id, our_state = p.state
  from qrpay.payments p
  where f.kind = 'missing-here' and p.merchant_id = $1 and p.wallet = $2 and p.out_trade_no = f.out_trade_no`;

const sides = (prefix: string, from: string): string => `
  coalesce(sum(${prefix}amount_minor) filter (where line = 'payment'), 0)::bigint as payments,
  coalesce(sum(${prefix}amount_minor) filter (where line <> 'payment'), 0)::bigint as refunds,
  coalesce(sum(${prefix}fee_minor), 0)::bigint as fees, count(${prefix}amount_minor) as lines from ${from}`;

const summed = `select
    (b.lines - fb.lines)::bigint as agreed,
    o.payments as our_payments, o.refunds as our_refunds, o.fees as our_fees,
    b.payments as their_payments, b.refunds as their_refunds, b.fees as their_fees,
    o.payments - fo.payments + fb.payments = b.payments and o.refunds - fo.refunds + fb.refunds = b.refunds
      and o.fees - fo.fees + fb.fees = b.fees and o.lines - fo.lines + fb.lines = b.lines as proof
  from (select ${sides('', 'qrpay_ours')}) o, (select ${sides('', 'qrpay_bill')}) b,
    (select ${sides('our_', 'qrpay_found')}) fo, (select ${sides('their_', 'qrpay_found')}) fb`;

const columns = `line, number, copy, kind, out_trade_no, request_id, our_amount_minor, our_fee_minor, our_at, our_state,
  their_amount_minor, their_fee_minor, their_at, their_trade_no`;
const contents = ['kind', 'our_amount_minor', 'our_fee_minor', 'their_amount_minor', 'their_fee_minor'];

/** The day run again: what is as it was stays settled, what changed is open again with its note, what is gone and was never settled goes. */
const kept = `insert into qrpay.differences as d (merchant_id, wallet, bill_date, ${columns})
  select $1, $2, $3, ${columns} from qrpay_found
  on conflict (merchant_id, wallet, bill_date, line, number, copy) do update set
    kind = excluded.kind, out_trade_no = excluded.out_trade_no, request_id = excluded.request_id,
    our_amount_minor = excluded.our_amount_minor, our_fee_minor = excluded.our_fee_minor, our_at = excluded.our_at,
    our_state = excluded.our_state, their_amount_minor = excluded.their_amount_minor,
    their_fee_minor = excluded.their_fee_minor, their_at = excluded.their_at, their_trade_no = excluded.their_trade_no,
    is_gone = false,
    settled_at = case when (${contents.map((name) => `d.${name}`).join(', ')})
      is not distinct from (${contents.map((name) => `excluded.${name}`).join(', ')}) then d.settled_at end`;

const gone = `with stale as (
    select difference_id from qrpay.differences d
    where d.merchant_id = $1 and d.wallet = $2 and d.bill_date = $3
      and not exists (select from qrpay_found f where f.line = d.line and f.number = d.number and f.copy = d.copy)
  ), marked as (
    update qrpay.differences set is_gone = true
    where merchant_id = $1 and settled_at is not null and difference_id in (select difference_id from stale)
  )
  delete from qrpay.differences
  where merchant_id = $1 and settled_at is null and difference_id in (select difference_id from stale)`;

/** What was missing in another day's bill and is in this one is settled there. */
const foundElsewhere = `update qrpay.differences d
  set settled_by = 'qrpay', settled_at = $4, note = concat_ws('; ', d.note, '见 ' || $3::date || ' 账单 / in the bill of ' || $3::date)
  from qrpay_ours o
  join qrpay_unmatched u on u.line = o.line and u.number = o.number
  where d.merchant_id = $1 and d.wallet = $2 and d.bill_date <> $3 and d.kind = 'missing-there' and d.settled_at is null
    and d.line = o.line and d.number = o.number`;

/** Compares `qrpay_bill` with our books, keeps the differences, and gives the sums of both sides. */
export const compareBill = async (tx: Queryable, day: Day): Promise<Findings> => {
  const whose = [day.merchantId, day.wallet, day.date];
  const priced = [...whose, day.basisPoints];
  await tx.query(tables);
  await tx.query(oursOfTheDay, priced);
  await tx.query('analyze qrpay_ours');
  await tx.query(unmatched);
  await tx.query('analyze qrpay_unmatched');
  for (const step of [movedPayments, movedRefunds, reversed]) await tx.query(step, priced);
  await tx.query(compared);
  await tx.query(known, whose.slice(0, 2));
  await tx.query(kept, whose);
  await tx.query(gone, whose);
  await tx.query(foundElsewhere, [...whose, day.now]);
  const [findings] = await tx.query<Findings>(summed);
  if (!findings) throw new Error('sums are one row');
  return findings;
};
