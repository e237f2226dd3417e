import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { type EpochMs, epochMs } from '@zhanggui/time';
import fc from 'fast-check';
import {
  applyEvent,
  defaultTiming,
  isEnded,
  nextAction,
  openPayment,
  type Payment,
  type PaymentEvent,
  refundableMinor,
} from './index.ts';
import { openModelWallet, perform, price, type Run, wordOf } from './testing/model-wallet.ts';

const timing = defaultTiming;
const t0 = epochMs(1_780_000_000_000);
const at = (seconds: number): EpochMs => epochMs(t0 + seconds * 1000);
const opened = (how: 'code' | 'show'): Payment => openPayment({ how, amount: price, at: t0 }, timing);
const word = (
  kind: 'nothing' | 'open' | 'paid' | 'closed' | 'reversed',
  source: 'request' | 'query' | 'close' | 'told',
) => ({ kind: 'word', word: wordOf(kind), source }) as const;
const awaiting = { kind: 'word', word: { kind: 'awaiting-payer' }, source: 'query' } as const;
const lost = (source: 'request' | 'query' | 'close') =>
  ({ kind: 'word', word: { kind: 'unknown', reason: 'silence' }, source }) as const;

/** Applies events at their seconds. */
const play = (payment: Payment, ...events: readonly (readonly [second: number, event: PaymentEvent])[]): Payment =>
  events.reduce((before, [second, event]) => applyEvent(before, event, at(second), timing), payment);
const due = (payment: Payment): [action: string, second: number | null] => [
  payment.nextAt === null ? 'none' : nextAction(payment, payment.nextAt, timing),
  payment.nextAt === null ? null : (payment.nextAt - t0) / 1000,
];

test('a code payment is asked about every 5 seconds and reversed after 30', () => {
  let payment = play(opened('code'), [1, { ...awaiting, source: 'request' }]);
  const seen: unknown[] = [];
  while (payment.nextAt !== null && payment.nextAt <= at(30)) {
    const [action, second] = due(payment);
    seen.push([action, second]);
    payment = applyEvent(payment, action === 'query' ? awaiting : { kind: 'undo' }, payment.nextAt, timing);
    if (action === 'reverse')
      payment = applyEvent(payment, { kind: 'undoing', word: { kind: 'reversed' } }, at(31), timing);
  }
  assert.deepEqual(seen, [
    ['query', 6],
    ['query', 11],
    ['query', 16],
    ['query', 21],
    ['query', 26],
    ['reverse', 30],
  ]);
  assert.equal(payment.state, 'reversed');
});

test('a cancelled code payment is reversed, but not in its first 15 seconds', () => {
  assert.deepEqual(due(play(opened('code'), [3, { kind: 'cancel' }])), ['reverse', 15]);
  assert.deepEqual(due(play(opened('code'), [20, { kind: 'cancel' }])), ['reverse', 20]);
});

test('a lost answer is asked about; an order the wallet never got is reversed from 15 seconds on', () => {
  const payment = play(opened('code'), [2, lost('request')], [7, word('nothing', 'query')]);
  assert.deepEqual([payment.state, ...due(payment)], ['unknown', 'query', 12]);
  assert.deepEqual(due(play(payment, [15, word('nothing', 'query')])), ['reverse', 15]);
});

