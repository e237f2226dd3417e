import { z } from 'zod';
import { WeChatPayError } from './wechatpay-error.ts';

/** A line of a bill as it is: column names are WeChat's own, amounts are yuan as text. */
export type BillRow = Readonly<Record<string, string>>;
export type Bill = Readonly<{ rows: readonly BillRow[]; summary: BillRow }>;
/** `date` is yyyy-MM-dd in Beijing; a day's bill is there from 10:00 of the next. */
export type TradeBillRequest = Readonly<{ date: string; type?: 'ALL' | 'SUCCESS' | 'REFUND' }>;
export type FundFlowBillRequest = Readonly<{ date: string; account?: 'BASIC' | 'OPERATION' | 'FEES' }>;

export const billAddressShape = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url(),
});

const named = (columns: readonly string[], line: string): BillRow => {
  const values = line.slice(1).split(',`');
  if (values.length !== columns.length) throw new WeChatPayError('bill-malformed', 'columns');
  const row: Record<string, string> = {};
  for (let index = 0; index < columns.length; index += 1) row[columns[index] ?? ''] = values[index] ?? '';
  return row;
};

export interface BillReader {
  /** The row that the line is; undefined for the lines around the rows. */
  read(line: string): BillRow | undefined;
  /** What the last line says; the number of rows must be what it says. */
  end(): BillRow;
}

/**
 * Reads a trade, fund-flow or profit-sharing bill line by line: column names, rows, names of the totals, totals. Values begin
 * with a back-tick, names do not.
 */
export const createBillReader = (): BillReader => {
  let columns: readonly string[] | undefined;
  let totals: readonly string[] | undefined;
  let summary: BillRow | undefined;
  let count = 0;
  const readNames = (line: string): undefined => {
    if (totals) throw new WeChatPayError('bill-malformed', 'summary');
    if (columns) totals = line.split(',');
    else columns = line.split(',');
  };
  return {
    read(line) {
      const first = line.startsWith('\uFEFF') ? 1 : 0;
      const text = line.slice(first, line.endsWith('\r') ? -1 : undefined);
      if (text === '') return undefined;
      if (!text.startsWith('`')) return readNames(text);
      if (!columns || summary) throw new WeChatPayError('bill-malformed', 'summary');
      if (totals) {
        summary = named(totals, text);
        return undefined;
      }
      count += 1;
      return named(columns, text);
    },
    end() {
      if (!summary) throw new WeChatPayError('bill-malformed', 'summary');
      if (Number(Object.values(summary)[0]) !== count) throw new WeChatPayError('bill-malformed', 'count');
      return summary;
    },
  };
};

/** All of a bill at once. */
export const parseBill = (text: string): Bill => {
  const reader = createBillReader();
  const rows = text.split('\n').flatMap((line): readonly BillRow[] => {
    const row = reader.read(line);
    return row ? [row] : [];
  });
  return { rows, summary: reader.end() };
};
