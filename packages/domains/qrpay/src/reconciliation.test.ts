import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { cny } from '@zhanggui/money';
import type { Store } from '@zhanggui/store';
import { type BusinessDate, businessDate, businessDateAt, epochMs } from '@zhanggui/time';
import type { BillLine } from '@zhanggui/wallet-channel';
import fc from 'fast-check';
import { type QrPay, QrPayError, type QrPaymentView, type ReconciliationView } from './index.ts';
import { type Counter, codeRequest, newId, openCounter, until } from './testing/counter.ts';

let counter: Counter;
let qrPay: QrPay;
before(async () => {
  counter = await openCounter();
  qrPay = await counter.open();
});
after(() => counter.close());

const today = (): BusinessDate => businessDateAt(epochMs(Date.now()));
const nextDay = (date: BusinessDate): BusinessDate =>
  businessDate(new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10));
const fee = (minor: bigint): bigint => (minor * 60n + 5000n) / 10_000n;

const line = (outTradeNo: string, minor: bigint, rest: Partial<BillLine> = {}): BillLine => ({
  kind: 'payment',
  outTradeNo,
  outRefundNo: null,
  walletTradeNo: `W${outTradeNo.slice(-8)}`,
  amount: cny(minor),
  fee: cny(fee(minor)),
  at: epochMs(Date.now()),
  ...rest,
});
const refundLine = (outTradeNo: string, outRefundNo: string | null, minor: bigint): BillLine =>
  line(outTradeNo, minor, { kind: 'refund', outRefundNo, fee: cny(-fee(minor)) });

const paid = async (minor: bigint): Promise<QrPaymentView> => {
  const view = await qrPay.start(codeRequest(minor));
  assert.equal(view.state, 'paid');
  return view;
};
const refunded = async (payment: QrPaymentView, minor: bigint): Promise<string> => {
  const refundId = newId();
  const request = { refundId, requestId: payment.requestId, amount: cny(minor), reason: '', by: 'staff-1' };
  assert.equal((await qrPay.refund(request)).state, 'refunded');
  return refundId.replaceAll('-', '');
};
const run = (lines: readonly BillLine[], date = today()): Promise<ReconciliationView> => {
  counter.wechat.bills.set(date, lines);
  return qrPay.reconcile({ wallet: 'wechat', date });
};
const differences = async (date = today()) =>
  (await qrPay.differences({ wallet: 'wechat', date, limit: 200 })).differences;

beforeEach(async () => {
  for (const table of ['payments', 'refunds', 'reconciliations', 'differences'])
    await counter.store.query(`delete from qrpay.${table}`);
});

test('a day that agrees line by line has no differences, and equal sums', async () => {
  const [one, two] = [await paid(10_00n), await paid(3_33n)];
  const refund = await refunded(one, 4_00n);
  const view = await run([
    line(one.outTradeNo, 10_00n),
    line(two.outTradeNo, 3_33n),
    refundLine(one.outTradeNo, refund, 4_00n),
  ]);
  assert.deepEqual([view.lines, view.agreed, view.open, view.runs], [3, 3, 0, 1]);
  assert.deepEqual(view.ours, view.theirs);
  assert.deepEqual(view.ours, { payments: cny(13_33n), refunds: cny(4_00n), fees: cny(6n + 2n - 2n) });
});

test('differences are named, and keep both sides', async () => {
  const [amount, fees, missing] = [await paid(10_00n), await paid(20_00n), await paid(30_00n)];
  const refund = await refunded(amount, 1_00n);
  const view = await run([
    line(amount.outTradeNo, 10_01n),
    line(fees.outTradeNo, 20_00n, { fee: cny(13n) }),
    line('0123456789ABCDEF', 5_00n),
  ]);
  assert.deepEqual(view.differences, { 'missing-here': 1, 'missing-there': 2, amount: 1, fee: 1 });
  assert.deepEqual([view.lines, view.agreed, view.open], [3, 0, 5]);
  const found = await differences();
  const by = (number: string) => found.find(({ outTradeNo, outRefundNo }) => (outRefundNo ?? outTradeNo) === number);
  assert.deepEqual(
    [by(amount.outTradeNo)?.here?.amount, by(amount.outTradeNo)?.there?.amount],
    [cny(10_00n), cny(10_01n)],
  );
  assert.deepEqual(
    [by(fees.outTradeNo)?.kind, by(fees.outTradeNo)?.here?.fee, by(fees.outTradeNo)?.there?.fee],
    ['fee', cny(12n), cny(13n)],
  );
  assert.deepEqual([by(missing.outTradeNo)?.kind, by(missing.outTradeNo)?.there], ['missing-there', undefined]);
  assert.deepEqual(
    [by(refund)?.kind, by(refund)?.line, by(refund)?.here?.state],
    ['missing-there', 'refund', 'refunded'],
  );
  assert.deepEqual([by('0123456789ABCDEF')?.kind, by('0123456789ABCDEF')?.here], ['missing-here', undefined]);
});