test('a reversal is repeated until it has an end, ever more rarely', () => {
  let payment = play(opened('code'), [30, { kind: 'undo' }]);
  const waits: number[] = [];
  for (let round = 0, now = 30; round < 16; round += 1) {
    payment = play(payment, [now, { kind: 'undoing', word: { kind: 'again', reason: 'silence' } }]);
    const [action, second] = due(payment);
    assert.equal(action, 'reverse');
    waits.push((second ?? 0) - now);
    now = second ?? 0;
  }
  assert.deepEqual(waits, [5, 5, 5, 5, 5, 5, 5, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
});

test('a refused reversal is asked about: what is paid is sent back, what is open is reversed again', () => {
  const refused = { kind: 'undoing', word: { kind: 'refused', code: 'X', text: '' } } as const;
  const payment = play(opened('code'), [30, { kind: 'undo' }], [31, refused]);
  assert.deepEqual(due(payment), ['query', 31]);
  const paid = play(payment, [32, word('paid', 'query')]);
  assert.deepEqual([paid.state, paid.alarm, ...due(paid)], ['refunding', 'late-money', 'send-back', 32]);
  assert.equal(play(payment, [32, word('nothing', 'query')]).state, 'closed');
  assert.equal(due(play(payment, [32, awaiting]))[0], 'reverse');
});

test('late money whose way back is refused is sent again, ever more rarely, and not for ever', () => {
  const asked = { kind: 'refund-asked', minor: price.minor } as const;
  const refused = { kind: 'refund-refused', minor: price.minor } as const;
  let payment = play(
    opened('show'),
    [1, { kind: 'shown' }],
    [300, word('closed', 'close')],
    [301, word('paid', 'told')],
  );
  payment = play(payment, [302, word('paid', 'query')], [302, asked], [303, refused]);
  assert.deepEqual([payment.state, payment.alarm, ...due(payment)], ['refunding', 'late-money', 'send-back', 308]);
  const back = play(payment, [308, asked], [309, { ...asked, kind: 'refund-done' }]);
  assert.deepEqual([back.state, ...due(back)], ['refunded', 'none', null]);
  const revived = play(payment, [304, { ...asked, kind: 'refund-revived' }]);
  assert.deepEqual([revived.state, ...due(revived)], ['refunded', 'none', null]);
  for (let count = 0; payment.nextAt !== null && count < 1_000; count += 1)
    payment = play(payment, [400, asked], [400, refused]);
  assert.deepEqual([payment.state, payment.alarm, ...due(payment)], ['paid', 'late-money', 'none', null]);
});

test('a cancelled code that turned out to be paid is looked at once more: an old close may have taken the money back', () => {
  const paid = play(opened('show'), [1, { kind: 'shown' }], [5, { kind: 'cancel' }], [6, word('paid', 'told')]);
  assert.deepEqual([paid.state, ...due(paid)], ['paid', 'query', 36]);
  assert.deepEqual(due(play(paid, [36, word('paid', 'query')])), ['none', null]);
  const undone = play(paid, [36, word('reversed', 'query')]);
  assert.deepEqual([undone.state, undone.alarm, ...due(undone)], ['reversed', 'undone', 'none', null]);
});

test('what the wallet never had is closed, and looked at once more: its request may still have been on its way', () => {
  const refused = { kind: 'undoing', word: { kind: 'refused', code: 'X', text: '' } } as const;
  const payment = play(opened('code'), [30, { kind: 'undo' }], [31, refused], [32, word('nothing', 'query')]);
  assert.deepEqual([payment.state, payment.endedAt, ...due(payment)], ['closed', at(32), 'query', 62]);
  const late = play(payment, [62, word('paid', 'query')]);
  assert.deepEqual([late.state, late.alarm, due(late)[0]], ['refunding', 'late-money', 'send-back']);
  assert.deepEqual(due(play(payment, [62, word('nothing', 'query')])), ['none', null]);
});

test('what came to the wallet after its end and waits for the payer there is reversed, and asked about when that is refused', () => {
  const says = (kind: 'reversed' | 'refused' | 'again') =>
    ({ kind: 'undoing', word: { kind, code: 'X', text: '', reason: '' } }) as PaymentEvent;
  const closed = play(opened('code'), [30, { kind: 'undo' }], [31, says('refused')], [32, word('nothing', 'query')]);
  const alive = play(closed, [62, awaiting]);
  assert.deepEqual([alive.state, ...due(alive)], ['closed', 'reverse', 62]);
  assert.deepEqual(due(play(alive, [62, says('again')])), ['reverse', 67]);
  assert.deepEqual(due(play(alive, [62, says('refused')])), ['query', 67]);
  const reversed = play(alive, [62, word('paid', 'told')], [63, says('reversed')]);
  assert.deepEqual([reversed.state, reversed.isUndoing, ...due(reversed)], ['reversed', false, 'none', null]);
});

test('a shown code is asked about until it expires, then closed; the payer may be faster', () => {
  const shown = play(opened('show'), [1, { kind: 'shown' }], [298, word('open', 'query')]);
  assert.deepEqual([shown.state, ...due(shown)], ['awaiting-payer', 'close', 300]);
  assert.equal(play(shown, [300, word('closed', 'close')]).state, 'closed');
  assert.deepEqual(play(shown, [300, word('paid', 'close')]).state, 'paid');
});

test('a code that was not given is asked for again, and a scanned-by-nobody order of Alipay is no end', () => {
  assert.deepEqual(due(play(opened('show'), [1, lost('request')])), ['show', 6]);
  const shown = play(opened('show'), [1, { kind: 'shown' }], [6, word('nothing', 'query')]);
  assert.deepEqual([shown.state, ...due(shown)], ['awaiting-payer', 'query', 11]);
});

test('cancelling a shown code takes the money of a faster payer, and sends back what comes after', () => {
  const cancelled = play(opened('show'), [1, { kind: 'shown' }], [5, { kind: 'cancel' }]);
  assert.deepEqual(due(cancelled), ['close', 5]);
  assert.equal(play(cancelled, [5, word('paid', 'close')]).state, 'paid');
  const undoing = play(cancelled, [5, word('open', 'close')]);
  assert.deepEqual([undoing.state, undoing.isUndoing, due(undoing)[0]], ['unknown', true, 'close']);
  const late = play(undoing, [7, word('paid', 'told')]);
  assert.deepEqual([late.state, late.alarm, due(late)[0]], ['refunding', 'late-money', 'send-back']);
});

test('money that comes after the end is checked, sent back and shown', () => {
  const doubted = play(opened('show'), [300, word('closed', 'close')], [301, word('paid', 'told')]);
  assert.deepEqual([doubted.state, ...due(doubted)], ['closed', 'query', 301]);
  const late = play(doubted, [302, word('paid', 'query')]);
  assert.deepEqual([late.state, late.alarm, due(late)[0]], ['refunding', 'late-money', 'send-back']);
  const back = play(
    late,
    [302, { kind: 'refund-asked', minor: price.minor }],
    [303, { kind: 'refund-done', minor: price.minor }],
  );
  assert.deepEqual([back.state, back.alarm, ...due(back)], ['refunded', 'late-money', 'none', null]);
});

test('a word about another amount is not taken, and is an alarm', () => {
  for (const total of [cny(price.minor - 1n), { ...price, currency: 'USD' as const }])
    for (const how of ['code', 'show'] as const) {
      const told = { kind: 'word', word: { ...wordOf('paid'), total }, source: 'told' } as PaymentEvent;
      const payment = play(opened(how), [1, told]);
      assert.deepEqual([payment.state, payment.alarm, payment.paid], ['unknown', 'other-amount', null]);
      assert.notEqual(payment.nextAt, null);
    }
});

test('a word about another amount settles no doubt: the wallet is asked again later, not at once', () => {
  const other = { ...word('paid', 'query'), word: { ...wordOf('paid'), total: cny(1n) } } as PaymentEvent;
  const doubted = play(opened('show'), [300, word('closed', 'close')], [301, word('paid', 'told')]);
  const asked = play(doubted, [302, other]);
  assert.deepEqual([asked.state, asked.alarm, ...due(asked)], ['closed', 'other-amount', 'query', 307]);
  assert.equal(play(asked, [303, { ...other, source: 'told' } as PaymentEvent]).nextAt, asked.nextAt);
});

test('a refusal keeps the wallet’s code and text', () => {
  const refusal = { code: 'NOTENOUGH', text: '余额不足' };
  const payment = play(opened('code'), [1, { kind: 'word', word: { kind: 'refused', ...refusal }, source: 'request' }]);
  assert.deepEqual([payment.state, payment.refusal, payment.nextAt], ['closed', refusal, null]);
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: 'pay' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ do: 'arrive' as const }, { do: 'refuse' as const }, { do: 'cancel' as const }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tell' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.nat(40) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      lost: fc.constantFrom<'nothing' | 'answer' | 'request'>('nothing', 'nothing', 'answer', 'request'),
    }),
  },
);
const story = fc.record({
  how: fc.constantFrom('code' as const, 'show' as const),
  steps: fc.array(step, { maxLength: 40 }),
});

