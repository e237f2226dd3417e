import type { Money } from '@zhanggui/money';
import { z } from 'zod';
import { type Account, merchantIds, orderIds, payPath } from './account.ts';
import type { Bill, BillRow, FundFlowBillRequest, TradeBillRequest } from './bill.ts';
import { bills } from './bills.ts';
import { type CodePayments, decideCodePayment, decideReversal } from './code-payments.ts';
import { randomNonce, signText } from './crypto.ts';
import { createNotificationReader, type NotificationReader } from './notifications.ts';
import {
  type CodeOrder,
  checkCodeOrder,
  checkFields,
  type JsapiOrder,
  type NativeOrder,
  type OrderName,
  orderBody,
  prepayBody,
} from './order.ts';
import { type CardRefund, queryRefund, refund, refundToCard } from './refunds.ts';
import { openRoom, queryText, type Room, type WeChatPaySettings } from './room.ts';
import { checkTransaction, type Refund, shaped, type Transaction, transactionShape } from './transaction.ts';

/** What a page hands to WeChat's script to open the payment. */
export type JsapiPayment = Readonly<{
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: 'RSA';
  paySign: string;
}>;
export interface WeChatPay extends CodePayments {
  /** The address to show as QR code. */
  native(order: NativeOrder): Promise<Readonly<{ codeUrl: string }>>;
  jsapi(order: JsapiOrder): Promise<Readonly<{ prepayId: string; payment: JsapiPayment }>>;
  /** Unpaid Native and JSAPI orders; one paid by code is reversed instead. */
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

const native = async (room: Room, order: NativeOrder): Promise<{ codeUrl: string }> => {
  const body = { ...orderIds(room.account), ...prepayBody(order) };
  const path = `${payPath(room.account)}/native`;
  const answer = await room.call({ method: 'POST', path, body, repeatable: true, place: 'native' });
  return { codeUrl: shaped(z.object({ code_url: z.string().startsWith('weixin://') }), answer, 'native').code_url };
};

const payerApp = (account: Account): { appId: string; payerField: string } => {
  if (account.mode === 'direct') return { appId: account.appid, payerField: 'openid' };
  if (account.subAppid !== undefined) return { appId: account.subAppid, payerField: 'sub_openid' };
  return { appId: account.spAppid, payerField: 'sp_openid' };
};

const jsapi = async (room: Room, order: JsapiOrder): Promise<{ prepayId: string; payment: JsapiPayment }> => {
  const { appId, payerField } = payerApp(room.account);
  const body = { ...orderIds(room.account), ...prepayBody(order), payer: { [payerField]: order.openid } };
  const path = `${payPath(room.account)}/jsapi`;
  const answer = await room.call({ method: 'POST', path, body, repeatable: true, place: 'jsapi' });
  const prepayId = shaped(z.object({ prepay_id: z.string().min(1) }), answer, 'jsapi').prepay_id;
  const timeStamp = String(Math.floor(room.now() / 1000));
  const nonceStr = randomNonce();
  const packageText = `prepay_id=${prepayId}`;
  const paySign = signText(`${appId}\n${timeStamp}\n${nonceStr}\n${packageText}\n`, room.privateKey);
  return { prepayId, payment: { appId, timeStamp, nonceStr, package: packageText, signType: 'RSA', paySign } };
};

/** A client of API v3 for one account. Throws `WeChatPayError` when a key or setting cannot be right. */
export const openWeChatPay = (settings: WeChatPaySettings): WeChatPay => {
  const room = openRoom(settings);
  const { account } = settings;
  const post = (path: string, body: Readonly<Record<string, string>>, place: string): Promise<unknown> =>
    room.call({ method: 'POST', path, body, repeatable: true, place });
  return {
    native: (order) => native(room, order),
    jsapi: (order) => jsapi(room, order),
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
  };
};
