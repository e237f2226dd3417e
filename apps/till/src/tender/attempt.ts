import type { QrPayment, SaleStatusView } from '@zhanggui/api/contract';
import type { Tender } from '@zhanggui/basket';
import type { Reply } from '../ports.ts';
import type { Attempt, CardAttempt, CardState, WalletAttempt, WalletState } from '../records.ts';

/** How long a request that nobody answers is simply sent again, before the result counts as unknown. */
export const askingMaxMs = 5000;

type State = CardState | WalletState;

const paid: ReadonlySet<State> = new Set(['approved', 'paid']);
const notCharged: ReadonlySet<State> = new Set([
  ...(['declined', 'cancelled', 'reversed', 'not-sent', 'refused'] as const),
  // The last three may have been charged, and the money goes back by itself: nothing of it belongs to this sale.
  ...(['closed', 'undoing', 'refunding', 'refunded'] as const),
]);

export const isPaid = ({ state }: Attempt): boolean => paid.has(state);

/** Nothing more will come: paid, or known not to pay for this sale. */
export const isFinished = ({ state }: Attempt): boolean => paid.has(state) || notCharged.has(state);

/** Nothing is asked any more. What is being undone pays for nothing, but the till still wants to say how it ended. */
export const isSettled = (attempt: Attempt): boolean => isFinished(attempt) && attempt.state !== 'undoing';

/** A card payment after a word of the terminal. */
export const withCardStatus = (attempt: CardAttempt, status: SaleStatusView): CardAttempt => ({
  ...attempt,
  state: status.state,
  code: status.code ?? null,
  text: status.text ?? null,
  trace: {
    batch: status.batch,
    stan: status.stan,
    rrn: status.rrn,
    authCode: status.authCode,
    maskedPan: status.maskedPan,
  },
});

/** A payment from a phone after a word of the server, which knows whose the code was. */
export const withPayment = (attempt: WalletAttempt, payment: QrPayment): WalletAttempt => ({
  ...attempt,
  wallet: payment.wallet,
  state: payment.undoing && payment.state !== 'reversed' && payment.state !== 'closed' ? 'undoing' : payment.state,
  code: payment.code ?? null,
  text: payment.text ?? null,
  qr: payment.qr ?? null,
  expiresAt: payment.expiresAt ?? null,
  trace: { outTradeNo: payment.outTradeNo, walletTradeNo: payment.walletTradeNo, payer: payment.payer },
});

/** The attempt after the answer to its first request. A no before anything began is a known no; silence is not. */
export const afterStart = (attempt: Attempt, reply: Reply<Attempt>, now: number): Attempt => {
  switch (reply.kind) {
    case 'answer':
      return reply.value;
    case 'refused':
      return reply.status >= 500
        ? { ...attempt, state: 'unknown', code: reply.code, text: reply.message }
        : { ...attempt, state: 'refused', code: reply.code, text: reply.message };
    case 'unreachable':
      return now - attempt.startedAt < askingMaxMs ? attempt : { ...attempt, state: 'unknown' };
  }
};

/** The attempt after asking how it stands. Only "never heard of it" settles an unknown; any other trouble leaves it. */
export const afterInquiry = (attempt: Attempt, reply: Reply<Attempt>): Attempt => {
  if (attempt.state === 'undoing' && reply.kind !== 'answer') return attempt;
  switch (reply.kind) {
    case 'answer':
      return reply.value;
    case 'refused':
      return reply.status === 404
        ? { ...attempt, state: 'not-sent', code: reply.code, text: null }
        : { ...attempt, state: 'unknown' };
    case 'unreachable':
      return { ...attempt, state: 'unknown' };
  }
};

/** After a reload nobody knows whether the request went out: it is asked about, never sent again. */
export const afterReload = (attempt: Attempt): Attempt =>
  attempt.state === 'asking' ? { ...attempt, state: 'unknown' } : attempt;

/** What a paid attempt is in the sale. */
export const tenderOf = (attempt: Attempt): Tender => {
  const { amount, requestId, trace } = attempt;
  return attempt.kind === 'card'
    ? { kind: 'card', amount, terminalId: attempt.terminalId, requestId, ...trace }
    : { kind: 'wallet', wallet: attempt.wallet, amount, requestId, ...trace };
};
