import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnsOf } from './printable.ts';
import { wrap } from './wrap.ts';

test('no row is wider than the paper, and nothing but spaces is lost at a break', () => {
  const characters = fc.constantFrom(...'ab1. 掌柜，。（）x'.split(''));
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 120 }), fc.integer({ min: 4, max: 48 }), (text, columns) => {
      const rows = wrap(text, columns);
      for (const row of rows) assert.ok(columnsOf(row) <= columns);
      assert.equal(rows.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
    }),
  );
});

test('words stay whole, Chinese breaks anywhere, and a row never begins with closing punctuation', () => {
  assert.deepEqual(wrap('Zhanggui Corner Shop', 16), ['Zhanggui Corner', 'Shop']);
  assert.deepEqual(wrap('农夫山泉天然水550ml', 12), ['农夫山泉天然', '水550ml']);
  assert.deepEqual(wrap('谢谢惠顾，欢迎再来', 8), ['谢谢惠', '顾，欢迎', '再来']);
  assert.deepEqual(wrap('  2 x 3.50', 12), ['  2 x 3.50']);
});

test('a word longer than a row is broken rather than cut off', () => {
  assert.deepEqual(wrap('0123456789ABCDEF', 10), ['0123456789', 'ABCDEF']);
});

test('an empty text is one empty row', () => {
  assert.deepEqual(wrap('', 32), ['']);
});
