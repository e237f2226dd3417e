import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ascii, bcd, concat, decodeGb18030, encodeGb18030, equal, fromAscii, fromHex, hex, xor } from './index.ts';

test('hexadecimal text and bytes are inverses', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(fromHex(hex(bytes)), bytes)));
  assert.throws(() => fromHex('0'), RangeError);
  assert.throws(() => fromHex('0g'), RangeError);
});

test('single-byte text and bytes are inverses, and wider text is refused', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(fromAscii(ascii(bytes)), bytes)));
  assert.throws(() => fromAscii('掌柜'), RangeError);
});

test('xor is its own inverse', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.uint8Array({ minLength: 8, maxLength: 8 }), (a, b) =>
      assert.deepEqual(xor(xor(a, b), b), a),
    ),
  );
});

test('equality needs the same length and every byte', () => {
  assert.ok(equal(fromHex('0102'), fromHex('0102')));
  assert.ok(!equal(fromHex('0102'), fromHex('0103')));
  assert.ok(!equal(fromHex('0102'), fromHex('01')));
});

test('an odd number of digits is padded on the named side', () => {
  assert.equal(hex(bcd('123')), '0123');
  assert.equal(hex(bcd('123', 'left')), '1230');
  assert.throws(() => bcd('12a'), RangeError);
});

test('Chinese text survives GB18030 and takes two bytes a character', () => {
  const text = '掌柜 消费 SALE ¥12.30 ￥';
  assert.equal(decodeGb18030(encodeGb18030('签购单')), '签购单');
  assert.equal(encodeGb18030('签购单').length, 6);
  assert.equal(hex(encodeGb18030('中')), 'D6D0');
  assert.equal(decodeGb18030(encodeGb18030(text)).length, text.length);
  assert.equal(hex(concat(fromHex('01'), fromHex('02'))), '0102');
});
