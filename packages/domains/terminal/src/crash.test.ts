import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cny } from '@zhanggui/money';
import type { Step } from './program.ts';
import { type Decision, startScriptedAcquirer } from './scripted-acquirer.ts';
import { isFinal } from './status.ts';
import { openCounter, parametersFor, parametersQuick, serveCustomer, stripeOnly, temporaryFile } from './testing.ts';

/** Sells once, with the power cut before the `stepsBeforeCut`-th step of the sale; false when the sale ended before that. */
const sellUntilCut = async (file: string, port: number, stepsBeforeCut: number): Promise<boolean> => {
  let stepsLeft = Number.POSITIVE_INFINITY;
  const cut = Promise.withResolvers<boolean>();
  const beforeStep = (_step: Step): 'go' | 'die' => {
    stepsLeft -= 1;
    if (stepsLeft >= 0) return 'go';
    cut.resolve(true);
    return 'die';
  };
  const counter = await openCounter(file, parametersFor(port, parametersQuick), { beforeStep });
  await counter.until((view) => view.screen === 'idle' && view.online === 'signed-in', 'idle');
  serveCustomer(counter.terminal, { swipe: stripeOnly });
  counter.terminal.onView((view) => {
    if (view.screen === 'idle' && counter.terminal.saleStatus('c')?.state !== 'waiting-card') cut.resolve(false);
  });
  stepsLeft = stepsBeforeCut;
  counter.terminal.startSale({ requestId: 'c', amount: cny(100n) });
  const died = await cut.promise;
  await counter.close();
  return died;
};

const hostDoes: Record<string, () => Decision[]> = {
  approves: () => [],
  declines: () => [{ kind: 'decline', code: '51' }],
  'approves and the answer is lost': () => [{ kind: 'approve', lost: true }],
};

for (const [title, decisions] of Object.entries(hostDoes)) {
  test(`killed before any step, the host ${title}: after restart the books agree and nothing is charged twice`, async () => {
    const ends = new Set<string>();
    for (let steps = 0; ; steps += 1) {
      const disk = temporaryFile();
      const acquirer = await startScriptedAcquirer({ financial: decisions() });
      const died = await sellUntilCut(disk.file, acquirer.port, steps);
      const after = await openCounter(disk.file, parametersFor(acquirer.port, parametersQuick));
      await after.until(
        (view) => view.screen === 'idle' && view.online === 'signed-in' && view.reversalPending === 0,
        `settled terminal after a cut before step ${steps}`,
      );
      const status = after.terminal.saleStatus('c');
      ends.add(status?.state ?? 'none');
      assert.ok(status && isFinal(status.state), `final after a cut before step ${steps}: ${status?.state}`);
      const isCharged = acquirer.charged.size === 1;
      assert.equal(isCharged, status.state === 'approved', `host and terminal agree (cut before step ${steps})`);
      assert.ok(acquirer.of('0200').length <= 1, 'never sent twice');
      if (status.state === 'approved') assert.ok(status.cardholderSlip, 'an approved sale keeps its slip');
      await after.close();
      await acquirer.close();
      disk.remove();
      if (!died) break;
    }
    assert.ok(ends.has('cancelled'));
    assert.ok(ends.has('reversed'), 'some cut falls between sending and knowing');
  });
}

test('an approved sale survives a restart with its slip, and is answered again without a charge', async () => {
  const disk = temporaryFile();
  const acquirer = await startScriptedAcquirer();
  assert.equal(await sellUntilCut(disk.file, acquirer.port, 10_000), false);
  const after = await openCounter(disk.file, parametersFor(acquirer.port, parametersQuick));
  const again = after.terminal.startSale({ requestId: 'c', amount: cny(100n) });
  assert.equal(again.state, 'approved');
  assert.ok(again.merchantSlip);
  assert.equal(acquirer.of('0200').length, 1);
  await after.close();
  await acquirer.close();
  disk.remove();
});

const killedTerminal = fileURLToPath(new URL('./killed-terminal.ts', import.meta.url));
/** Steps to die before, and how the sale must end: nothing sent, sent and unanswered, answered and not written. */
const deaths = [
  { step: 'host', count: 1, end: 'reversed', charged: 0 },
  { step: 'write', count: 2, end: 'cancelled', charged: 0 },
  { step: 'write', count: 3, end: 'reversed', charged: 0 },
  { step: 'print', count: 1, end: 'approved', charged: 1 },
] as const;

for (const { step, count, end, charged } of deaths) {
  test(`kill -9 before ${step} ${count}: the restarted terminal finds the sale ${end}`, async () => {
    const disk = temporaryFile();
    const acquirer = await startScriptedAcquirer();
    const child = spawn(process.execPath, [killedTerminal, disk.file, String(acquirer.port), step, String(count)]);
    const [, signal] = await once(child, 'exit');
    assert.equal(signal, 'SIGKILL');
    const after = await openCounter(disk.file, parametersFor(acquirer.port, parametersQuick));
    await after.until((view) => view.screen === 'idle' && view.online === 'signed-in' && view.reversalPending === 0);
    assert.equal(after.terminal.saleStatus('c')?.state, end);
    assert.equal(acquirer.charged.size, charged);
    await after.close();
    await acquirer.close();
    disk.remove();
  });
}
