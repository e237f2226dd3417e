import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pan } from '@zhanggui/secret';
import type { AgreementOrder } from './index.ts';
import { openTestWorld, type TestCard, type TestWorld } from './test-world.ts';

let world: TestWorld;
before(async () => {
  world = await openTestWorld();
});
after(async () => {
  const books = await world.issuer.books();
  await world.close();
  assert.deepEqual([books.isBalanced, books.unproven], [true, []], 'the books balance after every test');
});

const move = async (card: TestCard, order: Omit<AgreementOrder, 'pan'>): Promise<string> => {
  const outcome = await world.issuer.moveByAgreement({ ...order, pan: pan(card.pan) });
  return outcome.kind === 'done' ? 'done' : outcome.code;
};

test('a wallet debits a bound card once per id, and gives back once per id', async () => {
  const card = await world.account('debit', 100_00n);
  const [debit, credit] = [{ id: 'w1', amountMinor: 60_00n, direction: 'debit' } as const, 'credit' as const];
  assert.deepEqual(await Promise.all([move(card, debit), move(card, debit)]), ['done', 'done']);
  assert.equal(await world.availableMinor(card), 40_00n);
  for (const id of ['r1', 'r1', 'r2'])
    assert.equal(await move(card, { id, amountMinor: 10_00n, direction: credit }), 'done');
  assert.equal(await world.availableMinor(card), 60_00n);
});

test('what the account does not have is 51, and a card sale and a wallet never spend the same money', async () => {
  const card = await world.account('credit', 100_00n);
  const sale = await world.sale(card, 70_00n);
  const [answer, outcome] = await Promise.all([
    world.send(sale),
    move(card, { id: 'w2', amountMinor: 70_00n, direction: 'debit' }),
  ]);
  assert.deepEqual([answer, outcome].filter((word) => word === '51').length, 1);
  assert.equal(await world.availableMinor(card), 30_00n);
});

test('a lost, expired or unknown card is refused with its code, but gets its money back', async () => {
  const card = await world.account('debit', 100_00n);
  const order = { id: 'w3', amountMinor: 10_00n, direction: 'debit' } as const;
  assert.equal(await move(card, order), 'done');
  await world.issuer.setCardStatus({ pan: pan(card.pan), status: 'lost' });
  assert.equal(await move(card, { ...order, id: 'w4' }), '41');
  assert.equal(await move(card, { ...order, direction: 'credit' }), 'done');
  assert.equal(await world.availableMinor(card), 100_00n);
  assert.equal(await move({ ...card, pan: '6225000000000009' }, { ...order, id: 'w5' }), '14');
  assert.equal(await move(await world.account('debit', 1n), { ...order, id: 'w6', amountMinor: 0n }), '13');
});
