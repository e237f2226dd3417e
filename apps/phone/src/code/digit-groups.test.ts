import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitGroups, secondsLeft } from './digit-groups.ts';

test('digits stand in fours and none is lost', () => {
  assert.deepEqual(digitGroups('131234567890123456'), ['1312', '3456', '7890', '1234', '56']);
  assert.equal(digitGroups('6212345678901234567').join(''), '6212345678901234567');
});

test('the last second counts until it is over, and none below zero', () => {
  assert.deepEqual(
    [secondsLeft(60_000, 0), secondsLeft(60_000, 59_001), secondsLeft(60_000, 60_001), secondsLeft(60_000, -200)],
    [60, 1, 0, 60],
  );
});
