import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { cny } from '@zhanggui/money';
import { type Decision, type ScriptedAcquirer, startScriptedAcquirer } from './scripted-acquirer.ts';
import { isFinal, type SaleState, type SaleStatus } from './status.ts';
import { openCounter, parametersFor, serveCustomer, stripeOnly, temporaryFile } from './testing.ts';

let disk: ReturnType<typeof temporaryFile>;
let acquirer: ScriptedAcquirer;
let counter: Awaited<ReturnType<typeof openCounter>>;

beforeEach(async () => {
  disk = temporaryFile();
  acquirer = await startScriptedAcquirer();
  counter = await openCounter(disk.file, parametersFor(acquirer.port, { lineMs: 400 }));
  serveCustomer(counter.terminal, { swipe: stripeOnly, pins: ['123456', '123456', '123456'] });
});
afterEach(async () => {
  await counter.close();
  await acquirer.close();
  disk.remove();
});

/** States a sale goes through until `enough`. */
const statesUntil = (requestId: string, enough: (state: SaleState) => boolean): Promise<SaleStatus[]> =>
  new Promise((resolve) => {
    const seen: SaleStatus[] = [];
    const stop = counter.terminal.onSale((status) => {
      if (status.requestId !== requestId) return;
      seen.push(status);
      if (!enough(status.state)) return;
      stop();
      resolve(seen);
    });
  });

const sell = async (decision: Decision): Promise<SaleStatus[]> => {
  acquirer.script.financial = [decision];
  const states = statesUntil('r', isFinal);
  counter.terminal.startSale({ requestId: 'r', amount: cny(100n) });
  return states;
};

const unanswered: Record<string, Decision> = {
  'the host is silent': { kind: 'silence' },
  'the host charged and its answer was lost': { kind: 'approve', lost: true },
  'the line breaks after the host charged': { kind: 'cut', charged: true },
};

for (const [title, decision] of Object.entries(unanswered)) {
  test(`when ${title}, the sale is unknown, then reversed with reason 98: not charged`, async () => {
    const states = (await sell(decision)).map(({ state }) => state);
    assert.deepEqual(states.slice(-2), ['unknown', 'reversed']);
    const [reversal] = acquirer.of('0400');
    assert.equal(reversal?.fields[39], '98');
    assert.equal(acquirer.charged.size, 0);
    assert.equal(counter.terminal.view().reversalPending, 0);
  });
}

test('a reversal repeats the original: trace, batch, amount; never tracks, PIN or reference', async () => {
  await sell({ kind: 'silence' });
  const [sale] = acquirer.of('0200');
  const [reversal] = acquirer.of('0400');
  assert.equal(reversal?.macGood, true);
  for (const field of [3, 4, 11, 22, 25, 41, 42, 49, 60] as const) {
    assert.equal(reversal?.fields[field], sale?.fields[field]);
  }
  assert.equal(reversal?.fields[2], '6225000000000000014');
  for (const field of [26, 35, 36, 37, 52, 53] as const) assert.equal(reversal?.fields[field], undefined);
});

test('an approval with a wrong MAC is not believed: reversed with reason A0', async () => {
  const states = (await sell({ kind: 'approve', mac: 'bad' })).map(({ state }) => state);
  assert.deepEqual(states.slice(-2), ['unknown', 'reversed']);
  assert.equal(acquirer.of('0400')[0]?.fields[39], 'A0');
  assert.equal(acquirer.charged.size, 0);
});

test('an approval without a MAC is not believed: reversed with reason A0', async () => {
  await sell({ kind: 'approve', mac: 'none' });
  assert.equal(acquirer.of('0400')[0]?.fields[39], 'A0');
});

test('an approval of another amount is undone: reversed with reason 06', async () => {
  await sell({ kind: 'approve', fields: { 4: '000000000099' } });
  assert.equal(acquirer.of('0400')[0]?.fields[39], '06');
  assert.equal(acquirer.charged.size, 0);
});

test('an answer of another trace number is nobody’s answer', async () => {
  const states = (await sell({ kind: 'approve', fields: { 11: '999999' } })).map(({ state }) => state);
  assert.deepEqual(states.slice(-2), ['unknown', 'reversed']);
  assert.equal(acquirer.of('0400')[0]?.fields[39], '98');
});

