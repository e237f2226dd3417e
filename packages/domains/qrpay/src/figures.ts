import { createMetrics, type Metrics } from '@zhanggui/telemetry';

/** What this room counts. Without a registry it counts for nobody. */
export const createFigures = (metrics: Metrics = createMetrics()) => ({
  ends: metrics.counter('qrpay_payments_total', 'Payments that came to an end, by wallet, way and state', [
    'wallet',
    'how',
    'state',
  ]),
  seconds: metrics.histogram('qrpay_payment_seconds', 'From the request to the end of a payment', ['wallet', 'how']),
  words: metrics.counter('qrpay_words_total', 'What wallets answered, by call and word', ['wallet', 'call', 'word']),
  wordSeconds: metrics.histogram('qrpay_word_seconds', 'From asking a wallet to its word', ['wallet', 'call']),
  notifications: metrics.counter('qrpay_notifications_total', 'Notifications by what they told', ['wallet', 'told']),
  alarms: metrics.counter('qrpay_alarms_total', 'Late money, other amounts, payments undone', ['wallet', 'alarm']),
  refunds: metrics.counter('qrpay_refunds_total', 'Refunds that came to an end', ['wallet', 'state']),
  differences: metrics.counter('qrpay_differences_total', 'Differences found in bills', ['wallet', 'kind']),
});

export type Figures = ReturnType<typeof createFigures>;
