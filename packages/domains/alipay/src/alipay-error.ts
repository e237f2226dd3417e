export type AlipayErrorCode =
  | 'refused'
  | 'rate-limited'
  | 'outcome-unknown'
  | 'not-sent'
  | 'request-malformed'
  | 'answer-malformed'
  | 'signature-missing'
  | 'signature-wrong'
  | 'certificate-unknown'
  | 'other-merchant'
  | 'other-order'
  | 'other-amount'
  | 'bill-malformed';

/** What Alipay said: the gateway's code, and the business' own `subCode` (`ACQ.…`) where there is one. */
export type AlipayAnswer = Readonly<{
  code: string;
  text: string;
  subCode: string;
  subText: string;
  signed: boolean;
  /** Of a cancellation: ask once more. */
  retry: boolean;
}>;

/** `place` names a call or a field, never its value; `alipay` is there when Alipay itself answered. */
export class AlipayError extends Error {
  readonly code: AlipayErrorCode;
  readonly place: string;
  readonly alipay: AlipayAnswer | undefined;

  constructor(code: AlipayErrorCode, place: string, alipay?: AlipayAnswer) {
    const said = alipay ? `: ${alipay.code} ${alipay.subCode || alipay.text} ${alipay.subText}` : '';
    super(`${code} at ${place}${said}`);
    this.name = 'AlipayError';
    this.code = code;
    this.place = place;
    this.alipay = alipay;
  }
}

/** After these nobody knows whether money moved: ask, never repeat blindly. `AQC` is how Alipay spells some of them. */
const undecided = /^(?:isp\.|aop\.)|(?:ACQ|AQC)\.SYSTEM_ERROR$/i;

export const refusalOf = (place: string, alipay: AlipayAnswer): AlipayError => {
  if (alipay.code === '40005' || alipay.subCode.endsWith('call-limited'))
    return new AlipayError('rate-limited', place, alipay);
  // A bill that is not there is said with the prefix of a system's fault.
  const isUnknown = alipay.code === '20000' || (undecided.test(alipay.subCode) && !/not_exist/i.test(alipay.subCode));
  return new AlipayError(isUnknown ? 'outcome-unknown' : 'refused', place, alipay);
};

/** True when Alipay says that it has no such trade: also a code that was shown and never scanned. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof AlipayError && error.alipay?.subCode === 'ACQ.TRADE_NOT_EXIST';
