import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto-pin.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { pinBlock4Decrypt, pinBlock4Encrypt } from './pin-block-4.ts';

for (const { source, key, pin, pan, fill, block } of vectors.format4)
  test(`PIN block format 4: ${source}`, () => {
    assert.equal(hex(pinBlock4Encrypt({ key: fromHex(key), pin, pan, fill: fromHex(fill) })), block);
    assert.equal(pinBlock4Decrypt({ key: fromHex(key), block: fromHex(block), pan }), pin);
  });

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength, maxLength });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test('a format 4 block gives back its PIN to the key and PAN that made it, and to no other', () => {
  fc.assert(
    fc.property(bytes(16), digits(4, 12), digits(12, 19), bytes(8), (key, pin, pan, fill) => {
      const block = pinBlock4Encrypt({ key, pin, pan, fill });
      assert.equal(pinBlock4Decrypt({ key, block, pan }), pin);
      const other = (pan.startsWith('9') ? '1' : '9') + pan.slice(1);
      assert.throws(() => pinBlock4Decrypt({ key, block, pan: other }), CryptoError);
      const bent = block.with(3, (block[3] ?? 0) ^ 1);
      assert.throws(() => pinBlock4Decrypt({ key, block: bent, pan }), CryptoError);
    }),
  );
});

test('out of form is refused with a code only', () => {
  const good = { key: new Uint8Array(16), pin: '1234', pan: '6225000000000014', fill: new Uint8Array(8) };
  const refused = (code: string, run: () => unknown) =>
    assert.throws(run, (error) => error instanceof CryptoError && error.code === code && error.message === code);
  refused('pin-format', () => pinBlock4Encrypt({ ...good, pin: '123' }));
  refused('pan-format', () => pinBlock4Encrypt({ ...good, pan: '62250000000' }));
  refused('fill-format', () => pinBlock4Encrypt({ ...good, fill: new Uint8Array(7) }));
  refused('key-length', () => pinBlock4Encrypt({ ...good, key: new Uint8Array(8) }));
  refused('pin-format', () => pinBlock4Decrypt({ ...good, block: new Uint8Array(8) }));
});
