import type { Money } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';
import { z } from 'zod';
import { AlipayError } from './alipay-error.ts';
import { type AlipayBillRow, billBytesMax, openBill } from './bill.ts';
import { type AlipaySettings, beijingText, type Gateway, openGateway } from './gateway.ts';
import { type AlipayNotification, readNotification } from './notifications.ts';
import {
  checkTrade,
  instantIn,
  moneyOf,
  refundQueryShape,
  refundShape,
  shaped,
  type Trade,
  tradeOf,
  tradeShape,
  yuanOf,
} from './trade.ts';

type Order = Readonly<{
  /** Ours, letters, digits and underscores, never used before. */
  outTradeNo: string;
  /** What the payer reads. */
  subject: string;
  total: Money;
  storeId?: string;
  terminalId?: string;
  notifyUrl?: string;
  /** Not payable any more from here on. */
  expiresAt?: EpochMs;
}>;
export type AlipayCodeOrder = Order & Readonly<{ authCode: string }>;
export type AlipayRefundOrder = Readonly<{
  outTradeNo: string;
  /** One number is one refund, however often it is asked for. */
  outRequestNo: string;
  refund: Money;
  total: Money;
  reason?: string;
}>;
/** `changed` is false when this refund was done before. `refundedTotal` is that of all refunds of the trade. */
export type AlipayRefund = Readonly<{ tradeNo: string; changed: boolean; refundedTotal: Money; at?: EpochMs }>;
export type AlipayRefundFound = Readonly<{ tradeNo: string; refund: Money; at?: EpochMs }>;
/** What was cancelled: `refund` when money went back, undefined when there was no trade yet. */
export type Cancellation = Readonly<{ action?: 'close' | 'refund'; retry: boolean }>;

/** Face-to-face payments. All throw `AlipayError`; every call is sent once. */
export interface Alipay {
  /** The payer's payment code or face token. `WAIT_BUYER_PAY`: the payer types a password. After `outcome-unknown`: query. */
  pay(order: AlipayCodeOrder): Promise<Trade>;
  /** The text of a QR code to show. There is no trade until somebody scans it. */
  precreate(order: Order): Promise<Readonly<{ qrCode: string }>>;
  query(name: Readonly<{ outTradeNo: string }> | Readonly<{ tradeNo: string }>, total?: Money): Promise<Trade>;
  /** Closes what is unpaid, pays back what is paid; of this day only. */
  cancel(outTradeNo: string): Promise<Cancellation>;
  /** An unpaid trade; one paid is refused. */
  close(outTradeNo: string): Promise<void>;
  refund(order: AlipayRefundOrder): Promise<AlipayRefund>;
  /** Undefined when there is no such refund, or it is not done. */
  queryRefund(name: Readonly<{ outTradeNo: string; outRequestNo: string }>): Promise<AlipayRefundFound | undefined>;
  /** The trades of a day, yyyy-MM-dd. */
  tradeBill(date: string): Promise<AsyncIterable<AlipayBillRow>>;
  readNotification(body: Uint8Array): AlipayNotification;
}

const patterns = {
  outTradeNo: /^\w{1,64}$/,
  tradeNo: /^\d{16,64}$/,
  outRequestNo: /^[\w-]{1,64}$/,
  subject: /^[^/=&]{1,256}$/,
  authCode: /^(?:(?:2[5-9]|30)\d{14,22}|fp[0-9A-Za-z]{33})$/,
  date: /^\d{4}-\d\d-\d\d$/,
} as const;

/** Nothing leaves that Alipay would refuse for its form. */
const checkFields = (fields: Readonly<Partial<Record<keyof typeof patterns, string>>>): void => {
  for (const [name, pattern] of Object.entries(patterns)) {
    const value = fields[name as keyof typeof patterns];
    if (value !== undefined && !pattern.test(value)) throw new AlipayError('request-malformed', name);
  }
};

const orderContent = (order: Order): Record<string, unknown> => {
  checkFields({ outTradeNo: order.outTradeNo, subject: order.subject });
  return {
    out_trade_no: order.outTradeNo,
    total_amount: yuanOf(order.total, 'total'),
    subject: order.subject,
    product_code: 'FACE_TO_FACE_PAYMENT',
    store_id: order.storeId,
    terminal_id: order.terminalId,
    time_expire: order.expiresAt === undefined ? undefined : beijingText(order.expiresAt),
  };
};

const pay = async (gateway: Gateway, order: AlipayCodeOrder): Promise<Trade> => {
  checkFields({ authCode: order.authCode });
  const scene = order.authCode.startsWith('fp') ? 'security_code' : 'bar_code';
  const content = { ...orderContent(order), scene, auth_code: order.authCode };
  const call = { method: 'alipay.trade.pay', content, notifyUrl: order.notifyUrl, place: 'pay' };
  const { code, node } = await gateway.call(call);
  const status = code === '10003' ? 'WAIT_BUYER_PAY' : 'TRADE_SUCCESS';
  const trade = tradeOf(shaped(tradeShape, node, 'pay'), status, 'pay');
  checkTrade(trade, order);
  return trade;
};

const precreate = async (gateway: Gateway, order: Order): Promise<{ qrCode: string }> => {
  const call = { method: 'alipay.trade.precreate', content: orderContent(order), place: 'precreate' };
  const { node } = await gateway.call({ ...call, notifyUrl: order.notifyUrl });
  const answer = shaped(z.object({ out_trade_no: z.string(), qr_code: z.url() }), node, 'precreate');
  if (answer.out_trade_no !== order.outTradeNo) throw new AlipayError('other-order', 'out_trade_no');
  return { qrCode: answer.qr_code };
};

