import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ean13CheckDigit, isEan13, isLuhnValid, luhnCheckDigit, uuidv7 } from './index.ts';

test('a UUIDv7 carries version and variant and sorts by time', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.nat(1000), fc.uint8Array({ minLength: 10, maxLength: 10 }), (at, later, random) => {
      const first = uuidv7(at, random);
      assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      if (later > 0) assert.ok(first < uuidv7(at + later, random));
    }),
  );
});

test('any payload becomes valid with its Luhn check digit, and no other digit does', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{11,18}$/), (payload) => {
      const digit = luhnCheckDigit(payload);
      for (let other = 0; other < 10; other += 1)
        assert.equal(isLuhnValid(`${payload}${other}`), String(other) === digit);
    }),
  );
});

test('a published article number validates', () => {
  assert.equal(ean13CheckDigit('400638133393'), '1');
  assert.ok(isEan13('4006381333931'));
  assert.ok(!isEan13('4006381333932'));
});
