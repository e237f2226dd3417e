import type { SaleStatusView } from '@zhanggui/api/contract';
import type { CardTender } from '@zhanggui/basket';
import type { Reply } from '../ports.ts';
import type { AttemptState, CardAttempt } from '../records.ts';

/** How long a request that nobody answers is simply sent again, before the result counts as unknown. */
export const askingMaxMs = 5000;

const finished: ReadonlySet<AttemptState> = new Set([
  'approved',
  'declined',
  'cancelled',
  'reversed',
  'not-sent',
  'refused',
]);

/** Nothing more will come: approved, or known not to be charged. */
export const isFinished = (state: AttemptState): boolean => finished.has(state);

const withStatus = (attempt: CardAttempt, status: SaleStatusView): CardAttempt => ({
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

/** The attempt after the answer to its first request. A no before anything began is a known no; silence is not. */
export const afterStart = (attempt: CardAttempt, reply: Reply<SaleStatusView>, now: number): CardAttempt => {
  switch (reply.kind) {
    case 'answer':
      return withStatus(attempt, reply.value);
    case 'refused':
      return reply.status >= 500
        ? { ...attempt, state: 'unknown', code: reply.code, text: reply.message }
        : { ...attempt, state: 'refused', code: reply.code, text: reply.message };
    case 'unreachable':
      return now - attempt.startedAt < askingMaxMs ? attempt : { ...attempt, state: 'unknown' };
  }
};

/** The attempt after asking how it stands. Only "never heard of it" settles an unknown; any other trouble leaves it. */
export const afterInquiry = (attempt: CardAttempt, reply: Reply<SaleStatusView>): CardAttempt => {
  switch (reply.kind) {
    case 'answer':
      return withStatus(attempt, reply.value);
    case 'refused':
      return reply.status === 404
        ? { ...attempt, state: 'not-sent', code: reply.code, text: null }
        : { ...attempt, state: 'unknown' };
    case 'unreachable':
      return { ...attempt, state: 'unknown' };
  }
};

/** After a reload nobody knows whether the request went out: it is asked about, never sent again. */
export const afterReload = (attempt: CardAttempt): CardAttempt =>
  attempt.state === 'asking' ? { ...attempt, state: 'unknown' } : attempt;

export const cardTenderOf = ({ amount, terminalId, requestId, trace }: CardAttempt): CardTender => ({
  kind: 'card',
  amount,
  terminalId,
  requestId,
  ...trace,
});