const law = <Value>(name: string, values: fc.Arbitrary<Value>, holds: (value: Value) => void): void =>
  void test(name, (context) => {
    const seed = Date.now() & 0x7fffffff;
    context.diagnostic(`seed ${seed}`);
    fc.assert(fc.property(values, holds), { seed, numRuns: 2000 });
  });

const hasMoney = ({ state }: Payment): boolean => ['paid', 'refunding', 'refunded'].includes(state);

/** What must hold over every single event. */
const checkStep = (before: Payment, after: Payment): void => {
  if (isEnded(before) && !hasMoney(before) && hasMoney(after)) assert.equal(after.alarm, 'late-money');
  if (before.isUndoing && after.state === 'paid') assert.fail('a payment that is being undone is not taken');
  assert.ok(after.refundedMinor + after.refundingMinor <= price.minor);
  const isBusy = !isEnded(after) || after.isInDoubt || after.owesBack;
  assert.equal(after.nextAt !== null, isBusy, 'something is due exactly while there is no end');
};

const apply = (run: Run, events: readonly PaymentEvent[]): void => {
  for (const event of events) {
    const after = applyEvent(run.payment, event, run.now, timing);
    checkStep(run.payment, after);
    run.payment = after;
  }
};

/** Lets the machine go on, nothing lost any more, until nothing is due. */
const finish = (run: Run, wallet: ReturnType<typeof openModelWallet>): void => {
  for (let round = 0; run.payment.nextAt !== null; round += 1) {
    assert.ok(round < 100, 'it comes to an end');
    run.now = epochMs(Math.max(run.now, run.payment.nextAt));
    apply(run, perform(wallet, run.payment, nextAction(run.payment, run.now, timing), 'nothing'));
  }
};

