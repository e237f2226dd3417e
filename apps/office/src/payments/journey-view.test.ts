import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hop, PaymentRow } from '@zhanggui/api/contract';
import { chapters, outcome, waitedMs } from './journey-view.ts';
import { paymentState } from './payment-state.ts';

const hop = (role: string, mti: string, rest: Partial<Hop> = {}): Hop => ({
  role,
  mti,
  at: 1_795_312_345_000,
  code: '00',
  latencyMs: 12.4,
  ...rest,
});

const payment: PaymentRow = {
  id: '01994d6e-1111-7abc-8def-000000000001',
  at: 1_795_312_345_000,
  terminalId: '00000001',
  amountMinor: '680',
  state: 'approved',
  code: '00',
  text: null,
  maskedPan: null,
  entryMode: null,
  rrn: null,
  authCode: null,
  batch: null,
  stan: null,
  voided: false,
  saleId: null,
  receiptNo: null,
};

test('a lost answer is a sale without an answer, then a reversal', () => {
  const lost = hop('terminal', '0200', { code: null, latencyMs: null, note: 'no answer in time' });
  const told = chapters([lost, hop('acquirer', '0200'), hop('terminal', '0400'), hop('issuer', '0420')]);
  assert.deepEqual(
    told.map(({ errand, steps }) => [errand, steps.length]),
    [
      ['sale', 2],
      ['reversal', 2],
    ],
  );
  assert.equal(told[0]?.steps[0]?.remark, 'noAnswer');
  assert.equal(waitedMs([lost, hop('acquirer', '0200')]), undefined);
});

test('a void is told after its sale as a chapter of its own', () => {
  const told = chapters([hop('terminal', '0200'), hop('terminal', '0200', { voiding: true })]);
  assert.deepEqual(
    told.map(({ errand }) => errand),
    ['sale', 'void'],
  );
});

test('a note of one of the hosts is never shown as it is', () => {
  const [chapter] = chapters([hop('issuer', '0200', { note: 'sale, voided' })]);
  assert.equal(chapter?.steps[0]?.remark, undefined);
});

test('approved money that went back is voided, and the time told is the terminal’s', () => {
  assert.equal(paymentState({ state: 'approved', voided: true }), 'voided');
  assert.deepEqual(outcome(payment, [hop('terminal', '0200', { latencyMs: 117.2 })]), {
    text: 'told.approved',
    ms: 117,
  });
});
