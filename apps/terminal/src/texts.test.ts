import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textFaults } from '@zhanggui/ui/texts';
import { terminalTexts } from './texts-table.ts';

test('every text of the face is there in both languages and well written', () => {
  assert.deepEqual(textFaults(terminalTexts), []);
});