law('whatever is lost, repeated, late or out of order, the end is the wallet’s truth', story, ({ how, steps }) => {
  const wallet = openModelWallet();
  const run: Run = { payment: opened(how), now: t0 };
  for (const one of steps) {
    if (one.do === 'pay' || one.do === 'arrive' || one.do === 'refuse') wallet[one.do]();
    else if (one.do === 'cancel') apply(run, [{ kind: 'cancel' }]);
    else if (one.do === 'wait') run.now = epochMs(run.now + one.seconds * 1000);
    else if (one.do === 'tell')
      apply(run, [
        { kind: 'word', word: wordOf(wallet.history[one.which % wallet.history.length] ?? 'nothing'), source: 'told' },
      ]);
    else {
      const action = nextAction(run.payment, run.now, timing);
      if (action === 'reverse') assert.ok(run.now >= t0 + timing.reverseNotBeforeMs, 'never reversed too early');
      apply(run, perform(wallet, run.payment, action, one.lost));
    }
  }
  finish(run, wallet);
  const { payment } = run;
  // A story may leave words untold; then a payment that ended on an old word is put right by the next one.
  apply(run, [{ kind: 'word', word: wordOf(wallet.truth()), source: 'told' }]);
  finish(run, wallet);
  assert.ok(isEnded(run.payment));
  assert.equal(
    run.payment.state === 'paid',
    wallet.kept() > 0n,
    `${payment.state} but the wallet says ${wallet.truth()}`,
  );
  assert.equal(run.payment.refundedMinor, wallet.refundedMinor());
});

const told = fc.record({
  how: fc.constantFrom('code' as const, 'show' as const),
  history: fc.constantFrom(
    ['open', 'paid'] as const,
    ['open', 'closed'] as const,
    ['open', 'paid', 'reversed'] as const,
    ['open'] as const,
  ),
  order: fc.array(fc.nat(10), { minLength: 1, maxLength: 8 }),
});
law('the same words in any order, however often, end in the same state', told, ({ how, history, order }) => {
  const ends = [order, order.toReversed(), order.toSorted((left, right) => left - right)].map((sequence) => {
    const wallet = openModelWallet();
    const said = new Set<string>(history);
    wallet.arrive();
    if (said.has('paid')) wallet.pay();
    if (said.has('closed')) wallet.close();
    if (said.has('reversed')) wallet.takeBack();
    const run: Run = { payment: opened(how), now: at(1) };
    const words = sequence.map((index) => wordOf(history[index % history.length] ?? 'open'));
    apply(
      run,
      words.map((one) => ({ kind: 'word', word: one, source: 'told' }) as const),
    );
    finish(run, wallet);
    return [run.payment.state, run.payment.refundedMinor, wallet.kept()];
  });
  assert.deepEqual(ends[1], ends[0]);
  assert.deepEqual(ends[2], ends[0]);
});

law(
  'refunds never exceed what was paid, and the state follows from their sums',
  fc.array(fc.record({ minor: fc.bigInt(1n, 800n), ends: fc.constantFrom('done', 'refused', 'open') }), {
    maxLength: 12,
  }),
  (refunds) => {
    let payment = play(opened('code'), [1, word('paid', 'request')]);
    for (const { minor, ends } of refunds) {
      if (minor > refundableMinor(payment)) {
        assert.throws(() => play(payment, [2, { kind: 'refund-asked', minor }]), RangeError);
        continue;
      }
      payment = play(payment, [2, { kind: 'refund-asked', minor }]);
      if (ends !== 'open') payment = play(payment, [3, { kind: `refund-${ends as 'done' | 'refused'}`, minor }]);
      const { refundedMinor, refundingMinor, state } = payment;
      assert.ok(refundedMinor + refundingMinor <= price.minor);
      assert.equal(state, refundingMinor > 0n ? 'refunding' : refundedMinor === price.minor ? 'refunded' : 'paid');
    }
  },
);
