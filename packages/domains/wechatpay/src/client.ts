import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Money } from '@zhanggui/money';
import { z } from 'zod';
import { type Account, merchantIds, orderIds, payPath, signerOf, subMerchantIds } from './account.ts';
import { type Bill, billAddressShape, type FundFlowBillRequest, openBill, type TradeBillRequest } from './bill.ts';
import { type CodePayments, decideCodePayment, decideReversal } from './code-payments.ts';
import { encryptField, randomNonce, signText } from './crypto.ts';
import { createNotificationReader, type NotificationReader } from './notifications.ts';
import {
  type CodeOrder,
  checkCodeOrder,
  checkFields,
  checkRefundOrder,
  type JsapiOrder,
  type NativeOrder,
  type OrderName,
  orderBody,
  prepayBody,
  type RefundOrder,
} from './order.ts';
import { createPlatformKeys, jsonOf, type PlatformKeySettings, type PlatformKeys } from './platform-keys.ts';
import {
  checkRefund,
  checkTransaction,
  fenOf,
  type Refund,
  refundShape,
  shaped,
  type Transaction,
  transactionShape,
} from './transaction.ts';
import { fetchSend, type Send } from './transport.ts';
import { callV3, fetchV3, type V3Call } from './v3-calls.ts';
import { WeChatPayError } from './wechatpay-error.ts';

export type WeChatPaySettings = Readonly<{
  account: Account;
  /** The signing merchant's API certificate: serial and private key (PEM). */
  certificateSerial: string;
  privateKey: string;
  /** APIv3 密钥, 32 characters. */
  apiV3Key: string;
  platform?: PlatformKeySettings;
  /** In the order they are tried. */
  hosts?: readonly string[];
  timeoutMs?: number;
  now?: () => number;
  send?: Send;
}>;

/** What a page hands to WeChat's script to open the payment. */
export type JsapiPayment = Readonly<{
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: 'RSA';
  paySign: string;
}>;
/** A refund that could not go back to where it came from, to a card of the payer. */
export type CardRefund = Readonly<{
  refundId: string;
  outRefundNo: string;
  bankType: string;
  cardNumber: string;
  name: string;
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
  /** Downloads the platform certificates now; unknown ones are fetched by themselves. */
  refreshCertificates(): Promise<void>;
  readonly notifications: NotificationReader;
}

type Room = Readonly<{
  account: Account;
  privateKey: KeyObject;
  now: () => number;
  keys: PlatformKeys;
  call(call: V3Call): Promise<unknown>;
  download(call: V3Call): Promise<Uint8Array>;
}>;

export const productionHosts = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'] as const;

const secretOf = (text: string): KeyObject => {
  const bytes = Buffer.from(text);
  if (bytes.length !== 32) throw new WeChatPayError('request-malformed', 'apiV3Key');
  return createSecretKey(bytes);
};

const queryText = (values: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(values).toString();
  return text === '' ? '' : `?${text}`;
};

const openRoom = (settings: WeChatPaySettings, apiV3Key: KeyObject): Room => {
  const { account, now = Date.now } = settings;
  const privateKey = createPrivateKey(settings.privateKey);
  const wire = {
    signer: { mchid: signerOf(account), serial: settings.certificateSerial, privateKey },
    hosts: settings.hosts ?? productionHosts,
    send: settings.send ?? fetchSend,
    now,
    timeoutMs: settings.timeoutMs ?? 10_000,
    preferredSerial: (): string | undefined => keys.preferredSerial,
  };
  const certificates = { method: 'GET', path: '/v3/certificates', repeatable: true, place: 'certificates' } as const;
  const keys = createPlatformKeys({ ...settings.platform, apiV3Key, now, download: () => fetchV3(wire, certificates) });
  return {
    account,
    privateKey,
    now,
    keys,
    call: async (call) => jsonOf((await callV3(wire, keys, call)).body),
    download: async (call) => (await fetchV3(wire, call)).body,
  };
};

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

