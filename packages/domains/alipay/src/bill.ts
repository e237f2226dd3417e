import { type Money, negateMoney } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';
import { openZip, ZipError, type ZipFile } from '@zhanggui/zip';
import { AlipayError } from './alipay-error.ts';
import { instantIn, moneyOf } from './trade.ts';

/** A payment or a refund of 业务明细. Amounts are positive; `fee` is what the merchant pays, negative when it comes back. */
export type AlipayBillRow = Readonly<{
  kind: 'payment' | 'refund';
  tradeNo: string;
  outTradeNo: string;
  outRequestNo: string | null;
  amount: Money;
  fee: Money;
  at: EpochMs;
}>;

/** Of the archive, packed. */
export const billBytesMax = 268_435_456;
/** A packed archive can hold a line a thousand times its own length. */
const lineCharactersMax = 65_536;

const columns = {
  tradeNo: '支付宝交易号',
  outTradeNo: '商户订单号',
  kind: '业务类型',
  subject: '商品名称',
  doneAt: '完成时间',
  amount: '订单金额（元）',
  outRequestNo: '退款批次号/请求号',
  fee: '服务费（元）',
} as const;
type Places = Readonly<Record<keyof typeof columns, number> & { count: number }>;

const malformed = (place: string): AlipayError => new AlipayError('bill-malformed', place);

/** The lines of a piece together: a step for every line would cost more than reading it. */
async function* linesOf(file: ZipFile): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('gb18030');
  let rest = '';
  for await (const piece of file.bytes()) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineCharactersMax) throw malformed('line');
    yield lines;
  }
  yield [rest + decoder.decode()];
}

const placesIn = (header: string): Places => {
  const names = header.split(',').map((name) => name.trim());
  const found = Object.entries(columns).map(([key, name]) => [key, names.indexOf(name)] as const);
  for (const [key, at] of found) if (at < 0) throw malformed(key);
  return { ...(Object.fromEntries(found) as Record<keyof typeof columns, number>), count: names.length };
};

/** Commas in the name of the goods are not quoted; what is too much belongs to it. */
const cellsOf = (line: string, places: Places): string[] => {
  const cells = line.split(',');
  const surplus = cells.length - places.count;
  if (surplus < 0) throw malformed('columns');
  return surplus === 0 ? cells : cells.toSpliced(places.subject + 1, surplus);
};

const kinds: Readonly<Record<string, 'payment' | 'refund'>> = { 交易: 'payment', 退款: 'refund' };

const positive = (amount: Money): Money => (amount.minor < 0n ? negateMoney(amount) : amount);

const rowOf = (line: string, places: Places | undefined): AlipayBillRow => {
  if (!places) throw malformed('header');
  const cells = cellsOf(line, places);
  const cell = (key: keyof typeof columns): string => (cells[places[key]] ?? '').trim();
  const kind = kinds[cell('kind')];
  const at = instantIn(cell('doneAt'), 'bill.doneAt');
  if (!kind || at === undefined) throw malformed('row');
  return {
    kind,
    tradeNo: cell('tradeNo'),
    outTradeNo: cell('outTradeNo'),
    outRequestNo: cell('outRequestNo') || null,
    amount: positive(moneyOf(cell('amount'), 'bill.amount')),
    // Alipay writes what the merchant pays with a minus.
    fee: negateMoney(moneyOf(cell('fee') || '0', 'bill.fee')),
    at,
  };
};

type Part = Readonly<{ rows: readonly AlipayBillRow[]; announced: readonly number[] }>;

/** Rows, and what the last lines say of their number, a piece of the file at a time. */
async function* partsOf(file: ZipFile): AsyncGenerator<Part> {
  let places: Places | undefined;
  for await (const lines of linesOf(file)) {
    const rows: AlipayBillRow[] = [];
    const announced: number[] = [];
    for (const line of lines) {
      if (line.startsWith('#')) announced.push(...countsIn(line));
      else if (line.startsWith(columns.tradeNo)) places = placesIn(line);
      else if (line.trim() !== '') rows.push(rowOf(line, places));
    }
    yield { rows, announced };
  }
}

const countsIn = (line: string): number[] => {
  const count = /^#[^：]*合计：(\d+)笔/.exec(line)?.[1];
  return count === undefined ? [] : [Number(count)];
};

const prove = async (file: ZipFile): Promise<void> => {
  let rows = 0;
  const announced: number[] = [];
  for await (const part of partsOf(file)) {
    rows += part.rows.length;
    announced.push(...part.announced);
  }
  const total = announced.reduce((sum, count) => sum + count, 0);
  if (announced.length === 0 || total !== rows) throw malformed('count');
};

async function* rowsOf(file: ZipFile): AsyncGenerator<AlipayBillRow> {
  for await (const { rows } of partsOf(file)) yield* rows;
}

/**
 * Reads the archive of a day's 业务明细 (GBK), a piece at a time and twice: its checksum, its rows and their number are proved
 * before the first row is given. Alipay signs the address of a bill, not the bill.
 */
export const openBill = async (archive: Uint8Array): Promise<AsyncIterable<AlipayBillRow>> => {
  try {
    const file = openZip(archive).find(({ name }) => /业务明细(?!.*汇总)/.test(name));
    if (!file) throw malformed('archive');
    await prove(file);
    return rowsOf(file);
  } catch (fault) {
    throw fault instanceof ZipError ? malformed('archive') : fault;
  }
};
