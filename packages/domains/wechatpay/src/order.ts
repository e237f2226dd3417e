import type { Money } from '@zhanggui/money';
import { fenOf } from './transaction.ts';
import { WeChatPayError } from './wechatpay-error.ts';

/** What is bought, for coupons of single goods and for the payer's own list; names are ours, WeChat's number is optional. */
export type OrderGoods = Readonly<{
  goodsId: string;
  wechatGoodsId?: string;
  name?: string;
  quantity: number;
  unitPrice: Money;
}>;

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
  goods?: readonly OrderGoods[];
  /** True when the payer shall be offered an electronic invoice in WeChat. */
  offersInvoice?: boolean;
}>;

export type NativeOrder = OrderCore &
  Readonly<{
    notifyUrl: string;
    expiresAtMs?: number;
    /** What may not pay, or what alone may. */
    limitsPay?: readonly ('no_balance' | 'no_debit' | 'no_credit' | 'balance_only')[];
  }>;
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
  /** Which of the merchant's money goes back; WeChat's own choice when left out. */
  funds?: 'AVAILABLE' | 'UNSETTLED';
  goods?: readonly (Omit<OrderGoods, 'quantity'> & Readonly<{ quantity: number; refund: Money }>)[];
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

const goodsName = ({ goodsId, wechatGoodsId, name, unitPrice }: Omit<OrderGoods, 'quantity'>) => ({
  merchant_goods_id: goodsId,
  wechatpay_goods_id: wechatGoodsId,
  goods_name: name,
  unit_price: fenOf(unitPrice, 'unitPrice'),
});

export const refundGoods = ({ goods }: RefundOrder): Record<string, unknown>[] | undefined =>
  goods?.map(({ quantity, refund, ...named }) => ({
    ...goodsName(named),
    refund_amount: fenOf(refund, 'refund'),
    refund_quantity: quantity,
  }));

const detailBody = (goods: readonly OrderGoods[]): Record<string, unknown> => ({
  goods_detail: goods.map(({ quantity, ...named }) => ({ ...goodsName(named), quantity })),
});

export const orderBody = (order: OrderCore): Record<string, unknown> => ({
  description: order.description,
  out_trade_no: order.outTradeNo,
  attach: order.attach,
  goods_tag: order.goodsTag,
  amount: amountBody(order.total),
  support_fapiao: order.offersInvoice,
  detail: order.goods && detailBody(order.goods),
  settle_info: order.profitSharing === undefined ? undefined : { profit_sharing: order.profitSharing },
});

export const prepayBody = (order: NativeOrder): Record<string, unknown> => {
  checkFields({ outTradeNo: order.outTradeNo, description: order.description, notifyUrl: order.notifyUrl });
  const expiry = order.expiresAtMs === undefined ? undefined : beijingTime(order.expiresAtMs);
  return { ...orderBody(order), notify_url: order.notifyUrl, time_expire: expiry, limit_pay: order.limitsPay };
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
