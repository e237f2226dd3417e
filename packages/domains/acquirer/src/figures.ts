import type { Metrics } from '@zhanggui/telemetry';

/** What this host counts. */
export const createFigures = (metrics: Metrics) => ({
  transactions: metrics.counter('acquirer_transactions_total', 'Transactions finished, by kind and answer', [
    'kind',
    'code',
  ]),
  seconds: metrics.histogram('acquirer_transaction_seconds', 'From request in to answer committed'),
  refusals: metrics.counter('acquirer_refusals_total', 'Requests refused before they were journaled, by answer', [
    'code',
  ]),
  reversals: metrics.counter('acquirer_reversals_total', 'Reversals by terminals, by reason', ['reason']),
  lateAnswers: metrics.counter('acquirer_late_answers_total', 'Answers of the centre that came too late'),
});

export type Figures = ReturnType<typeof createFigures>;
