import type { Queryable } from '@zhanggui/store';
import type { BusinessDate } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import type { BillTotals } from './bill-stage.ts';

/** The day, whose, and what the wallet should take: basis points, half up for each line. */
export type Day = Readonly<{
  merchantId: string;
  wallet: Wallet;
  date: BusinessDate;
  basisPoints: number;
  now: number;
}>;

/** What a run found. `isProved`: our sums and the differences make the bill's. */
export type Findings = Readonly<{ agreed: number; ours: BillTotals; isProved: boolean }>;

/** The session's own tables, gone with its transaction. Only what differs is written: `qrpay_found`, and ours from other days. */
const tables = `
  create temporary table qrpay_found (
    line text, number text, copy integer, kind text, out_trade_no text, request_id uuid, our_amount_minor bigint, our_fee_minor bigint,
    our_at bigint, our_state text, their_amount_minor bigint, their_fee_minor bigint, their_at bigint, their_trade_no text
  ) on commit drop;
  create temporary table qrpay_elsewhere (
    line text, number text, out_trade_no text, request_id uuid, amount_minor bigint, fee_minor bigint, at bigint, state text
  ) on commit drop;
  set local work_mem = '96MB'`;

/** Half up; a refund's fee comes back. */
const feeOf = (amount: string): string => `((${amount} * $4::bigint + 5000) / 10000)`;

/** What the bill of the day should have. What was reversed is asked for only where a bill speaks of it: wallets differ in that. */
const paymentsOfTheDay = `
  select out_trade_no as number, out_trade_no, request_id, amount_minor, ${feeOf('amount_minor')} as fee_minor, paid_at as at, state
  from qrpay.payments where merchant_id = $1 and wallet = $2 and day = $3 and state <> 'reversed'`;
const refundsOfTheDay = `
  select r.out_refund_no as number, p.out_trade_no, r.request_id, r.amount_minor, -${feeOf('r.amount_minor')} as fee_minor,
    r.ended_at as at, r.state
  from qrpay.refunds r join qrpay.payments p using (merchant_id, request_id)
  where r.merchant_id = $1 and r.wallet = $2 and r.day = $3 and r.state = 'refunded'`;

const kindOf = (ours: string, theirs: string): string =>
  `case when ${ours}amount_minor <> ${theirs}amount_minor then 'amount' when ${ours}fee_minor <> ${theirs}fee_minor then 'fee' end`;

/** One pass over both sides; what agrees leaves no trace but the sums. A line that stands twice meets ours twice: see `copies`. */
const compared = (lines: string, line: string, ours: string): string => `insert into qrpay_found
  select * from (
    select coalesce(b.line, '${line}'), coalesce(b.number, o.number), 1,
      case when o.number is null then 'missing-here' when b.number is null then 'missing-there' else ${kindOf('o.', 'b.')} end as kind,
      coalesce(o.out_trade_no, b.out_trade_no, b.number), o.request_id, o.amount_minor, o.fee_minor, o.at, o.state,
      b.amount_minor, b.fee_minor, b.at, b.trade_no
    from (select * from qrpay_bill where line in (${lines})) b
    full join (${ours}) o on o.number = b.number and b.line = '${line}'
  ) both_sides where kind is not null`;

/** Takes the second and further lines of a number out of the bill: each is missing here. */
const copies = `with numbered as (
    select ctid, row_number() over (partition by line, number order by ctid)::integer as copy from qrpay_bill
  ), taken as (
    delete from qrpay_bill b using numbered n where n.ctid = b.ctid and n.copy > 1 returning b.*, n.copy
  )
  insert into qrpay_found (line, number, copy, kind, out_trade_no, their_amount_minor, their_fee_minor, their_at, their_trade_no)
  select line, number, copy, 'missing-here', coalesce(out_trade_no, number), amount_minor, fee_minor, at, trade_no from taken`;

