import { z } from 'zod';
import { readFields } from './fields.ts';
import type { Refusal } from './refusals.ts';
import { refusals } from './refusals.ts';

/** WeChat's own names of an order's and a refund's fields. */
const titles = {
  appid: '公众号ID',
  mchid: '直连商户号',
  sp_appid: '服务商应用ID',
  sp_mchid: '服务商户号',
  sub_appid: '子商户应用ID',
  sub_mchid: '子商户号',
  description: '商品描述',
  out_trade_no: '商户订单号',
  time_expire: '交易结束时间',
  attach: '附加数据',
  notify_url: '通知地址',
  goods_tag: '订单优惠标记',
  total: '总金额',
  currency: '货币类型',
  openid: '用户标识',
  auth_code: '付款码',
  out_refund_no: '商户退款单号',
  transaction_id: '微信支付订单号',
  refund: '退款金额',
  reason: '退款原因',
  bill_date: '账单日期',
} as const;

type Read<Value> = Readonly<{ kind: 'read'; value: Value }> | Readonly<{ kind: 'refused'; refusal: Refusal }>;

/** The value in its shape, or the refusal that names the first field that is not; a field nobody knows has a number of its own. */
export const read = <Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  source: 'body' | 'query' = 'body',
): Read<z.output<Shape>> => {
  const result = readFields(shape, source, value, titles);
  if (result.kind === 'read') return result;
  const issue = shape.safeParse(value ?? {}).error?.issues[0];
  if (issue?.code !== 'unrecognized_keys') return result;
  const field = `/${[source, ...issue.path.map(String), issue.keys[0]].join('/')}`;
  const refusal = { ...refusals.extraParameter, message: `无效的参数“${field}”`, detail: { location: source, field } };
  return { kind: 'refused', refusal };
};

export const readQuery = <Shape extends z.ZodType>(shape: Shape, query: URLSearchParams): Read<z.output<Shape>> =>
  read(shape, Object.fromEntries(query), 'query');

export const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);
export const outRefundNo = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/);
export const fen = z.int().positive().max(10_000_000_000);
export const currency = z.literal('CNY');
/** http for the sandbox alone: the real one wants https. */
export const notifyUrl = z
  .string()
  .max(256)
  .regex(/^https?:\/\/[^\s?#]+$/);
export const text = (max: number) => z.string().max(max);
export const filled = (max: number) => z.string().min(1).max(max);
export const instant = z.iso.datetime({ offset: true }).transform((written) => Date.parse(written));
