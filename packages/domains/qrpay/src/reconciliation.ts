import assert from 'node:assert/strict';
import { cny } from '@zhanggui/money';
import type { PaymentState, RefundState } from '@zhanggui/qr-payment';
import type { Queryable, Store } from '@zhanggui/store';
import { type BusinessDate, type Clock, epochMs } from '@zhanggui/time';
import type { Wallet, WalletChannel } from '@zhanggui/wallet-channel';
import { type BillTotals, stageBill } from './bill-stage.ts';
import { compareBill, type Findings } from './comparison.ts';
import type { Figures } from './figures.ts';
import { pageStart } from './page-start.ts';
import { QrPayError } from './qrpay-error.ts';
import { dayOf } from './routing.ts';
import type { DifferenceKind, DifferencePage, DifferenceSide, DifferenceView, ReconciliationView } from './views.ts';

type Context = Readonly<{
  store: Store;
  merchantId: string;
  clock: Clock;
  figures: Figures;
  channelOf: (wallet: Wallet) => WalletChannel;
  basisPointsOf: (wallet: Wallet) => number;
}>;

/** Compares the wallets' daily bills with our payments and refunds. */
export const createReconciliation = (context: Context) => ({
  reconcile: (day: { wallet: Wallet; date: BusinessDate }) => reconcile(context, day),
  reconciliations: (page: { before?: string; limit: number }) => listRuns(context, page),
  differences: (page: DifferencePage) => listDifferences(context, page),
  settleDifference: (settlement: { id: string; by: string; note: string }) => settle(context, settlement),
});

const reconcile = async (
  context: Context,
  { wallet, date }: { wallet: Wallet; date: BusinessDate },
): Promise<ReconciliationView> => {
  const { store, merchantId, clock } = context;
  const channel = context.channelOf(wallet);
  const day = {
    merchantId,
    wallet,
    date: dayOf(date, 'date'),
    basisPoints: context.basisPointsOf(wallet),
    now: clock(),
  };
  const run = await inOneView(store, async (tx) => {
    const theirs = await stageBill(tx, channel.bill(date));
    const findings = await compareBill(tx, day, theirs);
    assert(findings.isProved, 'our sums and the differences make the bill’s sums');
    await keepRun(tx, day, theirs, findings);
    return readRuns(tx, merchantId, { wallet, date, limit: 1 });
  });
  const [view] = run;
  assert(view, 'what was kept is read back');
  for (const [kind, count] of Object.entries(view.differences))
    if (count > 0) context.figures.differences.add({ wallet, kind }, count);
  return view;
};

/** Somebody wrote what was read here, or each waits for the other: neither says anything against another try. */
const inTheWay: ReadonlySet<unknown> = new Set(['40001', '40P01']);
const runTries = 3;

/** Our books as of one moment, while payments go on; when one of them gets in the way, all over again. */
const inOneView = async <Result>(store: Store, run: (tx: Queryable) => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries += 1)
    try {
      return await store.transaction(async (tx) => {
        await tx.query('set transaction isolation level repeatable read');
        return run(tx);
      });
    } catch (error) {
      const isInTheWay = error instanceof Error && 'code' in error && inTheWay.has(error.code);
      if (!isInTheWay || tries === runTries) throw error;
    }
};

type RunDay = Readonly<{ merchantId: string; wallet: Wallet; date: BusinessDate; now: number }>;

const keepRun = async (tx: Queryable, day: RunDay, theirs: BillTotals, { agreed, ours }: Findings): Promise<void> => {
  await tx.query(
    `insert into qrpay.reconciliations as run values ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (merchant_id, wallet, bill_date) do update set (at, lines, agreed, our_payments_minor, our_refunds_minor,
         our_fees_minor, their_payments_minor, their_refunds_minor, their_fees_minor, runs)
       = (excluded.at, excluded.lines, excluded.agreed, excluded.our_payments_minor, excluded.our_refunds_minor,
         excluded.our_fees_minor, excluded.their_payments_minor, excluded.their_refunds_minor, excluded.their_fees_minor, run.runs + 1)`,
    [
      day.merchantId,
      day.wallet,
      day.date,
      day.now,
      theirs.lines,
      agreed,
      ours.payments,
      ours.refunds,
      ours.fees,
      theirs.payments,
      theirs.refunds,
      theirs.fees,
    ],
  );
};