/** True unless it was there in the bill of its own day. */
const isFree = (table: string, line: string, number: string): string => `(
    ${table}.day is null
    or not exists (select from qrpay.reconciliations c where c.merchant_id = $1 and c.wallet = $2 and c.bill_date = ${table}.day)
    or exists (select from qrpay.differences d where d.merchant_id = $1 and d.wallet = $2 and d.bill_date = ${table}.day
      and d.line = '${line}' and d.number = ${number} and d.kind = 'missing-there' and not d.is_gone)
  )`;
const missingHere = (line: string): string =>
  `select number from qrpay_found where line = '${line}' and kind = 'missing-here' and copy = 1`;

/** What happened around midnight is in the bill of the day before or after: it goes over to that day. */
const movedPayments = `with moved as (
    update qrpay.payments p set day = $3
    from (${missingHere('payment')}) f
    where p.merchant_id = $1 and p.wallet = $2 and p.out_trade_no = f.number and p.paid_at is not null
      and p.state <> 'reversed' and p.day is distinct from $3 and ${isFree('p', 'payment', 'p.out_trade_no')}
    returning p.*
  )
  insert into qrpay_elsewhere
  select 'payment', out_trade_no, out_trade_no, request_id, amount_minor, ${feeOf('amount_minor')}, paid_at, state from moved`;

const movedRefunds = `with moved as (
    update qrpay.refunds r set day = $3
    from (${missingHere('refund')}) f
    where r.merchant_id = $1 and r.wallet = $2 and r.out_refund_no = f.number and r.state <> 'refused'
      and (r.day is distinct from $3 or r.state <> 'refunded') and ${isFree('r', 'refund', 'r.out_refund_no')}
    returning r.*
  )
  insert into qrpay_elsewhere
  select 'refund', m.out_refund_no, p.out_trade_no, m.request_id, m.amount_minor, -${feeOf('m.amount_minor')}, m.asked_at, m.state
  from moved m join qrpay.payments p using (merchant_id, request_id)`;

/** Reversed, and in the bill: paid there and gone back, both. */
const reversed = `insert into qrpay_elsewhere
  select line, p.out_trade_no, p.out_trade_no, p.request_id, p.amount_minor, sign * ${feeOf('p.amount_minor')}, p.ended_at, p.state
  from (${missingHere('payment')} union ${missingHere('reversal')}) f
  join qrpay.payments p on p.merchant_id = $1 and p.out_trade_no = f.number
  cross join (values ('payment', 1), ('reversal', -1)) as sides (line, sign)
  where p.wallet = $2 and p.state = 'reversed' and (p.day is null or p.day = $3 or ${isFree('p', 'payment', 'p.out_trade_no')})`;

/** The other half of a reversal that the bill has only one of. */
const halfReversed = `insert into qrpay_found
    (line, number, copy, kind, out_trade_no, request_id, our_amount_minor, our_fee_minor, our_at, our_state)
  select line, number, 1, 'missing-there', out_trade_no, request_id, amount_minor, fee_minor, at, state from qrpay_elsewhere e
  where not exists (select from qrpay_found f where f.line = e.line and f.number = e.number)`;

const matched = `update qrpay_found f set request_id = e.request_id, our_amount_minor = e.amount_minor, our_fee_minor = e.fee_minor,
    our_at = e.at, our_state = e.state, kind = ${kindOf('e.', 'f.their_')}
  from qrpay_elsewhere e
  where f.kind = 'missing-here' and f.copy = 1 and f.line = e.line and f.number = e.number`;

