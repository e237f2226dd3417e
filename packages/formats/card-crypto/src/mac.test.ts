import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, concat, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import macVectors from '../../../../spec-vectors/card-crypto-mac.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { desKey } from './des.ts';
import { desEcbDecrypt } from './keys.ts';
import { cbcMac, interchangeMac, unionPayEcbMac, x919Mac, x99Mac, xorMac } from './mac.ts';

for (const { id, mak, data, folded, field64 } of vectors.unionPayMac) {
  test(`UnionPay MAC ${id}: fold, encipher, add, encipher gives field 64`, () => {
    assert.equal(ascii(unionPayEcbMac(fromHex(mak), fromHex(data))), field64);
    assert.equal(hex(desKey(fromHex(mak)).decrypt(xorMac(fromHex(mak), fromHex(data)))), folded);
  });
}

test('the MAC key of M3 arrives enciphered under the TMK', () => {
  for (const { tmk, makCipher, mak } of vectors.unionPayMac) {
    if (tmk !== undefined && makCipher !== undefined)
      assert.equal(hex(desEcbDecrypt(fromHex(tmk), fromHex(makCipher))), mak);
  }
});

for (const { id, data, singleDes, doubleDes } of vectors.interchangeMac) {
  for (const { key, full, f128 } of [singleDes, doubleDes]) {
    test(`interchange MAC of the ${id}, ${key.length / 2}-byte key: every block under the whole key`, () => {
      assert.equal(hex(cbcMac(fromHex(key), fromAscii(data))), full);
      assert.equal(ascii(interchangeMac(fromHex(key), fromAscii(data))), f128);
    });
  }
}

test('padding 80 tells apart messages that zero padding does not', () => {
  const key = fromHex('0123456789ABCDEFFEDCBA9876543210');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (data) => {
      fc.pre(data.length % 8 !== 0);
      const longer = new Uint8Array(data.length + 1);
      longer.set(data);
      assert.deepEqual(x919Mac(key, data), x919Mac(key, longer));
      assert.notDeepEqual(x919Mac(key, data, { padding: '80' }), x919Mac(key, longer, { padding: '80' }));
    }),
  );
});

test('a ready key gives the same MAC as its bytes, message after message', () => {
  const bytes = fromHex('0123456789ABCDEFFEDCBA9876543210');
  const ready = desKey(bytes);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
      for (const mac of [unionPayEcbMac, xorMac, cbcMac, x919Mac, interchangeMac])
        assert.deepEqual(mac(ready, data), mac(bytes, data));
    }),
  );
});

const { text, retail, cbc } = macVectors.paddings;
for (const padding of ['zeros', '80', 'length'] as const)
  test(`ISO 9797-1 algorithms 1 and 3 with padding ${padding}`, () => {
    assert.equal(hex(cbcMac(fromHex(cbc.key), fromAscii(text), { padding })), cbc.macs[padding]);
    assert.equal(hex(x919Mac(fromHex(retail.key), fromAscii(text), { padding })), retail.macs[padding]);
  });

test('padding by length puts the count of bits in front, and one block of zeros behind no data at all', () => {
  const key = desKey(fromHex('0123456789ABCDEFFEDCBA9876543210'));
  const front = (count: number, data: Uint8Array) => concat(fromHex(count.toString(16).padStart(16, '0')), data);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (data) => {
      assert.deepEqual(cbcMac(key, data, { padding: 'length' }), cbcMac(key, front(8 * data.length, data)));
    }),
  );
  assert.deepEqual(cbcMac(key, new Uint8Array(0), { padding: 'length' }), cbcMac(key, new Uint8Array(16)));
});

test('X9.9 is the single DES chain, X9.19 the same with a key of twice the same half', () => {
  const half = fromHex('0123456789ABCDEF');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
      assert.deepEqual(x99Mac(half, data), cbcMac(half, data));
      assert.deepEqual(x919Mac(concat(half, half), data), x99Mac(half, data));
    }),
  );
  assert.throws(() => x99Mac(concat(half, half), half), CryptoError);
});
