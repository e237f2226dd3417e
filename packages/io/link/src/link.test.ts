import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ascii, concat, fromAscii, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import {
  type Connection,
  connect,
  connectMany,
  defineFraming,
  FRAMINGS,
  FrameError,
  type Framing,
  type Link,
  type LinkState,
  type Listener,
  listen,
} from './index.ts';
import { selfSigned } from './testing/certificate.ts';

const { ascii4, binary2 } = FRAMINGS;
const inclusive4 = defineFraming({ name: 'inclusive ascii4', length: 'ascii', bytes: 4, inclusive: true });
const host = '127.0.0.1';
const soon = { minMs: 5, maxMs: 20 };

const until = async (condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'the condition comes true within five seconds');
    await pause(2);
  }
};

type Server = Listener & { readonly frames: string[]; readonly connections: Connection[] };

const serve = async (
  t: TestContext,
  options: Partial<Parameters<typeof listen>[0]> = {},
  onFrame: (connection: Connection, frame: Uint8Array) => void = () => undefined,
): Promise<Server> => {
  const frames: string[] = [];
  const connections: Connection[] = [];
  const listener = await listen({
    host,
    port: 0,
    framing: ascii4,
    ...options,
    onConnection(connection) {
      connections.push(connection);
      connection.onFrame((frame) => {
        frames.push(ascii(frame));
        onFrame(connection, frame);
      });
    },
  });
  t.after(() => listener.close());
  return { ...listener, frames, connections };
};

const rawPeer = async (t: TestContext, port: number): Promise<Socket> => {
  const socket = connectSocket({ host, port });
  socket.on('error', () => undefined);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket.setNoDelay(true);
};

const linkTo = (t: TestContext, port: number, options: Partial<Parameters<typeof connect>[0]> = {}): Link => {
  const link = connect({ host, port, framing: ascii4, reconnect: soon, onFrame: () => undefined, ...options });
  t.after(() => link.close());
  return link;
};

const chunksOf = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
};

for (const framing of [...Object.values(FRAMINGS), inclusive4]) {
  test(`${framing.name} frames come out whole however the stream is cut`, () => {
    const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(frames, fc.array(fc.nat(20)), (sent, cuts) => {
        const decoder = framing.decoder({ maxBytes: 100 });
        const stream = concat(...sent.map((frame) => framing.encode(frame)));
        const received = chunksOf(stream, cuts).flatMap((chunk) => decoder.push(chunk));
        assert.deepEqual(received.map(hex), sent.map(hex));
      }),
    );
  });

  test(`a ${framing.name} frame longer than agreed is refused before it is held`, () => {
    const decoder = framing.decoder({ maxBytes: 100 });
    assert.throws(
      () => decoder.push(framing.encode(new Uint8Array(101)).subarray(0, 6)),
      (error) => error instanceof FrameError && error.code === 'frame-too-long',
    );
  });
}

test('the length in front is written as agreed', () => {
  const frame = fromAscii('0800');
  const written = (framing: Framing): string => hex(framing.encode(frame)).slice(0, -8);
  assert.deepEqual([binary2, ascii4, FRAMINGS.bcd2, FRAMINGS.binary4, inclusive4].map(written), [
    '0004',
    '30303034',
    '0004',
    '00000004',
    '30303038',
  ]);
  assert.equal(written(defineFraming({ name: 'bcd2', length: 'bcd', bytes: 2, inclusive: true })), '0006');
});

test('a frame longer than its length can say is refused', () => {
  const sizes = { binary2: 0x1_0000, ascii4: 10_000, bcd2: 10_000 } as const;
  for (const name of ['binary2', 'ascii4', 'bcd2'] as const) {
    assert.throws(() => FRAMINGS[name].encode(new Uint8Array(sizes[name])), FrameError);
    assert.equal(
      FRAMINGS[name].encode(new Uint8Array(sizes[name] - 1)).length,
      sizes[name] - 1 + (name === 'ascii4' ? 4 : 2),
    );
  }
});

test('a length that counts itself is at least its own size', () => {
  const push = (text: string) => inclusive4.decoder({ maxBytes: 100 }).push(fromAscii(text));
  assert.throws(() => push('0003'), FrameError);
  assert.deepEqual(push('000000040006ok').map(ascii), ['ok']);
});

