import type { Queryable } from '@zhanggui/store';
import type { BillLine } from '@zhanggui/wallet-channel';
import { QrPayError } from './qrpay-error.ts';

/** Lines of one insert. Two such groups are in memory at a time, whatever the bill's length. */
const groupLines = 8_192;

/** The session's own table, gone with its transaction: nothing is logged, and nothing is left behind by a crash. */
const createStage = `create temporary table qrpay_bill (
  line_no integer, line text, number text, out_trade_no text, amount_minor bigint, fee_minor bigint, at bigint, trade_no text
) on commit drop`;

/** Sums of a bill's lines in minor units: what was paid, what went back, fees. */
export type BillTotals = { lines: number; payments: bigint; refunds: bigint; fees: bigint };

const insertGroup = `insert into qrpay_bill
  select $1::integer + row_number() over (), r.* from unnest(
    $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[]
  ) as r`;

/** Writes a bill, as it comes, into `qrpay_bill`. Resolves with its sums. */
export const stageBill = async (tx: Queryable, bill: AsyncIterable<BillLine>): Promise<BillTotals> => {
  await tx.query(createStage);
  const totals: BillTotals = { lines: 0, payments: 0n, refunds: 0n, fees: 0n };
  let group = emptyGroup();
  let writing: Promise<unknown> = Promise.resolve();
  // While one group is written, the next is read.
  const write = async (): Promise<void> => {
    await writing;
    writing = tx.query(insertGroup, [totals.lines - group.lines.length, ...literals(group)]);
    writing.catch(() => undefined); // heard where it is awaited
    group = emptyGroup();
  };
  for await (const line of read(bill)) {
    add(group, line);
    totals.lines += 1;
    totals[line.kind === 'payment' ? 'payments' : 'refunds'] += line.amount.minor;
    totals.fees += line.fee.minor;
    if (group.lines.length === groupLines) await write();
  }
  if (group.lines.length > 0) await write();
  await writing;
  return totals;
};

/** What keeps a bill from coming is the client's to say; here it is one refusal, with its cause. */
const read = async function* (bill: AsyncIterable<BillLine>): AsyncGenerator<BillLine> {
  const lines = bill[Symbol.asyncIterator]();
  for (;;) {
    const next = await lines.next().catch((cause: unknown) => {
      throw new QrPayError('bill-unavailable', 'bill', { cause });
    });
    if (next.done) return;
    yield next.value;
  }
};

const emptyGroup = () => ({
  lines: [] as string[],
  numbers: [] as string[],
  trades: [] as string[],
  amounts: [] as bigint[],
  fees: [] as bigint[],
  instants: [] as number[],
  walletTrades: [] as string[],
});
type Group = ReturnType<typeof emptyGroup>;

const add = (group: Group, { kind, outTradeNo, outRefundNo, walletTradeNo, amount, fee, at }: BillLine): void => {
  const isOurs = amount.currency === 'CNY' && fee.currency === 'CNY' && amount.minor >= 0n;
  if (!isOurs) throw new QrPayError('bill-unusable', 'amount');
  const isReversal = kind === 'refund' && !outRefundNo;
  group.lines.push(isReversal ? 'reversal' : kind);
  group.numbers.push(kind === 'refund' && outRefundNo ? outRefundNo : outTradeNo);
  group.trades.push(outTradeNo);
  group.amounts.push(amount.minor);
  group.fees.push(fee.minor);
  group.instants.push(at);
  group.walletTrades.push(walletTradeNo);
};

const plain = /^[\w@.*|-]+$/;
const quoted = (text: string): string => (plain.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`);

/** Array literals made in one go; the driver's own way costs more than the rest of the staging. */
const literals = (group: Group): string[] => [
  `{${group.lines.join(',')}}`,
  `{${group.numbers.map(quoted).join(',')}}`,
  `{${group.trades.map(quoted).join(',')}}`,
  `{${group.amounts.join(',')}}`,
  `{${group.fees.join(',')}}`,
  `{${group.instants.join(',')}}`,
  `{${group.walletTrades.map(quoted).join(',')}}`,
];
