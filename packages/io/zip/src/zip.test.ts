import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readZip, writeZip, ZipError } from './index.ts';

const limit = 1_000_000;

test('what was packed is what is read', () => {
  const entry = fc.record({
    name: fc.string({ minLength: 1, maxLength: 30 }),
    bytes: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
      const read = readZip(writeZip(entries), limit);
      assert.deepEqual(
        read.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('hex')]),
        entries.map(({ name, bytes }) => [Buffer.from(name).toString(), Buffer.from(bytes).toString('hex')]),
      );
    }),
  );
});

test('a changed byte of a file is found', () => {
  const archive = Buffer.from(writeZip([{ name: '业务明细.csv', bytes: Buffer.from('one,two') }]));
  const at = archive.indexOf('.csv') + 6;
  archive[at] = (archive[at] ?? 0) ^ 0xff;
  assert.throws(() => readZip(archive, limit), ZipError);
});

test('an archive cut short, or none at all, is refused', () => {
  const archive = writeZip([{ name: 'a', bytes: Buffer.from('one') }]);
  for (const bytes of [archive.subarray(0, archive.length - 5), Buffer.from('no zip'), new Uint8Array()])
    assert.throws(() => readZip(bytes, limit), ZipError);
});

test('more than may be is not unpacked', () => {
  const archive = writeZip([{ name: 'a', bytes: Buffer.alloc(10_000) }]);
  assert.throws(() => readZip(archive, 9_999), ZipError);
});
