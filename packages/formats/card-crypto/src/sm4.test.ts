import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { ascii, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/sm.json' with { type: 'json' };
import { sm4Cmac } from './cmac.ts';
import { CryptoError } from './crypto-error.ts';
import { sm4CmacKcv } from './keys.ts';
import { interchangeSm4Mac, sm4CbcMac, sm4PinBlockDecode, sm4PinBlockEncode, unionPaySm4Mac } from './sm-pos.ts';
import { sm3, sm3Hmac } from './sm3.ts';
import { Sm4Key, type Sm4Mode, sm4Kcv } from './sm4.ts';

const { sm4 } = vectors;
const refused = (code: string, run: () => unknown) =>
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code);

test('SM3 gives the standard’s digests', () => {
  for (const { text, digest } of vectors.sm3) assert.equal(hex(sm3(fromAscii(text))), digest);
  assert.equal(sm3Hmac(fromAscii('key'), fromAscii('abc')).length, 32);
});

test('SM4 gives the standard’s blocks, once and a million times over', () => {
  const key = new Sm4Key(fromHex(sm4.key));
  assert.equal(hex(key.encrypt(fromHex(sm4.plain))), sm4.cipher);
  assert.equal(hex(key.decrypt(fromHex(sm4.cipher))), sm4.plain);
  // CBC over zeros enciphers each result again.
  const chain = new Uint8Array(16_000_000);
  chain.set(fromHex(sm4.plain));
  assert.equal(hex(key.chain(chain)), sm4.cipherAfterMillion);
});

for (const { source, key, vector, plain, ...ciphers } of vectors.sm4Modes) {
  test(`the modes give what ${source} has, and back`, () => {
    const ready = new Sm4Key(fromHex(key));
    for (const [mode, cipher] of Object.entries(ciphers)) {
      const options = { mode: mode as Sm4Mode, vector: fromHex(vector) };
      assert.equal(hex(ready.encrypt(fromHex(plain), options)), cipher);
      assert.equal(hex(ready.decrypt(fromHex(cipher), options)), plain);
    }
  });
}

test('GCM gives the published ciphertext and tag, and opens nothing that was changed', () => {
  const { key, nonce, attributes, plain, cipher, tag } = vectors.sm4Gcm;
  const ready = new Sm4Key(fromHex(key));
  const order = { nonce: fromHex(nonce), attributes: fromHex(attributes) };
  const sealed = ready.seal({ ...order, data: fromHex(plain) });
  assert.deepEqual([hex(sealed.data), hex(sealed.tag)], [cipher, tag]);
  assert.equal(hex(ready.open({ ...order, ...sealed })), plain);
  const changed = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte));
  for (const wrong of [
    { ...order, ...sealed, data: changed(sealed.data) },
    { ...order, ...sealed, tag: changed(sealed.tag) },
    { ...order, ...sealed, tag: sealed.tag.subarray(1) },
    { ...order, ...sealed, attributes: new Uint8Array(0) },
    { ...order, ...sealed, nonce: changed(order.nonce) },
  ])
    refused('tag-mismatch', () => ready.open(wrong));
});

test('every mode gives back what went in; block modes take whole blocks only', () => {
  const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const modes = fc.constantFrom<Sm4Mode>('ecb', 'cbc', 'cfb', 'ofb', 'ctr');
  fc.assert(
    fc.property(key, key, modes, fc.uint8Array({ maxLength: 100 }), (bytes, vector, mode, data) => {
      const ready = new Sm4Key(bytes);
      const options = mode === 'ecb' ? { mode } : { mode, vector };
      if ((mode === 'ecb' || mode === 'cbc') && data.length % 16 !== 0) {
        refused('not-whole-blocks', () => ready.encrypt(data, options));
        refused('not-whole-blocks', () => ready.decrypt(data, options));
      } else assert.deepEqual(ready.decrypt(ready.encrypt(data, options), options), data);
    }),
  );
  refused('key-length', () => new Sm4Key(new Uint8Array(15)));
  refused('not-whole-blocks', () =>
    new Sm4Key(new Uint8Array(16)).encrypt(new Uint8Array(16), { mode: 'cbc', vector: new Uint8Array(8) }),
  );
});

test('CMAC gives what OpenSSL gives, and check values of both kinds', () => {
  const { key, macs } = vectors.sm4Cmac;
  for (const { data, mac } of macs) assert.equal(hex(sm4Cmac(fromHex(key), fromHex(data))), mac);
  assert.equal(hex(sm4CmacKcv(fromHex(key))), hex(sm4Cmac(fromHex(key), new Uint8Array(16))));
  assert.equal(hex(sm4Kcv(fromHex(key))), hex(new Sm4Key(fromHex(key)).encrypt(new Uint8Array(16))));
});

test('a key does not show when printed', () => {
  const shown =
    inspect(new Sm4Key(fromHex(sm4.key)), { depth: 9, showHidden: true }) +
    JSON.stringify(new Sm4Key(fromHex(sm4.key)));
  assert.equal(shown, 'Sm4Key(****)"****"');
});

test('a working key arrives under its master key and has the published check value', () => {
  const { tmk, cipher, key, kcv } = vectors.workingKey;
  assert.equal(hex(new Sm4Key(fromHex(tmk)).decrypt(fromHex(cipher))), key);
  assert.equal(hex(sm4Kcv(fromHex(key)).subarray(0, 8)), kcv);
});

test('the PIN block of sixteen bytes is the published one', () => {
  const { pin, pan, clear, cipher } = vectors.pinBlock;
  assert.equal(hex(sm4PinBlockEncode({ pin, pan })), clear);
  assert.equal(sm4PinBlockDecode({ block: fromHex(clear), pan }), pin);
  assert.equal(hex(new Sm4Key(fromHex(vectors.workingKey.key)).encrypt(fromHex(clear))), cipher);
});

test('a PIN block gives its PIN back with its PAN; anything else is refused without saying why', () => {
  const digits = (minLength: number, maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength, maxLength });
  fc.assert(
    fc.property(digits(4, 12), digits(13, 19), fc.uint8Array({ minLength: 16, maxLength: 16 }), (pin, pan, garbage) => {
      assert.equal(sm4PinBlockDecode({ block: sm4PinBlockEncode({ pin, pan }), pan }), pin);
      garbage[15] = 0;
      refused('pin-format', () => sm4PinBlockDecode({ block: garbage, pan: '0000000000000' }));
    }),
  );
  refused('pin-format', () => sm4PinBlockDecode({ block: new Uint8Array(8), pan: '6225000000000014' }));
  refused('pin-format', () => sm4PinBlockEncode({ pin: '123', pan: '6225000000000014' }));
  refused('pan-format', () => sm4PinBlockEncode({ pin: '1234', pan: '62' }));
});

test('the MACs of the links and of the terminals come out', () => {
  for (const { key, text, cbc } of vectors.mac) {
    assert.equal(hex(sm4CbcMac(fromHex(key), fromAscii(text))), cbc);
    assert.equal(ascii(interchangeSm4Mac(fromHex(key), fromAscii(text))), cbc.slice(0, 8));
  }
  const { key, text, field64 } = vectors.posMac;
  assert.equal(ascii(unionPaySm4Mac(fromHex(key), fromAscii(text))), field64);
  assert.equal(sm4CbcMac(fromHex(key), new Uint8Array(0)).length, 16);
});
