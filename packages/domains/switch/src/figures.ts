import type { Metrics } from '@zhanggui/telemetry';

/** What the centre counts. */
export const createFigures = (metrics: Metrics) => ({
  transactions: metrics.counter('switch_transactions_total', 'Requests switched, by issuer and answer', [
    'issuer',
    'code',
  ]),
  seconds: metrics.histogram('switch_transaction_seconds', 'From request in to answer committed'),
  reversals: metrics.counter('switch_reversals_total', 'Reversals taken in, by answer', ['code']),
  lateAnswers: metrics.counter('switch_late_answers_total', "Issuers' answers that came too late"),
});

export type Figures = ReturnType<typeof createFigures>;
