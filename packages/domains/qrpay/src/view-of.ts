import type { PaymentRecord, RefundRecord } from './records.ts';
import { moneyOf } from './records.ts';
import { refusalWords } from './refusal-texts.ts';
import type { QrPaymentView, RefundView } from './views.ts';

/** What is null in the journal is absent in a view. */
const present = <Key extends string, Value>(key: Key, value: Value | null): { [name in Key]?: Value } =>
  (value === null ? {} : { [key]: value }) as { [name in Key]?: Value };

export const paymentView = ({ payment, ...record }: PaymentRecord): QrPaymentView => {
  const canBePaid = payment.state === 'awaiting-payer' && !payment.isCancelled;
  return {
    requestId: record.requestId,
    outTradeNo: record.outTradeNo,
    wallet: record.wallet,
    how: payment.how,
    amount: payment.amount,
    description: record.description,
    state: payment.state,
    undoing: payment.isUndoing,
    ...present('alarm', payment.alarm),
    ...present('qr', canBePaid ? record.qr : null),
    ...present('expiresAt', payment.expiresAt),
    ...present('code', payment.refusal?.code ?? null),
    ...present('text', payment.refusal && refusalWords(payment.refusal)),
    ...present('walletTradeNo', payment.paid?.walletTradeNo ?? null),
    ...present('payer', payment.paid?.payer ?? null),
    ...present('funding', payment.paid?.funding ?? null),
    refunded: moneyOf(payment.amount, payment.refundedMinor),
    at: payment.askedAt,
    ...present('paidAt', payment.paid?.at ?? null),
    ...present('endedAt', payment.endedAt),
    place: record.place,
  };
};

export const refundView = ({ refund, ...record }: RefundRecord): RefundView => ({
  refundId: record.refundId,
  requestId: record.requestId,
  outRefundNo: record.outRefundNo,
  amount: refund.amount,
  state: refund.state,
  reason: record.reason,
  by: record.by,
  ...present('alarm', refund.alarm),
  ...present('code', refund.refusal?.code ?? null),
  ...present('text', refund.refusal && refusalWords(refund.refusal)),
  ...present('walletRefundNo', refund.walletRefundNo),
  at: record.at,
  ...present('endedAt', refund.endedAt),
});
