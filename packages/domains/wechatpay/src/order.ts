import type { Money } from '@zhanggui/money';
import { fenOf } from './transaction.ts';
import { WeChatPayError } from './wechatpay-error.ts';

type OrderCore = Readonly<{
  /** Ours, 6 to 32 characters, never used before by this merchant. */
  outTradeNo: string;
  /** What the payer reads, 127 characters at most. */
  description: string;
  total: Money;
  attach?: string;
  goodsTag?: string;
  /** True when the money shall stay frozen for profit sharing. */
  profitSharing?: boolean;
}>;

export type NativeOrder = OrderCore & Readonly<{ notifyUrl: string; expiresAtMs?: number }>;
/** `openid` is the payer's under the sub-merchant's app when the account names one, else under the signer's. */
export type JsapiOrder = NativeOrder & Readonly<{ openid: string }>;
export type AppOrder = NativeOrder;
/** Opened in the browser of a phone; `clientIp` is the payer's. */
export type H5Order = NativeOrder & Readonly<{ clientIp: string; device: 'iOS' | 'Android' | 'Wap' }>;
/** `authCode` is the payer's 付款码; `clientIp` the till's address (v2 wants it). */
export type CodeOrder = OrderCore &
  Readonly<{ authCode: string; storeId: string; deviceId?: string; clientIp: string }>;

export type RefundOrder = Readonly<{
  outRefundNo: string;
  original: Readonly<{ outTradeNo: string }> | Readonly<{ transactionId: string }>;
  refund: Money;
  /** The whole of the original order. */
  total: Money;
  reason?: string;
  notifyUrl?: string;
}>;

export type OrderName = Readonly<{ outTradeNo: string }> | Readonly<{ transactionId: string }>;

const patterns = {
  outTradeNo: /^[0-9A-Za-z_\-|*]{6,32}$/,
  outRefundNo: /^[0-9A-Za-z_\-|*@]{1,64}$/,
  authCode: /^1[0-5]\d{16}$/,
  transactionId: /^\d{10,32}$/,
  notifyUrl: /^https?:\/\/[^\s?#]{1,240}$/,
  description: /^[\s\S]{1,127}$/,
} as const;

/** Throws 'request-malformed' with the field's name, so that nothing leaves that WeChat would refuse. */
export const checkFields = (fields: Readonly<Partial<Record<keyof typeof patterns, string>>>): void => {
  for (const [name, pattern] of Object.entries(patterns)) {
    const value = fields[name as keyof typeof patterns];
    if (value !== undefined && !pattern.test(value)) throw new WeChatPayError('request-malformed', name);
  }
};

export const beijingTime = (atMs: number): string =>
  `${new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

const amountBody = (total: Money): Record<string, unknown> => ({
  total: fenOf(total, 'total'),
  currency: total.currency,
});

export const orderBody = (order: OrderCore): Record<string, unknown> => ({
  description: order.description,
  out_trade_no: order.outTradeNo,
  attach: order.attach,
  goods_tag: order.goodsTag,
  amount: amountBody(order.total),
  settle_info: order.profitSharing === undefined ? undefined : { profit_sharing: order.profitSharing },
});

export const prepayBody = (order: NativeOrder): Record<string, unknown> => {
  checkFields({ outTradeNo: order.outTradeNo, description: order.description, notifyUrl: order.notifyUrl });
  const expiry = order.expiresAtMs === undefined ? undefined : beijingTime(order.expiresAtMs);
  return { ...orderBody(order), notify_url: order.notifyUrl, time_expire: expiry };
};

export const checkCodeOrder = (order: CodeOrder): void => {
  checkFields({ outTradeNo: order.outTradeNo, description: order.description, authCode: order.authCode });
  fenOf(order.total, 'total');
};

export const checkRefundOrder = (order: RefundOrder): void => {
  checkFields({ ...order.original, outRefundNo: order.outRefundNo, notifyUrl: order.notifyUrl });
  const isWithin = fenOf(order.refund, 'refund') <= fenOf(order.total, 'total');
  if (!isWithin || order.refund.currency !== order.total.currency)
    throw new WeChatPayError('request-malformed', 'refund');
};
