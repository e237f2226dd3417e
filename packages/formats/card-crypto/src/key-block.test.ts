import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto-key-block.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { type KeyBlockVersion, keyBlockFillBytes, unwrapKeyBlock, wrapKeyBlock } from './key-block.ts';
import type { KeyBlockHeader } from './key-block-header.ts';
import { adjustParity, kcv } from './keys.ts';

const refused = (code: string | undefined, run: () => unknown) =>
  assert.throws(
    run,
    (error) => error instanceof CryptoError && (!code || error.code === code) && error.message === error.code,
  );

for (const { id, source, kbpk, block, key } of vectors.blocks)
  test(`key block ${id} opens to its key (${source})`, () => {
    const opened = unwrapKeyBlock({ kbpk: fromHex(kbpk), block });
    assert.equal(hex(opened.key), key);
    const { version } = opened.header;
    const fill = new Uint8Array(keyBlockFillBytes({ version, keyBytes: opened.key.length }));
    const again = wrapKeyBlock({ kbpk: fromHex(kbpk), ...opened, fill });
    assert.deepEqual(unwrapKeyBlock({ kbpk: fromHex(kbpk), block: again }), opened);
  });

const vector = (id: string) => {
  const found = vectors.blocks.find((block) => block.id === id);
  assert.ok(found);
  return found;
};

test('version E adds nothing behind the key and so wraps the same way every time (ISO 20038 B.2)', () => {
  const { kbpk, block, key } = vector('ISO 20038:2017 B.2');
  const { header } = unwrapKeyBlock({ kbpk: fromHex(kbpk), block });
  assert.equal(keyBlockFillBytes({ version: 'E', keyBytes: 16 }), 0);
  assert.equal(wrapKeyBlock({ kbpk: fromHex(kbpk), header, key: fromHex(key), fill: new Uint8Array(0) }), block);
});

for (const { source, why, ...case_ } of vectors.disagreements)
  test(`${source}: ${why}`, () => {
    if (case_.refused !== undefined && case_.kbpk !== undefined) {
      const { refused: block, kbpk } = case_;
      refused('key-block-format', () => unwrapKeyBlock({ kbpk: fromHex(kbpk), block }));
    }
    if (case_.printedKey !== undefined && case_.block !== undefined) {
      const [printed, opened] = [fromHex(case_.printedKey), fromHex(vector(case_.block).key)];
      assert.notDeepEqual(printed, opened);
      assert.deepEqual(adjustParity(printed), adjustParity(opened));
      assert.deepEqual(kcv(printed), kcv(opened));
    }
  });

test('the optional blocks of a header are kept, in their order', () => {
  const { kbpk, block } = vector('X9.143:2021 8.2');
  assert.deepEqual(unwrapKeyBlock({ kbpk: fromHex(kbpk), block }).header.options, [
    { id: 'KS', data: 'VM9A' },
    { id: 'TS', data: '2018-06-18T20:42:39.22' },
    { id: 'PB', data: '0000000000' },
  ]);
});

test('an RSA key travels with its certificate in an optional block of more than 255 characters (X9.143 8.5)', () => {
  const kbpk = fromHex(vectors.rsa.kbpk);
  const { header, key } = unwrapKeyBlock({ kbpk, block: vectors.rsa.block });
  assert.deepEqual(
    header.options?.map(({ id }) => id),
    ['CT', 'KP', 'TS', 'PB'],
  );
  const privateKey = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs1' });
  const certificate = new X509Certificate(Buffer.from(header.options?.[0]?.data.slice(2) ?? '', 'base64'));
  assert.equal(certificate.checkPrivateKey(privateKey), true);
  const fill = new Uint8Array(keyBlockFillBytes({ version: 'D', keyBytes: key.length }));
  const again = wrapKeyBlock({ kbpk, header, key, fill });
  assert.equal(again.slice(5, 1340), vectors.rsa.block.slice(5, 1340));
  assert.deepEqual(unwrapKeyBlock({ kbpk, block: again }), { header, key });
});

const versions: KeyBlockVersion[] = ['A', 'B', 'C', 'D', 'E'];
const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF:- xyz'.split('')), minLength, maxLength });
const option = fc
  .tuple(fc.constantFrom('KS', 'TS', 'HM', 'LB', '10'), text(0, 600))
  .map(([id, data]) => ({ id, data }));

