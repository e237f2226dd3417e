import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textFaults } from '@zhanggui/ui/texts';
import { officeTexts } from './office-texts.ts';

test('every text of the office stands in both languages and names the same values', () => {
  assert.deepEqual(textFaults(officeTexts), []);
});
