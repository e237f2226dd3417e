import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, FRAMINGS, type Link, type Listener, listen } from '@zhanggui/link';
import { type Fault, startWire, type Wire } from './index.ts';

const host = '127.0.0.1';
const framing = FRAMINGS.ascii4;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (frame: Uint8Array): string => new TextDecoder().decode(frame);

const until = async (condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'the condition comes true within five seconds');
    await pause(2);
  }
};

type Line = { wire: Wire; link: Link; heard: string[]; answers: string[] };

/** A server that answers every frame with its upper case, a wire before it, and a client. */
const lay = async (t: TestContext): Promise<Line> => {
  const heard: string[] = [];
  const answers: string[] = [];
  const listener: Listener = await listen({
    host,
    port: 0,
    framing,
    onConnection: (connection) =>
      connection.onFrame((frame) => {
        heard.push(text(frame));
        connection.send(bytes(text(frame).toUpperCase()));
      }),
  });
  const wire = await startWire({ name: 'terminal', target: { host, port: listener.port }, framing });
  const link = connect({
    host,
    port: wire.port,
    framing,
    reconnect: { minMs: 5, maxMs: 20 },
    onFrame: (frame) => answers.push(text(frame)),
  });
  t.after(async () => {
    await link.close();
    await wire.close();
    await listener.close();
  });
  await until(() => link.state === 'connected');
  return { wire, link, heard, answers };
};

const exchange = async ({ link, answers }: Line, ...words: string[]): Promise<void> => {
  for (const word of words) link.send(bytes(word));
  const last = words.at(-1)?.toUpperCase() ?? '';
  await until(() => answers.includes(last));
};

test('a whole wire carries frames both ways', async (t) => {
  const line = await lay(t);
  await exchange(line, 'sale', 'echo');
  assert.deepEqual(line.answers, ['SALE', 'ECHO']);
});

const cases: { fault: Fault; heard: string[]; answers: string[] }[] = [
  { fault: { direction: 'to-server', action: 'drop', count: 1 }, heard: ['echo'], answers: ['ECHO'] },
  { fault: { direction: 'to-client', action: 'drop', count: 1 }, heard: ['sale', 'echo'], answers: ['ECHO'] },
  {
    fault: { direction: 'to-server', action: 'duplicate', count: 1 },
    heard: ['sale', 'sale', 'echo'],
    answers: ['SALE', 'SALE', 'ECHO'],
  },
  {
    fault: { direction: 'to-server', action: 'corrupt', count: 1 },
    heard: ['sald', 'echo'],
    answers: ['SALD', 'ECHO'],
  },
];

for (const { fault, heard, answers } of cases) {
  test(`${fault.action} ${fault.direction} meets one frame and is over`, async (t) => {
    const line = await lay(t);
    line.wire.set(fault);
    await exchange(line, 'sale', 'echo');
    assert.deepEqual(line.heard, heard);
    assert.deepEqual(line.answers, answers);
    assert.deepEqual(line.wire.faults, []);
  });
}

test('a delayed answer comes after those that were sent later', async (t) => {
  const line = await lay(t);
  line.wire.set({ direction: 'to-client', action: 'delay', delayMs: 30, count: 1 });
  await exchange(line, 'sale', 'echo');
  await until(() => line.answers.length === 2);
  assert.deepEqual(line.answers, ['ECHO', 'SALE']);
});

test('a fault meets only the frames it is for, until it is cleared', async (t) => {
  const line = await lay(t);
  line.wire.set({
    direction: 'to-server',
    action: 'drop',
    count: 'always',
    matches: (frame) => text(frame) === 'sale',
  });
  await exchange(line, 'sale', 'sale', 'echo');
  assert.deepEqual(line.heard, ['echo']);
  assert.equal(line.wire.faults.length, 1);
  line.wire.clear();
  await exchange(line, 'sale');
});

test('a cut breaks the connection, and the client connects again', async (t) => {
  const line = await lay(t);
  line.wire.set({ direction: 'to-server', action: 'cut', count: 1 });
  line.link.send(bytes('sale'));
  await until(() => line.link.state !== 'connected');
  await until(() => line.link.state === 'connected');
  await exchange(line, 'echo');
  assert.deepEqual(line.heard, ['echo']);
});
