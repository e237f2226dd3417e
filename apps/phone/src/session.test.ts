import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhoneNotice, PhoneView } from '@zhanggui/api/contract';
import { afterEvent, freshSession, type Session, type SessionEvent } from './session.ts';

const order = {
  orderId: 'o1',
  wallet: 'wechat',
  merchant: '掌柜',
  description: '收银',
  amountMinor: '1200',
  needsPassword: true,
} as const;
const notice = (id: string, kind: PhoneNotice['kind'], recordId?: string): PhoneNotice => ({
  id,
  kind,
  at: 1,
  wallet: 'wechat',
  text: { zh: '话', en: 'word' },
  recordId,
});
const viewWith = (...notices: PhoneNotice[]): PhoneView => ({
  consumer: { name: { zh: '林晓', en: 'Lin Xiao' } },
  wallets: [{ wallet: 'wechat', balanceMinor: '0', cards: [], funding: 'balance' }],
  passwordRule: 'always',
  history: [],
  notices,
  now: 1,
});
const play = (...events: SessionEvent[]): Session => events.reduce(afterEvent, freshSession);
const look = (isCodeShown: boolean, ...notices: PhoneNotice[]): SessionEvent => ({
  kind: 'view',
  view: viewWith(...notices),
  isCodeShown,
});

test('what was there when the phone was opened is no news', () => {
  assert.deepEqual(play(look(true, notice('1', 'paid', 'r1'))).banners, []);
});

test('a code that was used shows its ending at once; elsewhere the same news is a banner', () => {
  const paid = notice('1', 'paid', 'r1');
  assert.deepEqual(play(look(true), look(true, paid)).outcome, { kind: 'paid', recordId: 'r1' });
  const elsewhere = play(look(false), look(false, paid));
  assert.equal(elsewhere.outcome, undefined);
  assert.deepEqual(elsewhere.banners, [paid]);
});

test('a refusal of a shown code is its ending, and a refund never is', () => {
  const told = play(look(true), look(true, notice('2', 'refund', 'r2'), notice('1', 'refused')));
  assert.equal(told.outcome?.kind, 'refused');
  assert.deepEqual(
    told.banners.map(({ kind }) => kind),
    ['refund'],
  );
});

test('one payment ends once, whether its answer or its notice is first', () => {
  const answer: SessionEvent = { kind: 'ended', outcome: { kind: 'paid', recordId: 'r1' } };
  const told = look(false, notice('1', 'paid', 'r1'));
  for (const events of [
    [answer, told],
    [look(true, notice('1', 'paid', 'r1')), answer],
  ]) {
    const ended = play(look(true), { kind: 'found', order }, ...events);
    assert.deepEqual([ended.outcome?.kind, ended.order, ended.banners.length], ['paid', undefined, 0]);
  }
  const putAway = play(look(true), answer, { kind: 'outcome-put-away' }, answer);
  assert.equal(putAway.outcome, undefined);
});

test('a password that was asked for belongs to the ending, wherever the phone is', () => {
  const asked: SessionEvent = { kind: 'view', view: { ...viewWith(), prompt: order }, isCodeShown: false };
  const ended = play(look(false), asked, look(false, notice('1', 'paid', 'r1')));
  assert.deepEqual(ended.outcome, { kind: 'paid', recordId: 'r1' });
});

test('a prompt that goes away without an ending was given up by the till, unless the person put it away', () => {
  const asked: SessionEvent = { kind: 'view', view: { ...viewWith(), prompt: order }, isCodeShown: true };
  assert.deepEqual(play(look(true), asked, look(true)).outcome, { kind: 'cancelled' });
  assert.equal(play(look(true), asked, { kind: 'order-put-away' }, look(true)).outcome, undefined);
});

test('news stays until it is put away, three at most', () => {
  const many = ['1', '2', '3', '4'].map((id) => notice(id, 'refund'));
  const told = play(look(false), look(false, ...many.toReversed()));
  assert.deepEqual(
    told.banners.map(({ id }) => id),
    ['4', '3', '2'],
  );
  assert.equal(afterEvent(told, { kind: 'banner-put-away', id: '3' }).banners.length, 2);
});
