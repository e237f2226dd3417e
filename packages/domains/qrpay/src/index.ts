export { type FeeRate, openQrPay, type QrPay, type QrPayOptions } from './qrpay.ts';
export { QrPayError, type QrPayErrorCode } from './qrpay-error.ts';
export type {
  BillSums,
  DifferenceKind,
  DifferencePage,
  DifferenceSide,
  DifferenceView,
  PaymentPage,
  Place,
  QrPaymentView,
  ReconciliationView,
  RefundRequest,
  RefundView,
  StartRequest,
  Words,
} from './views.ts';

/** The tables of this room, for `migrate`. */
export const migrations = { schema: 'qrpay', directory: new URL('../migrations/', import.meta.url) };
