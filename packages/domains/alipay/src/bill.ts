import { type Money, negateMoney } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';
import { readZip } from '@zhanggui/zip';
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

export const billBytesMax = 268_435_456;

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

function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf('\n', from);
    const until = end < 0 ? text.length : end;
    const line = text.slice(from, until).trim();
    if (line !== '') yield line;
    from = until + 1;
  }
}

const placesIn = (header: string): Places => {
  const names = header.split(',').map((name) => name.trim());
  const found = Object.entries(columns).map(([key, name]) => [key, names.indexOf(name)] as const);
  for (const [key, at] of found) if (at < 0) throw malformed(key);
  return { ...(Object.fromEntries(found) as Record<keyof typeof columns, number>), count: names.length };
};

/** Commas in the name of the goods are not quoted; what is too much belongs to it. */
const cellsOf = (line: string, places: Places): string[] => {
  const cells = line.split(',').map((cell) => cell.trim());
  const surplus = cells.length - places.count;
  if (surplus < 0) throw malformed('columns');
  return cells.toSpliced(places.subject + 1, surplus);
};

const kinds: Readonly<Record<string, 'payment' | 'refund'>> = { 交易: 'payment', 退款: 'refund' };

const positive = (amount: Money): Money => (amount.minor < 0n ? negateMoney(amount) : amount);

const rowOf = (line: string, places: Places): AlipayBillRow => {
  const cells = cellsOf(line, places);
  const cell = (key: keyof typeof columns): string => cells[places[key]] ?? '';
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

const isRow = (line: string): boolean => !line.startsWith('#') && !line.startsWith(columns.tradeNo);

/** The last lines say how many payments and refunds there are. */
const checkCount = (text: string): void => {
  let rows = 0;
  let announced: number | undefined;
  for (const line of linesOf(text)) {
    if (isRow(line)) rows += 1;
    const total = /^#[^：]*合计：(\d+)笔/.exec(line)?.[1];
    if (total !== undefined) announced = (announced ?? 0) + Number(total);
  }
  if (announced !== rows) throw malformed('count');
};

function* rowsOf(text: string): Generator<AlipayBillRow> {
  let places: Places | undefined;
  for (const line of linesOf(text)) {
    if (line.startsWith(columns.tradeNo)) places = placesIn(line);
    else if (isRow(line)) {
      if (!places) throw malformed('header');
      yield rowOf(line, places);
    }
  }
}

const unzipped = (archive: Uint8Array): Uint8Array => {
  try {
    const entry = readZip(archive, billBytesMax).find(({ name }) => /业务明细(?!.*汇总)/.test(name));
    if (entry) return entry.bytes;
  } catch {}
  throw malformed('archive');
};

/**
 * Reads the archive of a day's 业务明细 (GBK). Its checksum and the number of its rows are proved before the first row is
 * given; Alipay signs the address of a bill, not the bill.
 */
export const openBill = (archive: Uint8Array): Iterable<AlipayBillRow> => {
  const text = new TextDecoder('gb18030').decode(unzipped(archive));
  checkCount(text);
  return rowsOf(text);
};
