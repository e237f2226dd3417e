import type { Money } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';
import type { Alarm } from './payment.ts';
import { repeatAt, type Timing } from './timing.ts';
import { isSameMoney, type RefundWord, type Refusal } from './words.ts';

/**
 * `created`: journaled, not asked for yet. `refunding`: the wallet is at it. `undeliverable`: the wallet has the money until a person names
 * a card; it is asked about all the same. `unknown`: nobody can say yet; it is asked about.
 */
export type RefundState = 'created' | 'refunding' | 'undeliverable' | 'refunded' | 'refused' | 'unknown';

/** Everything known of one refund. Only `openRefund` and `applyRefundWord` make one. */
export type Refund = Readonly<{
  amount: Money;
  state: RefundState;
  walletRefundNo: string | null;
  refusal: Refusal | null;
  alarm: Alarm | null;
  /** The wallet does not have it: asked for again under its number, which is one refund however often. */
  isMissing: boolean;
  tries: number;
  nextAt: EpochMs | null;
  /** When the money went back, or the wallet said no. */
  endedAt: EpochMs | null;
}>;

export type RefundAction = 'none' | 'ask' | 'query';

export const openRefund = (amount: Money, at: EpochMs): Refund => ({
  amount,
  state: 'created',
  walletRefundNo: null,
  refusal: null,
  alarm: null,
  isMissing: false,
  tries: 0,
  nextAt: at,
  endedAt: null,
});

export const nextRefundAction = (refund: Refund, now: EpochMs): RefundAction => {
  if (refund.nextAt === null || now < refund.nextAt) return 'none';
  return refund.state === 'created' || refund.isMissing ? 'ask' : 'query';
};

const open = (refund: Refund, state: RefundState, now: EpochMs, timing: Timing): Refund => ({
  ...refund,
  state,
  tries: refund.tries + 1,
  nextAt: repeatAt(now, refund.tries, timing),
});

/** The wallet has said that it has it: silence does not take that back. */
const isTaken = ({ state }: Refund): boolean => state === 'refunding' || state === 'undeliverable';

/** The refund after a word. That the money went back outweighs a refusal, whichever came first; nothing undoes it. */
export const applyRefundWord = (refund: Refund, word: RefundWord, now: EpochMs, timing: Timing): Refund => {
  if (refund.state === 'refunded') return refund;
  if (word.kind === 'refunded' && isSameMoney(word.refund, refund.amount))
    return {
      ...refund,
      state: 'refunded',
      walletRefundNo: word.walletRefundNo,
      refusal: null,
      nextAt: null,
      endedAt: word.refundedAt ?? now,
    };
  if (word.kind === 'refunded') {
    const alarmed: Refund = { ...refund, alarm: 'other-amount' };
    return refund.state === 'refused' ? alarmed : open(alarmed, 'unknown', now, timing);
  }
  if (refund.state === 'refused') return refund;
  switch (word.kind) {
    case 'refunding':
      return open(
        { ...refund, isMissing: false, walletRefundNo: word.walletRefundNo ?? refund.walletRefundNo },
        'refunding',
        now,
        timing,
      );
    case 'undeliverable':
      return open({ ...refund, isMissing: false, walletRefundNo: word.walletRefundNo }, 'undeliverable', now, timing);
    case 'refused':
      return {
        ...refund,
        state: 'refused',
        refusal: { code: word.code, text: word.text },
        nextAt: null,
        endedAt: now,
      };
    case 'not-found':
      return open({ ...refund, isMissing: true }, 'unknown', now, timing);
    case 'unknown':
      return open({ ...refund, isMissing: false }, isTaken(refund) ? refund.state : 'unknown', now, timing);
  }
};