test('a line that stands twice is missing here once; one of a payment that never came to money tells which', async () => {
  counter.wechat.behaviour.payer = 'poor';
  const closed = await qrPay.start(codeRequest(2_00n));
  counter.wechat.behaviour.payer = 'quick';
  const one = await paid(10_00n);
  const view = await run([line(one.outTradeNo, 10_00n), line(one.outTradeNo, 10_00n), line(closed.outTradeNo, 2_00n)]);
  assert.deepEqual([view.agreed, view.differences['missing-here']], [1, 2]);
  const found = await differences();
  assert.deepEqual(found.find(({ outTradeNo }) => outTradeNo === closed.outTradeNo)?.requestId, closed.requestId);
});

test('what was reversed may be in the bill or not, but not only half', async () => {
  counter.wechat.behaviour.payer = 'typing';
  const views = await Promise.all([1, 2, 3].map(() => qrPay.start(codeRequest(2_00n))));
  for (const { requestId } of views) {
    await qrPay.cancel(requestId);
    assert.equal((await until(qrPay, requestId, ({ state }) => state === 'reversed'))?.state, 'reversed');
  }
  counter.wechat.behaviour.payer = 'quick';
  const [both, , half] = views.map(({ outTradeNo }) => outTradeNo);
  assert.ok(both && half);
  const view = await run([line(both, 2_00n), refundLine(both, null, 2_00n), line(half, 2_00n)]);
  assert.deepEqual([view.agreed, view.differences['missing-there'], view.open], [3, 1, 1]);
  const [found] = await differences();
  assert.deepEqual([found?.outTradeNo, found?.line, found?.outRefundNo], [half, 'refund', undefined]);
});

test('a difference is worked off once, and stays so when the day is run again', async () => {
  const [one, two] = [await paid(10_00n), await paid(20_00n)];
  await run([line(one.outTradeNo, 10_00n)]);
  const [missing] = await differences();
  assert.ok(missing);
  const settled = await qrPay.settleDifference({ id: missing.id, by: 'manager', note: '已与微信核对' });
  assert.deepEqual([settled.by, settled.note, settled.settledAt === undefined], ['manager', '已与微信核对', false]);
  const again = await run([line(one.outTradeNo, 10_00n)]);
  assert.deepEqual([again.runs, again.differences['missing-there'], again.open], [2, 1, 0]);
  assert.deepEqual((await differences())[0], settled);
  const corrected = await run([line(one.outTradeNo, 10_00n), line(two.outTradeNo, 20_01n)]);
  assert.deepEqual([corrected.differences.amount, corrected.open], [1, 1]);
  const [reopened] = await differences();
  assert.deepEqual([reopened?.id, reopened?.note, reopened?.settledAt], [missing.id, '已与微信核对', undefined]);
  await qrPay.settleDifference({ id: missing.id, by: 'manager', note: '差一分' });
  assert.equal((await run([line(one.outTradeNo, 10_00n), line(two.outTradeNo, 20_00n)])).open, 0);
  assert.deepEqual(
    (await differences()).map(({ isGone, note }) => [isGone, note]),
    [[true, '差一分']],
  );
  await assert.rejects(
    qrPay.settleDifference({ id: newId(), by: 'x', note: 'y' }),
    (error) => error instanceof QrPayError && error.code === 'difference-not-found',
  );
});

test('what was paid around midnight agrees in the bill of the next day, and its difference settles itself', async () => {
  const one = await paid(10_00n);
  assert.equal((await run([])).differences['missing-there'], 1);
  const tomorrow = nextDay(today());
  const view = await run([line(one.outTradeNo, 10_00n)], tomorrow);
  assert.deepEqual([view.agreed, view.open], [1, 0]);
  assert.match((await differences())[0]?.note ?? '', new RegExp(tomorrow));
  assert.equal((await run([])).differences['missing-there'], 0);
  const twice = await run([line(one.outTradeNo, 10_00n)], nextDay(tomorrow));
  assert.equal(twice.differences['missing-here'], 1);
});

