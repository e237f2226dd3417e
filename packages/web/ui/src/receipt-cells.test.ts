import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellRuns } from './receipt-cells.ts';

test('every Han character is a cell of its own and text in between stays whole', () => {
  assert.deepEqual(cellRuns('合计 12.30￥'), [
    { text: '合', wide: true },
    { text: '计', wide: true },
    { text: ' 12.30', wide: false },
    { text: '￥', wide: true },
  ]);
});
