import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { epochMs } from '@zhanggui/time';
import type { QrPaymentView } from './index.ts';
import { type Counter, codeRequest, openCounter, patient, shownRequest, until } from './testing/counter.ts';

let counter: Counter;
before(async () => {
  counter = await openCounter();
});
/** What a crashed replica waited for; a test process cannot die in the middle. */
const never = Promise.withResolvers<void>();
after(() => {
  never.resolve();
  return counter.close();
});

const ended = ({ endedAt }: QrPaymentView): boolean => endedAt !== undefined;
const numberOf = (id: string): string => id.replaceAll('-', '');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('after a crash in the middle of asking, the payment is asked about and never paid again', async () => {
  const crashed = await counter.open({ instance: 'one', timing: patient });
  const request = codeRequest();
  counter.wechat.fail('payByCode', { until: never.promise });
  void crashed.start(request);
  while (!counter.wechat.orders.has(numberOf(request.requestId))) await pause(5);
  const again = await counter.open({ instance: 'one', timing: patient });
  assert.equal((await until(again, request.requestId, ended))?.state, 'paid');
  assert.equal(counter.wechat.calls('payByCode', numberOf(request.requestId)).length, 1);
});

test('a payment journaled and never asked for ends closed', async () => {
  const crashed = await counter.open({ instance: 'two' });
  const request = codeRequest();
  counter.wechat.fail('payByCode', { lost: 'request' });
  await crashed.start(request);
  assert.equal((await until(crashed, request.requestId, ended))?.state, 'closed');
  await crashed.stop();
});

test('a request that reaches the wallet after we gave up pays behind our back: the money goes back', async () => {
  const qrPay = await counter.open({ instance: 'three' });
  const request = codeRequest();
  counter.wechat.fail('payByCode', { lost: 'request' });
  await qrPay.start(request);
  assert.equal((await until(qrPay, request.requestId, ended))?.state, 'closed');
  const paid = { total: request.amount, truth: 'paid', paidAt: epochMs(Date.now()) } as const;
  counter.wechat.orders.set(numberOf(request.requestId), paid);
  const back = await until(qrPay, request.requestId, ({ state }) => state === 'refunded');
  assert.deepEqual([back?.state, back?.alarm, back?.refunded], ['refunded', 'late-money', request.amount]);
  await qrPay.stop();
});

test('what another replica left is taken up when its lease runs out', async () => {
  counter.wechat.behaviour.payer = 'typing';
  const dead = await counter.open({ instance: 'dead', leaseMs: 200, timing: patient });
  const request = shownRequest();
  counter.wechat.fail('show', { until: never.promise });
  void dead.start(request);
  while (!counter.wechat.orders.has(numberOf(request.requestId))) await pause(5);
  const alive = await counter.open({ instance: 'alive', timing: patient });
  const shown = await until(alive, request.requestId, ({ qr }) => qr !== undefined);
  assert.equal(shown?.state, 'awaiting-payer');
  counter.wechat.pay(numberOf(request.requestId));
  assert.equal((await until(alive, request.requestId, ended))?.state, 'paid');
});

test('two replicas never ask about one payment at the same time', async () => {
  counter.wechat.behaviour.payer = 'typing';
  const replicas = [
    await counter.open({ instance: 'left', timing: patient }),
    await counter.open({ instance: 'right', timing: patient }),
  ];
  const request = shownRequest();
  let underWay = 0;
  let most = 0;
  const slow = {
    until: async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await pause(80);
      underWay -= 1;
    },
  };
  counter.wechat.fail('query', ...Array.from({ length: 10 }, () => slow));
  await replicas[0]?.start(request);
  await pause(500);
  counter.wechat.pay(numberOf(request.requestId));
  for (const replica of replicas) assert.equal((await until(replica, request.requestId, ended))?.state, 'paid');
  assert.equal(most, 1);
});
