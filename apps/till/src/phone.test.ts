import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QrPayment } from '@zhanggui/api/contract';
import { cny } from '@zhanggui/money';
import type { Reply } from './ports.ts';
import { barcode, openTill, sellingTill, stateOf, until, world } from './test-till.ts';

const code = '134567890123456789';
const answer = (requestId: string, change: Partial<QrPayment>): Reply<QrPayment> => ({
  kind: 'answer',
  value: {
    requestId,
    wallet: 'wechat',
    how: 'code',
    amountMinor: '200',
    state: 'awaiting-payer',
    undoing: false,
    outTradeNo: 'T1',
    at: 1,
    ...change,
  },
});

test('a payment code scanned while selling pays the whole sale in one step', async () => {
  const around = world();
  const asked: unknown[] = [];
  around.wallets = {
    startPayment: async ({ requestId, amountMinor, authCode, wallet }) => {
      asked.push([amountMinor, authCode, wallet]);
      return answer(requestId, { state: 'paid', walletTradeNo: '42' });
    },
  };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  await till.scan(code);
  const { done } = stateOf(till);
  assert.deepEqual(asked, [['200', code, undefined]]);
  assert.deepEqual(
    done?.document.tenders.map((tender) => [tender.kind, tender.kind === 'wallet' && tender.walletTradeNo]),
    [['wallet', '42']],
  );
});

test('goods scan as before on the tender screen, and a payment code there pays what the pad says', async () => {
  const around = world();
  around.wallets = { startPayment: async ({ requestId }) => answer(requestId, { state: 'paid' }) };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  till.openTender();
  await till.scan(barcode(0));
  assert.equal(stateOf(till).sale?.basket.lines[0]?.quantityMilli, 2000);
  till.typed('1');
  await till.scan(code);
  assert.deepEqual(
    stateOf(till).sale?.tenders.map((tender) => tender.kind === 'wallet' && tender.amount.minor),
    [100n],
  );
  await till.payExactCash();
  assert.deepEqual(
    stateOf(till).done?.document.tenders.map(({ kind }) => kind),
    ['wallet', 'cash'],
  );
});

test('a payment code where it cannot pay says why, charges nothing, and is never repeated on the screen', async () => {
  const around = world();
  around.wallets = { startPayment: async () => assert.fail('nothing is asked for') };
  const { till } = await sellingTill(around);
  await till.scan(code);
  assert.deepEqual(stateOf(till).notice, { kind: 'code-without-sale' });
  await till.scan(barcode(0));
  await till.scan('910000000000000001');
  assert.deepEqual(stateOf(till).notice, { kind: 'wallet-not-taken' });
  till.openLine(stateOf(till).sale?.basket.lines[0]?.id ?? '');
  await till.scan(code);
  assert.deepEqual(stateOf(till).notice, { kind: 'line-open' });
  till.showGoods();
  till.store.setState({ connection: 'offline' });
  await till.scan(code);
  assert.deepEqual(stateOf(till).notice, { kind: 'phone-offline' });
  await till.scan('wxp://f2f0EXAMPLE');
  assert.deepEqual(
    stateOf(till).notice,
    { kind: 'not-a-payment-code' },
    'the customer has opened the code for receiving',
  );
  await till.takeCode('hello');
  assert.deepEqual(stateOf(till).notice, { kind: 'not-a-payment-code' });
  assert.doesNotMatch(JSON.stringify(stateOf(till).notice), /1345/);
});

