import assert from 'node:assert/strict';
import { test } from 'node:test';
import { texts } from './texts.ts';

test('every sentence is there in both languages, with the punctuation of each', () => {
  for (const [key, { zh, en }] of Object.entries(texts)) {
    assert.ok(zh.trim() !== '' && en.trim() !== '', key);
    assert.doesNotMatch(zh, /[\u4e00-\u9fff][,;:!?]/, key);
    assert.doesNotMatch(en, /[\u3000-\u303f\uff00-\uffef]/, key);
  }
});
