import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { AnswerTooLong, fetchSend, isBeforeConnection, type Outgoing } from './index.ts';

const call = (url: string, over: Partial<Outgoing> = {}): Outgoing => ({
  method: 'POST',
  url,
  headers: {},
  body: 'a=1',
  timeoutMs: 2_000,
  bytesMax: 1_000,
  ...over,
});

const serving = async (status: number, body: string, run: (url: string) => Promise<void>): Promise<void> => {
  const server = createServer((_request, response) => response.writeHead(status, { location: '/b' }).end(body));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

test('an answer comes as bytes, whatever its status', () =>
  serving(500, 'broken', async (url) => {
    const answer = await fetchSend(call(url));
    assert.equal(answer.status, 500);
    assert.equal(Buffer.from(answer.body).toString(), 'broken');
  }));

test('the body of a success goes where it is taken, however long, and that of a failure comes back', async () => {
  const taken: Uint8Array[] = [];
  const take = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) taken.push(chunk);
  };
  await serving(200, 'x'.repeat(2_000), async (url) => {
    assert.equal((await fetchSend(call(url, { take, body: Uint8Array.of(1) }))).body.length, 0);
    assert.equal(Buffer.concat(taken).length, 2_000);
  });
  await serving(404, 'none', async (url) => {
    assert.equal(Buffer.from((await fetchSend(call(url, { take }))).body).toString(), 'none');
    assert.equal(Buffer.concat(taken).length, 2_000);
  });
});

test('an answer that is too long is not read to its end', () =>
  serving(200, 'x'.repeat(2_000), (url) => assert.rejects(fetchSend(call(url)), AnswerTooLong)));

test('a redirection is not followed', () => serving(302, '', (url) => assert.rejects(fetchSend(call(url)), TypeError)));

test('a refused connection is known to have delivered nothing', async () => {
  let gone = '';
  await serving(200, '', async (url) => void (gone = url));
  const fault = await fetchSend(call(gone)).catch((error: unknown) => error);
  assert.equal(isBeforeConnection(fault), true);
  assert.equal(isBeforeConnection(new TypeError('other')), false);
  assert.equal(isBeforeConnection('text'), false);
});
