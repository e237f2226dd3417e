import type { Refusal } from '@zhanggui/qr-payment';
import type { Words } from './views.ts';

/** What a cashier may say about a refusal, by the wallets' own codes. `ACQ.` in front of Alipay's is left out. */
const texts: Readonly<Record<string, Words>> = {
  NOTENOUGH: { zh: '余额不足，请顾客换一种付款方式', en: 'Not enough money: choose another way to pay in the wallet' },
  AUTHCODEEXPIRE: { zh: '付款码已过期，请顾客刷新后再扫', en: 'The payment code is out of date: show a fresh one' },
  AUTH_CODE_INVALID: { zh: '付款码无效，请顾客刷新后再扫', en: 'The payment code is not valid: show a fresh one' },
  AUTH_CODE_USED: { zh: '付款码已用过，请顾客刷新后再扫', en: 'The payment code was used already: show a fresh one' },
  BUYER_MISMATCH: { zh: '与上次付款的不是同一人', en: 'Another person paid before under this number' },
  LIMIT: { zh: '超出付款限额', en: 'Over the payer’s limit' },
  CARD: { zh: '这张银行卡不能付款，请换一张', en: 'This bank card cannot pay: choose another' },
  PAYER: { zh: '顾客取消或没有付款', en: 'The payer cancelled, or did not pay' },
  ACCOUNT: { zh: '顾客账户异常，无法付款', en: 'The payer’s account cannot pay' },
  BUSY: { zh: '钱包系统繁忙，请稍后再试', en: 'The wallet is busy: try again shortly' },
  MERCHANT: {
    zh: '商户没有开通此项或参数有误，请联系管理员',
    en: 'Not open for this merchant, or set up wrongly: call the administrator',
  },
  SELLER_BALANCE: { zh: '商户余额不足，无法退款', en: 'The merchant’s balance does not cover the refund' },
};

/** The wallets' codes, each under the words it means. */
const codes: Readonly<Record<string, readonly string[]>> = {
  NOTENOUGH: ['NOTENOUGH', 'NOT_ENOUGH', 'BUYER_BALANCE_NOT_ENOUGH', 'BUYER_BANKCARD_BALANCE_NOT_ENOUGH', '51', '64'],
  AUTHCODEEXPIRE: ['AUTHCODEEXPIRE', 'AUTH_CODE_EXPIRE', 'SOUNDWAVE_PARSER_FAIL'],
  AUTH_CODE_INVALID: ['AUTH_CODE_INVALID', 'AUTH_CODE_ERROR', 'PAYMENT_AUTH_CODE_INVALID', '82', '83'],
  AUTH_CODE_USED: ['AUTH_CODE_USED', 'TRADE_HAS_SUCCESS'],
  BUYER_MISMATCH: ['BUYER_MISMATCH', 'TRADE_BUYER_NOT_MATCH'],
  LIMIT: [
    'RULE_LIMIT',
    'BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR',
    'BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR',
    'TOTAL_FEE_EXCEED',
    'BEYOND_PAY_RESTRICTION',
    '61',
    '65',
  ],
  CARD: ['NOTSUPORTCARD', 'NOT_SUPPORT_CARD', 'NO_PAYMENT_INSTRUMENTS_AVAILABLE', 'PULL_MOBILE_CASHIER_FAIL', '14'],
  PAYER: ['PAYERROR', 'REVOKED', 'CLOSED', 'TRADE_CLOSED', 'TRADE_HAS_CLOSE', 'PAYMENT_FAIL'],
  ACCOUNT: ['USER_ACCOUNT_ABNORMAL', 'ACCOUNT_ERROR', 'BUYER_ENABLE_STATUS_FORBID', 'ERROR_BUYER_CERTIFY_LEVEL_LIMIT'],
  BUSY: ['FREQUENCY_LIMITED', 'FREQUENCY_LIMIT', 'RATELIMIT_EXCEEDED', 'SYSTEM_ERROR', 'SYSTEMERROR', 'BANKERROR'],
  MERCHANT: ['NO_AUTH', 'NOAUTH', 'ACCESS_FORBIDDEN', 'PARAM_ERROR', 'INVALID_PARAMETER', 'SIGN_ERROR', 'SIGNERROR'],
  SELLER_BALANCE: ['SELLER_BALANCE_NOT_ENOUGH'],
};
const meaning = new Map(Object.entries(codes).flatMap(([name, list]) => list.map((code) => [code, name] as const)));

/** A refusal in both languages; a code not in the table keeps the wallet's own text. */
export const refusalWords = ({ code, text }: Refusal): Words =>
  texts[meaning.get(code.replace(/^ACQ\./, '')) ?? ''] ?? {
    zh: text === '' ? `钱包拒绝（${code}）` : text,
    en: `The wallet refuses (${code})`,
  };
