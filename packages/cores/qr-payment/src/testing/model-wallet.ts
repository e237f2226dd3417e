import { cny, type Money } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';
import type { Payment, PaymentAction, PaymentEvent } from '../payment.ts';
import type { Word } from '../words.ts';

export const price: Money = cny(12_50n);

type Truth = 'nothing' | 'open' | 'paid' | 'closed' | 'reversed';

/** A wallet that never contradicts itself: what it says is what was true when it said it. */
export const openModelWallet = () => {
  const history: Truth[] = ['nothing'];
  const wallet = { refundedMinor: 0n };
  const now = (): Truth => history.at(-1) ?? 'nothing';
  const become = (truth: Truth): void => void history.push(truth);
  const takeBack = (): void => {
    if (now() !== 'closed') become('reversed');
  };
  return {
    truth: now,
    history,
    refundedMinor: () => wallet.refundedMinor,
    /** What the merchant has, in minor units. */
    kept: () => (now() === 'paid' ? price.minor - wallet.refundedMinor : 0n),
    arrive: () => {
      if (now() === 'nothing') become('open');
    },
    pay: () => {
      if (now() === 'open') become('paid');
    },
    refuse: () => {
      if (now() === 'open') become('closed');
    },
    close: () => {
      if (now() === 'open' || now() === 'nothing') become('closed');
    },
    takeBack,
    refund: (minor: bigint) => {
      wallet.refundedMinor += minor;
    },
  };
};

export type ModelWallet = ReturnType<typeof openModelWallet>;

const words: Record<Truth, Word> = {
  nothing: { kind: 'not-found' },
  open: { kind: 'not-paid' },
  paid: { kind: 'paid', walletTradeNo: 'W1', total: price, paidAt: null, payer: null, funding: null },
  closed: { kind: 'closed' },
  reversed: { kind: 'reversed' },
};
export const wordOf = (truth: Truth): Word => words[truth];

/** Does what the machine asked for. `lost`: the request, or only its answer. */
export const perform = (
  wallet: ModelWallet,
  payment: Payment,
  action: PaymentAction,
  lost: 'request' | 'answer' | 'nothing',
): PaymentEvent[] => {
  const arrives = lost !== 'request';
  const answers = lost === 'nothing';
  const silence: Word = { kind: 'unknown', reason: 'silence' };
  switch (action) {
    case 'none':
      return [];
    case 'show':
      if (arrives) wallet.arrive();
      return [answers ? { kind: 'shown' } : { kind: 'word', word: silence, source: 'request' }];
    case 'query':
      return [{ kind: 'word', word: answers ? wordOf(wallet.truth()) : silence, source: 'query' }];
    case 'close':
      if (arrives) wallet.close();
      return [{ kind: 'word', word: answers ? wordOf(wallet.truth()) : silence, source: 'close' }];
    case 'reverse':
      if (arrives) wallet.takeBack();
      return [
        { kind: 'undo' },
        { kind: 'undoing', word: answers ? { kind: 'reversed' } : { kind: 'again', reason: 'silence' } },
      ];
    case 'send-back': {
      const minor = payment.amount.minor - payment.refundedMinor - payment.refundingMinor;
      wallet.refund(minor);
      return [
        { kind: 'refund-asked', minor },
        { kind: 'refund-done', minor },
      ];
    }
  }
};

export type Run = { payment: Payment; now: EpochMs };
