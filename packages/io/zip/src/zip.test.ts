import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openZip, writeZip, ZipError, type ZipFile } from './index.ts';

const bytesOf = async (file: ZipFile | undefined): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of file?.bytes() ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
};
const packed = (name: string, text: string): Buffer => Buffer.from(writeZip([{ name, bytes: Buffer.from(text) }]));

test('what was packed is what is read, as often as it is read', async () => {
  const entry = fc.record({
    name: fc.string({ minLength: 1, maxLength: 30 }),
    bytes: fc.uint8Array({ maxLength: 300 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 5 }), async (entries) => {
      const files = openZip(writeZip(entries));
      assert.deepEqual(
        files.map(({ name }) => name),
        entries.map(({ name }) => Buffer.from(name).toString()),
      );
      for (const [index, file] of [...files.entries(), ...files.entries()])
        assert.deepEqual(await bytesOf(file), Buffer.from(entries[index]?.bytes ?? []));
    }),
    { numRuns: 50 },
  );
});

test('a long file comes in pieces', async () => {
  const bytes = Buffer.alloc(3_000_000, 'abcdefg');
  const [file] = openZip(writeZip([{ name: 'long', bytes }]));
  let pieces = 0;
  for await (const piece of file?.bytes() ?? []) pieces += piece.length > 0 ? 1 : 0;
  assert.ok(pieces > 5);
  assert.equal((await bytesOf(file)).equals(bytes), true);
});

test('a changed byte of a file is found when it is read', async () => {
  for (const offset of [6, 9, 12]) {
    const archive = packed('业务明细.csv', 'one,two,three,four');
    const at = archive.indexOf('.csv') + offset;
    archive[at] = (archive[at] ?? 0) ^ 0xff;
    await assert.rejects(bytesOf(openZip(archive)[0]), ZipError);
  }
});

test('a file that is longer than it says is refused', async () => {
  const archive = packed('a', 'one');
  const directory = archive.indexOf(Buffer.from('504b0102', 'hex'));
  archive.writeUInt32LE(2, directory + 24);
  await assert.rejects(bytesOf(openZip(archive)[0]), ZipError);
});

test('a stored file is read, an unknown method is not', async () => {
  const archive = packed('a', '');
  const directory = archive.indexOf(Buffer.from('504b0102', 'hex'));
  archive.writeUInt16LE(12, directory + 10);
  assert.throws(() => openZip(archive), ZipError);
  archive.writeUInt16LE(0, directory + 10);
  archive.writeUInt32LE(0, directory + 20);
  assert.equal((await bytesOf(openZip(archive)[0])).length, 0);
});

test('an archive cut short, or none at all, is refused', () => {
  const archive = packed('a', 'one');
  for (const bytes of [archive.subarray(0, archive.length - 5), Buffer.from('no zip'), new Uint8Array()])
    assert.throws(() => openZip(bytes), ZipError);
});

test('damaged archives are refused in words of this package', async () => {
  const archive = packed('业务明细.csv', 'one,two,three,four,five');
  await fc.assert(
    fc.asyncProperty(fc.nat(archive.length - 1), fc.nat(255), fc.nat(archive.length), async (at, byte, length) => {
      const damaged = Buffer.from(archive);
      damaged[at] = byte;
      try {
        for (const file of openZip(damaged.subarray(0, length))) await bytesOf(file);
      } catch (error) {
        assert.ok(error instanceof ZipError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
