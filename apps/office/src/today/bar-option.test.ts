import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barLabel, type Look, optionOf } from './bar-option.ts';
import type { ReportPicture } from './today-view.ts';

const look: Look = {
  words: { thisDay: 'today', thatDay: 'then', nameOf: ({ name }) => name.en, language: 'en-GB', font: 'sans-serif' },
  colours: { action: '', quiet: '', line: '', ink: '', faint: '', surface: '' },
  sizes: { bar: 1, lyingBar: 1, note: 1, table: 1, gap: 1, wide: 1, legend: 1, radius: 1 },
};
const row = (key: string, amount: string, height: number) => ({
  key,
  name: { zh: key, en: key },
  count: 1,
  amount,
  lastWeek: '3.00',
  height,
  lastWeekHeight: 3,
});
const picture: ReportPicture = {
  key: 'byDepartment',
  upright: false,
  rows: [row('R&D <b>', '1,234.50', 1234.5), row('fruit', '0.00', 0)],
};

test('bars begin at nought and read this day first', () => {
  const { xAxis, series } = optionOf(picture, look);
  assert.equal('min' in xAxis && xAxis.min, 0);
  assert.deepEqual(
    series.map(({ name }) => name),
    ['today', 'then'],
  );
});

test('a bar carries its exact amount, and nothing sold carries none', () => {
  assert.deepEqual(picture.rows.map(barLabel), ['1,234.50', '']);
});

test('a name of goods is text in the tooltip, never markup', () => {
  const formatter = optionOf(picture, look).tooltip.formatter as (items: { dataIndex: number }[]) => string;
  assert.equal(formatter([{ dataIndex: 0 }]), '<b>R&amp;D &lt;b></b><br>today ¥1,234.50<br>then ¥3.00');
});