const anyBlock = fc
  .record({
    version: fc.constantFrom(...versions),
    kbpkBytes: fc.constantFrom(16, 24),
    key: bytes(1, 40),
    hidesLength: fc.constantFrom(undefined, 24, 32),
    options: fc.array(option, { maxLength: 3 }),
    seed: bytes(80),
  })
  .map(({ version, kbpkBytes, key, hidesLength, options, seed }) => {
    const header: KeyBlockHeader = {
      version,
      usage: 'P0',
      algorithm: 'T',
      modeOfUse: 'E',
      keyVersion: '00',
      exportability: 'N',
      context: '0',
      options,
    };
    const fill = seed.subarray(0, keyBlockFillBytes({ version, keyBytes: key.length, hidesLength }));
    return { kbpk: seed.slice(80 - kbpkBytes), header, key, fill, hidesLength };
  });

test('what is wrapped unwraps to the same key and header, its options filled up to whole cipher blocks', () => {
  fc.assert(
    fc.property(anyBlock, ({ kbpk, header, key, fill }) => {
      const block = wrapKeyBlock({ kbpk, header, key, fill });
      const opened = unwrapKeyBlock({ kbpk, block });
      assert.deepEqual(opened.key, key);
      const { options = [], ...rest } = opened.header;
      const { options: given = [], ...wanted } = header;
      assert.deepEqual(rest, wanted);
      assert.deepEqual(options.slice(0, given.length), given);
      assert.ok(options.slice(given.length).every(({ id }) => id === 'PB'));
      assert.equal(Number(block.slice(1, 5)), block.length);
      assert.equal(wrapKeyBlock({ kbpk, ...opened, fill }), block);
    }),
  );
});

test('one altered character, or another protection key, is refused', () => {
  fc.assert(
    fc.property(anyBlock, fc.nat(), ({ kbpk, header, key, fill }, place) => {
      const block = wrapKeyBlock({ kbpk, header, key, fill });
      const at = place % block.length;
      const bent = block.slice(0, at) + (block.charAt(at) === '1' ? '2' : '1') + block.slice(at + 1);
      refused(undefined, () => unwrapKeyBlock({ kbpk, block: bent }));
      const other = kbpk.with(place % kbpk.length, (kbpk[place % kbpk.length] ?? 0) ^ 0x10);
      refused('key-block-mac', () => unwrapKeyBlock({ kbpk: other, block }));
    }),
  );
});

test('a hidden length makes the blocks of a double and a triple length key equally long', () => {
  for (const version of versions) {
    const lengths = [16, 24].map((keyBytes) => keyBytes + keyBlockFillBytes({ version, keyBytes, hidesLength: 24 }));
    assert.equal(lengths[0], lengths[1]);
  }
});

test('no text makes the reader do anything but answer or refuse', () => {
  const kbpk = new Uint8Array(16);
  const { block } = vector('TR-31:2018 A.7.3.2');
  fc.assert(
    fc.property(fc.string(), fc.nat({ max: block.length }), (noise, cut) => {
      for (const input of [noise, block.slice(0, cut), block.slice(0, cut) + noise])
        refused(undefined, () => unwrapKeyBlock({ kbpk, block: input }));
    }),
  );
});

test('keys, headers and fillers out of form are refused with a code only', () => {
  const { kbpk: kbpkHex, block } = vector('payShield B');
  const kbpk = fromHex(kbpkHex);
  const { header, key } = unwrapKeyBlock({ kbpk, block });
  const good = { kbpk, header, key, fill: new Uint8Array(6) };
  refused('key-length', () => wrapKeyBlock({ ...good, kbpk: new Uint8Array(8) }));
  refused('key-length', () => wrapKeyBlock({ ...good, kbpk: new Uint8Array(32) }));
  refused('key-length', () => wrapKeyBlock({ ...good, key: new Uint8Array(0) }));
  refused('fill-format', () => wrapKeyBlock({ ...good, fill: new Uint8Array(5) }));
  for (const wrong of [{ usage: 'P' }, { usage: 'P00' }, { exportability: 'n' }, { context: '3' }, { keyVersion: '' }])
    refused('key-block-format', () => wrapKeyBlock({ ...good, header: { ...header, ...wrong } }));
  const long = { id: 'CT', data: 'x'.repeat(9990) };
  refused('key-block-format', () => wrapKeyBlock({ ...good, header: { ...header, options: [long] } }));
});
