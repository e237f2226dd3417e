import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textFaults } from '@zhanggui/ui/texts';
import { phoneTexts } from './texts-table.ts';

test('every text of the phone is there in both languages and well written', () => {
  assert.deepEqual(textFaults(phoneTexts), []);
});
