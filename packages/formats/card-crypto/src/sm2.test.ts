import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromAscii, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import { sm2 } from 'sm-crypto-v2';
import vectors from '../../../../spec-vectors/sm.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { sm2Decrypt, sm2Encrypt, sm2NumberFrom, sm2PublicKey, sm2Sign, sm2Verify } from './sm2.ts';

const vector = vectors.sm2;
const privateKey = fromHex(vector.privateKey);
const publicKey = fromHex(vector.publicKey);
const nonce = fromHex(vector.nonce);
const data = fromAscii(vector.message);

/** Any 32 bytes that begin below FF are a number under the order. */
const numbers = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => {
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  bytes[31] = (bytes[31] ?? 0) | 1;
  return bytes;
});
const refused = (code: string, run: () => unknown) =>
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code);

test('the standard’s example key, signature and ciphertext come out', () => {
  assert.equal(hex(sm2PublicKey(privateKey)), vector.publicKey);
  assert.equal(hex(sm2Sign({ privateKey, nonce, data, identity: vector.identity })), vector.signature);
  assert.equal(hex(sm2Encrypt({ publicKey, nonce, data: fromAscii(vector.secret) })), vector.cipher);
  assert.equal(hex(sm2Decrypt({ privateKey, cipher: fromHex(vector.cipher) })), hex(fromAscii(vector.secret)));
});

test('a signature holds for its key, identity and data alone', () => {
  const signature = fromHex(vector.signature);
  assert.equal(sm2Verify({ publicKey, signature, data }), true);
  assert.equal(sm2Verify({ publicKey, signature, data: data.subarray(1) }), false);
  assert.equal(sm2Verify({ publicKey, signature, data, identity: 'somebody' }), false);
  assert.equal(sm2Verify({ publicKey: sm2PublicKey(nonce), signature, data }), false);
  for (const wrong of [signature.subarray(1), new Uint8Array(64), new Uint8Array(64).fill(0xff)])
    assert.equal(sm2Verify({ publicKey, signature: wrong, data }), false);
});

test('what we sign another implementation verifies, and what it signs we do', () => {
  fc.assert(
    fc.property(numbers, numbers, fc.uint8Array({ maxLength: 100 }), (secret, random, message) => {
      const point = sm2PublicKey(secret);
      const ours = sm2Sign({ privateKey: secret, nonce: random, data: message });
      const userId = '1234567812345678';
      assert.ok(
        sm2.doVerifySignature(message, hex(ours).toLowerCase(), hex(point).toLowerCase(), { hash: true, userId }),
      );
      const theirs = sm2.doSignature(message, hex(secret).toLowerCase(), { hash: true, userId });
      assert.equal(sm2Verify({ publicKey: point, signature: fromHex(theirs), data: message }), true);
    }),
    { numRuns: 10 },
  );
});

test('only the whole ciphertext opens, and only under its key', () => {
  fc.assert(
    fc.property(
      numbers,
      numbers,
      fc.uint8Array({ minLength: 1, maxLength: 100 }),
      fc.nat(),
      (secret, random, plain, at) => {
        const cipher = sm2Encrypt({ publicKey: sm2PublicKey(secret), nonce: random, data: plain });
        assert.deepEqual(sm2Decrypt({ privateKey: secret, cipher }), plain);
        refused('sm2-cipher', () => sm2Decrypt({ privateKey, cipher }));
        cipher[at % cipher.length] = (cipher[at % cipher.length] ?? 0) ^ 1;
        refused('sm2-cipher', () => sm2Decrypt({ privateKey: secret, cipher }));
      },
    ),
    { numRuns: 20 },
  );
});

test('numbers out of range and points off the curve are refused', () => {
  const zero = new Uint8Array(32);
  const above = new Uint8Array(32).fill(0xff);
  for (const wrong of [zero, above, zero.subarray(1)]) {
    refused('sm2-key', () => sm2PublicKey(wrong));
    refused('sm2-nonce', () => sm2Sign({ privateKey, nonce: wrong, data }));
    refused('sm2-nonce', () => sm2Encrypt({ publicKey, nonce: wrong, data }));
  }
  const off = publicKey.map((byte, index) => (index === 64 ? byte ^ 1 : byte));
  refused('sm2-key', () => sm2Encrypt({ publicKey: off, nonce, data }));
  refused('sm2-key', () => sm2Verify({ publicKey: off, signature: fromHex(vector.signature), data }));
  refused('sm2-key', () => sm2Encrypt({ publicKey: publicKey.subarray(1), nonce, data }));
  refused('sm2-cipher', () => sm2Encrypt({ publicKey, nonce, data: new Uint8Array(0) }));
});

test('a number made of a secret and data is the same for the same, another for any other, and signs', () => {
  fc.assert(
    fc.property(numbers, fc.uint8Array(), fc.uint8Array(), (secret, first, second) => {
      const number = sm2NumberFrom({ secret, data: first });
      assert.deepEqual(sm2NumberFrom({ secret, data: first }), number);
      assert.equal(hex(sm2NumberFrom({ secret, data: second })) === hex(number), hex(first) === hex(second));
      assert.notDeepEqual(sm2NumberFrom({ secret: secret.toReversed().with(0, 0x80), data: first }), number);
    }),
    { numRuns: 50 },
  );
  const signed = sm2Sign({ privateKey, nonce: sm2NumberFrom({ secret: privateKey, data }), data });
  assert.equal(sm2Verify({ publicKey, signature: signed, data }), true);
});
