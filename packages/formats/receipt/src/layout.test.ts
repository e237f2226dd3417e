import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { layout } from './layout.ts';
import { columnsOf, printable } from './printable.ts';
import type { ReceiptLine } from './receipt.ts';

const texts = (columns: number, ...lines: ReceiptLine[]): string[] =>
  layout({ lines }, { columns }).map(({ text }) => text);

const words = fc.string({ unit: fc.constantFrom(...'瓶装水 ab7¥😀'.split('')), maxLength: 60 });
const amounts = fc.bigInt({ min: 0n, max: 999_999_999n }).map((minor) => `${minor / 100n}.00`);

test('a Chinese character takes two columns', () => {
  assert.equal(columnsOf('掌柜 POS'), 8);
  assert.deepEqual(texts(12, { kind: 'pair', left: '合计', right: '7.48' }), ['合计    7.48']);
});

test('no row is wider than the paper, at either size', () => {
  fc.assert(
    fc.property(words, amounts, fc.integer({ min: 24, max: 48 }), fc.boolean(), (left, right, columns, isDouble) => {
      const size = isDouble ? 'double' : 'normal';
      const lines: ReceiptLine[] = [
        { kind: 'text', text: left, size },
        { kind: 'pair', left, right, size },
        {
          kind: 'columns',
          cells: [
            { text: left, width: 12, align: 'left' },
            { text: right, width: 10, align: 'right' },
          ],
        },
        { kind: 'rule' },
      ];
      for (const row of layout({ lines }, { columns }))
        assert.ok(columnsOf(row.text) <= (row.size === 'double' ? Math.floor(columns / 2) : columns));
    }),
  );
});

test('an amount always stands whole, at the right end of a row', () => {
  fc.assert(
    fc.property(words, amounts, fc.integer({ min: 24, max: 48 }), (left, right, columns) => {
      const pair = texts(columns, { kind: 'pair', left, right });
      const cells = texts(columns, {
        kind: 'columns',
        cells: [
          { text: left, width: 12, align: 'left' },
          { text: right, width: 8, align: 'right' },
        ],
      });
      for (const rows of [pair, cells]) assert.ok(rows.some((row) => row.endsWith(right)));
      assert.equal(columnsOf(pair.at(-1) ?? ''), columns);
    }),
  );
});

test('a pair that does not fit puts the right side on a row of its own', () => {
  assert.deepEqual(texts(12, { kind: 'pair', left: '商户号 MID', right: '898440154' }), ['商户号 MID', '   898440154']);
});

test('cells wrap side by side, or below one another when a number would break', () => {
  const row = (name: string, amount: string): ReceiptLine => ({
    kind: 'columns',
    cells: [
      { text: name, width: 8, align: 'left' },
      { text: amount, width: 8, align: 'right' },
    ],
  });
  assert.deepEqual(texts(16, row('天然饮用水', '4.00')), ['天然饮用    4.00', '水']);
  assert.deepEqual(texts(16, row('天然饮用水', '123456.00')), ['天然饮用水', '       123456.00']);
});

test('rules fill the paper, feeds are empty rows, a cut is none', () => {
  assert.deepEqual(texts(8, { kind: 'rule' }, { kind: 'feed', lines: 2 }, { kind: 'cut' }), ['--------', '', '']);
});

test('what the printer cannot set is replaced before the columns are counted', () => {
  assert.equal(printable('¥5 水\x1b@\t😀'), '￥5 水 @ ?');
  assert.deepEqual(texts(8, { kind: 'pair', left: '😀', right: '¥5' }), ['?    ￥5']);
});
