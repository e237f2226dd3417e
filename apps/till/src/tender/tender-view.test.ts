import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeBasket, emptyBasket, type Tender } from '@zhanggui/basket';
import { cny } from '@zhanggui/money';
import type { CardAttempt, CardState, OpenSale, WalletAttempt } from '../records.ts';
import { cardLooks, phoneFace, phoneLooks, waitedSeconds } from './attempt-view.ts';
import { countdownText } from './countdown-text.ts';
import { tenderView } from './tender-view.ts';

const rule = { unitMinor: 10n, rounding: 'half-even' } as const;
const attempt = (state: CardState): CardAttempt => ({
  kind: 'card',
  requestId: 'r',
  terminalId: 't',
  amount: cny(5000n),
  startedAt: 0,
  state,
  code: null,
  text: null,
  trace: {},
});

const saleOf = (minor: bigint, tenders: Tender[] = [], state?: CardState): OpenSale => {
  const price = cny(minor);
  const outcome = changeBasket(emptyBasket('CNY'), {
    kind: 'add',
    lineId: 'l',
    quantityMilli: 1000,
    item: {
      id: 'i',
      barcode: 'i',
      name: { zh: '品', en: 'Goods' },
      unit: { id: 'u', name: { zh: '个', en: 'each' } },
      weighed: false,
      departmentId: 'd',
      price,
    },
  });
  assert.equal(outcome.kind, 'changed');
  const basket = outcome.kind === 'changed' ? outcome.basket : emptyBasket('CNY');
  return { id: 's', openedAt: 0, parkedAt: null, basket, tenders, attempt: state ? attempt(state) : null };
};
const view = (sale: OpenSale, pad = '', connection: 'online' | 'offline' = 'online') =>
  tenderView(sale, { rule, pad, connection, hasTerminal: true, wallets: ['wechat'] });

test('without a typed amount the whole rest is offered, rounded for cash, exact for a card', () => {
  const { left, cash, card, change } = view(saleOf(25127n));
  assert.equal(left.minor, 25130n);
  assert.equal(cash.amount.minor, 25130n);
  assert.equal(card.amount.minor, 25127n);
  assert.equal(change.minor, 0n);
});

test('the change shows while the cashier types, before anything is taken', () => {
  const { cash, change } = view(saleOf(25127n), '300');
  assert.equal(change.minor, 4870n);
  assert.ok(cash.settles);
  assert.equal(view(saleOf(25127n), '100').cash.settles, false);
});

test('a typed part goes to the card or the phone, and the panel says what is left; neither takes more', () => {
  for (const way of ['card', 'phone'] as const) {
    const part = view(saleOf(25127n), '50')[way];
    assert.equal(part.amount.minor, 5000n);
    assert.equal(part.leftAfter.minor, 20127n);
    assert.equal(view(saleOf(25127n), '300')[way].amount.minor, 25127n);
  }
});

test('while a card payment has no end nothing else is taken', () => {
  for (const state of ['asking', 'waiting-card', 'processing', 'unknown'] as const) {
    const { isLocked, cash } = view(saleOf(5000n, [], state));
    assert.ok(isLocked && !cash.allowed, state);
  }
  for (const state of ['declined', 'cancelled', 'reversed', 'refused', 'not-sent'] as const)
    assert.ok(!view(saleOf(5000n, [], state)).isLocked, state);
});

test('offline, cards and phones are refused with the reason and cash goes on', () => {
  const { card, phone, cash } = view(saleOf(5000n), '', 'offline');
  assert.deepEqual([card.refusal, phone.refusal], ['offline', 'offline']);
  assert.ok(cash.allowed);
});

test('a sale that is given away is finished with one key', () => assert.ok(view(saleOf(0n)).isFree));

test('only an approved payment looks like success, and unknown offers no way to call it paid', () => {
  const green = Object.entries({ ...cardLooks, ...phoneLooks }).filter(([, { role }]) => role === 'ok');
  assert.deepEqual(
    green.map(([state]) => state),
    ['approved', 'paid'],
  );
  for (const { unknown } of [cardLooks, phoneLooks]) assert.deepEqual(unknown.actions, ['ask-again', 'set-aside']);
});

test('a wait names its length after ten seconds', () => {
  assert.equal(waitedSeconds(attempt('processing'), 9_999), undefined);
  assert.equal(waitedSeconds(attempt('processing'), 12_400), 12);
  assert.equal(waitedSeconds(attempt('declined'), 60_000), undefined);
});

test('a phone asked for its password, a code to be scanned and a refusal are three different faces', () => {
  const face = (some: Partial<WalletAttempt>) =>
    phoneFace({ state: 'awaiting-payer', how: 'code', code: null, qr: null, ...some });
  assert.equal(face({}), 'password');
  assert.equal(face({ how: 'show', qr: 'weixin://x' }), 'shown');
  assert.equal(face({ how: 'show' }), 'created');
  assert.equal(face({ state: 'closed' }), 'closed');
  assert.equal(face({ state: 'closed', code: 'NOTENOUGH' }), 'wallet-refused');
});

test('a countdown is whole seconds, and over when it is over', () => {
  assert.equal(countdownText(120_000, 0), '2:00');
  assert.equal(countdownText(120_000, 60_500), '1:00');
  assert.equal(countdownText(120_000, 119_999), '0:01');
  assert.equal(countdownText(120_000, 120_000), undefined);
});
