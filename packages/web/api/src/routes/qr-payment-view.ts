import { QrPayError, type QrPayErrorCode, type QrPaymentView } from '@zhanggui/qrpay';
import type * as contract from '../contract.ts';
import { type ApiErrorCode, Refusal } from '../errors.ts';

const refusals: Readonly<Record<QrPayErrorCode, ApiErrorCode>> = {
  'code-unknown': 'payment-code-unknown',
  'code-not-taken': 'payment-code-not-taken',
  'wallet-not-offered': 'wallet-not-offered',
  'amount-out-of-range': 'invalid-request',
  'request-malformed': 'invalid-request',
  'request-conflict': 'request-conflict',
  'payment-not-found': 'not-found',
  'payment-not-refundable': 'payment-not-refundable',
  'refund-exceeds-payment': 'refund-exceeds-payment',
  'refund-conflict': 'request-conflict',
  'refund-needs-no-card': 'refund-needs-no-card',
  'card-not-taken': 'card-not-taken',
  'bill-unavailable': 'bill-unavailable',
  'bill-unusable': 'bill-unusable',
  'difference-not-found': 'not-found',
};

/** What the payments refuse, in the api's own words. */
export const refusing = async <Value>(run: () => Promise<Value>): Promise<Value> => {
  try {
    return await run();
  } catch (error) {
    throw error instanceof QrPayError ? new Refusal(refusals[error.code]) : error;
  }
};

/** What a till is told: how it stands, the numbers to find it by, and of the wallet's own words a refusal's code and text. */
export const paymentView = (payment: QrPaymentView): contract.QrPayment => {
  const { requestId, wallet, how, amount, state, undoing, outTradeNo, at } = payment;
  const { qr, expiresAt, code, text, walletTradeNo, payer } = payment;
  const known = { qr, expiresAt, code, text, walletTradeNo, payer };
  return { requestId, wallet, how, amountMinor: String(amount.minor), state, undoing, outTradeNo, at, ...known };
};
