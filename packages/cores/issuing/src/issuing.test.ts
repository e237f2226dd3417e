import assert from 'node:assert/strict';
import { test } from 'node:test';
import { businessDate } from '@zhanggui/time';
import fc from 'fast-check';
import {
  type Authorisation,
  type AuthorisationRequest,
  authorise,
  type Card,
  type CardAccount,
  cardStatuses,
  defaultPolicy,
  type Movement,
  type PastSale,
  reverseSale,
  reverseVoid,
  type Verdicts,
  voidSale,
} from './index.ts';

const day = businessDate('2026-05-11');
const nextDay = businessDate('2026-05-12');
const card: Card = {
  status: 'active',
  expiry: '2605',
  serviceCode: '620',
  pinTriesLeft: 3,
  pinTriesOn: day,
  lastAtc: 7,
};
const account = (kind: CardAccount['kind'], availableMinor: bigint): CardAccount => ({
  kind,
  currency: '156',
  availableMinor,
});
const debit = account('debit', 10000n);
const credit = account('credit', 50000n);
const request: AuthorisationRequest = {
  kind: 'sale',
  amountMinor: 10000n,
  currency: '156',
  entry: 'contact',
  terminalReadsChips: true,
  isFallback: false,
  asksNoPin: false,
  atc: 8,
};
const verdicts: Verdicts = { pin: 'match', cvn: 'none', cryptogram: 'match' };

type Overrides = Partial<Omit<Authorisation, 'card' | 'request' | 'verdicts'>> & {
  card?: Partial<Card>;
  request?: Partial<AuthorisationRequest>;
  verdicts?: Partial<Verdicts>;
};
const ask = (changes: Overrides = {}) =>
  authorise({
    account: debit,
    policy: defaultPolicy,
    day,
    ...changes,
    card: { ...card, ...changes.card },
    request: { ...request, ...changes.request },
    verdicts: { ...verdicts, ...changes.verdicts },
  });
const stripe = { entry: 'stripe', atc: undefined } as const;

test('a debit card pays at once, to the last fen and not beyond', () => {
  assert.deepEqual(ask().movement, { kind: 'debit', amountMinor: 10000n });
  assert.equal(ask({ request: { amountMinor: 10001n } }).code, '51');
});

test('a credit card takes a hold within its limit, with or without PIN', () => {
  const outcome = ask({ account: credit, verdicts: { pin: 'none' } });
  assert.deepEqual([outcome.code, outcome.movement?.kind], ['00', 'hold']);
  assert.equal(ask({ account: credit, request: { amountMinor: 50001n } }).code, '51');
});

const refusals: [string, Overrides, string][] = [
  ['a card past its month', { card: { expiry: '2604' } }, '54'],
  ['a wrong CVN on the stripe', { card: { serviceCode: '120' }, request: stripe, verdicts: { cvn: 'mismatch' } }, '59'],
  ['a stripe without its track', { card: { serviceCode: '120' }, request: stripe, verdicts: { cvn: 'none' } }, '30'],
  ['a chip card swiped where chips are read', { request: stripe, verdicts: { cvn: 'match' } }, '45'],
  ['a fallback above its limit', { request: { ...stripe, isFallback: true }, verdicts: { cvn: 'match' } }, '45'],
  ['a wrong cryptogram', { verdicts: { cryptogram: 'mismatch' } }, '05'],
  ['a chip without cryptogram', { verdicts: { cryptogram: 'none' } }, '05'],
  ['a counter seen before', { card: { lastAtc: 8 } }, '59'],
  ['a number keyed in by hand', { request: { entry: 'manual', atc: undefined } }, '57'],
  ['a garbled PIN block', { verdicts: { pin: 'format-error' } }, '99'],
  ['a debit card without PIN', { verdicts: { pin: 'none' } }, '55'],
  ['another currency', { request: { currency: '840' } }, '12'],
  ['an amount of nothing', { request: { amountMinor: 0n } }, '13'],
];
for (const [what, changes, code] of refusals) {
  test(`${what} is answered ${code} and moves nothing`, () => {
    const outcome = ask(changes);
    assert.deepEqual([outcome.code, outcome.movement], [code, undefined]);
  });
}

for (const [status, { code }] of Object.entries(cardStatuses)) {
  test(`a card that is ${status} is answered ${code} and its PIN is not counted`, () => {
    const outcome = ask({ card: { status: status as Card['status'] }, verdicts: { pin: 'mismatch' } });
    assert.equal(outcome.code, status === 'active' ? '55' : code);
    assert.equal(outcome.card.pinTriesLeft, status === 'active' ? 2 : 3);
  });
}

