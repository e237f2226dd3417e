import type { CurrencyCode } from '@zhanggui/money';
import { type CsvRow, parseCsv } from './csv.ts';
import {
  type GoodsColumn,
  type GoodsFaultCode,
  type GoodsRow,
  goodsColumns,
  goodsFaultTexts,
  readGoodsRow,
} from './goods-columns.ts';

/** Where a goods list is wrong. `row` counts as a spreadsheet does: the header is row 1. */
export type GoodsFault = Readonly<{
  row: number;
  column: string;
  code: GoodsFaultCode;
  message: { zh: string; en: string };
}>;

/** Goods of a comma-separated list, or everything that is wrong with it; never some of each. */
export const readGoodsList = (
  csv: string,
  currency: CurrencyCode,
): { kind: 'read'; goods: GoodsRow[] } | { kind: 'faulty'; faults: GoodsFault[] } => {
  const { rows, openQuoteRow } = parseCsv(csv);
  const [header, ...body] = rows;
  if (openQuoteRow !== undefined) return { kind: 'faulty', faults: [fault(openQuoteRow, '', 'quote-open')] };
  if (!header) return { kind: 'faulty', faults: [fault(1, '', 'file-empty')] };
  const columns = header.cells.map((cell) => cell.trim().toLowerCase());
  const faults = headerFaults(header.row, columns);
  if (faults.length > 0) return { kind: 'faulty', faults };
  const goods = readBody(body, columns, currency, faults);
  return faults.length > 0 ? { kind: 'faulty', faults } : { kind: 'read', goods };
};

const fault = (row: number, column: string, code: GoodsFaultCode): GoodsFault => ({
  row,
  column,
  code,
  message: goodsFaultTexts[code],
});

const headerFaults = (row: number, columns: readonly string[]): GoodsFault[] => [
  ...goodsColumns
    .filter(({ name, isRequired }) => isRequired && !columns.includes(name))
    .map(({ name }) => fault(row, name, 'column-missing')),
  ...columns
    .filter((column) => !goodsColumns.some(({ name }) => name === column))
    .map((column) => fault(row, column, 'column-unknown')),
  ...columns
    .filter((column, index) => columns.indexOf(column) !== index)
    .map((column) => fault(row, column, 'column-twice')),
];

const readBody = (
  body: readonly CsvRow[],
  columns: readonly string[],
  currency: CurrencyCode,
  faults: GoodsFault[],
): GoodsRow[] => {
  const goods: GoodsRow[] = [];
  const seen = new Set<string>();
  for (const { row, cells } of body) {
    const surplus = cells.slice(columns.length).some((cell) => cell.trim() !== '');
    if (surplus) faults.push(fault(row, columns.at(-1) ?? '', 'cells-surplus'));
    const cellOf = (column: GoodsColumn) => cells[columns.indexOf(column)]?.trim() ?? '';
    const read = readGoodsRow(cellOf, currency);
    faults.push(...read.faults.map(({ column, code }) => fault(row, column, code)));
    if (read.goods && seen.has(read.goods.barcode)) faults.push(fault(row, 'barcode', 'barcode-twice'));
    else if (read.goods) {
      seen.add(read.goods.barcode);
      goods.push(read.goods);
    }
  }
  return goods;
};
