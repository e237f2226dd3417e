export {
  type Alarm,
  applyEvent,
  isEnded,
  nextAction,
  openPayment,
  type Payment,
  type PaymentAction,
  type PaymentEvent,
  type PaymentState,
  refundableMinor,
} from './payment.ts';
export { applyRefundWord, nextRefundAction, openRefund, type Refund, type RefundState } from './refund.ts';
export { defaultTiming, type Timing } from './timing.ts';
export type { Refusal } from './words.ts';
