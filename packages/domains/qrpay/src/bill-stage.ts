import type { Queryable } from '@zhanggui/store';
import type { BillLine } from '@zhanggui/wallet-channel';
import { QrPayError } from './qrpay-error.ts';

/** Lines of one insert. At most four such groups are in memory at a time, whatever the bill's length. */
const groupLines = 8_192;

/** The session's own table, gone with its transaction: nothing is logged, and nothing is left behind by a crash. */
const createStage = `create temporary table qrpay_bill (
  line text, number text, out_trade_no text, amount_minor bigint, fee_minor bigint, at bigint, trade_no text
) on commit drop`;

/** Sets beside each other in the select list: half the cost of one function over all arrays. */
const insertGroup = `insert into qrpay_bill
  select $1, unnest($2::text[]), unnest($3::text[]), unnest($4::bigint[]), unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::text[])`;

/** What went back of a payment that was reversed has no number of its own. */
type Line = 'payment' | 'refund' | 'reversal';

/** Sums of a bill's lines in minor units: what was paid, what went back, fees. */
export type BillTotals = { lines: number; payments: bigint; refunds: bigint; fees: bigint };

/** Writes a bill, as it comes, into `qrpay_bill`. Resolves with its sums. */
export const stageBill = async (tx: Queryable, bill: AsyncIterable<BillLine>): Promise<BillTotals> => {
  await tx.query(createStage);
  const totals: BillTotals = { lines: 0, payments: 0n, refunds: 0n, fees: 0n };
  const groups = { payment: emptyGroup(), refund: emptyGroup(), reversal: emptyGroup() };
  let writing: Promise<unknown> = Promise.resolve();
  // While one group is written, the next is read.
  const write = async (line: Line): Promise<void> => {
    await writing;
    writing = tx.query(insertGroup, [line, ...literals(groups[line])]);
    writing.catch(() => undefined); // heard where it is awaited
    groups[line] = emptyGroup();
  };
  await readAll(bill, (one) => {
    const line = lineOf(one);
    add(groups[line], one);
    totals.lines += 1;
    totals[line === 'payment' ? 'payments' : 'refunds'] += one.amount.minor;
    totals.fees += one.fee.minor;
    return groups[line].numbers.length === groupLines ? write(line) : undefined;
  });
  for (const line of ['payment', 'refund', 'reversal'] as const) if (groups[line].numbers.length > 0) await write(line);
  await writing;
  return totals;
};

/** Calls `take` for each line. What keeps a bill from coming is the client's to say; here it is one refusal, with its cause. */
const readAll = async (
  bill: AsyncIterable<BillLine>,
  take: (line: BillLine) => Promise<void> | undefined,
): Promise<void> => {
  const lines = bill[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const line = await nextLine(lines);
      isOver = line === undefined;
      if (line === undefined) return;
      // Most lines only join their group: waiting for nothing a million times is dear.
      const writing = take(line);
      if (writing) await writing;
    }
  } finally {
    if (!isOver) await lines.return?.();
  }
};

const nextLine = async (lines: AsyncIterator<BillLine>): Promise<BillLine | undefined> => {
  try {
    const next = await lines.next();
    return next.done ? undefined : next.value;
  } catch (cause) {
    throw new QrPayError('bill-unavailable', 'bill', { cause });
  }
};

const emptyGroup = () => ({
  numbers: [] as string[],
  trades: [] as string[],
  amounts: [] as bigint[],
  fees: [] as bigint[],
  instants: [] as number[],
  walletTrades: [] as string[],
});
type Group = ReturnType<typeof emptyGroup>;

const lineOf = ({ kind, outRefundNo }: BillLine): Line => (kind === 'refund' && !outRefundNo ? 'reversal' : kind);

const add = (group: Group, { outTradeNo, outRefundNo, walletTradeNo, amount, fee, at }: BillLine): void => {
  const isOurs = amount.currency === 'CNY' && fee.currency === 'CNY' && amount.minor >= 0n;
  if (!isOurs) throw new QrPayError('bill-unusable', 'amount');
  group.numbers.push(quoted(outRefundNo || outTradeNo));
  // A payment's number is not sent twice.
  group.trades.push(outRefundNo ? quoted(outTradeNo) : 'NULL');
  group.amounts.push(amount.minor);
  group.fees.push(fee.minor);
  group.instants.push(at);
  group.walletTrades.push(quoted(walletTradeNo));
};

const plain = /^[\w@.*|-]+$/;
const quoted = (text: string): string =>
  plain.test(text) && text !== 'NULL' ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** Array literals made in one go; the driver's own way costs more than the rest of the staging. */
const literals = ({ numbers, trades, amounts, fees, instants, walletTrades }: Group): string[] =>
  [numbers, trades, amounts, fees, instants, walletTrades].map((values) => `{${values.join(',')}}`);
