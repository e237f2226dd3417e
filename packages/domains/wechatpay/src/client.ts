import type { Money } from '@zhanggui/money';
import { merchantIds, orderIds, payPath } from './account.ts';
import type { Bill, BillRow, FundFlowBillRequest, TradeBillRequest } from './bill.ts';
import { bills } from './bills.ts';
import { type CodePayments, decideCodePayment, decideReversal } from './code-payments.ts';
import { type CombinedPayments, combinedPayments } from './combine.ts';
import { createNotificationReader, type NotificationReader } from './notifications.ts';
import { type Onboarding, onboarding } from './onboarding.ts';
import {
  type AppOrder,
  type CodeOrder,
  checkCodeOrder,
  checkFields,
  type H5Order,
  type JsapiOrder,
  type NativeOrder,
  type OrderName,
  orderBody,
} from './order.ts';
import { type AppPayment, type JsapiPayment, prepays } from './prepay.ts';
import { type ProfitSharing, profitSharing } from './profit-sharing.ts';
import type { Place } from './rates.ts';
import { type CardRefund, queryRefund, refund, refundToCard } from './refunds.ts';
import { openRoom, queryText, type Room, type WeChatPaySettings } from './room.ts';
import { checkTransaction, type Refund, shaped, type Transaction, transactionShape } from './transaction.ts';

export interface WeChatPay extends CodePayments {
  /** The address to show as QR code. */
  native(order: NativeOrder): Promise<Readonly<{ codeUrl: string }>>;
  jsapi(order: JsapiOrder): Promise<Readonly<{ prepayId: string; payment: JsapiPayment }>>;
  app(order: AppOrder): Promise<Readonly<{ prepayId: string; payment: AppPayment }>>;
  /** The address to go to in the payer's browser, within five minutes. */
  h5(order: H5Order): Promise<Readonly<{ h5Url: string }>>;
  /** Unpaid orders; one paid by code is reversed instead. */
  close(outTradeNo: string): Promise<void>;
  refundToCard(refund: CardRefund): Promise<Refund>;
  tradeBill(request: TradeBillRequest): Promise<Bill>;
  fundFlowBill(request: FundFlowBillRequest): Promise<Bill>;
  /** Row by row, for bills of any length; the hash is proved before the first. */
  tradeBillRows(request: TradeBillRequest): AsyncIterable<BillRow>;
  fundFlowBillRows(request: FundFlowBillRequest): AsyncIterable<BillRow>;
  /** Downloads the platform certificates now; unknown ones are fetched by themselves. */
  refreshCertificates(): Promise<void>;
  readonly notifications: NotificationReader;
  /** Several orders, one payment. */
  readonly combined: CombinedPayments;
  readonly profitSharing: ProfitSharing;
  readonly onboarding: Onboarding;
}

const orderPath = (room: Room, outTradeNo: string): string => {
  checkFields({ outTradeNo });
  return `${payPath(room.account)}/out-trade-no/${encodeURIComponent(outTradeNo)}`;
};

const query = async (room: Room, name: OrderName, total?: Money): Promise<Transaction> => {
  checkFields(name);
  const path =
    'outTradeNo' in name ? orderPath(room, name.outTradeNo) : `${payPath(room.account)}/id/${name.transactionId}`;
  const call = {
    method: 'GET',
    path: path + queryText(merchantIds(room.account)),
    repeatable: true,
    place: 'query',
  } as const;
  const transaction = shaped(transactionShape, await room.call(call), 'query');
  checkTransaction(transaction, { ...name, total }, room.account);
  return transaction;
};

const codepay = async (room: Room, order: CodeOrder): Promise<Transaction> => {
  const scene = { device_id: order.deviceId, device_ip: order.clientIp, store_info: { id: order.storeId } };
  const body = {
    ...orderIds(room.account),
    ...orderBody(order),
    payer: { auth_code: order.authCode },
    scene_info: scene,
  };
  const path = `${payPath(room.account)}/codepay`;
  const answer = await room.call({ method: 'POST', path, body, repeatable: false, place: 'codepay' });
  const transaction = shaped(transactionShape, answer, 'codepay');
  checkTransaction(transaction, order, room.account);
  return transaction;
};

/** A client of API v3 for one account. Throws `WeChatPayError` when a key or setting cannot be right. */
export const openWeChatPay = (settings: WeChatPaySettings): WeChatPay => {
  const room = openRoom(settings);
  const { account } = settings;
  const post = (path: string, body: Readonly<Record<string, string>>, place: Place): Promise<unknown> =>
    room.call({ method: 'POST', path, body, repeatable: true, place });
  return {
    ...prepays(room),
    async payByCode(order) {
      checkCodeOrder(order);
      const { outTradeNo, total } = order;
      return decideCodePayment(
        () => codepay(room, order),
        () => query(room, { outTradeNo }, total),
      );
    },
    query: (name, total) => query(room, name, total),
    async close(outTradeNo) {
      await post(`${orderPath(room, outTradeNo)}/close`, merchantIds(account), 'close');
    },
    reverse: (outTradeNo) =>
      decideReversal(async () => {
        await post(`${orderPath(room, outTradeNo)}/reverse`, orderIds(account), 'reverse');
        return { kind: 'reversed' };
      }),
    refund: (order) => refund(room, order),
    queryRefund: (outRefundNo) => queryRefund(room, outRefundNo),
    refundToCard: (order) => refundToCard(room, order),
    ...bills(room),
    refreshCertificates: () => room.keys.refresh(),
    notifications: createNotificationReader(room),
    combined: combinedPayments(room),
    profitSharing: profitSharing(room),
    onboarding: onboarding(room),
  };
};