/** A missing line may be of a payment we know, in another state. */
const known = `update qrpay_found f set request_id = p.request_id, our_state = p.state
  from qrpay.payments p
  where f.kind = 'missing-here' and p.merchant_id = $1 and p.wallet = $2 and p.out_trade_no = f.out_trade_no`;

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
  from qrpay_elsewhere e
  where d.merchant_id = $1 and d.wallet = $2 and d.bill_date <> $3 and d.kind = 'missing-there' and d.settled_at is null
    and d.line = e.line and d.number = e.number`;

type Sums = Readonly<{ lines: bigint; payments: bigint; refunds: bigint; fees: bigint }>;

const sumsOf = (from: string, prefix = ''): string => `select count(${prefix}amount_minor) as lines,
    coalesce(sum(${prefix}amount_minor) filter (where line = 'payment'), 0)::bigint as payments,
    coalesce(sum(${prefix}amount_minor) filter (where line <> 'payment'), 0)::bigint as refunds,
    coalesce(sum(${prefix}fee_minor), 0)::bigint as fees
  from ${from}`;
const ourSums = sumsOf(
  `(select 'payment' as line, amount_minor, fee_minor from (${paymentsOfTheDay}) p
    union all select 'refund', amount_minor, fee_minor from (${refundsOfTheDay}) r) ours`,
);

const sums = async (tx: Queryable, text: string, values: readonly unknown[] = []): Promise<BillTotals> => {
  const [row] = await tx.query<Sums>(text, values);
  if (!row) throw new Error('sums are one row');
  return { ...row, lines: Number(row.lines) };
};

/** A number stands twice in the bill if more of its lines met ours than there are ours. */
const hasCopies = async (tx: Queryable, bill: BillTotals, ours: BillTotals): Promise<boolean> => {
  const theirsOnly = await sums(tx, sumsOf(`qrpay_found where kind = 'missing-here'`, 'their_'));
  const oursOnly = await sums(tx, sumsOf(`qrpay_found where kind = 'missing-there'`, 'our_'));
  return bill.lines - theirsOnly.lines !== ours.lines - oursOnly.lines || (await hasStrangeCopies(tx));
};

/** Two lines of one number that are both missing here. */
const hasStrangeCopies = async (tx: Queryable): Promise<boolean> =>
  (
    await tx.query(
      `select from qrpay_found where kind = 'missing-here' group by line, number having count(*) > 1 limit 1`,
    )
  ).length > 0;

const compareLines = async (tx: Queryable, priced: readonly unknown[]): Promise<void> => {
  await tx.query(compared(`'payment'`, 'payment', paymentsOfTheDay), priced);
  await tx.query(compared(`'refund', 'reversal'`, 'refund', refundsOfTheDay), priced);
};

const plus = (left: BillTotals, right: BillTotals, sign: 1n | -1n = 1n): BillTotals => ({
  lines: left.lines + Number(sign) * right.lines,
  payments: left.payments + sign * right.payments,
  refunds: left.refunds + sign * right.refunds,
  fees: left.fees + sign * right.fees,
});
const isSame = (left: BillTotals, right: BillTotals): boolean =>
  left.lines === right.lines &&
  left.payments === right.payments &&
  left.refunds === right.refunds &&
  left.fees === right.fees;

/**
 * Compares `qrpay_bill` with our books and keeps the differences. The transaction must see one state of our books throughout
 * (repeatable read), since they are read more than once.
 */
export const compareBill = async (tx: Queryable, day: Day, bill: BillTotals): Promise<Findings> => {
  const whose = [day.merchantId, day.wallet, day.date];
  const priced = [...whose, day.basisPoints];
  await tx.query(tables);
  const ofTheDay = await sums(tx, ourSums, priced);
  await compareLines(tx, priced);
  if (await hasCopies(tx, bill, ofTheDay)) {
    await tx.query('truncate qrpay_found');
    await tx.query(copies);
    await compareLines(tx, priced);
  }
  for (const step of [movedPayments, movedRefunds, reversed]) await tx.query(step, priced);
  for (const step of [halfReversed, matched, 'delete from qrpay_found where kind is null']) await tx.query(step);
  await tx.query(known, whose.slice(0, 2));
  await tx.query(kept, whose);
  await tx.query(gone, whose);
  await tx.query(foundElsewhere, [...whose, day.now]);
  const ours = plus(ofTheDay, await sums(tx, sumsOf('qrpay_elsewhere')));
  const [here, there] = [
    await sums(tx, sumsOf('qrpay_found', 'our_')),
    await sums(tx, sumsOf('qrpay_found', 'their_')),
  ];
  const isProved = isSame(plus(plus(ours, here, -1n), there), bill);
  return { agreed: bill.lines - there.lines, ours, isProved };
};
