import { z } from 'zod';
import { sha1Hex } from './crypto.ts';
import { billBytesMax, readBounded } from './transport.ts';
import { WeChatPayError } from './wechatpay-error.ts';

/** A bill as it is: column names are WeChat's own, amounts are yuan as text. */
export type Bill = Readonly<{
  rows: readonly Readonly<Record<string, string>>[];
  summary: Readonly<Record<string, string>>;
}>;
/** `date` is yyyy-MM-dd in Beijing; a day's bill is there from 10:00 of the next. */
export type TradeBillRequest = Readonly<{ date: string; type?: 'ALL' | 'SUCCESS' | 'REFUND' }>;
export type FundFlowBillRequest = Readonly<{ date: string; account?: 'BASIC' | 'OPERATION' | 'FEES' }>;

export const billAddressShape = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url(),
});

const valuesOf = (line: string): string[] => {
  if (!line.startsWith('`')) throw new WeChatPayError('bill-malformed', 'row');
  return line.slice(1).split(',`');
};

const named = (columns: readonly string[], line: string): Record<string, string> => {
  const values = valuesOf(line);
  if (values.length !== columns.length) throw new WeChatPayError('bill-malformed', 'columns');
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
};

/** Reads a trade or fund-flow bill; the number of rows must be what the bill's last line says. */
export const parseBill = (text: string): Bill => {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const summaryAt = lines.findLastIndex((line) => !line.startsWith('`'));
  const [header, ...rest] = lines;
  const summaryHeader = lines[summaryAt];
  if (header === undefined || summaryHeader === undefined || summaryAt < 1 || lines.length !== summaryAt + 2)
    throw new WeChatPayError('bill-malformed', 'summary');
  const columns = header.split(',');
  const rows = rest.slice(0, summaryAt - 1).map((line) => named(columns, line));
  const summary = named(summaryHeader.split(','), lines[summaryAt + 1] ?? '');
  const [count] = Object.values(summary);
  if (Number(count) !== rows.length) throw new WeChatPayError('bill-malformed', 'count');
  return { rows, summary };
};

const unpacked = async (packed: Uint8Array): Promise<Uint8Array> => {
  try {
    const stream = new Blob([new Uint8Array(packed)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return await readBounded(stream, billBytesMax);
  } catch {
    throw new WeChatPayError('bill-malformed', 'gzip');
  }
};

/** The hash is that of the bill before it was packed. */
export const openBill = async (packed: Uint8Array, sha1: string): Promise<Bill> => {
  const bytes = await unpacked(packed);
  if (sha1Hex(bytes) !== sha1.toLowerCase()) throw new WeChatPayError('bill-hash-wrong', 'hash_value');
  return parseBill(Buffer.from(bytes).toString());
};
