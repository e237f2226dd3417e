/** `2026-11-22` some days later or earlier. */
export const shiftDate = (date: string, days: number): string => {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
};

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The table as a spreadsheet reads it: with a byte order mark, so that Han survive, and plain figures. */
export const csvOf = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  `\ufeff${[header, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;

/** A long number as text: with a tab behind it a spreadsheet does not round it. */
export const csvNumber = (digits: string | undefined): string => (digits === undefined ? '' : `${digits}\t`);
