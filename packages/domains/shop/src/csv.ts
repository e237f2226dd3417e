/** One line of a table as text. `row` counts as a spreadsheet does: the first line is row 1. */
export type CsvRow = Readonly<{ row: number; cells: readonly string[] }>;

/** A cell, quoted (1, its closing quote 2) or plain (3), and what ends it (4): RFC 4180 §2. */
const cellPattern = /(?:"([^"]*(?:""[^"]*)*)("|$)|([^,\r\n]*))(,|\r\n|\n|\r|$)/y;

/** Rows of comma-separated text. Lines without any text are left out, yet counted. */
export const parseCsv = (text: string): { rows: CsvRow[]; openQuoteRow?: number } => {
  const rows: CsvRow[] = [];
  const pattern = new RegExp(cellPattern);
  pattern.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  let cells: string[] = [];
  for (let row = 1; ; ) {
    const [, quoted, closing, plain = '', end = ''] = pattern.exec(text) ?? [];
    if (quoted !== undefined && closing === '') return { rows, openQuoteRow: row };
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ row, cells });
    if (end === '') return { rows };
    cells = [];
    row += 1;
  }
};
