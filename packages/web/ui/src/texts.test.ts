import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTranslator, defineTexts, textFaults } from './texts.ts';
import { uiTexts } from './ui-texts.ts';

const table = defineTexts({
  plain: { zh: '收款', en: 'Take payment' },
  count: { zh: '共 {count} 件', en: '{count, plural, one {# item} other {# items}}' },
});

test('a sentence counts in the way of its language', () => {
  assert.equal(createTranslator(table, 'zh')('count', { count: 2 }), '共 2 件');
  assert.equal(createTranslator(table, 'en')('count', { count: 1 }), '1 item');
  assert.equal(createTranslator(table, 'en')('count', { count: 2 }), '2 items');
});

test('a missing value throws instead of showing a hole', () => {
  assert.throws(() => createTranslator(table, 'en')('count'));
});

test('the shared texts are whole in both languages', () => assert.deepEqual(textFaults(uiTexts), []));

test('a table that names different values or mixes punctuation is found', () => {
  const faulty = { a: { zh: '{x} 笔', en: '{y} sales' }, b: { zh: '好,的', en: 'ok' }, c: { zh: '', en: 'x' } };
  assert.equal(textFaults(faulty).length, 3);
});