test('the third wrong PIN of a day is answered 75, every later one 38 even when right, and a new day begins anew', () => {
  let state = card;
  const next = (pin: Verdicts['pin'], on = day): string => {
    const outcome = ask({ card: { ...state, lastAtc: 0 }, verdicts: { pin }, day: on, request: { amountMinor: 1n } });
    state = { ...outcome.card, expiry: '3012' };
    return outcome.code;
  };
  assert.deepEqual(
    ['mismatch', 'match', 'mismatch', 'mismatch'].map((pin) => next(pin as Verdicts['pin'])),
    ['55', '00', '55', '55'],
  );
  assert.deepEqual([next('mismatch'), next('mismatch'), next('match'), next('none')], ['75', '38', '38', '38']);
  assert.equal(next('match', nextDay), '00');
});

test('a good cryptogram uses up its counter even when the money is not there; a wrong one does not', () => {
  assert.equal(ask({ request: { amountMinor: 99999n } }).card.lastAtc, 8);
  assert.equal(ask({ verdicts: { cryptogram: 'mismatch' } }).card.lastAtc, 7);
});

test('a small contactless amount goes without PIN when the terminal asks so; a balance never does', () => {
  const tap = { entry: 'contactless', asksNoPin: true } as const;
  assert.equal(ask({ request: tap, verdicts: { pin: 'none' } }).code, '00');
  const rich = account('debit', 100_000_00n);
  assert.equal(
    ask({ account: rich, request: { ...tap, amountMinor: 1000_01n }, verdicts: { pin: 'none' } }).code,
    '55',
  );
  assert.equal(ask({ request: { ...tap, kind: 'balance' }, verdicts: { pin: 'none' } }).code, '55');
  assert.equal(ask({ request: { kind: 'balance', amountMinor: 0n } }).movement, undefined);
});

test('a fallback within the limit of the policy is accepted by its CVN', () => {
  const policy = { ...defaultPolicy, fallbackLimitMinor: 10000n };
  const swiped = { request: { ...stripe, isFallback: true }, verdicts: { cvn: 'match' } } as const;
  assert.equal(ask({ ...swiped, policy }).code, '00');
});

const approved: PastSale = { state: 'approved', amountMinor: 10000n };
const undo = (sale: PastSale | undefined, changes: { amountMinor?: bigint; pin?: Verdicts['pin'] } = {}) =>
  voidSale({ card, account: debit, sale, amountMinor: 10000n, pin: 'none', policy: defaultPolicy, day, ...changes });

test('a void needs its sale: approved, not yet undone, of the same amount, and a right PIN if one is sent', () => {
  assert.equal(undo(approved).code, '00');
  assert.equal(undo(undefined).code, '25');
  assert.equal(undo({ ...approved, state: 'declined' }).code, '25');
  assert.equal(undo({ ...approved, state: 'voided' }).code, '12');
  assert.equal(undo({ ...approved, state: 'reversed' }).code, '12');
  assert.equal(undo(approved, { amountMinor: 9999n }).code, '64');
  assert.equal(undo(approved, { pin: 'mismatch' }).code, '55');
});

test('what was taken as a hold is released, what was debited is credited', () => {
  assert.deepEqual(reverseSale(credit, approved), { kind: 'release', amountMinor: 10000n });
  assert.deepEqual(reverseSale(debit, approved), { kind: 'credit', amountMinor: 10000n });
});

type Step = 'void' | 'reverse-sale' | 'reverse-void';
const steps = fc.array(fc.constantFrom<Step>('void', 'reverse-sale', 'reverse-void'), { maxLength: 8 });
const sign = { debit: 1n, hold: 1n, credit: -1n, release: -1n } as const;

test('whatever order voids and reversals come in, the customer pays the sale once or not at all', () => {
  fc.assert(
    fc.property(fc.constantFrom(debit, credit), steps, (from, script) => {
      let [sale, voided]: [PastSale, PastSale['state'] | undefined] = [approved, undefined];
      let paid = 10000n;
      const move = (movement: Movement | undefined) => {
        if (movement) paid += sign[movement.kind] * movement.amountMinor;
      };
      for (const step of script) {
        if (step === 'void') {
          const { code, movement } = undo(sale);
          move(movement);
          if (code === '00') [sale, voided] = [{ ...sale, state: 'voided' }, 'approved'];
        } else if (step === 'reverse-sale') {
          move(reverseSale(from, sale));
          sale = { ...sale, state: 'reversed' };
        } else if (voided) {
          const movement = reverseVoid(from, { state: voided, sale });
          move(movement);
          if (movement) sale = { ...sale, state: 'approved' };
          voided = 'reversed';
        }
      }
      assert.equal(paid, sale.state === 'approved' ? 10000n : 0n);
    }),
  );
});
