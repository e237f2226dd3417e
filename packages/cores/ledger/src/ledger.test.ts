import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { availableMinor, type Book, balanceMinor, openAccount, openBook, type Transfer } from './index.ts';

const ledger = 'bank/156';
const account = (id: string, overdraftMinor: bigint | null, creditsPosted = 0n) =>
  openAccount({ id, ledger, overdraftMinor, creditsPosted });

/** A deposit of 100.00, a credit card with a limit of 50.00, and two accounts of the bank without a bound. */
const bank = (): Book => {
  const book = openBook([
    account('vault', null),
    account('settlement', null),
    account('deposit', 0n),
    account('card', 5000n),
  ]);
  book.submit([
    { id: 'opening', debitAccountId: 'vault', creditAccountId: 'deposit', amountMinor: 10000n, kind: 'posted' },
  ]);
  return book;
};

const move = (
  id: string,
  kind: Transfer['kind'],
  from: string,
  amountMinor: bigint,
  rest: Partial<Transfer> = {},
): Transfer => ({
  id,
  kind,
  debitAccountId: from,
  creditAccountId: 'settlement',
  amountMinor,
  ...rest,
});

const results = (book: Book, ...batch: Transfer[]): string[] =>
  book.submit(batch).map((outcome) => (outcome.kind === 'refused' ? outcome.reason : outcome.kind));

const available = (book: Book, id: string): bigint | null => {
  const found = book.account(id);
  assert.ok(found);
  return availableMinor(found);
};

test('a debit moves at once and never below what the account has', () => {
  const book = bank();
  assert.deepEqual(results(book, move('1', 'posted', 'deposit', 9999n)), ['applied']);
  assert.deepEqual(results(book, move('2', 'posted', 'deposit', 2n)), ['exceeds-balance']);
  assert.deepEqual(results(book, move('3', 'posted', 'deposit', 1n)), ['applied']);
  assert.equal(available(book, 'deposit'), 0n);
});

test('a hold takes from what is available and is resolved exactly once', () => {
  const book = bank();
  assert.deepEqual(results(book, move('h', 'pending', 'card', 4000n)), ['applied']);
  assert.deepEqual(results(book, move('i', 'pending', 'card', 1001n)), ['exceeds-balance']);
  assert.deepEqual(results(book, move('p', 'post', 'card', 4001n, { pendingId: 'h' })), ['exceeds-pending-amount']);
  assert.deepEqual(results(book, move('p', 'post', 'card', 2500n, { pendingId: 'h' })), ['applied']);
  assert.deepEqual(results(book, move('v', 'void', 'card', 0n, { pendingId: 'h' })), ['already-posted']);
  assert.equal(available(book, 'card'), 2500n);
  assert.deepEqual(results(book, move('j', 'pending', 'card', 2500n)), ['applied']);
  assert.deepEqual(results(book, move('w', 'void', 'card', 0n, { pendingId: 'j' })), ['applied']);
  assert.deepEqual(results(book, move('x', 'void', 'card', 0n, { pendingId: 'j' })), ['already-voided']);
  assert.equal(available(book, 'card'), 2500n);
});

test('the same transfer again changes nothing; another one under its id is refused', () => {
  const book = bank();
  const sale = move('1', 'posted', 'deposit', 100n);
  assert.deepEqual(results(book, sale, sale, { ...sale, amountMinor: 200n }), [
    'applied',
    'exists',
    'exists-with-other-content',
  ]);
  assert.equal(available(book, 'deposit'), 9900n);
});

test('linked transfers stand or fall together', () => {
  const book = bank();
  const before = [...book.accounts()];
  const chain = [
    move('1', 'posted', 'deposit', 100n, { linked: true }),
    move('2', 'pending', 'card', 100n, { linked: true }),
    move('3', 'void', 'card', 0n, { pendingId: '2', linked: true }),
    move('4', 'posted', 'deposit', 99999n),
  ];
  const failed = 'linked-transfer-failed';
  assert.deepEqual(results(book, ...chain), [failed, failed, failed, 'exceeds-balance']);
  assert.deepEqual([...book.accounts()], before);
  assert.deepEqual(results(book, ...chain.slice(0, 3)), ['link-is-open', 'link-is-open', 'link-is-open']);
  assert.deepEqual(results(book, ...chain.slice(0, 3), move('4', 'posted', 'deposit', 1n)), Array(4).fill('applied'));
});

test('what already happened is recorded even past the bound', () => {
  const book = bank();
  assert.deepEqual(results(book, move('1', 'posted', 'deposit', 10001n, { forced: true })), ['applied']);
  assert.equal(available(book, 'deposit'), -1n);
});

test('money stays inside its ledger, moves between two accounts, and is more than nothing', () => {
  const book = openBook([account('a', null), account('b', null), { ...account('c', null), ledger: 'bank/840' }]);
  const pay = (debitAccountId: string, creditAccountId: string, amountMinor = 1n): Transfer => ({
    id: `${debitAccountId}${creditAccountId}`,
    kind: 'posted',
    debitAccountId,
    creditAccountId,
    amountMinor,
  });
  assert.deepEqual(results(book, pay('a', 'c'), pay('a', 'a'), pay('a', 'd'), pay('a', 'b', 0n)), [
    'accounts-in-two-ledgers',
    'accounts-are-the-same',
    'account-not-found',
    'amount-not-positive',
  ]);
});

const anyTransfer: fc.Arbitrary<Transfer> = fc.record({
  id: fc.integer({ min: 0, max: 30 }).map(String),
  kind: fc.constantFrom('posted', 'pending', 'post', 'void'),
  debitAccountId: fc.constantFrom('deposit', 'card', 'settlement'),
  creditAccountId: fc.constantFrom('settlement', 'deposit', 'nobody'),
  amountMinor: fc.bigInt({ min: -1n, max: 4000n }),
  pendingId: fc.option(fc.integer({ min: 0, max: 30 }).map(String), { nil: undefined }),
  linked: fc.boolean(),
});

test('whatever is submitted, debits equal credits, nothing is below zero and no bound is passed', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyTransfer, { maxLength: 6 }), { maxLength: 20 }), (batches) => {
      const book = bank();
      for (const batch of batches) assert.equal(book.submit(batch).length, batch.length);
      const all = [...book.accounts()];
      assert.equal(
        all.reduce((sum, row) => sum + balanceMinor(row), 0n),
        0n,
      );
      assert.equal(
        all.reduce((sum, row) => sum + row.creditsPending - row.debitsPending, 0n),
        0n,
      );
      for (const row of all) {
        assert.ok((availableMinor(row) ?? 0n) >= 0n, row.id);
        assert.ok(row.debitsPending >= 0n && row.creditsPending >= 0n, row.id);
      }
    }),
  );
});

test('submitting every batch a second time changes no account', () => {
  fc.assert(
    fc.property(fc.array(anyTransfer, { maxLength: 40 }), (transfers) => {
      const book = bank();
      const single = transfers.map((transfer) => ({ ...transfer, linked: false }));
      const applied = single.filter((transfer) => book.submit([transfer])[0]?.kind === 'applied');
      const before = [...book.accounts()];
      for (const outcome of book.submit(applied)) assert.equal(outcome.kind, 'exists');
      assert.deepEqual([...book.accounts()], before);
    }),
  );
});