test('a reversal is sent three times, then given up, printed, and the sale stays unknown', async () => {
  acquirer.script.reversal = [{ kind: 'silence' }, { kind: 'silence' }, { kind: 'silence' }];
  acquirer.script.financial = [{ kind: 'silence' }];
  counter.terminal.startSale({ requestId: 'r', amount: cny(100n) });
  const { paper } = await counter.until((view) => view.paper.length > 0, 'paper');
  assert.equal(acquirer.of('0400').length, 3);
  assert.ok(paper[0]?.some((row) => row.text.includes('冲正未成功')));
  assert.equal(counter.terminal.saleStatus('r')?.state, 'unknown');
  assert.equal(counter.terminal.view().reversalPending, 1);
});

test('a given-up reversal gets another round at the next sign-in', async () => {
  acquirer.script.reversal = [{ kind: 'silence' }, { kind: 'silence' }, { kind: 'silence' }];
  acquirer.script.financial = [{ kind: 'silence' }];
  counter.terminal.startSale({ requestId: 'r', amount: cny(100n) });
  await counter.until((view) => view.paper.length > 0 && view.screen === 'idle', 'paper');
  counter.terminal.command({ kind: 'key', key: 'menu' });
  await counter.until((view) => view.screen === 'menu', 'menu');
  counter.press('5');
  await counter.until((view) => view.reversalPending === 0, 'settled');
  assert.equal(counter.terminal.saleStatus('r')?.state, 'reversed');
});

test('a given-up reversal is tried again by itself now and then, on the same piece of paper', async () => {
  acquirer.script.reversal = Array.from({ length: 5 }, () => ({ kind: 'silence' }) as const);
  acquirer.script.financial = [{ kind: 'silence' }];
  counter.terminal.startSale({ requestId: 'r', amount: cny(100n) });
  await counter.until((view) => view.paper.length > 0 && view.screen === 'idle', 'paper');
  await counter.until((view) => view.reversalPending === 0, 'settled');
  assert.equal(counter.terminal.saleStatus('r')?.state, 'reversed');
  assert.equal(acquirer.of('0400').length, 6);
  assert.equal(counter.terminal.view().paper.length, 1);
});

test('no new sale goes out before the reversal that is owed', async () => {
  acquirer.script.reversal = [{ kind: 'silence' }];
  acquirer.script.financial = [{ kind: 'silence' }];
  const unknown = statesUntil('r', (state) => state === 'unknown');
  counter.terminal.startSale({ requestId: 'r', amount: cny(100n) });
  await unknown;
  const second = statesUntil('s', isFinal);
  counter.terminal.startSale({ requestId: 's', amount: cny(200n) });
  assert.equal((await second).at(-1)?.state, 'approved');
  const order = acquirer.received.filter(({ mti }) => mti !== '0800').map(({ mti }) => mti);
  assert.deepEqual(order, ['0200', '0400', '0400', '0200']);
  assert.deepEqual([...acquirer.charged.values()], ['000000000200']);
});

for (const code of ['25', '12']) {
  test(`answer ${code} to a reversal means there is nothing left to undo`, async () => {
    acquirer.script.reversal = [{ kind: 'decline', code }];
    const states = await sell({ kind: 'silence' });
    assert.equal(states.at(-1)?.state, 'reversed');
    assert.equal(acquirer.of('0400').length, 1);
  });
}

test('a sale that cannot leave is cancelled at once and owes nothing', async () => {
  await counter.until((view) => view.screen === 'idle' && view.online === 'signed-in', 'idle');
  await acquirer.close();
  await counter.until((view) => view.online !== 'signed-in', 'a broken line');
  const states = statesUntil('r', isFinal);
  counter.terminal.startSale({ requestId: 'r', amount: cny(100n) });
  const last = (await states).at(-1);
  assert.equal(last?.state, 'cancelled');
  assert.equal(counter.terminal.view().reversalPending, 0);
});

test('the journey of a sale tells every message, its answer and its time', async () => {
  await sell({ kind: 'silence' });
  const [sale, reversal] = counter.terminal.journey('r');
  assert.deepEqual([sale?.mti, sale?.code, sale?.latencyMs], ['0200', null, null]);
  assert.match(sale?.note ?? '', /no answer/);
  assert.deepEqual([reversal?.mti, reversal?.code], ['0400', '00']);
  assert.equal(typeof reversal?.latencyMs, 'number');
});