const query: (gateway: Gateway, ...asked: Parameters<Alipay['query']>) => Promise<Trade> = async (
  gateway,
  name,
  total,
) => {
  checkFields(name);
  const content = 'outTradeNo' in name ? { out_trade_no: name.outTradeNo } : { trade_no: name.tradeNo };
  const options = { ...content, query_options: ['fund_bill_list'] };
  const { node } = await gateway.call({ method: 'alipay.trade.query', content: options, place: 'query' });
  const answer = shaped(tradeShape, node, 'query');
  if (!answer.trade_status) throw new AlipayError('answer-malformed', 'query.trade_status');
  const trade = tradeOf(answer, answer.trade_status, 'query');
  checkTrade(trade, { ...name, total });
  return trade;
};

const cancelShape = z.object({
  out_trade_no: z.string(),
  action: z.enum(['close', 'refund']).optional(),
  retry_flag: z.enum(['Y', 'N']).default('N'),
});

const cancel = async (gateway: Gateway, outTradeNo: string): Promise<Cancellation> => {
  checkFields({ outTradeNo });
  const content = { out_trade_no: outTradeNo };
  const { node } = await gateway.call({ method: 'alipay.trade.cancel', content, place: 'cancel' });
  const answer = shaped(cancelShape, node, 'cancel');
  if (answer.out_trade_no !== outTradeNo) throw new AlipayError('other-order', 'out_trade_no');
  return { action: answer.action, retry: answer.retry_flag === 'Y' };
};

const close = async (gateway: Gateway, outTradeNo: string): Promise<void> => {
  checkFields({ outTradeNo });
  const content = { out_trade_no: outTradeNo };
  await gateway.call({ method: 'alipay.trade.close', content, place: 'close' });
};

const refund = async (gateway: Gateway, order: AlipayRefundOrder): Promise<AlipayRefund> => {
  const { outTradeNo, outRequestNo } = order;
  checkFields({ outTradeNo, outRequestNo });
  const amount = yuanOf(order.refund, 'refund');
  if (order.refund.minor > order.total.minor) throw new AlipayError('request-malformed', 'refund');
  const content = { out_trade_no: outTradeNo, out_request_no: outRequestNo, refund_amount: amount };
  const call = { method: 'alipay.trade.refund', content: { ...content, refund_reason: order.reason }, place: 'refund' };
  const { node } = await gateway.call(call);
  const answer = shaped(refundShape, node, 'refund');
  if (answer.out_trade_no !== outTradeNo) throw new AlipayError('other-order', 'out_trade_no');
  const refundedTotal = moneyOf(answer.refund_fee, 'refund.refund_fee');
  const changed = answer.fund_change === 'Y';
  if ((changed && refundedTotal.minor < order.refund.minor) || refundedTotal.minor > order.total.minor)
    throw new AlipayError('other-amount', 'refund_fee');
  const at = instantIn(answer.gmt_refund_pay, 'refund.gmt_refund_pay');
  return { tradeNo: answer.trade_no, changed, refundedTotal, at };
};

const queryRefund = async (
  gateway: Gateway,
  name: Readonly<{ outTradeNo: string; outRequestNo: string }>,
): Promise<AlipayRefundFound | undefined> => {
  checkFields(name);
  const content = { out_trade_no: name.outTradeNo, out_request_no: name.outRequestNo };
  const options = { ...content, query_options: ['gmt_refund_pay'] };
  const method = 'alipay.trade.fastpay.refund.query';
  const { node } = await gateway.call({ method, content: options, place: 'refund-query' });
  const answer = shaped(refundQueryShape, node, 'refund-query');
  // A refund that Alipay does not have is an answer without fields; one that failed has an amount and no status.
  if (answer.refund_amount === undefined || answer.refund_status !== 'REFUND_SUCCESS') return undefined;
  if (answer.out_trade_no !== name.outTradeNo || answer.out_request_no !== name.outRequestNo)
    throw new AlipayError('other-order', 'out_request_no');
  const amount = moneyOf(answer.refund_amount, 'refund-query.refund_amount');
  return { tradeNo: answer.trade_no, refund: amount, at: instantIn(answer.gmt_refund_pay, 'refund-query') };
};

const tradeBill = async (gateway: Gateway, date: string): Promise<AsyncIterable<AlipayBillRow>> => {
  checkFields({ date });
  const content = { bill_type: 'trade', bill_date: date };
  const method = 'alipay.data.dataservice.bill.downloadurl.query';
  const { node } = await gateway.call({ method, content, place: 'bill' });
  const { bill_download_url: url } = shaped(z.object({ bill_download_url: z.url() }), node, 'bill');
  return openBill(await gateway.download(url, billBytesMax));
};

export const openAlipay = (settings: AlipaySettings): Alipay => {
  const gateway = openGateway(settings);
  const ours = { appId: settings.appId, sellerId: settings.sellerId, isSigned: gateway.isSigned };
  return {
    pay: (order) => pay(gateway, order),
    precreate: (order) => precreate(gateway, order),
    query: (name, total) => query(gateway, name, total),
    cancel: (outTradeNo) => cancel(gateway, outTradeNo),
    close: (outTradeNo) => close(gateway, outTradeNo),
    refund: (order) => refund(gateway, order),
    queryRefund: (name) => queryRefund(gateway, name),
    tradeBill: (date) => tradeBill(gateway, date),
    readNotification: (body) => readNotification(body, ours),
  };
};
