import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPace } from './rates.ts';

/** A clock that goes on when somebody waits. */
const clockAt = (startMs = 0) => {
  let nowMs = startMs;
  const waited: number[] = [];
  return {
    now: () => nowMs,
    wait: async (ms: number) => {
      waited.push(ms);
      nowMs += ms;
    },
    waited,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

test('a second’s worth of calls passes at once, the next wait their turn', async () => {
  const clock = clockAt();
  const pace = createPace({ 'code-payment': 10 }, clock);
  for (let call = 0; call < 10; call += 1) await pace('codepay');
  assert.deepEqual(clock.waited, []);
  await pace('codepay');
  assert.deepEqual(clock.waited, [100]);
  clock.pass(1_000);
  await pace('codepay');
  assert.equal(clock.waited.length, 1);
});

test('payment codes go 33 times a second and applications 15 times, unless set otherwise; queries have no limit', async () => {
  for (const [place, count] of [
    ['codepay', 33],
    ['applyment', 15],
    ['profitsharing-orders', 100],
  ] as const) {
    const clock = clockAt();
    const pace = createPace({}, clock);
    for (let call = 0; call < count; call += 1) await pace(place);
    assert.deepEqual(clock.waited, []);
    await pace(place);
    assert.equal(clock.waited.length, 1);
  }
  const clock = clockAt();
  const pace = createPace({}, clock);
  for (let call = 0; call < 1_000; call += 1) await pace('query');
  assert.deepEqual(clock.waited, []);
});

test('a limit is shared by the calls of its class and by no others', async () => {
  const clock = clockAt();
  const pace = createPace({ order: 1, refund: 1 }, clock);
  await pace('native');
  await pace('refund');
  assert.deepEqual(clock.waited, []);
  await pace('combine-app');
  assert.deepEqual(clock.waited, [1_000]);
});

test('who would wait longer than two seconds is refused, and takes nobody’s turn', async () => {
  const pace = createPace({ order: 1 }, { now: () => 0, wait: () => Promise.resolve() });
  for (let call = 0; call < 3; call += 1) await pace('native');
  for (let call = 0; call < 3; call += 1)
    await assert.rejects(pace('native'), { code: 'rate-limited', place: 'native', wechat: undefined });
});

test('over any time no more calls pass than the rate allows, and one second’s worth', async () => {
  const law = fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(300)), async (rate, pauses) => {
    const clock = clockAt();
    const pace = createPace({ order: rate }, clock);
    const passed: number[] = [];
    for (const pause of pauses) {
      clock.pass(pause);
      await pace('native');
      passed.push(clock.now());
    }
    const span = (passed.at(-1) ?? 0) / 1_000;
    assert.ok(passed.length <= rate * (span + 1) + 1e-6, `${passed.length} in ${span} s at ${rate}`);
  });
  await fc.assert(law, { verbose: true });
});
