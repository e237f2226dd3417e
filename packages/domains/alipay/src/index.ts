export { type AlipayAnswer, AlipayError, type AlipayErrorCode, isNotFound } from './alipay-error.ts';
export type { AlipayBillRow } from './bill.ts';
export { alipayChannel } from './channel.ts';
export {
  type Alipay,
  type AlipayCodeOrder,
  type AlipayRefund,
  type AlipayRefundFound,
  type AlipayRefundOrder,
  type Cancellation,
  openAlipay,
} from './client.ts';
export type { AlipaySettings } from './gateway.ts';
export type { AlipayNotification } from './notifications.ts';
export type { Trade, TradeStatus } from './trade.ts';
export type { AlipayTrust } from './trust.ts';