type RunRow = Readonly<{
  wallet: Wallet;
  date: BusinessDate;
  at: bigint;
  runs: number;
  lines: number;
  agreed: number;
  our_payments_minor: bigint;
  our_refunds_minor: bigint;
  our_fees_minor: bigint;
  their_payments_minor: bigint;
  their_refunds_minor: bigint;
  their_fees_minor: bigint;
  missing_here: bigint;
  missing_there: bigint;
  amount: bigint;
  fee: bigint;
  open: bigint;
}>;

type RunFilter = Readonly<{
  wallet?: Wallet;
  date?: BusinessDate;
  beforeDate?: string | undefined;
  beforeWallet?: string | undefined;
  limit: number;
}>;

const readRuns = async (tx: Queryable, merchantId: string, filter: RunFilter): Promise<ReconciliationView[]> => {
  const rows = await tx.query<RunRow>(
    `select c.*, c.bill_date::text as date, d.* from (
       select * from qrpay.reconciliations
       where merchant_id = $1 and runs > 0 and ($2::text is null or wallet = $2) and ($3::date is null or bill_date = $3)
         and ($4::date is null or bill_date < $4 or (bill_date = $4 and wallet > $5))
       order by bill_date desc, wallet limit $6
     ) c cross join lateral (
       select count(*) filter (where kind = 'missing-here') as missing_here,
         count(*) filter (where kind = 'missing-there') as missing_there,
         count(*) filter (where kind = 'amount') as amount, count(*) filter (where kind = 'fee') as fee,
         count(*) filter (where settled_at is null) as open
       from qrpay.differences d
       where d.merchant_id = c.merchant_id and d.wallet = c.wallet and d.bill_date = c.bill_date and not d.is_gone
     ) d order by c.bill_date desc, c.wallet`,
    [
      merchantId,
      filter.wallet ?? null,
      filter.date ?? null,
      filter.beforeDate ?? null,
      filter.beforeWallet ?? null,
      filter.limit,
    ],
  );
  return rows.map(runView);
};

const runView = (row: RunRow): ReconciliationView => ({
  wallet: row.wallet,
  date: row.date,
  at: epochMs(Number(row.at)),
  runs: row.runs,
  lines: row.lines,
  agreed: row.agreed,
  ours: {
    payments: cny(row.our_payments_minor),
    refunds: cny(row.our_refunds_minor),
    fees: cny(row.our_fees_minor),
  },
  theirs: {
    payments: cny(row.their_payments_minor),
    refunds: cny(row.their_refunds_minor),
    fees: cny(row.their_fees_minor),
  },
  differences: {
    'missing-here': Number(row.missing_here),
    'missing-there': Number(row.missing_there),
    amount: Number(row.amount),
    fee: Number(row.fee),
  },
  open: Number(row.open),
});

const listRuns = async ({ store, merchantId }: Context, page: { before?: string; limit: number }) => {
  const [beforeDate, beforeWallet] = pageStart('reconciliations', page.before);
  const reconciliations = await readRuns(store, merchantId, { beforeDate, beforeWallet, limit: page.limit });
  const last = reconciliations.length === page.limit ? reconciliations.at(-1) : undefined;
  return { reconciliations, next: last ? `${last.date}.${last.wallet}` : null };
};

