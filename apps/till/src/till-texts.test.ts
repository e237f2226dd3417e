import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textFaults } from '@zhanggui/ui/texts';
import { tillTexts } from './till-texts.ts';

test('every text of the till is whole in both languages and names the same values', () =>
  assert.deepEqual(textFaults(tillTexts), []));
