import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { decryptTrack, encryptTrack, trackBlockOf } from './track.ts';

for (const { id, track, block, key, cipher } of vectors.track) {
  test(`track ${id}: the eight bytes before the last are enciphered in place`, () => {
    assert.equal(hex(trackBlockOf(track)), block);
    const enciphered = encryptTrack(fromHex(key), track);
    assert.equal(enciphered, track.replace(block, cipher.replaceAll('D', '=')));
    assert.equal(decryptTrack(fromHex(key), enciphered), track);
  });
}

test('decrypting undoes encrypting for every track long enough, and the length never changes', () => {
  const key = fromHex('0123456789ABCDEFFEDCBA9876543210');
  const tracks = fc.string({ unit: fc.constantFrom(...'0123456789='.split('')), minLength: 18, maxLength: 104 });
  fc.assert(
    fc.property(tracks, (track) => {
      const enciphered = encryptTrack(key, track);
      assert.equal(enciphered.length, track.length);
      assert.equal(decryptTrack(key, enciphered), track);
    }),
  );
});

test('a track with less than eight bytes before its last is refused', () => {
  assert.throws(() => trackBlockOf('1234567890123456'), CryptoError);
});
