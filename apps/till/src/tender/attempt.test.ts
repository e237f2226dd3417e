import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import type { CardAttempt } from '../records.ts';
import { afterInquiry, afterReload, afterStart, askingMaxMs, cardTenderOf, isFinished } from './attempt.ts';

const attempt: CardAttempt = {
  requestId: '0199e6a0-0000-7000-8000-000000000001',
  terminalId: '00000001',
  amount: cny(5000n),
  startedAt: 1000,
  state: 'asking',
  code: null,
  text: null,
  trace: {},
};
const unreachable = { kind: 'unreachable' } as const;
const refused = (status: number) =>
  ({ kind: 'refused', status, code: 'x', message: { zh: '不行', en: 'No' } }) as const;

test('silence is unknown, never success and never a refusal', () => {
  assert.equal(afterStart(attempt, unreachable, 1000 + askingMaxMs).state, 'unknown');
  assert.equal(afterStart(attempt, refused(502), 2000).state, 'unknown');
  assert.equal(afterInquiry({ ...attempt, state: 'processing' }, unreachable).state, 'unknown');
  assert.equal(afterInquiry({ ...attempt, state: 'processing' }, refused(401)).state, 'unknown');
});

test('a request that nobody answered yet is sent again for a moment', () => {
  assert.equal(afterStart(attempt, unreachable, 2000).state, 'asking');
});

test('a no before anything began is known: not charged', () => {
  assert.equal(afterStart(attempt, refused(409), 2000).state, 'refused');
  assert.equal(afterInquiry({ ...attempt, state: 'unknown' }, refused(404)).state, 'not-sent');
  assert.ok(isFinished('refused') && isFinished('not-sent') && isFinished('reversed'));
});

test('after a reload a request in doubt is asked about, not sent again', () => {
  assert.equal(afterReload(attempt).state, 'unknown');
  assert.equal(afterReload({ ...attempt, state: 'processing' }).state, 'processing');
  assert.ok(!isFinished('unknown'));
});

test('an approved attempt becomes a card tender that can be traced', () => {
  const approved = afterInquiry(attempt, {
    kind: 'answer',
    value: {
      requestId: attempt.requestId,
      amountMinor: '5000',
      state: 'approved',
      code: '00',
      stan: '000012',
      authCode: 'A12345',
      at: 3000,
    },
  });
  const tender = cardTenderOf(approved);
  assert.equal(tender.amount.minor, 5000n);
  assert.equal(tender.stan, '000012');
  assert.equal(tender.authCode, 'A12345');
});
