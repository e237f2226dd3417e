import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromAscii, fromHex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import { HsmError } from './hsm-error.ts';
import { SealingKey } from './sealing-key.ts';

const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(7);
const broken = (error: unknown): boolean => error instanceof HsmError && error.code === 'seal-broken';

for (const { id, key, nonce, attributes, plain, sealed } of vectors.xaes256Gcm.vectors) {
  test(`opens the published ${id} of XAES-256-GCM`, () => {
    const opened = new SealingKey(fromHex(key), random).open(
      concat(fromAscii(nonce), fromHex(sealed)),
      fromAscii(attributes),
    );
    assert.deepEqual(opened, fromAscii(plain));
  });
}

test('what is sealed opens, here and in another process with the same key, and never looks the same twice', () => {
  const sealing = new SealingKey(new Uint8Array(32).fill(1), random);
  const elsewhere = new SealingKey(new Uint8Array(32).fill(1), random);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 20 }), (data, attributes) => {
      const sealed = sealing.seal(data, attributes);
      assert.deepEqual(sealing.open(sealed, attributes), data);
      assert.deepEqual(elsewhere.open(sealed, attributes), data);
      assert.notDeepEqual(sealing.seal(data, attributes), sealed);
    }),
  );
});

test('one changed bit anywhere, in the attributes too, breaks the seal', () => {
  const sealing = new SealingKey(new Uint8Array(32).fill(1), random);
  const attributes = fromAscii('terminal.tak|tak|16');
  const sealed = sealing.seal(fromAscii('sixteen digits..'), attributes);
  fc.assert(
    fc.property(fc.nat(8 * sealed.length - 1), (bit) => {
      const changed = sealed.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      assert.throws(() => sealing.open(changed, attributes), broken);
    }),
  );
  assert.throws(() => sealing.open(sealed, fromAscii('terminal.tak|zak|16')), broken);
  assert.throws(() => sealing.open(sealed.subarray(0, 39), attributes), broken);
  assert.throws(() => new SealingKey(new Uint8Array(32), random).open(sealed, attributes), broken);
});
