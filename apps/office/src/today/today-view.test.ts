import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf, shiftDate } from './csv-and-dates.ts';

test('a day earlier crosses months and years', () => {
  assert.equal(shiftDate('2026-01-01', -1), '2025-12-31');
  assert.equal(shiftDate('2026-02-28', 1), '2026-03-01');
});

test('a cell with a comma or a quote survives the export', () => {
  assert.equal(csvOf(['a', 'b'], [['x,y', 'say "z"']]), '\ufeffa,b\r\n"x,y","say ""z"""\r\n');
});