test('four characters that are no digits end the stream', () => {
  assert.throws(
    () => ascii4.decoder({ maxBytes: 100 }).push(fromAscii('GET /')),
    (error) => error instanceof FrameError && error.code === 'length-malformed',
  );
});

test('a frame that arrives in pieces is delivered once, when it is whole', async (t) => {
  const server = await serve(t);
  const peer = await rawPeer(t, server.port);
  for (const piece of ['00', '05he', 'll', 'o']) {
    peer.write(piece);
    await pause(10);
  }
  await until(() => server.frames.length === 1);
  assert.deepEqual(server.frames, ['hello']);
});

test('frames that arrive together are delivered one by one, and keep-alives not at all', async (t) => {
  const server = await serve(t);
  const peer = await rawPeer(t, server.port);
  peer.write('0000' + '0001a' + '0000' + '0002bc' + '0003d');
  await until(() => server.frames.length === 2);
  peer.write('ef');
  await until(() => server.frames.length === 3);
  assert.deepEqual(server.frames, ['a', 'bc', 'def']);
});

test('a peer that sends a frame that is too long is cut off, others are not', async (t) => {
  const server = await serve(t, { frameBytesMax: 10 });
  const bad = await rawPeer(t, server.port);
  const good = await rawPeer(t, server.port);
  bad.write('9999');
  await once(bad, 'close');
  good.write('0002ok');
  await until(() => server.frames.length === 1);
});

test('frames of one turn leave in order and together', async (t) => {
  const server = await serve(t, { framing: binary2 }, (connection, frame) => assert.ok(connection.send(frame)));
  const received: string[] = [];
  const link = linkTo(t, server.port, { framing: binary2, onFrame: (frame) => received.push(ascii(frame)) });
  await until(() => link.state === 'connected');
  const sent = Array.from({ length: 200 }, (_, index) => `frame ${index}`);
  for (const text of sent) assert.ok(link.send(fromAscii(text)));
  await until(() => received.length === sent.length);
  assert.deepEqual(received, sent);
});

test('a quiet link sends keep-alives, which no handler sees', async (t) => {
  const server = await serve(t);
  const link = linkTo(t, server.port, { keepAliveMs: 5 });
  await until(() => link.state === 'connected');
  await pause(40);
  link.send(fromAscii('last'));
  await until(() => server.frames.length === 1);
  assert.deepEqual(server.frames, ['last']);
});

test('a broken link connects again by itself, and refuses frames meanwhile', async (t) => {
  const states: LinkState[] = [];
  const server = await serve(t);
  const link = linkTo(t, server.port, { onState: (state) => states.push(state) });
  assert.equal(link.send(fromAscii('early')), false);
  await until(() => link.state === 'connected');
  await server.connections[0]?.close();
  await until(() => states.length === 4);
  assert.deepEqual(states, ['connecting', 'connected', 'connecting', 'connected']);
  assert.ok(link.send(fromAscii('again')));
  await until(() => server.frames.includes('again'));
});

test('a link waits for a host that is not there yet', async (t) => {
  const first = await serve(t);
  const { port } = first;
  await first.close();
  const link = linkTo(t, port);
  await pause(30);
  assert.equal(link.state, 'connecting');
  const listener = await listen({ host, port, framing: ascii4, onConnection: () => undefined });
  t.after(() => listener.close());
  await until(() => link.state === 'connected');
});

test('a closed link stays closed', async (t) => {
  const server = await serve(t);
  const link = linkTo(t, server.port);
  await until(() => link.state === 'connected');
  await link.close();
  assert.equal(link.state, 'closed');
  assert.equal(link.send(fromAscii('late')), false);
  await pause(40);
  assert.equal(server.connections.length, 1);
});

