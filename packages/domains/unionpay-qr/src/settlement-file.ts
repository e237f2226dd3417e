import { inflateSync } from 'node:zlib';
import { cny, type Money, negateMoney } from '@zhanggui/money';
import { type EpochMs, instantOf, type LocalDateTime } from '@zhanggui/time';
import { openZip, ZipError, type ZipFile } from '@zhanggui/zip';
import { UnionPayError } from './unionpay-error.ts';

/** Lengths in bytes of the fields of a line of the merchant's file ZM (文件接口 §6.1); one blank between two. */
export const zmLengths = [
  3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13,
  8, 32, 13, 13, 12, 2, 1, 32, 98,
] as const;

/** Where the fields that a merchant reconciles by are, counted from 0. */
export const zmPlaces = {
  txnCode: 0,
  trace: 3,
  sentAt: 4,
  amount: 6,
  queryId: 9,
  orderId: 11,
  fee: 15,
  net: 16,
  txnType: 19,
  txnSubType: 20,
  originalQueryId: 26,
  merId: 27,
  originalOrderId: 40,
} as const;

/** A line of the day's file. `fee` is what the merchant pays, negative when it comes back. */
export type SettlementRow = Readonly<{
  kind: 'payment' | 'refund' | 'void';
  orderId: string;
  originalOrderId: string | null;
  queryId: string;
  originalQueryId: string | null;
  amount: Money;
  fee: Money;
  at: EpochMs;
}>;

export const fileBytesMax = 268_435_456;
/** A packed archive can hold a line a thousand times its own length. */
const lineCharactersMax = 65_536;
const malformed = (place: string): UnionPayError => new UnionPayError('bill-malformed', place);

const starts = zmLengths.map((_, index) => zmLengths.slice(0, index).reduce((sum, length) => sum + length + 1, 0));
const neededBytes = (starts[zmPlaces.originalOrderId] ?? 0) + 1;

const kinds: Readonly<Record<string, SettlementRow['kind']>> = { '01': 'payment', '04': 'refund', '31': 'void' };

const fenIn = (digits: string, place: string): Money => {
  if (!/^\d{12}$/.test(digits)) throw malformed(place);
  return cny(BigInt(digits));
};

/** D: the merchant pays; C: it gets back. */
const feeIn = (text: string): Money => {
  const fee = fenIn(text.slice(1), 'fee');
  if (text.startsWith('D')) return fee;
  if (text.startsWith('C')) return negateMoney(fee);
  throw malformed('fee');
};

/** `MMDDhhmmss` in the year of the settlement day, or the one before it when the day is the first of January. */
const instantIn = (digits: string, date: string): EpochMs => {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits);
  if (!match) throw malformed('time');
  const [, month, day, hour, minute, second] = match;
  const year = Number(date.slice(0, 4)) - (month === '12' && date.slice(5, 7) === '01' ? 1 : 0);
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}` as LocalDateTime;
  if (Number.isNaN(Date.parse(`${local}Z`))) throw malformed('time');
  return instantOf(local);
};

const rowOf = (line: string, date: string, merId: string): SettlementRow => {
  if (line.length < neededBytes) throw malformed('length');
  const field = (name: keyof typeof zmPlaces): string => {
    const start = starts[zmPlaces[name]] ?? 0;
    return line.slice(start, start + zmLengths[zmPlaces[name]]).trim();
  };
  const kind = kinds[field('txnType')];
  if (!kind) throw malformed('txnType');
  if (field('merId') !== merId) throw new UnionPayError('other-merchant', 'merId');
  return {
    kind,
    orderId: field('orderId'),
    originalOrderId: field('originalOrderId') || null,
    queryId: field('queryId'),
    originalQueryId: field('originalQueryId') || null,
    amount: fenIn(field('amount'), 'amount'),
    fee: feeIn(field('fee')),
    at: instantIn(field('sentAt'), date),
  };
};

const zmOf = (content: string): ZipFile => {
  try {
    const archive = inflateSync(Buffer.from(content, 'base64'), { maxOutputLength: fileBytesMax });
    const file = openZip(archive).find(({ name }) => /ZM_/.test(name));
    if (file) return file;
  } catch {}
  throw malformed('archive');
};

/** The lines of a piece together. A byte is a character here: fields are counted in bytes, in GBK. */
async function* linesOf(file: ZipFile): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const piece of file.bytes()) {
    const lines = (rest + Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineCharactersMax) throw malformed('line');
    yield lines;
  }
  yield [rest];
}

async function* rowsOf(file: ZipFile, date: string, merId: string): AsyncGenerator<SettlementRow> {
  try {
    for await (const lines of linesOf(file))
      for (const line of lines) if (line.trim() !== '') yield rowOf(line.replace(/\r$/, ''), date, merId);
  } catch (fault) {
    throw fault instanceof ZipError ? malformed('archive') : fault;
  }
}

/** `content`: fileContent of a verified answer, so that the signature covers every row; unpacked while it is read. */
export const openSettlementFile = (content: string, date: string, merId: string): AsyncIterable<SettlementRow> =>
  rowsOf(zmOf(content), date, merId);
