import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { epochMs } from '@zhanggui/time';
import { lockMs } from './attempts.ts';
import { failedAttemptsMax, sessionMs } from './index.ts';
import { monday, openTestShop, type TestShop } from './test-shop.ts';

let opened: TestShop;
before(async () => {
  opened = await openTestShop();
});
after(() => opened.close());

const atTill = (pin: string, staffNumber = '1001', tillId = 'till-1') =>
  opened.shop.people.signInAtTill({ tillId, staffNumber, pin });
const atOffice = (password: string, username = 'owner') => opened.shop.people.signInAtOffice({ username, password });
const wrong = { kind: 'refused', reason: 'wrong' };

test('a session lasts its time, belongs to its face and ends at sign-out', async () => {
  const { shop, setNow } = opened;
  const outcome = await atTill('1234');
  assert.ok(outcome.kind === 'signed-in');
  const { token } = outcome;
  const session = await shop.people.session('till', token);
  assert.deepEqual([session?.staff.name.zh, session?.face === 'till' && session.tillId], ['张敏', 'till-1']);
  assert.equal(await shop.people.session('office', token), undefined);
  setNow(epochMs(monday + sessionMs.till));
  assert.equal(await shop.people.session('till', token), undefined);
  setNow(monday);
  await shop.people.signOut(token);
  assert.equal(await shop.people.session('till', token), undefined);
});

test('a till is signed in at one place: the later sign-in ends the earlier one, and a wrong guess ends nothing', async () => {
  const [first, refused] = [await atTill('1234'), await atTill('9999')];
  assert.ok(first.kind === 'signed-in' && refused.kind === 'refused');
  const office = await atOffice('correct horse');
  assert.ok(office.kind === 'signed-in');
  assert.ok(await opened.shop.people.session('till', first.token));
  const second = await atTill('4321', '9001');
  assert.ok(second.kind === 'signed-in');
  assert.equal(await opened.shop.people.session('till', first.token), undefined);
  assert.ok(await opened.shop.people.session('till', second.token));
  assert.ok(await opened.shop.people.session('office', office.token));
});

test('a wrong PIN, an unknown number and an unknown till are refused alike', async () => {
  assert.deepEqual(await atTill('9999'), wrong);
  assert.deepEqual(await atTill('1234', '7777'), wrong);
  assert.deepEqual(await atTill('1234', '1001', 'till-9'), wrong);
});

test('the office opens to its password, and to nobody by PIN', async () => {
  const outcome = await atOffice('correct horse');
  assert.ok(outcome.kind === 'signed-in');
  assert.equal((await opened.shop.people.session('office', outcome.token))?.staff.role, 'owner');
  assert.deepEqual(await atOffice('4321'), wrong);
  assert.deepEqual(await atOffice('x', 'nobody'), wrong);
});

test('five wrong guesses in a row lock for five minutes, even against the right PIN', async () => {
  const { setNow } = opened;
  await atTill('1234');
  for (let guess = 1; guess < failedAttemptsMax; guess += 1) assert.deepEqual(await atTill('0000'), wrong);
  const locked = { kind: 'refused', reason: 'locked', lockedUntil: monday + lockMs };
  assert.deepEqual(await atTill('0000'), locked);
  assert.deepEqual(await atTill('1234'), locked);
  setNow(epochMs(monday + lockMs));
  assert.equal((await atTill('1234')).kind, 'signed-in');
  setNow(monday);
});

test('guesses made at once are counted one after another', async () => {
  await atTill('1234');
  const outcomes = await Promise.all(Array.from({ length: failedAttemptsMax + 2 }, () => atTill('0000')));
  const locked = outcomes.filter((outcome) => outcome.kind === 'refused' && outcome.reason === 'locked');
  assert.equal(locked.length, 3);
});
