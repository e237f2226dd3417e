export type QrPayErrorCode =
  | 'code-unknown'
  | 'code-not-taken'
  | 'wallet-not-offered'
  | 'amount-out-of-range'
  | 'request-malformed'
  | 'request-conflict'
  | 'payment-not-found'
  | 'payment-not-refundable'
  | 'refund-exceeds-payment'
  | 'refund-conflict'
  | 'refund-needs-no-card'
  | 'card-not-taken'
  | 'bill-unavailable'
  | 'bill-unusable'
  | 'difference-not-found';

/** What a caller asked for and cannot have. `place` names a field, a wallet or its code, never a payment code. */
export class QrPayError extends Error {
  readonly code: QrPayErrorCode;
  readonly place: string;

  constructor(code: QrPayErrorCode, place: string, options?: { cause: unknown }) {
    super(`${code} at ${place}`, options);
    this.name = 'QrPayError';
    this.code = code;
    this.place = place;
  }
}
