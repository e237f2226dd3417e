import { columnsOf, printable } from './printable.ts';
import type { Align, Cell, Paper, PrintedRow, Receipt, ReceiptLine, Size } from './receipt.ts';
import { wrap } from './wrap.ts';

type Style = Readonly<{ bold?: boolean; size?: Size; align?: Align }>;

/** The receipt row by row for a paper. Rows never exceed it; amounts on the right move to a row of their own, whole. */
export const layout = (receipt: Receipt, paper: Paper): PrintedRow[] =>
  receipt.lines.flatMap((line) => rowsOf(line, paper));

/** The rows of one line; a cut has none. */
export const rowsOf = (line: ReceiptLine, { columns }: Paper): PrintedRow[] => {
  switch (line.kind) {
    case 'text': {
      const texts = line.text.split('\n').flatMap((text) => wrap(printable(text), columnsAt(line.size, columns)));
      return rows(texts, line);
    }
    case 'pair':
      return rows(pairRows(printable(line.left), printable(line.right), columnsAt(line.size, columns)), line);
    case 'columns':
      return rows(
        cellRows(
          line.cells.map((cell) => ({ ...cell, text: printable(cell.text) })),
          columns,
        ),
        {},
      );
    case 'rule':
      return rows(['-'.repeat(columns)], {});
    case 'feed':
      return rows(Array<string>(line.lines).fill(''), {});
    case 'cut':
      return [];
  }
};

const rows = (texts: readonly string[], { bold = false, size = 'normal', align = 'left' }: Style): PrintedRow[] =>
  texts.map((text) => ({ text, bold, size, align }));

const columnsAt = (size: Size | undefined, columns: number): number =>
  size === 'double' ? Math.floor(columns / 2) : columns;

/** Left and right in one row if a space fits between them; else the right one goes to rows of its own. */
const pairRows = (left: string, right: string, columns: number): string[] => {
  const lefts = wrap(left, columns);
  const last = lefts.at(-1) ?? '';
  const gap = columns - columnsOf(last) - columnsOf(right);
  if (gap >= 1) return [...lefts.slice(0, -1), last + ' '.repeat(gap) + right];
  return [...lefts, ...wrap(right, columns).map((row) => placed(row, columns, 'right'))];
};

/** Cells side by side, each wrapped in its width; where a right-hand cell would break, they go below one another. */
const cellRows = (cells: readonly Cell[], columns: number): string[] => {
  const isBroken = cells.some(({ text, width, align }) => align === 'right' && columnsOf(text) > width);
  const width = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (isBroken || width > columns) return cells.flatMap(({ text, align }) => stackedRows(text, align, columns));
  const stacks = cells.map((cell) => wrap(cell.text, cell.width));
  const height = Math.max(0, ...stacks.map(({ length }) => length));
  return Array.from({ length: height }, (_, index) =>
    cells
      .map((cell, place) => placed(stacks[place]?.[index] ?? '', cell.width, cell.align))
      .join('')
      .trimEnd(),
  );
};

const stackedRows = (text: string, align: Align, columns: number): string[] =>
  text === ''
    ? []
    : wrap(text, columns).map((row) => placed(row, columns, align === 'right' ? 'right' : 'left').trimEnd());

const placed = (text: string, width: number, align: Align): string => {
  const gap = Math.max(0, width - columnsOf(text));
  const before = { left: 0, center: Math.floor(gap / 2), right: gap }[align];
  return ' '.repeat(before) + text + ' '.repeat(gap - before);
};
