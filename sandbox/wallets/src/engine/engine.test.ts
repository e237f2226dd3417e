import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readScan } from '@zhanggui/paycode';
import fc from 'fast-check';
import type { CardOutcome, FundingCards } from '../cards.ts';
import { createFaults } from '../faults.ts';
import { ownCards } from '../own-cards.ts';
import { until } from '../testing/until.ts';
import { countedRandom } from '../testing/wechat-room.ts';
import { availableAccount, consumerAccount, frozenAccount } from './accounts.ts';
import { addConsumer, paymentCode, scanOrder, setPasswordRule, topUp, wallets } from './consumers.ts';
import { type EngineRoom, openEngine } from './engine.ts';
import type { NewOrder } from './words.ts';

const startMs = Date.UTC(2026, 5, 1, 4, 0, 0);
const merchant = { wallet: 'wechat', merchantNo: '1900000001' } as const;
const person = { id: 'c1', name: { zh: '林晓', en: 'Lin Xiao' }, password: '123456', balanceMinor: 500_000n };

type World = EngineRoom & Readonly<{ pass(ms: number): void; faults: ReturnType<typeof createFaults> }>;

type More = Readonly<{ file?: string; cards?: FundingCards; onFault?: (error: unknown) => void }>;

const openWorld = async (more: More = {}): Promise<World> => {
  let nowMs = startMs;
  const faults = createFaults();
  const settings = {
    file: ':memory:',
    cards: ownCards(),
    faults,
    now: () => nowMs,
    random: countedRandom(),
    pace: 3_000,
  };
  const room = await openEngine({ ...settings, onFault: assert.ifError, ...more });
  room.engine.addMerchant({ ...merchant, title: '掌柜', feeBasisPoints: 60 });
  addConsumer(room.core, person);
  return {
    ...room,
    faults,
    pass: (ms) => {
      nowMs += ms;
    },
  };
};

const order = (outTradeNo: string, amountMinor = 100n, more: Partial<NewOrder> = {}): NewOrder => ({
  ...merchant,
  outTradeNo,
  amountMinor,
  description: '面包',
  terms: String(amountMinor),
  memo: '{}',
  expiresAt: startMs + 3_600_000,
  ...more,
});
const codePay = (world: World, outTradeNo: string, amountMinor = 100n, more: Partial<NewOrder> = {}) =>
  world.engine.payByCode({
    ...order(outTradeNo, amountMinor, more),
    authCode: paymentCode(world.core, 'c1', 'wechat').code,
  });
const settle = () => new Promise((done) => setTimeout(done, 10));
const stateOf = (world: World, outRefundNo: string) => world.engine.findRefund({ ...merchant, outRefundNo })?.state;
const ended = (world: World, outRefundNo: string) => until(() => stateOf(world, outRefundNo) !== 'processing');
const refund = (
  world: World,
  outTradeNo: string,
  outRefundNo: string,
  amountMinor: bigint,
  more: Readonly<{ isInstant?: boolean }> = {},
) =>
  world.engine.refund({
    ...more,
    order: { ...merchant, outTradeNo },
    outRefundNo,
    amountMinor,
    terms: String(amountMinor),
    memo: '{}',
  });

test('a payment code is the wallet’s own to any scanner, and another at every call', async () => {
  const world = await openWorld();
  const digits = { wechat: /^1[0-5]\d{16}$/, alipay: /^28\d{16}$/, unionpay: /^62\d{17}$/ };
  for (const wallet of wallets) {
    const { code, expiresAt } = paymentCode(world.core, 'c1', wallet);
    const scan = readScan(code);
    assert.match(code, digits[wallet]);
    assert.equal(scan.kind === 'payment-code' && scan.wallet, wallet);
    assert.equal(expiresAt, startMs + 60_000);
    assert.notEqual(paymentCode(world.core, 'c1', wallet).code, code);
  }
  await world.close();
});