const refundPath = '/v3/refund/domestic/refunds';

const refund = async (room: Room, order: RefundOrder): Promise<Refund> => {
  checkRefundOrder(order);
  const { original } = order;
  const amount = {
    refund: fenOf(order.refund, 'refund'),
    total: fenOf(order.total, 'total'),
    currency: order.total.currency,
  };
  const body = {
    ...subMerchantIds(room.account),
    ...('outTradeNo' in original ? { out_trade_no: original.outTradeNo } : { transaction_id: original.transactionId }),
    out_refund_no: order.outRefundNo,
    reason: order.reason,
    notify_url: order.notifyUrl,
    amount,
  };
  const answer = await room.call({ method: 'POST', path: refundPath, body, repeatable: true, place: 'refund' });
  const done = shaped(refundShape, answer, 'refund');
  checkRefund(done, { outRefundNo: order.outRefundNo, ...original, refund: order.refund, total: order.total });
  return done;
};

const queryRefund = async (room: Room, outRefundNo: string): Promise<Refund> => {
  checkFields({ outRefundNo });
  const path = `${refundPath}/${encodeURIComponent(outRefundNo)}${queryText(subMerchantIds(room.account))}`;
  const answer = await room.call({ method: 'GET', path, repeatable: true, place: 'refund-query' });
  const found = shaped(refundShape, answer, 'refund-query');
  checkRefund(found, { outRefundNo });
  return found;
};

const refundToCard = async (room: Room, order: CardRefund): Promise<Refund> => {
  checkFields({ outRefundNo: order.outRefundNo });
  const { serial, key } = await room.keys.encryptionKey();
  const body = {
    ...subMerchantIds(room.account),
    out_refund_no: order.outRefundNo,
    type: 'USER_BANK_CARD',
    bank_type: order.bankType,
    bank_account: encryptField(order.cardNumber, key),
    real_name: encryptField(order.name, key),
  };
  const path = `${refundPath}/${encodeURIComponent(order.refundId)}/apply-abnormal-refund`;
  const call = {
    method: 'POST',
    path,
    body,
    repeatable: false,
    place: 'refund-to-card',
    encryptedWith: serial,
  } as const;
  const done = shaped(refundShape, await room.call(call), 'refund-to-card');
  checkRefund(done, { outRefundNo: order.outRefundNo });
  return done;
};

const bill = async (
  room: Room,
  kind: 'tradebill' | 'fundflowbill',
  values: Readonly<Record<string, string>>,
): Promise<Bill> => {
  const path = `/v3/bill/${kind}${queryText({ ...values, tar_type: 'GZIP' })}`;
  const address = shaped(
    billAddressShape,
    await room.call({ method: 'GET', path, repeatable: true, place: kind }),
    kind,
  );
  // The file is fetched from the host we trust, whatever host the address names: our signature goes along.
  const { pathname, search } = new URL(address.download_url);
  const file = { method: 'GET', path: pathname + search, repeatable: true, place: 'bill-file', isFile: true } as const;
  return openBill(await room.download(file), address.hash_value);
};

/** A client of API v3 for one account. Throws `WeChatPayError` when a key or setting cannot be right. */
export const openWeChatPay = (settings: WeChatPaySettings): WeChatPay => {
  const apiV3Key = secretOf(settings.apiV3Key);
  const room = openRoom(settings, apiV3Key);
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
    tradeBill: ({ date, type = 'ALL' }) =>
      bill(room, 'tradebill', { bill_date: date, bill_type: type, ...subMerchantIds(account) }),
    fundFlowBill: ({ date, account: name = 'BASIC' }) =>
      bill(room, 'fundflowbill', { bill_date: date, account_type: name }),
    refreshCertificates: () => room.keys.refresh(),
    notifications: createNotificationReader({ account, apiV3Key, keys: room.keys }),
  };
};