test('the attempt is stored before it is asked for, without the code, and after a reload it is asked about', async () => {
  const around = world();
  const stored: string[] = [];
  const { till, name } = await sellingTill(around);
  around.wallets = {
    startPayment: async () => {
      stored.push(
        JSON.stringify((await till.journal.recover()).openSales[0]?.attempt, (_, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        ),
      );
      return new Promise(() => undefined);
    },
  };
  till.stop();
  const silent = await openTill(name, around);
  await silent.scan(barcode(0));
  void silent.scan(code);
  await until(() => stored.length === 1);
  assert.match(stored[0] ?? '', /"state":"asking"/);
  assert.doesNotMatch(stored[0] ?? '', /134567/);
  silent.stop();
  let asked = 0;
  around.wallets = {
    startPayment: async () => assert.fail('a request in doubt is not sent again'),
    payment: async (requestId) => {
      asked += 1;
      return answer(requestId, { state: asked < 3 ? 'unknown' : 'paid' });
    },
  };
  const again = await openTill(name, around);
  await until(() => stateOf(again).done !== undefined);
  assert.equal(stateOf(again).done?.document.tenders[0]?.kind, 'wallet');
});

test('a shown code reaches the customer display with its amount, and thanks follow the payment', async () => {
  const around = world();
  let isPaid = false;
  const qr = 'weixin://wxpay/bizpayurl?pr=x';
  const word = (requestId: string) =>
    answer(requestId, isPaid ? { how: 'show', state: 'paid' } : { how: 'show', qr, expiresAt: 99 });
  around.wallets = {
    startPayment: async ({ requestId }) => word(requestId),
    payment: async (requestId) => word(requestId),
  };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  assert.equal(around.shown.at(-1)?.scene.kind, 'sale');
  till.openPhone();
  const scene = () => around.shown.at(-1)?.scene;
  const ask = () => {
    const shown = scene();
    return shown?.kind === 'sale' ? shown.ask : undefined;
  };
  assert.deepEqual(ask(), { kind: 'present', amount: cny(200n) });
  void till.showCode('wechat', cny(200n));
  await until(() => ask()?.kind === 'scan');
  assert.deepEqual(ask(), { kind: 'scan', wallet: 'wechat', amount: cny(200n), qr, expiresAt: 99 });
  isPaid = true;
  await until(() => scene()?.kind === 'done');
  till.nextCustomer();
  assert.equal(scene()?.kind, 'idle');
});

test('a refused code leaves every way open: a new scan, another way, cash', async () => {
  const around = world();
  const text = { zh: '余额不足', en: 'Balance too low' };
  around.wallets = {
    startPayment: async ({ requestId }) => answer(requestId, { state: 'closed', code: 'NOTENOUGH', text }),
  };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  await till.scan(code);
  assert.deepEqual([stateOf(till).sale?.attempt?.state, stateOf(till).sale?.attempt?.text], ['closed', text]);
  await till.leaveAttempt('phone');
  assert.deepEqual([stateOf(till).sale?.attempt, stateOf(till).way], [null, 'phone']);
  await till.payExactCash();
  assert.equal(stateOf(till).done?.document.tenders[0]?.kind, 'cash');
});

test('a cancel that loses to the payer is a payment', async () => {
  const around = world();
  around.wallets = {
    startPayment: async ({ requestId }) => answer(requestId, {}),
    payment: async () => new Promise(() => undefined),
    cancelPayment: async (requestId) => answer(requestId, { state: 'paid' }),
  };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  void till.scan(code);
  await until(() => stateOf(till).sale?.attempt?.state === 'awaiting-payer');
  await till.payCash(cny(200n));
  assert.deepEqual(stateOf(till).sale?.tenders, [], 'one payment at a time');
  await till.scan(code);
  assert.equal(stateOf(till).notice?.kind, 'code-while-paying');
  await till.cancelAttempt();
  assert.equal(stateOf(till).done?.document.tenders[0]?.kind, 'wallet');
});

test('why a scan was refused during a payment is not said any more once it has ended', async () => {
  const around = world();
  let state: 'awaiting-payer' | 'closed' = 'awaiting-payer';
  around.wallets = {
    startPayment: async ({ requestId }) => answer(requestId, {}),
    payment: async (requestId) => answer(requestId, { state }),
  };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  void till.scan(code);
  await until(() => stateOf(till).sale?.attempt?.state === 'awaiting-payer');
  await till.scan(barcode(1));
  assert.equal(stateOf(till).notice?.kind, 'payment-open');
  state = 'closed';
  await until(() => stateOf(till).sale?.attempt?.state === 'closed');
  assert.equal(stateOf(till).notice, undefined);
});

test('a payment given up lets the counter go on at once', async () => {
  const around = world();
  around.wallets = {
    startPayment: async ({ requestId }) => answer(requestId, { state: 'unknown', undoing: true }),
    payment: async () => ({ kind: 'unreachable' }),
  };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  void till.scan(code);
  await until(() => stateOf(till).sale?.attempt?.state === 'undoing');
  await till.payCash(cny(100n));
  assert.equal(stateOf(till).sale?.tenders.length, 1, 'nothing is locked');
  assert.equal(stateOf(till).sale?.attempt, null);
});

test('silence about a payment given up does not lock the basket again, and a late reversal is shown', async () => {
  const around = world();
  let asked = 0;
  around.wallets = {
    startPayment: async ({ requestId }) => answer(requestId, { undoing: true }),
    payment: async (requestId) => {
      asked += 1;
      return asked < 3 ? { kind: 'unreachable' } : answer(requestId, { state: 'reversed' });
    },
  };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  void till.scan(code);
  await until(() => asked === 2);
  assert.equal(stateOf(till).sale?.attempt?.state, 'undoing');
  await until(() => stateOf(till).sale?.attempt?.state === 'reversed');
});
