import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import pinVectors from '../../../../spec-vectors/card-crypto-pin.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { desEcbEncrypt, kcv } from './keys.ts';
import { pinBlockDecode, pinBlockEncode } from './pin-block.ts';

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength, maxLength });
const pins = digits(4, 12);
const pans = digits(12, 19);
const pin = '123456';
const pan = '6225000000000014';

const refused = (code: string, run: () => unknown) =>
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code && error.message === code);

for (const vector of vectors.pinBlock) {
  test(`PIN block ${vector.id}: format 0 binds the PIN to the PAN`, () => {
    const block = pinBlockEncode({ format: '0', pin: vector.pin, pan: vector.pan });
    assert.equal(hex(block), vector.block);
    assert.equal(pinBlockDecode({ format: '0', block, pan: vector.pan }), vector.pin);
    assert.equal(hex(kcv(fromHex(vector.key))), vector.kcv);
    assert.equal(hex(desEcbEncrypt(fromHex(vector.key), block)), vector.cipher);
  });
}

for (const { source, format, pin, pan, block } of pinVectors.clearBlocks)
  test(`format ${format} with a PIN of ${pin.length} digits: ${source}`, () => {
    const request = format === '0' ? { format: '0' as const, pan } : { format: '2' as const };
    assert.equal(hex(pinBlockEncode({ ...request, pin })), block);
    assert.equal(pinBlockDecode({ ...request, block: fromHex(block) }), pin);
  });

for (const { why, format, pan, block } of pinVectors.notBlocks)
  test(`no block of format ${format}: ${why}`, () => {
    const request = format === '0' ? { format: '0' as const, pan } : { format: '2' as const };
    refused('pin-format', () => pinBlockDecode({ ...request, block: fromHex(block) }));
  });

test('every format gives back the PIN that went in', () => {
  fc.assert(
    fc.property(pins, pans, (pin, pan) => {
      const fill = 'ABCDEFABCD'.slice(0, 14 - pin.length);
      const zero = pinBlockEncode({ format: '0', pin, pan });
      assert.equal(pinBlockDecode({ format: '0', block: zero, pan }), pin);
      const one = pinBlockEncode({ format: '1', pin, fill });
      assert.equal(pinBlockDecode({ format: '1', block: one }), pin);
      const bare = pinBlockEncode({ format: 'without-pan', pin });
      assert.equal(pinBlockDecode({ format: 'without-pan', block: bare }), pin);
      assert.deepEqual(bare, pinBlockEncode({ format: '0', pin, pan: '0000000000000' }));
      const two = pinBlockEncode({ format: '2', pin });
      assert.equal(pinBlockDecode({ format: '2', block: two }), pin);
      const three = pinBlockEncode({ format: '3', pin, pan, fill });
      assert.equal(pinBlockDecode({ format: '3', block: three, pan }), pin);
    }),
  );
});

test('only the twelve digits before the check digit enter', () => {
  assert.deepEqual(
    pinBlockEncode({ format: '0', pin, pan: '9996225000000000014' }),
    pinBlockEncode({ format: '0', pin, pan: '6225000000000019' }),
  );
});

test('a short PAN is filled with zeros on the left, and a PAN of zeros is UnionPay’s block without PAN', () => {
  assert.equal(hex(pinBlockEncode({ format: '0', pin, pan: '123456789012' })), '06123575BA9876FE');
  assert.equal(hex(pinBlockEncode({ format: '0', pin, pan: '0000000000000' })), '06123456FFFFFFFF');
});

test('a block that is not of the format is refused without saying where', () => {
  for (const text of [
    '16123456FFFFFFFF',
    '03123FFFFFFFFFFF',
    '0D12345678901234',
    '061234A6FFFFFFFF',
    '06123456FFFFFFF0',
  ])
    refused('pin-format', () => pinBlockDecode({ format: '0', block: fromHex(text), pan: '0000000000000' }));
  refused('pin-format', () => pinBlockDecode({ format: '2', block: new Uint8Array(7) }));
});

test('a PIN, PAN or fill out of form is refused with a code only', () => {
  for (const wrong of ['123', '1234567890123', '12a4']) {
    refused('pin-format', () => pinBlockEncode({ format: '0', pin: wrong, pan }));
  }
  refused('pan-format', () => pinBlockEncode({ format: '0', pin, pan: '62250000000' }));
  refused('fill-format', () => pinBlockEncode({ format: '1', pin, fill: 'ABC' }));
  refused('fill-format', () => pinBlockEncode({ format: '3', pin, pan, fill: '12345678' }));
});
