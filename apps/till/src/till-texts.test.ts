import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textFaults } from '@zhanggui/ui/texts';
import { tillTexts } from './till-texts.ts';

test('every text of the till is whole in both languages and names the same values', () =>
  assert.deepEqual(textFaults(tillTexts), []));

test('the till asks for a card as the terminal does, which cannot be tapped yet', () => {
  const { zh, en } = tillTexts['attempt.waiting-card.detail'];
  assert.match(zh, /插卡或刷卡/);
  assert.match(en, /through card and PIN/);
  for (const text of Object.values(tillTexts)) assert.doesNotMatch(text.zh, /挥卡/);
});
