export type { Alarm, PaymentState } from './payment.ts';
export type { RefundState } from './refund.ts';
export { defaultTiming, type Timing } from './timing.ts';
