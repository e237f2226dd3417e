import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  characterOf,
  defaultWedgeLimits as limits,
  pressCharacter,
  pressEnd,
  settleRun,
  type WedgeEvent,
  type WedgeRun,
} from './wedge-detector.ts';

const replay = (keys: readonly { key: string; gapMs: number }[]) => {
  let run: WedgeRun | undefined;
  let at = 0;
  let swallowed = 0;
  const events: WedgeEvent[] = [];
  for (const { key, gapMs } of keys) {
    at += gapMs;
    const step = key === 'Enter' ? pressEnd(run, at, limits) : pressCharacter(run, key, at, limits);
    run = step.run;
    swallowed += step.swallow ? 1 : 0;
    events.push(...step.events);
  }
  events.push(...settleRun(run, limits).events);
  return { events, swallowed };
};
const keys = (text: string, gapMs: number) => Array.from(text, (key) => ({ key, gapMs }));

test('a fast burst that ends with Enter is one scan, and its Enter presses nothing', () => {
  const { events, swallowed } = replay([...keys('6901234567892', 12), { key: 'Enter', gapMs: 12 }]);
  assert.deepEqual(events, [{ kind: 'scan', text: '6901234567892' }]);
  assert.equal(swallowed, 1);
});

test('a slow gun with Enter is still a scan: nobody types eight digits and Enter for anything else', () => {
  const slow = replay([...keys('69012345', 120), { key: 'Enter', gapMs: 120 }]);
  assert.deepEqual(slow.events, [{ kind: 'scan', text: '69012345' }]);
  assert.equal(replay([...keys('standing', 120), { key: 'Enter', gapMs: 120 }]).events[0]?.kind, 'typed');
});

test('a gun without a suffix is a scan after a quiet moment', () => {
  assert.deepEqual(replay(keys('6901234567892', 10)).events, [{ kind: 'scan', text: '6901234567892' }]);
});

test('digits typed by hand are typed, also with Enter, and the Enter stays theirs', () => {
  const { events, swallowed } = replay([...keys('12', 180), { key: 'Enter', gapMs: 180 }]);
  assert.deepEqual(events, [
    { kind: 'typed', text: '1' },
    { kind: 'typed', text: '2' },
  ]);
  assert.equal(swallowed, 0);
});

test('a scan right after a typed digit does not take the digit with it', () => {
  const { events } = replay([
    { key: '2', gapMs: 0 },
    { key: '6', gapMs: 400 },
    ...keys('901234567892', 10),
    { key: 'Enter', gapMs: 10 },
  ]);
  assert.deepEqual(events, [
    { kind: 'typed', text: '2' },
    { kind: 'scan', text: '6901234567892' },
  ]);
});

test('whatever the timing, no character is lost, made up or moved', () => {
  const key = fc.record({ key: fc.constantFrom('0', '1', '9', 'a'), gapMs: fc.nat(300) });
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), (pressed) => {
      const text = replay(pressed)
        .events.map((event) => event.text)
        .join('');
      assert.equal(text, pressed.map((one) => one.key).join(''));
    }),
  );
});

test('an input method does not hide the code: the place of the key tells', () => {
  assert.equal(characterOf({ key: 'Process', code: 'Digit7', shiftKey: false }), '7');
  assert.equal(characterOf({ key: 'Process', code: 'KeyA', shiftKey: true }), 'A');
  assert.equal(characterOf({ key: '5', code: 'Numpad5', shiftKey: false }), '5');
  assert.equal(characterOf({ key: 'Shift', code: 'ShiftLeft', shiftKey: true }), undefined);
});
