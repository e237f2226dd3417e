import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Part, readMultipart } from './multipart.ts';

const boundary = 'a-line-0123456789';
const type = `multipart/form-data; charset=utf-8; boundary="${boundary}"`;
const written = (parts: readonly Part[]): Uint8Array =>
  Buffer.concat([
    ...parts.flatMap(({ name, fileName, contentType, data }) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"`),
      Buffer.from(fileName === undefined ? '' : `; filename="${fileName}"`),
      Buffer.from(contentType === undefined ? '' : `\r\nContent-Type: ${contentType}`),
      Buffer.from('\r\n\r\n'),
      data,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);

const parts = fc.array(
  fc.record(
    {
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      fileName: fc.option(fc.stringMatching(/^[a-z.]{1,8}$/), { nil: undefined }),
      contentType: fc.constantFrom(undefined, 'image/png', 'application/json'),
      data: fc.uint8Array({ maxLength: 60 }),
    },
    { noNullPrototype: true },
  ),
  { maxLength: 4 },
);

test('parts come back as they were written, whatever is in them', () =>
  fc.assert(fc.property(parts, (all) => assert.deepEqual(readMultipart(type, written(all)), all))));

test('what is cut short or is no multipart at all has no parts', () => {
  const body = written([{ name: 'meta', data: Buffer.from('{}') }]);
  assert.equal(readMultipart(type, body.subarray(0, -6)), undefined);
  assert.equal(readMultipart('application/json', body), undefined);
  assert.equal(readMultipart('multipart/form-data', body), undefined);
  assert.equal(readMultipart(type, Buffer.from(`--${boundary}\r\nno name\r\n\r\nx\r\n--${boundary}--`)), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const read = readMultipart(type, bytes);
      assert.ok(read === undefined || read.length === 0);
    }),
  );
});