test('a code is good for one order, and no longer than two minutes', async () => {
  const world = await openWorld();
  const [used, old] = [paymentCode(world.core, 'c1', 'wechat').code, paymentCode(world.core, 'c1', 'wechat').code];
  const pay = async (outTradeNo: string, authCode: string) => {
    const outcome = await world.engine.payByCode({ ...order(outTradeNo), authCode });
    return outcome.kind === 'refused' ? outcome.reason : outcome.kind;
  };
  assert.equal(await pay('A00001', used), 'paid');
  assert.equal(await pay('A00002', used), 'code-used');
  world.pass(120_000);
  assert.equal(await pay('A00003', old), 'code-expired');
  assert.equal(await pay('A00004', '134567890123456789'), 'code-unknown');
  assert.equal(await pay('A00005', '6901234567892'), 'code-malformed');
  await world.close();
});

test('the fee is half a fen up, comes back with refunds, and the books prove it', async () => {
  const world = await openWorld();
  await codePay(world, 'A00001', 84n);
  assert.equal(world.engine.balance(availableAccount(merchant)), 83n);
  const first = await refund(world, 'A00001', 'R1', 84n);
  assert.equal(first.kind, 'accepted');
  assert.equal(world.engine.balance(availableAccount(merchant)), 0n);
  await ended(world, 'R1');
  assert.equal(world.engine.balance(consumerAccount('c1', 'wechat')), 500_000n);
  world.engine.prove();
  await world.close();
});

test('what a merchant has shared away cannot be refunded', async () => {
  const world = await openWorld();
  await codePay(world, 'A00001', 1_000n);
  const out = { from: availableAccount(merchant), to: 'receiver/x', amountMinor: 900n, why: 'share', orderId: null };
  assert.equal(world.engine.move([{ ...out, id: 's1' }]), 'moved');
  assert.equal(world.engine.move([{ ...out, id: 's1' }]), 'same');
  assert.equal(world.engine.move([{ ...out, id: 's2' }]), 'not-enough');
  const refused = await refund(world, 'A00001', 'R1', 1_000n);
  assert.deepEqual(refused, { kind: 'refused', reason: 'not-enough' });
  world.engine.prove();
  await world.close();
});

test('frozen money is the order’s own, and refunds take it first', async () => {
  const world = await openWorld();
  const paid = await codePay(world, 'A00001', 1_000n, { freezes: true });
  assert.ok(paid.kind === 'paid');
  assert.equal(world.engine.balance(frozenAccount(paid.order.id)), 994n);
  assert.equal(world.engine.balance(availableAccount(merchant)), 0n);
  assert.equal((await refund(world, 'A00001', 'R1', 1_000n)).kind, 'accepted');
  assert.equal(world.engine.balance(frozenAccount(paid.order.id)), 0n);
  world.engine.prove();
  await world.close();
});

test('fifty refunds of an order, and no more; none after a year', async () => {
  const world = await openWorld();
  await codePay(world, 'A00001', 1_000n);
  for (let count = 1; count <= 50; count += 1)
    assert.equal((await refund(world, 'A00001', `R${count}`, 1n)).kind, 'accepted');
  assert.deepEqual(await refund(world, 'A00001', 'R51', 1n), { kind: 'refused', reason: 'too-many' });
  world.pass(366 * 86_400_000);
  assert.deepEqual(await refund(world, 'A00001', 'R52', 1n), { kind: 'refused', reason: 'too-late' });
  await world.close();
});

test('the password: by rule, three tries, a minute of silence', async () => {
  const world = await openWorld();
  const { engine, core } = world;
  setPasswordRule(core, 'c1', 'always');
  const waiting = await codePay(world, 'A00001', 1n);
  assert.ok(waiting.kind === 'paying');
  const say = (password: string) => engine.confirm({ consumerId: 'c1', orderId: waiting.order.id, password });
  assert.deepEqual(await say('000000'), { kind: 'refused', reason: 'password-wrong', triesLeft: 2 });
  assert.deepEqual(await say('000000'), { kind: 'refused', reason: 'password-wrong', triesLeft: 1 });
  assert.deepEqual(await say('000000'), { kind: 'refused', reason: 'password-locked', triesLeft: 0 });
  assert.deepEqual(await say('123456'), { kind: 'refused', reason: 'password-locked', triesLeft: 0 });
  world.pass(60_000);
  assert.equal((await say('123456')).kind, 'paid');
  setPasswordRule(core, 'c1', 'never');
  assert.equal((await codePay(world, 'A00002', 150_000n)).kind, 'paid');
  await world.close();
});

