export type AlipayRefusal = Readonly<{ code: string; msg: string; subCode: string; subMsg: string }>;

const missing = (subCode: string, subMsg: string): AlipayRefusal => ({
  code: '40001',
  msg: 'Missing Required Arguments',
  subCode,
  subMsg,
});
const invalid = (subCode: string, subMsg: string): AlipayRefusal => ({
  code: '40002',
  msg: 'Invalid Arguments',
  subCode,
  subMsg,
});
const failed = (subCode: string, subMsg: string): AlipayRefusal => ({
  code: '40004',
  msg: 'Business Failed',
  subCode,
  subMsg,
});

/** What the sandbox's Alipay refuses, in Alipay's codes. */
export const alipayRefusals = {
  'no-app': missing('isv.missing-app-id', '缺少应用标识'),
  'no-method': missing('isv.missing-method', '缺少方法名参数'),
  'no-signature': missing('isv.missing-signature', '缺少签名参数'),
  'no-signature-type': missing('isv.missing-signature-type', '缺少签名类型参数'),
  'no-timestamp': missing('isv.missing-timestamp', '缺少时间戳参数'),
  'no-version': missing('isv.missing-version', '缺少版本参数'),
  'app-unknown': invalid('isv.invalid-app-id', '无效的应用标识'),
  'method-unknown': invalid('isv.invalid-method', '不存在的方法名'),
  'signature-wrong': invalid('isv.invalid-signature', '验签出错'),
  'signature-type': invalid('isv.invalid-signature-type', '无效的签名类型'),
  'timestamp-wrong': invalid('isv.invalid-timestamp', '非法的时间戳参数'),
  charset: invalid('isv.invalid-charset', '字符集错误'),
  format: invalid('isv.invalid-format', '无效的数据格式'),
  'content-malformed': invalid('isv.invalid-parameter', '参数无效'),
  'too-often': { code: '40005', msg: 'Call Limited', subCode: 'isv.app-call-limited', subMsg: '应用调用次数超限' },
  unavailable: { code: '20000', msg: 'Service Currently Unavailable', subCode: 'isp.unknow-error', subMsg: '系统繁忙' },
  'system-error': failed('ACQ.SYSTEM_ERROR', '接口返回错误'),
  'parameter-wrong': failed('ACQ.INVALID_PARAMETER', '参数无效'),
  'amount-too-large': failed('ACQ.TOTAL_FEE_EXCEED', '订单总金额超过限额'),
  'auth-code': failed('ACQ.PAYMENT_AUTH_CODE_INVALID', '支付失败，获取顾客账户信息失败，请顾客刷新付款码后重新收款'),
  'other-terms': failed('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改'),
  'has-success': failed('ACQ.TRADE_HAS_SUCCESS', '交易已被支付'),
  'has-close': failed('ACQ.TRADE_HAS_CLOSE', '交易已经关闭'),
  'not-enough': failed('ACQ.BUYER_BALANCE_NOT_ENOUGH', '买家余额不足'),
  'payment-fail': failed('ACQ.PAYMENT_FAIL', '支付失败'),
  'buyer-forbidden': failed('ACQ.BUYER_ENABLE_STATUS_FORBID', '买家状态非法'),
  'seller-restricted': failed('ACQ.BEYOND_PAY_RESTRICTION', '商户收款额度超限'),
  'other-buyer': failed('ACQ.TRADE_BUYER_NOT_MATCH', '交易买家不匹配'),
  'not-exist': failed('ACQ.TRADE_NOT_EXIST', '交易不存在'),
  'status-wrong': failed('ACQ.TRADE_STATUS_ERROR', '交易状态不合法'),
  'seller-not-enough': failed('ACQ.SELLER_BALANCE_NOT_ENOUGH', '卖家余额不足'),
  'cancel-too-late': failed('ACQ.TRADE_CANCEL_TIME_OUT', '超过撤销时间范围'),
  'cancel-refunded': failed('ACQ.REASON_TRADE_REFUND_FEE_ERR', '退款金额无效'),
  'refund-exceeds': failed('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限'),
  'refund-discordant': failed('ACQ.DISCORDANT_REPEAT_REQUEST', '不一致的请求'),
  'refund-finished': failed('ACQ.TRADE_HAS_FINISHED', '交易已完结'),
  'refund-not-allowed': failed('ACQ.TRADE_NOT_ALLOW_REFUND', '当前交易不允许退款'),
  'bill-not-exist': failed('isp.bill_not_exist', '账单不存在'),
} as const satisfies Readonly<Record<string, AlipayRefusal>>;

export type AlipayReason = keyof typeof alipayRefusals;