type DifferenceRow = Readonly<{
  difference_id: string;
  wallet: Wallet;
  date: BusinessDate;
  line: 'payment' | 'refund' | 'reversal';
  number: string;
  kind: DifferenceKind;
  out_trade_no: string;
  request_id: string | null;
  our_amount_minor: bigint | null;
  our_fee_minor: bigint | null;
  our_at: bigint | null;
  our_state: PaymentState | RefundState | null;
  their_amount_minor: bigint | null;
  their_fee_minor: bigint | null;
  their_at: bigint | null;
  their_trade_no: string | null;
  settled_by: string | null;
  note: string | null;
  settled_at: bigint | null;
  is_gone: boolean;
}>;

const side = (
  amount: bigint | null,
  fee: bigint | null,
  at: bigint | null,
  rest: Pick<DifferenceSide, 'state' | 'requestId' | 'walletTradeNo'>,
): DifferenceSide | undefined =>
  amount === null || fee === null || at === null
    ? undefined
    : { amount: cny(amount), fee: cny(fee), at: epochMs(Number(at)), ...rest };

const differenceView = (row: DifferenceRow): DifferenceView => {
  const requestId = row.request_id === null ? {} : { requestId: row.request_id };
  const here = side(row.our_amount_minor, row.our_fee_minor, row.our_at, {
    ...(row.our_state === null ? {} : { state: row.our_state }),
    ...requestId,
  });
  const tradeNo = row.their_trade_no ? { walletTradeNo: row.their_trade_no } : {};
  const there = side(row.their_amount_minor, row.their_fee_minor, row.their_at, tradeNo);
  return {
    id: row.difference_id,
    wallet: row.wallet,
    date: row.date,
    kind: row.kind,
    line: row.line === 'payment' ? 'payment' : 'refund',
    outTradeNo: row.out_trade_no,
    ...(row.line === 'refund' ? { outRefundNo: row.number } : {}),
    ...requestId,
    ...(here ? { here } : {}),
    ...(there ? { there } : {}),
    ...(row.settled_by === null ? {} : { note: row.note ?? '', by: row.settled_by }),
    ...(row.settled_at === null ? {} : { settledAt: epochMs(Number(row.settled_at)) }),
    isGone: row.is_gone,
  };
};

const differenceColumns = '*, bill_date::text as date';

const listDifferences = async ({ store, merchantId }: Context, page: DifferencePage) => {
  const [beforeDate, beforeId] = pageStart('differences', page.before);
  const rows = await store.query<DifferenceRow>(
    `select ${differenceColumns} from qrpay.differences
     where merchant_id = $1 and ($2::text is null or wallet = $2) and ($3::date is null or bill_date = $3)
       and ($4::boolean is null or (settled_at is null) = $4)
       and ($5::date is null or bill_date < $5 or (bill_date = $5 and difference_id > $6::uuid))
     order by bill_date desc, difference_id limit $7`,
    [
      merchantId,
      page.wallet ?? null,
      page.date ?? null,
      page.open ?? null,
      beforeDate ?? null,
      beforeId ?? null,
      page.limit,
    ],
  );
  const differences = rows.map(differenceView);
  const last = differences.length === page.limit ? differences.at(-1) : undefined;
  return { differences, next: last ? `${last.date}.${last.id}` : null };
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Worked off: who, and what was done. Again replaces the note. */
const settle = async (
  { store, merchantId, clock }: Context,
  { id, by, note }: { id: string; by: string; note: string },
): Promise<DifferenceView> => {
  if (!uuid.test(id)) throw new QrPayError('difference-not-found', 'id');
  if (note.trim() === '' || note.length > 500) throw new QrPayError('request-malformed', 'note');
  const [row] = await store.query<DifferenceRow>(
    `update qrpay.differences set settled_by = $3, note = $4, settled_at = $5
     where merchant_id = $1 and difference_id = $2 returning ${differenceColumns}`,
    [merchantId, id, by, note.trim(), clock()],
  );
  if (!row) throw new QrPayError('difference-not-found', 'id');
  return differenceView(row);
};