test('a scanned order is its payer’s from then on, and without a password only as far as the rule goes', async () => {
  const world = await openWorld();
  const { engine, core } = world;
  const made = engine.createOrder({
    ...order('A00001', 100_001n),
    way: 'shown',
    link: 'weixin://wxpay/bizpayurl?pr=1',
  });
  assert.equal(scanOrder(core, 'c1', 'weixin://wxpay/bizpayurl?pr=1')?.consumerId, 'c1');
  const outcome = await engine.confirm({ consumerId: 'c1', orderId: made.order.id });
  assert.deepEqual(outcome, { kind: 'refused', reason: 'password-needed' });
  await world.close();
});

test('ten programs that pay one order with ten codes pay it once', async () => {
  const world = await openWorld();
  const asked = Array.from({ length: 10 }, () => codePay(world, 'A00001'));
  const kinds = (await Promise.all(asked)).map((outcome) => outcome.kind);
  assert.equal(kinds.filter((kind) => kind === 'paid').length, 1);
  assert.equal(world.engine.balance(consumerAccount('c1', 'wechat')), 499_900n);
  await world.close();
});

type Booked = Readonly<{ cards: FundingCards; held: () => bigint }>;
/** A card that keeps its own books, by the ids of its movements; it may die in the middle of the first. */
const bookedCard = (dies: 'after-debit' | 'never'): Booked => {
  const moved = new Map<string, bigint>();
  let isDead = dies === 'never';
  const once = (id: string, minor: bigint): Promise<CardOutcome> => {
    moved.set(id, minor);
    if (isDead) return Promise.resolve({ kind: 'done' });
    isDead = true;
    return new Promise(() => undefined);
  };
  return {
    cards: {
      cards: ownCards().cards,
      debit: ({ id, amountMinor }) => once(id, -amountMinor),
      credit: ({ id, amountMinor }) => once(id, amountMinor),
    },
    held: () => [...moved.values()].reduce((sum, minor) => sum + minor, 0n),
  };
};

test('what a card paid goes back to it by refund and reversal', async () => {
  const card = bookedCard('never');
  const world = await openWorld(card);
  world.core.store.run(`insert into funding values ('c1', 'wechat', 'own-debit')`);
  await codePay(world, 'A00001', 1_000n);
  await codePay(world, 'A00002', 500n);
  assert.equal(card.held(), -1_500n);
  await refund(world, 'A00001', 'R1', 300n);
  await ended(world, 'R1');
  assert.equal((await world.engine.reverse({ ...merchant, outTradeNo: 'A00002' })).kind, 'reversed');
  assert.equal(card.held(), -700n);
  world.engine.prove();
  await world.close();
});

test('after a crash between card and books the card has its money back, and the file its numbers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const file = join(folder, 'wallets.sqlite');
  const card = bookedCard('after-debit');
  const crashed = await openWorld({ file, cards: card.cards });
  crashed.core.store.run(`insert into funding values ('c1', 'wechat', 'own-debit')`);
  const secret = crashed.engine.kept('secret', () => 'made once');
  void codePay(crashed, 'A00001', 1_000n);
  await settle();
  assert.equal(card.held(), -1_000n);
  const last = crashed.engine.serial();
  await crashed.close();
  const again = await openWorld({ file, cards: card.cards });
  assert.equal(card.held(), 0n);
  assert.equal(again.engine.findOrder({ ...merchant, outTradeNo: 'A00001' })?.state, 'not-paid');
  assert.equal(
    again.engine.kept('secret', () => 'made again'),
    secret,
  );
  assert.ok(again.engine.serial() > last);
  again.engine.prove();
  await again.close();
  rmSync(folder, { recursive: true });
});

/** A bank that does not answer, until it does. */
const silentBank = () => {
  const card = bookedCard('never');
  let isSilent = true;
  const orSilence = (ask: () => Promise<CardOutcome>): Promise<CardOutcome> =>
    isSilent ? ask().then(() => Promise.reject(new Error('no answer'))) : ask();
  const cards: FundingCards = {
    cards: card.cards.cards,
    debit: (movement) => orSilence(() => card.cards.debit(movement)),
    credit: (movement) => (isSilent ? Promise.reject(new Error('no answer')) : card.cards.credit(movement)),
  };
  return {
    ...card,
    cards,
    set: (value: boolean) => {
      isSilent = value;
    },
  };
};

