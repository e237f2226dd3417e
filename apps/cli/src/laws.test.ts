import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hex } from '@zhanggui/bytes';
import * as cardCrypto from '@zhanggui/card-crypto';
import fc from 'fast-check';
import { commands } from './commands.ts';
import { dialects } from './dialects.ts';
import { say } from './test-say.ts';

const bytesText = fc.uint8Array({ minLength: 1, maxLength: 120 }).map(hex);
const readers = [
  ...Object.keys(dialects).map((name) => `decode iso8583 --dialect ${name}`),
  'decode iso8583 --frame length,tpdu,header',
  'decode iso8583 --tree --partial',
  ...['', ' --strict', ' --lenient', ' --lenient --tree', ' --tree --unmasked'].map((way) => `decode tlv${way}`),
  'decode dol',
  ...commands
    .filter(({ name }) => name.startsWith('explain ') && name !== 'explain slip' && name !== 'explain tag')
    .map(({ name }) => name),
];

test('whatever bytes come, a reader understands them or says what is wrong: no fault of ours', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...readers), bytesText, async (reader, bytes) => {
      const { code, out, err } = await say([...reader.split(' '), bytes]);
      assert.ok(code === 0 || code === 1, err);
      assert.equal(err === '', code === 0);
      if (code === 0) assert.notEqual(out, '');
    }),
    { numRuns: 1000 },
  );
});

test('whatever a line says, it is done, or told to be wrong: no fault of ours', async () => {
  const word = fc.oneof(
    fc.constantFrom(
      ...commands.flatMap(({ name, options }) => [
        ...name.split(' '),
        ...Object.keys(options).map((option) => `--${option}`),
      ]),
    ),
    fc.constantFrom('00', '9F2608', '-', '622500', '=', '{}', '[]', '""', '--', '-x'),
    fc.string({ maxLength: 6 }),
  );
  const line = fc.tuple(fc.constantFrom(...commands), fc.array(word, { maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(line, async ([{ name }, rest]) => {
      // A thousand chips are no test of lines.
      if (name === 'cards' || name === 'crypto oda-key') return;
      const { code, err } = await say([...name.split(' '), ...rest], '00');
      assert.ok(code >= 0 && code <= 2, err);
    }),
    { numRuns: 1000 },
  );
});

/**
 * Made ready for use by the functions that are offered, another name for one with a fixed service code, how the web
 * writes keys and signatures that are offered as cards write them, or for whoever has no randomness, which the shell has.
 */
const notOffered: ReadonlySet<string> = new Set([
  'AesKey',
  'DesKey',
  'Sm4Key',
  'CryptoError',
  'cvv2',
  'icvv',
  'usualIbm3624Rule',
  'usualSm2Identity',
  'keySigner',
  'x509Certificate',
  'sm2CipherFromDer',
  'sm2CipherToDer',
  'sm2NumberFrom',
  'sm2NumberFromPkcs8',
  'sm2PointFromSpki',
  'sm2PointToSpki',
  'sm2SignatureFromDer',
  'sm2SignatureToDer',
]);

test('every calculation of card-crypto can be had from the shell', () => {
  const folder = join(import.meta.dirname, 'crypto');
  const offered = [
    ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')),
    readFileSync(join(import.meta.dirname, 'key-commands.ts'), 'utf8'),
  ].join('\n');
  const missing = Object.keys(cardCrypto).filter(
    (name) => !notOffered.has(name) && !new RegExp(`\\b${name}\\b`).test(offered),
  );
  assert.deepEqual(missing, []);
});
