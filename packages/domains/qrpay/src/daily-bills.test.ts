import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { businessDateAt, epochMs } from '@zhanggui/time';
import { billDays } from './daily-bills.ts';
import type { QrPay } from './index.ts';
import { type Counter, codeRequest, openCounter } from './testing/counter.ts';

const at = (text: string) => epochMs(Date.parse(`${text}+08:00`));

test('a day’s bill is due from 10:00 of the next day in Beijing, back to the first payment and a week at most', () => {
  const first = at('2026-05-10T23:59:59');
  assert.deepEqual(billDays(at('2026-05-11T09:59:59'), first), []);
  assert.deepEqual(billDays(at('2026-05-11T10:00:00'), first), ['2026-05-10']);
  assert.deepEqual(billDays(at('2026-05-13T09:00:00'), first), ['2026-05-10', '2026-05-11']);
  const week = billDays(at('2026-06-01T12:00:00'), first);
  assert.deepEqual([week.length, week[0], week.at(-1)], [7, '2026-05-25', '2026-05-31']);
});

let counter: Counter;
before(async () => {
  counter = await openCounter();
});
after(() => counter.close());

const compared = async (qrPay: QrPay): Promise<string[]> =>
  (await qrPay.reconciliations({ limit: 10 })).reconciliations.map(({ wallet, date }) => `${wallet} ${date}`);
const soon = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 100 && !(await holds()); tries += 1) await delay(50);
};

test('bills are compared by themselves, once, and one that cannot be had is tried again, ever more rarely', async () => {
  const today = businessDateAt(epochMs(Date.now()));
  const first = await counter.open();
  await first.start(codeRequest());
  assert.deepEqual(await compared(first), [], 'nothing is due on the day itself');
  await counter.rest();
  counter.wechat.bills.set(today, []);
  // Two days on; a timer that was asked for minutes comes at once.
  const setTimer = (run: () => void, ms: number) => {
    const timer = setTimeout(run, Math.min(ms, 50));
    return () => clearTimeout(timer);
  };
  let passedMs = 2 * 86_400_000;
  let looks = 0;
  const { bills } = counter.alipay;
  const get = bills.get.bind(bills);
  bills.get = (date) => {
    looks += 1;
    return get(date);
  };
  const later = await counter.open({ clock: () => epochMs(Date.now() + passedMs), setTimer });
  await soon(async () => (await compared(later)).includes(`wechat ${today}`));
  assert.ok((await compared(later)).includes(`wechat ${today}`));
  assert.ok(!(await compared(later)).includes(`alipay ${today}`));
  for (const [minutes, tries] of [
    [0, 1],
    [9, 1],
    [2, 2],
    [10, 2],
    [11, 3],
  ] as const) {
    passedMs += minutes * 60_000;
    await soon(async () => looks >= tries);
    await delay(200);
    assert.equal(looks, tries, `after another ${minutes} minutes`);
  }
  counter.alipay.bills.set(today, []);
  passedMs += 6 * 3_600_000;
  await soon(async () => (await compared(later)).includes(`alipay ${today}`));
  assert.ok((await compared(later)).includes(`alipay ${today}`));
  const { reconciliations } = await later.reconciliations({ limit: 10 });
  assert.ok(reconciliations.every(({ runs }) => runs === 1));
});
