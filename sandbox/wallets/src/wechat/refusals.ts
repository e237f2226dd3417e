/** An error of API v3: HTTP status, WeChat's code and text, and the number its `Request-ID` ends with. */
export type Refusal = Readonly<{
  status: number;
  code: string;
  message: string;
  number: number;
  detail?: unknown;
  /** Who is refused at the door for orders is told no Request-ID. */
  hasNoRequestId?: boolean;
  /** Said by the HTTP status alone, without a body. */
  isBare?: boolean;
}>;

/** The number of a refusal nobody has published one for. */
const general = 268_435_456;
const row = (status: number, code: string, number: number, message: string): Refusal => ({
  status,
  code,
  number,
  message,
});

/** What API v3 refuses. Numbers are those seen at the end of `Request-ID`; where none is known it is the general one. */
export const refusals = {
  parameter: row(400, 'PARAM_ERROR', 268_435_461, '参数错误'),
  extraParameter: row(400, 'PARAM_ERROR', 270_924_358, '无效的参数'),
  invalidRequest: row(400, 'INVALID_REQUEST', general, '无效请求'),
  otherTerms: row(400, 'INVALID_REQUEST', 268_498_688, '请求重入时，参数与首次请求时不一致'),
  mustReverse: row(400, 'INVALID_REQUEST', 268_449_641, '付款码支付的订单请使用撤销接口'),
  merchantUnknown: row(400, 'MCH_NOT_EXISTS', 268_443_704, '商户号不存在'),
  appOfOther: row(400, 'APPID_MCHID_NOT_MATCH', 268_445_527, 'AppID和MCHID不匹配'),
  orderClosed: row(400, 'ORDER_CLOSED', 268_447_914, '订单已关闭'),
  orderReversed: row(400, 'ORDER_REVERSED', general, '订单已撤销'),
  orderPaid: row(400, 'ORDER_PAID', 268_498_689, '该订单已支付'),
  closePaid: row(400, 'ORDER_PAID', 268_449_538, '该订单已支付，不能关闭'),
  codeExpired: row(400, 'AUTH_CODE_EXPIRED', general, '付款码已过期，请刷新后重试'),
  codeInvalid: row(400, 'AUTH_CODE_INVALID', general, '付款码无效，请重新扫码'),
  codeUsed: row(400, 'AUTH_CODE_INVALID', general, '付款码已使用，请刷新后重试'),
  buyerMismatch: row(400, 'BUYER_MISMATCH', general, '同一笔订单不能更换支付方'),
  noStatement: row(400, 'NO_STATEMENT_EXIST', general, '请求的账单文件不存在'),
  statementCreating: row(400, 'STATEMENT_CREATING', general, '账单生成中，请稍后再试'),
  notServed: row(403, 'NO_AUTH', 268_443_705, '特约商户未授权服务商'),
  notAllowed: row(403, 'NO_AUTH', general, '商户无权限'),
  merchantRestricted: row(403, 'NO_AUTH', 268_448_010, '商户收款受限'),
  notEnough: row(403, 'NOT_ENOUGH', general, '余额不足'),
  rule: row(403, 'RULE_LIMIT', general, '超出业务规则限制'),
  trade: row(403, 'TRADE_ERROR', general, '交易错误，请用户更换付款方式'),
  payerAccount: row(403, 'ACCOUNT_ERROR', general, '付款账户异常'),
  refundAccount: row(403, 'USER_ACCOUNT_ABNORMAL', general, '用户账户异常，退款失败'),
  numberUsed: row(403, 'OUT_TRADE_NO_USED', general, '商户订单号重复'),
  orderUnknown: row(404, 'ORDER_NOT_EXIST', 268_512_771, '订单不存在'),
  resourceUnknown: row(404, 'RESOURCE_NOT_EXISTS', general, '查询的资源不存在'),
  tooFrequent: row(429, 'FREQUENCY_LIMITED', 268_447_840, '请求过于频繁，请降低频率后重试'),
  rateExceeded: row(429, 'RATELIMIT_EXCEEDED', 268_447_840, '接口频率限制'),
  system: row(500, 'SYSTEM_ERROR', general, '系统繁忙，请稍后再试'),
  bank: row(500, 'BANK_ERROR', general, '银行系统异常'),
} as const satisfies Readonly<Record<string, Refusal>>;
export type RefusalName = keyof typeof refusals;

type More = Readonly<{ message?: string; detail?: unknown }>;

export const refused = (name: RefusalName, more: More = {}): Readonly<{ kind: 'refused'; refusal: Refusal }> => ({
  kind: 'refused',
  refusal: { ...refusals[name], ...more },
});
