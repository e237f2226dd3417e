import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import fc from 'fast-check';
import {
  type CashRounding,
  cashSuggestions,
  countCash,
  roundForCash,
  settle,
  type Tender,
  tenderRefusal,
  tenderWay,
} from './index.ts';

const toJiao: CashRounding = { unitMinor: 10n, rounding: 'down' };
const cash = (minor: bigint): Tender => ({ kind: 'cash', received: cny(minor) });
const card = (minor: bigint): Tender => ({ kind: 'card', amount: cny(minor), terminalId: '00000001', requestId: 'r' });
const wallet = (minor: bigint): Tender => ({ kind: 'wallet', wallet: 'wechat', amount: cny(minor), requestId: 'r' });

test('cash is rounded as the shop set it', () => {
  assert.equal(roundForCash(cny(12_38n), toJiao).minor, 12_30n);
  assert.equal(roundForCash(cny(12_35n), { unitMinor: 10n, rounding: 'half-even' }).minor, 12_40n);
  assert.equal(roundForCash(cny(12_45n), { unitMinor: 10n, rounding: 'half-even' }).minor, 12_40n);
  assert.equal(roundForCash(cny(12_38n), null).minor, 12_38n);
});

test('cash with change: the rounding comes off, the rest goes back', () => {
  const standing = settle(cny(12_38n), [cash(20_00n)], toJiao);
  assert.deepEqual(
    [standing.isPaid, standing.rounding.minor, standing.change.minor, standing.cashKept.minor],
    [true, -8n, 7_70n, 12_30n],
  );
});

test('a card and a wallet pay to the fen: nothing is rounded', () => {
  for (const tender of [card(12_38n), wallet(12_38n)]) {
    const standing = settle(cny(12_38n), [tender], toJiao);
    assert.deepEqual([standing.isPaid, standing.rounding.minor, standing.change.minor], [true, 0n, 0n]);
  }
});

test('a split sale rounds only what is left to cash', () => {
  const before = settle(cny(112_38n), [card(100_00n)], toJiao);
  assert.deepEqual([before.leftCashless.minor, before.leftInCash.minor, before.isPaid], [12_38n, 12_30n, false]);
  const after = settle(cny(112_38n), [card(100_00n), cash(12_30n)], toJiao);
  assert.deepEqual([after.isPaid, after.rounding.minor, after.change.minor], [true, -8n, 0n]);
});

test('a sale is split between a wallet, a card and cash, and only the cash is rounded', () => {
  const before = settle(cny(112_38n), [wallet(60_00n), card(40_00n)], toJiao);
  assert.deepEqual(
    [before.paidCashless.minor, before.leftCashless.minor, before.leftInCash.minor],
    [100_00n, 12_38n, 12_30n],
  );
  const after = settle(cny(112_38n), [wallet(60_00n), card(40_00n), cash(20_00n)], toJiao);
  assert.deepEqual([after.isPaid, after.rounding.minor, after.change.minor], [true, -8n, 7_70n]);
});

test('each wallet is a way of its own in reports', () =>
  assert.deepEqual([cash(1n), card(1n), wallet(1n)].map(tenderWay), ['cash', 'card', 'wechat']));

test('a card or a wallet never pays more than is due, and nothing is taken twice', () => {
  const open = settle(cny(10_00n), [], toJiao);
  assert.equal(tenderRefusal(open, card(10_01n)), 'exceeds-due');
  assert.equal(tenderRefusal(open, wallet(10_01n)), 'exceeds-due');
  assert.equal(tenderRefusal(settle(cny(10_00n), [wallet(10_00n)], toJiao), wallet(1n)), 'nothing-due');
  assert.equal(tenderRefusal(open, cash(0n)), 'not-positive');
  assert.equal(tenderRefusal(open, { kind: 'cash', received: { minor: 1n, currency: 'USD' } }), 'other-currency');
  assert.equal(tenderRefusal(open, cash(100_00n)), undefined);
  assert.equal(tenderRefusal(settle(cny(10_00n), [cash(10_00n)], toJiao), cash(1n)), 'nothing-due');
});

test('notes offered are exact, then the next 10, 50 and 100', () => {
  const offered = (minor: bigint) => cashSuggestions(cny(minor)).map((amount) => amount.minor);
  assert.deepEqual(offered(12_30n), [12_30n, 20_00n, 50_00n, 100_00n]);
  assert.deepEqual(offered(50_00n), [50_00n, 100_00n]);
  assert.deepEqual(offered(130_00n), [130_00n, 150_00n, 200_00n]);
});

test('a drawer is counted by its notes and coins', () => {
  const counted = countCash(
    [
      { value: cny(100_00n), count: 3 },
      { value: cny(50n), count: 5 },
    ],
    'CNY',
  );
  assert.equal(counted.minor, 302_50n);
});

test('law: what came in less the change is the total and its rounding', () => {
  const tender = fc.bigInt(1n, 200_00n).chain((minor) => fc.constantFrom(cash(minor), card(minor), wallet(minor)));
  const rule = fc.constantFrom<CashRounding>(null, toJiao, { unitMinor: 5n, rounding: 'half-even' });
  fc.assert(
    fc.property(fc.bigInt(0n, 500_00n), fc.array(tender, { maxLength: 6 }), rule, (totalMinor, offered, rounding) => {
      const total = cny(totalMinor);
      const taken: Tender[] = [];
      for (const next of offered) if (!tenderRefusal(settle(total, taken, rounding), next)) taken.push(next);
      const standing = settle(total, taken, rounding);
      const came = standing.paidCashless.minor + standing.cashReceived.minor;
      if (standing.isPaid) assert.equal(came - standing.change.minor, totalMinor + standing.rounding.minor);
      else assert.equal(came + standing.leftCashless.minor, totalMinor);
      assert.ok(standing.change.minor >= 0n && standing.paidCashless.minor <= totalMinor);
    }),
  );
});
