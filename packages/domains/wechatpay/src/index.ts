export type { Incoming, Outgoing, Send } from '@zhanggui/https-call';
export type { Account } from './account.ts';
export { type Bill, type BillRow, type FundFlowBillRequest, parseBill, type TradeBillRequest } from './bill.ts';
export { weChatChannel } from './channel.ts';
export { openWeChatPay, type WeChatPay } from './client.ts';
export type { CodePayment, CodePayments, Reversal } from './code-payments.ts';
export type { CombinedOrder, CombinedPart, CombinedPayments, CombinedTransaction } from './combine.ts';
export { decryptField, encryptField, signText } from './crypto.ts';
export type { MediaFile } from './media.ts';
export type { Notification, NotificationAnswer, NotificationReader, NotificationRequest } from './notifications.ts';
export type {
  Application,
  ApplicationStatus,
  Onboarding,
  SettlementAccount,
  SettlementChange,
} from './onboarding.ts';
export type {
  AppOrder,
  CodeOrder,
  H5Order,
  JsapiOrder,
  NativeOrder,
  OrderGoods,
  OrderName,
  RefundOrder,
} from './order.ts';
export type { PlatformKeySettings } from './platform-keys.ts';
export type { AppPayment, JsapiPayment } from './prepay.ts';
export type {
  ProfitSharing,
  Receiver,
  ReceiverName,
  Share,
  SharedNotice,
  SharingOrder,
  SharingResult,
  SharingReturn,
  SharingReturnResult,
} from './profit-sharing.ts';
export type { CallClass, CallRates } from './rates.ts';
export type { CardRefund } from './refunds.ts';
export type { WeChatPaySettings } from './room.ts';
export {
  type Asked,
  checkTransaction,
  type Promotion,
  type Refund,
  type RefundState,
  type TradeState,
  type Transaction,
} from './transaction.ts';
export { certificateSend } from './transport.ts';
export { openWeChatPayV2, type WeChatPayV2Settings } from './v2-client.ts';
export type { V2SignType } from './v2-message.ts';
export { isNotFound, type WeChatAnswer, WeChatPayError, type WeChatPayErrorCode } from './wechatpay-error.ts';
