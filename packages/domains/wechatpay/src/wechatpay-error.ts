export type WeChatPayErrorCode =
  | 'refused'
  | 'rate-limited'
  | 'outcome-unknown'
  | 'not-sent'
  | 'request-malformed'
  | 'answer-malformed'
  | 'signature-missing'
  | 'signature-wrong'
  | 'signature-probe'
  | 'serial-unknown'
  | 'clock-skew'
  | 'decryption-failed'
  | 'other-merchant'
  | 'other-order'
  | 'other-amount'
  | 'other-currency'
  | 'bill-hash-wrong'
  | 'bill-malformed';

/** What WeChat said: HTTP status, its own code and text, and `Request-ID` to quote to its support. */
export type WeChatAnswer = Readonly<{
  status: number;
  code: string;
  text: string;
  signed: boolean;
  requestId?: string;
}>;

/** `place` names a field or header, never its value; `wechat` is there when WeChat itself answered. */
export class WeChatPayError extends Error {
  readonly code: WeChatPayErrorCode;
  readonly place: string;
  readonly wechat: WeChatAnswer | undefined;

  constructor(code: WeChatPayErrorCode, place: string, wechat?: WeChatAnswer) {
    super(wechat ? `${code} at ${place}: ${wechat.code} ${wechat.text}` : `${code} at ${place}`);
    this.name = 'WeChatPayError';
    this.code = code;
    this.place = place;
    this.wechat = wechat;
  }
}

/** WeChat's codes after which nobody knows whether money moved: ask, never repeat blindly. */
const undecided: ReadonlySet<string> = new Set([
  'SYSTEM_ERROR',
  'SYSTEMERROR',
  'BANK_ERROR',
  'BANKERROR',
  'USERPAYING',
  'USER_PAYING',
]);
const limited: ReadonlySet<string> = new Set(['FREQUENCY_LIMITED', 'FREQUENCY_LIMIT', 'RATELIMIT_EXCEEDED']);
const notFound: ReadonlySet<string> = new Set([
  'ORDER_NOT_EXIST',
  'ORDERNOTEXIST',
  'RESOURCE_NOT_EXISTS',
  'REFUNDNOTEXIST',
]);

export const refusalOf = (place: string, wechat: WeChatAnswer): WeChatPayError => {
  if (wechat.status === 429 || limited.has(wechat.code)) return new WeChatPayError('rate-limited', place, wechat);
  if (wechat.status >= 500 || undecided.has(wechat.code)) return new WeChatPayError('outcome-unknown', place, wechat);
  return new WeChatPayError('refused', place, wechat);
};

/** True when WeChat says, and signs, that it has no such order or refund. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof WeChatPayError && error.wechat?.signed === true && notFound.has(error.wechat.code);
