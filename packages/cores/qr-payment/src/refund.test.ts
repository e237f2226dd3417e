import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { epochMs } from '@zhanggui/time';
import fc from 'fast-check';
import { applyRefundWord, defaultTiming, nextRefundAction, openRefund, type Refund } from './index.ts';
import type { RefundWord } from './words.ts';

const amount = cny(3_00n);
const t0 = epochMs(1_780_000_000_000);
const refunded: RefundWord = { kind: 'refunded', walletRefundNo: 'R1', refund: amount, refundedAt: null };
const refunding: RefundWord = { kind: 'refunding', walletRefundNo: 'R1' };
const refused: RefundWord = { kind: 'refused', code: 'NOT_ENOUGH', text: '余额不足' };
const notFound: RefundWord = { kind: 'not-found' };
const unknown: RefundWord = { kind: 'unknown', reason: 'silence' };

const play = (...words: readonly RefundWord[]): Refund =>
  words.reduce((before, word) => applyRefundWord(before, word, t0, defaultTiming), openRefund(amount, t0));
const due = (refund: Refund): string => (refund.nextAt === null ? 'none' : nextRefundAction(refund, refund.nextAt));

test('a refund is asked for, then asked about until it ends', () => {
  assert.equal(due(play()), 'ask');
  assert.equal(due(play(unknown)), 'query');
  assert.equal(due(play(refunding)), 'query');
  assert.equal(due(play(refunding, refunded)), 'none');
});

test('a refund the wallet does not have is asked for again under its number', () => {
  assert.equal(due(play(unknown, notFound)), 'ask');
  assert.equal(due(play(unknown, notFound, unknown)), 'query');
});

test('a refund the payer’s account does not take is asked about until a card took it; silence does not change it', () => {
  const undeliverable: RefundWord = { kind: 'undeliverable', walletRefundNo: 'R1' };
  assert.equal(play(refunding, undeliverable, unknown).state, 'undeliverable');
  assert.equal(due(play(refunding, undeliverable)), 'query');
  assert.equal(play(undeliverable, refunding).state, 'refunding');
  assert.equal(play(undeliverable, refunding, refunded, undeliverable).state, 'refunded');
});

test('a refund of another amount is not taken, and is an alarm', () => {
  const other = play({ ...refunded, refund: cny(3_01n) });
  assert.deepEqual([other.state, other.alarm, due(other)], ['unknown', 'other-amount', 'query']);
});

test('queries of a long refund come ever more rarely, at least every ten minutes', () => {
  const refund = play(...Array.from({ length: 40 }, () => refunding));
  assert.equal((refund.nextAt ?? 0) - t0, defaultTiming.repeatMaxMs);
});

test('the same words in any order end in the same state: back is back, refused is refused', (context) => {
  const seed = Date.now() & 0x7fffffff;
  context.diagnostic(`seed ${seed}`);
  const words = fc.array(fc.constantFrom(refunded, refunding, refused, notFound, unknown), { maxLength: 10 });
  const holds = (told: readonly RefundWord[]) => {
    const kinds = new Set(told.map(({ kind }) => kind));
    const expected = kinds.has('refunded') ? 'refunded' : kinds.has('refused') ? 'refused' : undefined;
    for (const sequence of [told, told.toReversed()]) {
      const refund = play(...sequence);
      if (expected) assert.equal(refund.state, expected);
      assert.equal(refund.nextAt === null, expected !== undefined);
    }
  };
  fc.assert(fc.property(words, holds), { seed, numRuns: 1000 });
});
