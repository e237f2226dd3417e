import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeGb18030, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import { toEscPos } from './esc-pos.ts';
import { layout } from './layout.ts';
import type { Receipt } from './receipt.ts';

const paper = { columns: 32 };

test('a receipt is initialised, styled where the style changes, fed and cut', () => {
  const receipt: Receipt = {
    lines: [
      { kind: 'text', text: '掌柜', align: 'center', size: 'double', bold: true },
      { kind: 'text', text: '小票', align: 'center' },
      { kind: 'cut' },
    ],
  };
  assert.equal(
    hex(toEscPos(receipt, paper)),
    ['1B401C26', '1B6101', '1D2111', '1B4501', 'D5C6B9F1', '0A', '1D2100', '1B4500', 'D0A1C6B1', '0A', '1D564200'].join(
      '',
    ),
  );
});

test('the bytes carry the rows of the layout, in GB18030', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 6 });
  fc.assert(
    fc.property(texts, (lines) => {
      const receipt: Receipt = { lines: lines.map((text) => ({ kind: 'text', text })) };
      const printed = decodeGb18030(toEscPos(receipt, paper)).slice('\x1b@\x1c&'.length);
      const rows = layout(receipt, paper).map(({ text }) => `${text}\n`);
      assert.equal(printed, rows.join(''));
    }),
  );
});

test('no text commands the printer', () => {
  const receipt: Receipt = { lines: [{ kind: 'text', text: '水\x1bp\x00\x1d\x56\x00' }] };
  for (const byte of toEscPos(receipt, paper).subarray(4)) assert.ok(byte >= 0x20 || byte === 0x0a);
});

test('needs nothing of Node, so that a browser can print', () => {
  const { Buffer } = globalThis;
  Reflect.deleteProperty(globalThis, 'Buffer');
  try {
    assert.ok(toEscPos({ lines: [{ kind: 'pair', left: '合计', right: '¥7.48' }] }, paper).length > 0);
  } finally {
    globalThis.Buffer = Buffer;
  }
});