test('a bank that does not answer keeps nothing: a charge goes back, a refund waits', async () => {
  const bank = silentBank();
  const world = await openWorld({ cards: bank.cards });
  world.core.store.run(`insert into funding values ('c1', 'wechat', 'own-debit')`);
  const lost = await codePay(world, 'A00001', 1_000n);
  assert.equal(lost.kind === 'refused' && lost.reason, 'card-refused');
  assert.equal(bank.held(), -1_000n);
  bank.set(false);
  await until(() => bank.held() === 0n);
  await codePay(world, 'A00002', 500n);
  bank.set(true);
  await refund(world, 'A00002', 'R1', 300n);
  await refund(world, 'A00002', 'R2', 200n, { isInstant: true });
  await settle();
  for (const number of ['R1', 'R2']) assert.equal(stateOf(world, number), 'processing');
  bank.set(false);
  for (const number of ['R1', 'R2']) await until(() => stateOf(world, number) === 'done');
  world.engine.prove();
  await world.close();
});

test('a top-up whose answer is lost goes back to its card, and nobody has it twice', async () => {
  const bank = silentBank();
  const world = await openWorld({ cards: bank.cards });
  const before = world.engine.balance(consumerAccount('c1', 'wechat'));
  const wanted = { consumerId: 'c1', wallet: 'wechat', cardId: 'own-debit', amountMinor: 700n } as const;
  assert.deepEqual(await topUp(world.core, wanted), { kind: 'refused', code: '91' });
  assert.equal(bank.held(), -700n);
  bank.set(false);
  await until(() => bank.held() === 0n);
  assert.deepEqual(await topUp(world.core, wanted), { kind: 'done' });
  assert.deepEqual([bank.held(), world.engine.balance(consumerAccount('c1', 'wechat'))], [-700n, before + 700n]);
  world.engine.prove();
  await world.close();
});

const act = fc.record({
  kind: fc.constantFrom('code', 'show', 'confirm', 'decline', 'close', 'reverse', 'refund', 'wait'),
  order: fc.integer({ min: 0, max: 3 }),
  minor: fc.bigInt({ min: 1n, max: 200_000n }),
});

const doAct = async (
  world: World,
  { kind, order: index, minor }: typeof act extends fc.Arbitrary<infer Act> ? Act : never,
  step: number,
) => {
  const outTradeNo = `A0000${index}`;
  const { engine } = world;
  const known = engine.findOrder({ ...merchant, outTradeNo });
  if (kind === 'code') await codePay(world, outTradeNo, minor, { freezes: index === 3 });
  if (kind === 'show') engine.createOrder({ ...order(outTradeNo, minor), way: 'shown' });
  if (kind === 'confirm' && known) await engine.confirm({ consumerId: 'c1', orderId: known.id, password: '123456' });
  if (kind === 'decline' && known) await engine.decline(known.id);
  if (kind === 'close') await engine.close({ ...merchant, outTradeNo });
  if (kind === 'reverse') await engine.reverse({ ...merchant, outTradeNo });
  if (kind === 'refund') await refund(world, outTradeNo, `R${step % 7}`, minor);
  if (kind === 'wait') world.pass(600_000);
};

test('whatever is asked in whatever order, money comes from somewhere and goes somewhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const world = await openWorld();
      for (const [step, one] of acts.entries()) await doAct(world, one, step);
      world.engine.prove();
      await settle();
      world.engine.prove();
      await world.close();
    }),
    { numRuns: 60 },
  );
});

test('a refund that cannot be written stops nobody: it is a fault that is told', async () => {
  const faults: unknown[] = [];
  const world = await openWorld({ onFault: (error) => void faults.push(error) });
  await codePay(world, 'fault-1');
  const named = { ...merchant, outTradeNo: 'fault-1' };
  await world.engine.refund({ order: named, outRefundNo: 'r-1', amountMinor: 100n, terms: '', memo: '{}' });
  world.core.store.run('alter table movements rename to away');
  await until(() => faults.length > 0);
  assert.match(String(faults[0]), /movements/);
  await world.close();
});