test('what waits for a peer that does not read is bounded, and its requests wait too', async (t) => {
  const answer = new Uint8Array(4000);
  let refused = 0;
  const server = await serve(t, { sendBytesMax: 12_000_000 }, (connection) => {
    for (let copies = 0; copies < 5000; copies += 1) if (!connection.send(answer)) refused += 1;
  });
  const peer = await rawPeer(t, server.port);
  peer.pause();
  peer.write('0001a');
  await until(() => server.frames.length === 1);
  assert.ok(refused > 0, 'what does not fit is refused at once');
  peer.write('0001b');
  await pause(50);
  assert.equal(server.frames.length, 1, 'a peer that does not read is not listened to');
  peer.resume();
  await until(() => server.frames.length === 2);
});

test('closing a listener closes its connections', async (t) => {
  const server = await serve(t);
  const closed: number[] = [];
  const peer = await rawPeer(t, server.port);
  await until(() => server.connections.length === 1);
  server.connections[0]?.onClose(() => closed.push(server.connections[0]?.id ?? 0));
  await Promise.all([server.close(), once(peer.resume(), 'close')]);
  assert.deepEqual(closed, [1]);
});

test('listening on a port that is taken is refused', async (t) => {
  const server = await serve(t);
  await assert.rejects(listen({ host, port: server.port, framing: ascii4, onConnection: () => undefined }), {
    code: 'EADDRINUSE',
  });
});

test('a silent peer is asked, and left when it does not answer', async (t) => {
  const server = await serve(t);
  const echo = { afterMs: 10, answerMs: 20, frame: () => fromAscii('echo?') };
  const states: LinkState[] = [];
  linkTo(t, server.port, { echo, onState: (state) => states.push(state) });
  await until(() => states.filter((state) => state === 'connected').length >= 2);
  assert.ok(server.frames.includes('echo?'));
});

test('a peer that answers when asked is kept', async (t) => {
  const server = await serve(t, {}, (connection) => connection.send(fromAscii('echo!')));
  const echo = { afterMs: 10, answerMs: 2000, frame: () => fromAscii('echo?') };
  const states: LinkState[] = [];
  linkTo(t, server.port, { echo, onState: (state) => states.push(state) });
  await until(() => server.frames.length >= 3);
  assert.deepEqual(states, ['connecting', 'connected']);
});

test('many connections take frames in turns, and the others serve while one is broken', async (t) => {
  const counts = new Map<number, number>();
  const server = await serve(t, {}, ({ id }) => counts.set(id, (counts.get(id) ?? 0) + 1));
  const states: number[] = [];
  const reconnect = { minMs: 5000, maxMs: 5000 };
  const group = connectMany({
    host,
    port: server.port,
    framing: ascii4,
    reconnect,
    connections: 3,
    onFrame: () => undefined,
    onState: (connected) => states.push(connected),
  });
  t.after(() => group.close());
  await until(() => group.connected === 3);
  for (let count = 0; count < 6; count += 1) assert.ok(group.send(fromAscii(String(count))));
  await until(() => server.frames.length === 6);
  assert.deepEqual([...counts.values()], [2, 2, 2]);
  await server.connections[0]?.close();
  await until(() => group.connected === 2);
  for (let count = 0; count < 4; count += 1) assert.ok(group.send(fromAscii('again')));
  await until(() => server.frames.length === 10);
  assert.ok(states.includes(3));
});

test('both ends of a TLS link show certificates', async (t) => {
  const [acquirer, centre, stranger] = ['acquirer.test', 'centre.test', 'stranger.test'].map(selfSigned);
  assert.ok(acquirer && centre && stranger);
  const tls = { ...centre, authorities: [acquirer.certificate] };
  const server = await serve(t, { tls }, (connection, frame) => connection.send(frame));
  const received: string[] = [];
  const peer = { authorities: [centre.certificate], serverName: 'centre.test' };
  const trusted = linkTo(t, server.port, {
    tls: { ...acquirer, ...peer },
    onFrame: (frame) => received.push(ascii(frame)),
  });
  const unknown = linkTo(t, server.port, { tls: { ...stranger, ...peer } });
  const misled = linkTo(t, server.port, { tls: { ...acquirer, ...peer, serverName: 'another.test' } });
  await until(() => trusted.state === 'connected');
  assert.ok(trusted.send(fromAscii('sealed')));
  await until(() => received.length === 1);
  unknown.send(fromAscii('let me in'));
  await pause(100);
  assert.equal(misled.state, 'connecting');
  assert.deepEqual(server.frames, ['sealed']);
});
