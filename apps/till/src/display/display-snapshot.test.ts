import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeBasket, emptyBasket, type Tender } from '@zhanggui/basket';
import { cny } from '@zhanggui/money';
import type { OpenSale, WalletAttempt } from '../records.ts';
import { createTillStore, type TillState } from '../till-state.ts';
import { displaySnapshot } from './display-snapshot.ts';

const attempt: WalletAttempt = {
  kind: 'wallet',
  requestId: 'r',
  amount: cny(700n),
  startedAt: 0,
  state: 'awaiting-payer',
  code: null,
  text: null,
  wallet: 'alipay',
  how: 'code',
  qr: null,
  expiresAt: null,
  trace: { outTradeNo: 'T1' },
};
const saleOf = (tenders: Tender[], some: WalletAttempt | null = null): OpenSale => {
  const added = changeBasket(emptyBasket('CNY'), {
    kind: 'add',
    lineId: 'l',
    quantityMilli: 2000,
    item: {
      id: 'i',
      barcode: 'i',
      name: { zh: '茶', en: 'Tea' },
      unit: { id: 'u', name: { zh: '瓶', en: 'bottle' } },
      weighed: false,
      departmentId: 'd',
      price: cny(350n),
    },
  });
  assert.ok(added.kind === 'changed');
  return { id: 's', openedAt: 0, parkedAt: null, basket: added.basket, tenders, attempt: some };
};
const sceneOf = (change: Partial<TillState>) =>
  displaySnapshot({ ...createTillStore().getState(), phase: 'selling', ...change }).scene;

test('the customer sees the goods and the total, and what is left once a part is paid', () => {
  const scene = sceneOf({ sale: saleOf([]) });
  assert.ok(scene.kind === 'sale');
  assert.deepEqual([scene.lines[0]?.quantity, scene.total.minor, scene.ask], ['2', 700n, null]);
  const card: Tender = {
    kind: 'card',
    amount: cny(300n),
    terminalId: '1',
    requestId: 'r',
    maskedPan: '622500******0014',
  };
  const part = sceneOf({ sale: saleOf([card]) });
  assert.ok(part.kind === 'sale');
  assert.deepEqual([part.paid.minor, part.left.minor], [300n, 400n]);
});

test('the customer is asked for what the counter waits for, and told when a payment did not come about', () => {
  const ask = (change: Partial<WalletAttempt>) => {
    const scene = sceneOf({ panel: 'tender', sale: saleOf([], { ...attempt, ...change }) });
    return scene.kind === 'sale' ? scene.ask?.kind : undefined;
  };
  assert.equal(ask({}), 'password');
  assert.equal(ask({ how: 'show', qr: 'https://qr.alipay.com/x', expiresAt: 1 }), 'scan');
  assert.equal(ask({ state: 'unknown' }), 'wait');
  assert.equal(ask({ how: 'show', qr: null }), 'wait', 'a code that is not there yet is no password');
  assert.equal(ask({ state: 'closed' }), 'unpaid');
});

test('no card number, number of a host or word for staff leaves the till', () => {
  const card: Tender = {
    kind: 'card',
    amount: cny(300n),
    terminalId: '1',
    requestId: 'r',
    maskedPan: '622500******0014',
  };
  const refused = { ...attempt, state: 'closed', code: 'NOTENOUGH', text: { zh: '余额不足', en: 'Low' } } as const;
  const scene = sceneOf({ sale: saleOf([card], refused), notice: { kind: 'no-right' } });
  const told = JSON.stringify(scene, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  assert.doesNotMatch(told, /6225|T1|NOTENOUGH|no-right|terminalId/);
});

test('a locked till and one between customers show the shop only', () => {
  assert.equal(sceneOf({ phase: 'signed-out', sale: saleOf([]) }).kind, 'idle');
  assert.equal(sceneOf({}).kind, 'idle');
});
