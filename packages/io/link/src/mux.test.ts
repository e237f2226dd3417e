import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMux, type Timers } from './index.ts';

const manualTimers = () => {
  const waiting = new Map<number, () => void>();
  let next = 0;
  const timers: Timers = {
    set(run) {
      next += 1;
      waiting.set(next, run);
      return next;
    },
    clear: (handle) => waiting.delete(Number(handle)),
  };
  const fire = () => {
    for (const run of waiting.values()) run();
  };
  return { timers, fire, waiting };
};

const sent = () => true;

test('an answer reaches the request of its key, whatever the order', async () => {
  const { timers, waiting } = manualTimers();
  const mux = createMux<string, number>({ timers });
  const first = mux.request('1', sent, 1000);
  const second = mux.request('2', sent, 1000);
  assert.ok(mux.settle('2', 22));
  assert.ok(mux.settle('1', 11));
  assert.deepEqual(await first, { kind: 'answer', value: 11 });
  assert.deepEqual(await second, { kind: 'answer', value: 22 });
  assert.equal(waiting.size, 0, 'no timer is left behind');
});

test('a request without an answer in time is a timeout, and a later answer is nobody’s', async () => {
  const { timers, fire } = manualTimers();
  const mux = createMux<string, number>({ timers });
  const request = mux.request('1', sent, 1000);
  fire();
  assert.deepEqual(await request, { kind: 'timeout' });
  assert.equal(mux.settle('1', 11), false);
  assert.equal(mux.settle('never asked', 0), false);
  assert.equal(mux.pending, 0);
});

test('an answer that nobody waits for is handed to who wants to know', () => {
  const late: [string, number][] = [];
  const mux = createMux<string, number>({ onLate: (key, value) => late.push([key, value]) });
  assert.equal(mux.settle('1', 11), false);
  assert.deepEqual(late, [['1', 11]]);
});

test('a request that the link refuses was not sent', async () => {
  const mux = createMux<string, number>();
  assert.deepEqual(await mux.request('1', () => false, 1000), { kind: 'not-sent' });
  assert.equal(mux.pending, 0);
});

test('a sender that throws leaves nothing waiting', async () => {
  const mux = createMux<string, number>();
  const failing = mux.request('1', () => assert.fail('encoder'), 1000);
  await assert.rejects(failing, { message: 'encoder' });
  assert.equal(mux.pending, 0);
});

test('one key is asked once at a time', async () => {
  const mux = createMux<string, number>();
  const first = mux.request('1', sent, 1000);
  assert.deepEqual(await mux.request('1', () => assert.fail('never called'), 1000), { kind: 'not-sent' });
  mux.settle('1', 11);
  assert.deepEqual(await first, { kind: 'answer', value: 11 });
});

test('the number of requests under way is bounded', async () => {
  const mux = createMux<string, number>({ pendingMax: 1 });
  const first = mux.request('1', sent, 1000);
  assert.deepEqual(await mux.request('2', sent, 1000), { kind: 'not-sent' });
  mux.close();
  assert.deepEqual(await first, { kind: 'timeout' }, 'closing does not claim that nothing happened');
});

test('real timers let a request time out', async () => {
  const mux = createMux<string, number>();
  assert.deepEqual(await mux.request('1', sent, 5), { kind: 'timeout' });
});
