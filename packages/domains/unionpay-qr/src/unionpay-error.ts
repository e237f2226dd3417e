export type UnionPayErrorCode =
  | 'refused'
  | 'outcome-unknown'
  | 'not-sent'
  | 'request-malformed'
  | 'answer-malformed'
  | 'signature-missing'
  | 'signature-wrong'
  | 'certificate-untrusted'
  | 'other-merchant'
  | 'other-order'
  | 'other-amount'
  | 'other-currency'
  | 'bill-malformed';

/** `respCode` and `respMsg`, of a verified answer. */
export type UnionPayAnswer = Readonly<{ code: string; text: string }>;

/** `place` names a call or a field, never its value; `unionPay` is there when UnionPay itself answered. */
export class UnionPayError extends Error {
  readonly code: UnionPayErrorCode;
  readonly place: string;
  readonly unionPay: UnionPayAnswer | undefined;

  constructor(code: UnionPayErrorCode, place: string, unionPay?: UnionPayAnswer) {
    super(unionPay ? `${code} at ${place}: ${unionPay.code} ${unionPay.text}` : `${code} at ${place}`);
    this.name = 'UnionPayError';
    this.code = code;
    this.place = place;
    this.unionPay = unionPay;
  }
}