test('a bill that cannot be had leaves the last run as it was', async () => {
  const one = await paid(10_00n);
  await run([line(one.outTradeNo, 10_00n)]);
  counter.wechat.bills.delete(today());
  await assert.rejects(
    qrPay.reconcile({ wallet: 'wechat', date: today() }),
    (error) => error instanceof QrPayError && error.code === 'bill-unavailable' && error.cause instanceof Error,
  );
  const brokenOff = function* (): Generator<BillLine> {
    yield line(one.outTradeNo, 9_99n);
    throw new Error('the hash is wrong after all');
  };
  const refusals = [
    ['bill-unavailable', brokenOff()],
    ['bill-unusable', [line(one.outTradeNo, 10_00n, { amount: { minor: 10_00n, currency: 'USD' } })]],
  ] as const;
  for (const [code, lines] of refusals) {
    counter.wechat.bills.set(today(), lines);
    await assert.rejects(
      qrPay.reconcile({ wallet: 'wechat', date: today() }),
      (error) => error instanceof QrPayError && error.code === code,
    );
  }
  const { reconciliations, next } = await qrPay.reconciliations({ limit: 10 });
  assert.deepEqual([reconciliations.length, reconciliations[0]?.runs, next], [1, 1, null]);
  assert.equal(reconciliations[0]?.open, 0);
});

test('a day run twice at once, while payments go on, is run one after the other', async () => {
  const [one, two] = [await paid(10_00n), await paid(20_00n)];
  counter.wechat.bills.set(today(), [line(one.outTradeNo, 10_00n), line('FOREIGN00000000001', 1_00n)]);
  const day = { wallet: 'wechat', date: today() } as const;
  const runs = Promise.all([qrPay.reconcile(day), qrPay.reconcile(day)]);
  await Promise.all([paid(1_00n), refunded(two, 5_00n), paid(2_00n)]);
  const views = await runs;
  assert.deepEqual(new Set(views.map((view) => view.runs)), new Set([1, 2]));
  for (const view of views) assert.deepEqual([view.agreed, view.differences['missing-here']], [1, 1]);
});

test('a day that gets in the way of payments is run again', async () => {
  for (const code of ['40001', '40P01']) {
    let tries = 0;
    const transaction: Store['transaction'] = (work) =>
      counter.store.transaction(async (tx) => {
        const done = await work(tx);
        tries += 1;
        if (tries === 1) throw Object.assign(new Error('in the way'), { code });
        return done;
      });
    const other = await counter.open({ store: { ...counter.store, transaction } });
    counter.wechat.bills.set(today(), []);
    assert.equal((await other.reconcile({ wallet: 'wechat', date: today() })).lines, 0);
    assert.equal(tries, 2);
  }
});

test('differences and runs come page by page', async () => {
  const lines = Array.from({ length: 7 }, (_, index) => line(`FOREIGN0000000000${index}`, 100n));
  await run(lines);
  await run(lines, nextDay(today()));
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await qrPay.differences(
      before === undefined ? { open: true, limit: 5 } : { open: true, limit: 5, before },
    );
    seen.push(...page.differences.map(({ id }) => id));
    before = page.next ?? undefined;
  } while (before !== undefined);
  assert.deepEqual([seen.length, new Set(seen).size], [14, 14]);
  const first = await qrPay.reconciliations({ limit: 1 });
  const second = await qrPay.reconciliations({ limit: 1, before: first.next ?? '' });
  assert.deepEqual([first.reconciliations[0]?.date, second.reconciliations[0]?.date], [nextDay(today()), today()]);
});

test('whatever is wrong in a bill, our sums and the differences make its sums', async (context) => {
  const seed = Date.now() & 0x7fffffff;
  context.diagnostic(`seed ${seed}`);
  const payments: QrPaymentView[] = [];
  for (let count = 0; count < 12; count += 1) payments.push(await paid(BigInt(100 + count * 37)));
  const mistake = fc.constantFrom('none', 'none', 'left out', 'twice', 'amount', 'fee', 'foreign');
  await fc.assert(
    fc.asyncProperty(fc.array(mistake, { minLength: 12, maxLength: 12 }), async (mistakes) => {
      const lines = payments.flatMap(({ outTradeNo, amount: { minor } }, index): BillLine[] => {
        const right = line(outTradeNo, minor);
        if (mistakes[index] === 'left out') return [];
        if (mistakes[index] === 'twice') return [right, right];
        if (mistakes[index] === 'amount') return [{ ...right, amount: cny(minor + 5n) }];
        if (mistakes[index] === 'fee') return [{ ...right, fee: cny(9n) }];
        return mistakes[index] === 'foreign' ? [right, line(`FOREIGN"{}\\${index}`, 7n)] : [right];
      });
      const view = await run(lines);
      const count = (name: string) => mistakes.filter((one) => one === name).length;
      assert.deepEqual(view.differences, {
        'missing-here': count('twice') + count('foreign'),
        'missing-there': count('left out'),
        amount: count('amount'),
        fee: count('fee'),
      });
      const apart = (await differences()).reduce(
        (sum, { here, there }) => sum + (there?.amount.minor ?? 0n) - (here?.amount.minor ?? 0n),
        0n,
      );
      assert.equal(view.ours.payments.minor + apart, view.theirs.payments.minor);
    }),
    { seed, numRuns: 25 },
  );
});
