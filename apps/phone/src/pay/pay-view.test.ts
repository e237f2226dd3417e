import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhoneOrder, PhoneView } from '@zhanggui/api/contract';
import { payView, typedPassword, waitParts } from './pay-view.ts';

const card = { id: 'c1', title: { zh: '借记卡', en: 'Debit card' }, maskedPan: '622500******0014' };
const view: PhoneView = {
  consumer: { name: { zh: '林晓', en: 'Lin Xiao' } },
  wallets: [
    { wallet: 'wechat', balanceMinor: '1000', cards: [card], funding: 'balance' },
    { wallet: 'alipay', balanceMinor: '0', cards: [card], funding: 'c1' },
  ],
  passwordRule: 'always',
  history: [],
  notices: [],
  now: 0,
};
const order = (change: Partial<PhoneOrder> = {}): PhoneOrder => ({
  orderId: 'o1',
  wallet: 'wechat',
  merchant: '掌柜',
  description: '收银',
  amountMinor: '1000',
  needsPassword: true,
  ...change,
});
const look = (change: Partial<PhoneOrder> = {}, chosen?: string, lockedUntil?: number) =>
  payView({ ...view, lockedUntil }, { order: order(change), chosen, now: 5_000 });

test('the order decides the wallet, and the wallet its own way to pay', () => {
  assert.deepEqual([look()?.wallet.wallet, look()?.funding], ['wechat', 'balance']);
  assert.deepEqual([look({ wallet: 'alipay' })?.wallet.wallet, look({ wallet: 'alipay' })?.funding], ['alipay', 'c1']);
  assert.equal(look({ wallet: 'unionpay' }), undefined);
});

test('a balance that is one fen short is short; a card is never judged here', () => {
  assert.equal(look()?.isShort, false);
  assert.equal(look({ amountMinor: '1001' })?.isShort, true);
  assert.equal(look({ amountMinor: '1001' }, 'c1')?.isShort, false);
});

test('a locked password stands in the way only of what needs it, and only until its time', () => {
  assert.equal(look({}, undefined, 65_000)?.lockedMs, 60_000);
  assert.equal(look({ needsPassword: false }, undefined, 65_000)?.lockedMs, undefined);
  assert.equal(look({}, undefined, 5_000)?.lockedMs, undefined);
});

test('a password has six digits and takes no seventh', () => {
  const typed = (...keys: string[]) => keys.reduce(typedPassword, '');
  assert.equal(typed('1', '2', 'back', '3', '.'), '13');
  assert.equal(typed(...Array.from('1234567')), '123456');
  assert.equal(typed('1', '2', 'clear'), '');
});

test('a wait is told in minutes and seconds, rounded up', () => {
  assert.deepEqual(waitParts(60_000), { minutes: 1, seconds: 0 });
  assert.deepEqual(waitParts(61_001), { minutes: 1, seconds: 2 });
  assert.deepEqual(waitParts(1), { minutes: 0, seconds: 1 });
});
