import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOfKey, tillKeys } from './till-keys.ts';

const press = (key: string, shiftKey = false, inField = false) => commandOfKey({ key, shiftKey, inField });

test('a key with Shift is another key', () => {
  assert.equal(press('F6'), 'park');
  assert.equal(press('F6', true), 'recall');
  assert.equal(press('F2', true), undefined);
});

test('a star is typed with Shift on most keyboards and still means quantity', () => {
  assert.equal(press('*', true), 'quantity');
  assert.equal(press('*', false), 'quantity');
});

test('keys that edit text leave a text field alone', () => {
  assert.equal(press('Delete', false, true), undefined);
  assert.equal(press('*', true, true), undefined);
  assert.equal(press('F9', false, true), 'pay');
});

test('the keys of the browser stay the browser\u2019s, and no key means two things', () => {
  assert.ok(tillKeys.every(({ key }) => !['F5', 'F11', 'F12'].includes(key)));
  assert.equal(new Set(tillKeys.map(({ key, shift }) => `${key}${shift ?? false}`)).size, tillKeys.length);
});
