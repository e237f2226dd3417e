import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createLog } from '@zhanggui/telemetry';
import { diceOf } from './testing/dice.ts';
import {
  assertBills,
  assertCards,
  assertNoWalletSecrets,
  assertSameStory,
  settleWallets,
} from './testing/wallet-audit.ts';
import { holdPhone, keepCounter, type WalletStory } from './testing/wallet-story.ts';
import { openWalletWorld, type WalletWorld } from './testing/wallet-world.ts';

/** Whatever breaks between the counter, the wallets and the bank, and whenever the server dies: both sides end with one story. */
const seed = Number(process.env['ZHANGGUI_TEST_SEED'] ?? 8583);
const rounds = Number(process.env['ZHANGGUI_TEST_ROUNDS'] ?? 1);
const cashiers = 10;
const acts = 5;

const story: WalletStory = { payments: new Map(), codes: new Set() };
let log = '';
let world: WalletWorld;
let opening: Map<string, bigint>;

before(async () => {
  const destination = { write: (line: string) => void (log += line) };
  world = await openWalletWorld({
    dice: diceOf(seed),
    log: createLog({ name: 'wallet-faults', level: 'debug', destination }),
  });
  opening = new Map((await world.cards.tray.cards()).map(({ id, availableMinor }) => [id, availableMinor ?? 0n]));
  world.onStart((qrPay) => qrPay.onChange((view) => void story.payments.get(view.requestId)?.views.push(view)));
});
after(() => world.close());

for (let round = 0; round < rounds; round += 1) {
  const roundSeed = seed * 100 + round * 10;
  test('busy counters, faults by the dice, and a server that is killed twice', { timeout: 120_000 }, async (t) => {
    t.diagnostic(`seed ${seed}; ZHANGGUI_TEST_SEED=… throws other dice`);
    const { upTo } = diceOf(roundSeed);
    const phone = holdPhone(world, story, roundSeed + 1);
    t.after(() => phone.leave());
    const counters = Array.from({ length: cashiers }, (_, index) =>
      keepCounter(world, story, { seed: roundSeed + 2 + index, acts }),
    );
    for (const _ of [0, 1]) {
      await delay(1_500 + upTo(2_500));
      await world.crash(50 + upTo(300));
    }
    await Promise.all(counters);
    await settleWallets(world);
    world.sandbox.prove();
    const ends = await assertSameStory(world, story);
    await assertCards(world, opening);
    t.diagnostic(JSON.stringify(ends));
    assert.ok((ends['paid'] ?? 0) > 0, 'there are payments among them');
  });
}

test('the bills of the day say the same, line by line', () => assertBills(world));

test('no payment code, key or password was ever written', () => assertNoWalletSecrets(world, story, log));
