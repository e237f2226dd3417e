import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InterchangeMessage } from '@zhanggui/interchange-link';
import type { Store } from '@zhanggui/store';
import fc from 'fast-check';
import { openTestWorld, type TestCard, type TestWorld } from './test-world.ts';

type Fault = 'none' | 'before-commit' | 'after-commit';

/** A store whose next transactions fail: before their commit, or after it, when the caller cannot know that it happened. */
const breakable =
  (faults: Fault[]) =>
  (store: Store): Store => ({
    ...store,
    transaction: async (run) => {
      const fault = faults.shift() ?? 'none';
      const result = await store.transaction(async (tx) => {
        const outcome = await run(tx);
        if (fault === 'before-commit') throw new Error('lost before the commit');
        return outcome;
      });
      if (fault === 'after-commit') throw new Error('lost after the commit');
      return result;
    },
  });

const isBalanced = async (world: TestWorld): Promise<boolean> => (await world.issuer.books()).isBalanced;

for (const fault of ['before-commit', 'after-commit'] as const) {
  test(`a request whose transaction was lost ${fault} gets no answer; its repeat gets one and moves the money once`, async () => {
    const faults: Fault[] = [];
    const world = await openTestWorld(breakable(faults));
    const card = await world.account('debit', 100_00n);
    const sale = await world.sale(card, 10_00n);
    faults.push(fault);
    assert.equal(await world.send(sale), 'none');
    assert.equal(await world.send(sale), '00');
    const reversal = world.reversalOf(sale);
    faults.push(fault);
    assert.equal(await world.send(reversal), 'none');
    assert.equal(await world.send(reversal), '00');
    assert.equal(await world.availableMinor(card), 100_00n);
    assert.equal(await isBalanced(world), true);
    await world.close();
  });
}

test('a group that fails after its commit is tried again one by one and moves the money once', async () => {
  const faults: Fault[] = [];
  const world = await openTestWorld(breakable(faults));
  const card = await world.account('debit', 100_00n);
  const sales = await Promise.all([1, 2, 3].map(() => world.sale(card, 10_00n)));
  faults.push('after-commit');
  const codes = await Promise.all(sales.map(world.send));
  assert.deepEqual(codes, ['00', '00', '00']);
  assert.equal(await world.availableMinor(card), 70_00n);
  await world.close();
});

type Step = {
  act: 'sale' | 'repeat' | 'void' | 'reverse-sale' | 'reverse-void';
  card: number;
  minor: number;
  which: number;
};
const steps = fc.array(
  fc.record<Step>({
    act: fc.constantFrom('sale', 'sale', 'repeat', 'void', 'reverse-sale', 'reverse-void'),
    card: fc.nat({ max: 2 }),
    minor: fc.integer({ min: 1, max: 60_00 }),
    which: fc.nat({ max: 10 }),
  }),
  { minLength: 20, maxLength: 80 },
);

/** Plays the steps in bursts, so that groups mix requests, repeats, voids and reversals of the same sales. */
const play = async (world: TestWorld, cards: readonly TestCard[], script: readonly Step[]): Promise<void> => {
  const sales: InterchangeMessage[] = [];
  const voids: InterchangeMessage[] = [];
  const burst: Promise<string>[] = [];
  const settled = async (): Promise<void> => assert.ok(!(await Promise.all(burst.splice(0))).includes('none'));
  for (const step of script) {
    const card = cards[step.card];
    const sale = sales[step.which % (sales.length || 1)];
    const undo = voids[step.which % (voids.length || 1)];
    if (step.act === 'sale' && card) {
      const request = await world.sale(card, BigInt(step.minor));
      sales.push(request);
      burst.push(world.send(request));
    } else if (step.act === 'repeat' && sale) burst.push(world.send(sale));
    else if (step.act === 'void' && sale) {
      const request = world.voidOf(sale);
      voids.push(request);
      burst.push(world.send(request));
    } else if (step.act === 'reverse-sale' && sale) burst.push(world.send(world.reversalOf(sale)));
    else if (step.act === 'reverse-void' && undo) burst.push(world.send(world.reversalOf(undo)));
    if (burst.length >= 12) await settled();
  }
  await settled();
};

test('whatever comes, in whatever order and however often, the books balance', async () => {
  const world = await openTestWorld();
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const cards = [
        await world.account('debit', 200_00n),
        await world.account('credit', 200_00n),
        await world.account('debit', 50_00n),
      ];
      await play(world, cards, script);
      const books = await world.issuer.books();
      assert.deepEqual([books.sumMinor, books.pendingSumMinor, books.unproven], [0n, 0n, []]);
    }),
    { numRuns: 12 },
  );
  await world.close();
});
