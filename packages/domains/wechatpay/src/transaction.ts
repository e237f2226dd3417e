import { type CurrencyCode, currencies, type Money, money } from '@zhanggui/money';
import { z } from 'zod';
import { type Account, signerOf } from './account.ts';
import { WeChatPayError } from './wechatpay-error.ts';

export const tradeState = z.enum(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR']);
const refundStates = ['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL'] as const;
export type TradeState = z.output<typeof tradeState>;
export type RefundState = (typeof refundStates)[number];

type Merchant = Readonly<{ mchid: string; appid?: string; subMchid?: string }>;

/** An order as WeChat knows it. Amounts are what WeChat says; `paidAtMs` is in milliseconds since 1970. */
export type Transaction = Readonly<{
  merchant: Merchant;
  outTradeNo: string;
  transactionId?: string;
  tradeType?: string;
  state: TradeState;
  stateText: string;
  /** Absent as long as WeChat names none: before the payment, in v2. */
  total?: Money;
  /** What the payer paid after WeChat's coupons. */
  payerTotal?: Money;
  bankType?: string;
  openid?: string;
  attach?: string;
  paidAtMs?: number;
  /** Coupons that paid part of it, and who bears them. */
  promotions?: readonly Promotion[];
}>;

export type Promotion = Readonly<{
  couponId: string;
  name?: string;
  /** GLOBAL or SINGLE. */
  scope?: string;
  /** CASH is settled to the merchant, NOCASH is not. */
  type?: string;
  amount: Money;
  byWeChat?: Money;
  byMerchant?: Money;
  byOthers?: Money;
}>;

export type Refund = Readonly<{
  outRefundNo: string;
  refundId: string;
  outTradeNo: string;
  transactionId: string;
  state: RefundState;
  refund: Money;
  total: Money;
  account?: string;
  doneAtMs?: number;
  /** ORIGINAL, BALANCE, OTHER_BALANCE or OTHER_BANKCARD: where it goes. */
  channel?: string;
  /** What the payer gets, without coupons; what the merchant's settlement loses. */
  payerRefund?: Money;
  settlementRefund?: Money;
}>;

export const fen = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const time = z.iso.datetime({ offset: true });
const text = z.string();
/** WeChat sends empty text for what it does not have. */
export const optionalText = text.optional().transform((value) => (value === '' ? undefined : value));
export const optionalTime = z
  .union([time, z.literal('')])
  .optional()
  .transform((value) => (value ? Date.parse(value) : undefined));
const isCurrency = (code: string): code is CurrencyCode => Object.hasOwn(currencies, code);
export const currency = z.string().refine(isCurrency);

export const moneyOf = (minor: number, code: CurrencyCode = 'CNY'): Money => money(BigInt(minor), code);

/** Fen as JSON carries them. */
export const fenOf = (amount: Money, place: string): number => {
  const minor = Number(amount.minor);
  if (!Number.isSafeInteger(minor) || minor <= 0) throw new WeChatPayError('request-malformed', place);
  return minor;
};

const promotionShape = z
  .object({
    coupon_id: text,
    name: optionalText,
    scope: optionalText,
    type: optionalText,
    amount: fen,
    currency: currency.optional(),
    wechatpay_contribute: fen.optional(),
    merchant_contribute: fen.optional(),
    other_contribute: fen.optional(),
  })
  .transform((wire): Promotion => {
    const part = (minor: number | undefined) => (minor === undefined ? undefined : moneyOf(minor, wire.currency));
    return {
      couponId: wire.coupon_id,
      name: wire.name,
      scope: wire.scope,
      type: wire.type,
      amount: moneyOf(wire.amount, wire.currency),
      byWeChat: part(wire.wechatpay_contribute),
      byMerchant: part(wire.merchant_contribute),
      byOthers: part(wire.other_contribute),
    };
  });

export const transactionShape = z
  .object({
    appid: optionalText,
    mchid: optionalText,
    sp_appid: optionalText,
    sp_mchid: optionalText,
    sub_mchid: optionalText,
    out_trade_no: text,
    transaction_id: optionalText,
    trade_type: optionalText,
    trade_state: tradeState,
    trade_state_desc: text.optional(),
    bank_type: optionalText,
    attach: optionalText,
    success_time: optionalTime,
    payer: z.object({ openid: optionalText, sp_openid: optionalText }).optional(),
    amount: z
      .object({
        total: fen.optional(),
        payer_total: fen.optional(),
        currency: currency.optional(),
        payer_currency: currency.optional(),
      })
      .optional(),
    promotion_detail: z.array(promotionShape).nullish(),
  })
  .transform(
    (wire): Transaction => ({
      merchant: {
        mchid: wire.mchid ?? wire.sp_mchid ?? '',
        appid: wire.appid ?? wire.sp_appid,
        subMchid: wire.sub_mchid,
      },
      outTradeNo: wire.out_trade_no,
      transactionId: wire.transaction_id,
      tradeType: wire.trade_type,
      state: wire.trade_state,
      stateText: wire.trade_state_desc ?? '',
      total: wire.amount?.total === undefined ? undefined : moneyOf(wire.amount.total, wire.amount.currency),
      payerTotal:
        wire.amount?.payer_total === undefined
          ? undefined
          : moneyOf(wire.amount.payer_total, wire.amount.payer_currency),
      bankType: wire.bank_type,
      openid: wire.payer?.openid ?? wire.payer?.sp_openid,
      attach: wire.attach,
      paidAtMs: wire.success_time,
      promotions: wire.promotion_detail?.length ? wire.promotion_detail : undefined,
    }),
  );

/** Answers name the state `status`, notifications `refund_status`; the latter name no currency: refunds are in CNY. */
export const refundShape = z
  .object({
    refund_id: text,
    out_refund_no: text,
    transaction_id: text,
    out_trade_no: text,
    status: z.enum(refundStates).optional(),
    refund_status: z.enum(refundStates).optional(),
    user_received_account: optionalText,
    success_time: optionalTime,
    channel: optionalText,
    amount: z.object({
      total: fen,
      refund: fen,
      payer_refund: fen.optional(),
      settlement_refund: fen.optional(),
      currency: currency.optional(),
    }),
  })
  .transform((wire, context): Refund => {
    const state = wire.status ?? wire.refund_status;
    if (!state) context.addIssue({ code: 'custom', message: 'no status', path: ['status'] });
    const { amount } = wire;
    const part = (minor: number | undefined) => (minor === undefined ? undefined : moneyOf(minor, amount.currency));
    return {
      outRefundNo: wire.out_refund_no,
      refundId: wire.refund_id,
      outTradeNo: wire.out_trade_no,
      transactionId: wire.transaction_id,
      state: state ?? 'PROCESSING',
      refund: moneyOf(amount.refund, amount.currency),
      total: moneyOf(amount.total, amount.currency),
      account: wire.user_received_account,
      doneAtMs: wire.success_time,
      channel: wire.channel,
      payerRefund: part(amount.payer_refund),
      settlementRefund: part(amount.settlement_refund),
    };
  });

/** The value in its shape; the error says where it differs, never what was there. */
export const shaped = <Shape extends z.ZodType>(shape: Shape, value: unknown, place: string): z.output<Shape> => {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WeChatPayError('answer-malformed', [place, ...(parsed.error.issues[0]?.path ?? [])].join('.'));
};

export type Asked = Readonly<{ outTradeNo?: string; transactionId?: string; total?: Money }>;

export const checkAmount = (answered: Money | undefined, asked: Money, place: string): void => {
  if (!answered) throw new WeChatPayError('answer-malformed', place);
  if (answered.currency !== asked.currency) throw new WeChatPayError('other-currency', place);
  if (answered.minor !== asked.minor) throw new WeChatPayError('other-amount', place);
};

/** Throws unless the order is this merchant's, the one that was asked, over the amount that was asked. */
export const checkTransaction = (transaction: Transaction, asked: Asked, account: Account): void => {
  const { merchant } = transaction;
  const isPartner = account.mode === 'partner';
  const appid = isPartner ? account.spAppid : account.appid;
  if (merchant.mchid !== signerOf(account)) throw new WeChatPayError('other-merchant', 'mchid');
  if (merchant.appid !== undefined && merchant.appid !== appid) throw new WeChatPayError('other-merchant', 'appid');
  if (isPartner && merchant.subMchid !== account.subMchid) throw new WeChatPayError('other-merchant', 'sub_mchid');
  if (asked.outTradeNo !== undefined && transaction.outTradeNo !== asked.outTradeNo)
    throw new WeChatPayError('other-order', 'out_trade_no');
  if (asked.transactionId !== undefined && transaction.transactionId !== asked.transactionId)
    throw new WeChatPayError('other-order', 'transaction_id');
  const isPaid = transaction.state === 'SUCCESS' || transaction.state === 'REFUND';
  if (isPaid && transaction.transactionId === undefined) throw new WeChatPayError('answer-malformed', 'transaction_id');
  if (isPaid && !transaction.total) throw new WeChatPayError('answer-malformed', 'amount.total');
  if (asked.total && (isPaid || transaction.total)) checkAmount(transaction.total, asked.total, 'amount.total');
};

export type AskedRefund = Readonly<{
  outRefundNo?: string;
  outTradeNo?: string;
  transactionId?: string;
  refund?: Money;
  total?: Money;
}>;

export const checkRefund = (answer: Refund, asked: AskedRefund): void => {
  if (asked.outRefundNo !== undefined && answer.outRefundNo !== asked.outRefundNo)
    throw new WeChatPayError('other-order', 'out_refund_no');
  if (asked.outTradeNo !== undefined && answer.outTradeNo !== asked.outTradeNo)
    throw new WeChatPayError('other-order', 'out_trade_no');
  if (asked.transactionId !== undefined && answer.transactionId !== asked.transactionId)
    throw new WeChatPayError('other-order', 'transaction_id');
  if (asked.refund) checkAmount(answer.refund, asked.refund, 'amount.refund');
  if (asked.total) checkAmount(answer.total, asked.total, 'amount.total');
};
