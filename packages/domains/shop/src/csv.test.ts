import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCsv } from './csv.ts';

test('cells may be quoted, hold commas, quotes and line breaks; a byte order mark is not text', () => {
  const { rows } = parseCsv('\uFEFFname,price\r\n"Tea, green","12""a"\r\n\r\n"two\nlines",\r\n');
  assert.deepEqual(rows, [
    { row: 1, cells: ['name', 'price'] },
    { row: 2, cells: ['Tea, green', '12"a'] },
    { row: 4, cells: ['two\nlines', ''] },
  ]);
});

test('a quote that never closes is reported with the row it opened in', () => {
  assert.equal(parseCsv('a,b\n"c,d\n').openQuoteRow, 2);
});

test('law: any table written with quotes reads back as it was', () => {
  const table = fc.array(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), { maxLength: 8 });
  fc.assert(
    fc.property(table, (cells) => {
      const line = (row: string[]) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
      const written = cells.map(line).join('\n');
      const kept = cells.filter((row) => row.some((cell) => cell.trim() !== ''));
      assert.deepEqual(
        parseCsv(written).rows.map(({ cells: read }) => read),
        kept,
      );
    }),
  );
});
