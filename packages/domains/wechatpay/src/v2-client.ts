import { createSecretKey, type KeyObject } from 'node:crypto';
import { fetchSend, type Send } from '@zhanggui/https-call';
import type { Money } from '@zhanggui/money';
import { z } from 'zod';
import { type Account, v2Ids } from './account.ts';
import { type CodePayments, decideCodePayment, decideReversal, type Reversal } from './code-payments.ts';
import { randomNonce } from './crypto.ts';
import {
  type CodeOrder,
  checkCodeOrder,
  checkFields,
  checkRefundOrder,
  type OrderGoods,
  type OrderName,
  type RefundOrder,
} from './order.ts';
import { type CallRates, createPace, type Place } from './rates.ts';
import { productionHosts } from './room.ts';
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
import { callBytesMax, overHosts } from './transport.ts';
import { decodeV2, encodeV2, isV2SignatureOf, type V2Fields, type V2SignType, v2Signature } from './v2-message.ts';
import { refusalOf, WeChatPayError } from './wechatpay-error.ts';

export type WeChatPayV2Settings = Readonly<{
  account: Account;
  /** API 密钥, 32 characters. */
  apiKey: string;
  signType?: V2SignType;
  /** For reverse and refund, which want the merchant's certificate: `certificateSend({ cert, key })`. */
  certificateSend: Send;
  hosts?: readonly string[];
  timeoutMs?: number;
  /** Calls per second of each class, where they shall differ from WeChat's own limits. */
  rates?: CallRates;
  send?: Send;
}>;

type V2Call = Readonly<{
  place: Place;
  path: string;
  fields: Readonly<Record<string, string | undefined>>;
  repeatable: boolean;
  withCertificate?: boolean;
}>;
type Room = Readonly<{ account: Account; call(call: V2Call): Promise<V2Fields> }>;

const present = (fields: Readonly<Record<string, string | undefined>>): V2Fields =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value ? [[name, value]] : [])));

const refusalIn = (place: string, status: number, code: string, text: string, signed: boolean): WeChatPayError =>
  refusalOf(place, { status, code, text, signed });

type Wire = Readonly<{ key: KeyObject; type: V2SignType; ids: V2Fields }>;

/** Only `return_code` FAIL comes unsigned; `recall` asks for the call once more, whatever the result. */
const accepted = ({ key, type, ids }: Wire, text: string, place: string): V2Fields => {
  const fields = decodeV2(text);
  if (fields.return_code !== 'SUCCESS') throw refusalIn(place, 200, 'FAIL', fields.return_msg ?? '', false);
  if (!fields.sign) throw new WeChatPayError('signature-missing', 'sign');
  if (!isV2SignatureOf(fields, key, type)) throw new WeChatPayError('signature-wrong', 'sign');
  for (const name of ['mch_id', 'appid', 'sub_mch_id'])
    if (fields[name] && ids[name] && fields[name] !== ids[name]) throw new WeChatPayError('other-merchant', name);
  if (fields.recall === 'Y') throw new WeChatPayError('outcome-unknown', place);
  if (fields.result_code !== 'SUCCESS')
    throw refusalIn(place, 200, fields.err_code ?? 'FAIL', fields.err_code_des ?? '', true);
  return fields;
};

const openRoom = (settings: WeChatPayV2Settings): Room => {
  const { account, signType: type = 'HMAC-SHA256' } = settings;
  const secret = Buffer.from(settings.apiKey);
  if (secret.length !== 32) throw new WeChatPayError('request-malformed', 'apiKey');
  const wire = { key: createSecretKey(secret), type, ids: v2Ids(account) };
  const pace = createPace(settings.rates);
  const attempt = async ({ place, path, fields, withCertificate }: V2Call, host: string): Promise<V2Fields> => {
    await pace(place);
    const unsigned = present({ ...wire.ids, ...fields, nonce_str: randomNonce(), sign_type: type });
    const body = encodeV2({ ...unsigned, sign: v2Signature(unsigned, wire.key, type) });
    const send = withCertificate ? settings.certificateSend : (settings.send ?? fetchSend);
    const headers = { 'Content-Type': 'text/xml; charset=utf-8', 'User-Agent': 'zhanggui-wechatpay/0.1' };
    const timeoutMs = settings.timeoutMs ?? 10_000;
    const answer = await send({ method: 'POST', url: host + path, headers, body, timeoutMs, bytesMax: callBytesMax });
    if (answer.status !== 200) throw refusalIn(path, answer.status, `HTTP_${answer.status}`, '', false);
    return accepted(wire, Buffer.from(answer.body).toString(), path);
  };
  const hosts = settings.hosts ?? productionHosts;
  return {
    account,
    call: (call) => overHosts({ hosts, repeatable: call.repeatable, place: call.path }, (host) => attempt(call, host)),
  };
};

const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
/** v2 writes Beijing time without separators, or with a blank. */
const rfcTime = (text: string | undefined): string | undefined => {
  const match = /^(\d{4})-?(\d\d)-?(\d\d) ?(\d\d):?(\d\d):?(\d\d)$/.exec(text ?? '');
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`;
};

/** The v2 answer under the names of v3, so that one shape checks both. */
const transactionOf = (room: Room, fields: V2Fields, state: string): Transaction => {
  const total = fields.total_fee ? shaped(digits, fields.total_fee, 'total_fee') : undefined;
  const wire = {
    appid: fields.appid,
    mchid: fields.mch_id,
    sub_mchid: fields.sub_mch_id,
    out_trade_no: fields.out_trade_no,
    transaction_id: fields.transaction_id,
    trade_type: fields.trade_type,
    trade_state: state,
    trade_state_desc: fields.trade_state_desc,
    bank_type: fields.bank_type,
    attach: fields.attach,
    success_time: rfcTime(fields.time_end),
    payer: { openid: fields.openid },
    amount: {
      total,
      payer_total: fields.cash_fee ? shaped(digits, fields.cash_fee, 'cash_fee') : total,
      currency: fields.fee_type || undefined,
    },
  };
  const transaction = shaped(transactionShape, wire, 'v2');
  checkTransaction(transaction, {}, room.account);
  return transaction;
};

/** v2 has names of its own. */
const v2Goods = ({ goodsId, wechatGoodsId, name, quantity, unitPrice }: OrderGoods) => ({
  goods_id: goodsId,
  wxpay_goods_id: wechatGoodsId,
  goods_name: name,
  quantity,
  price: fenOf(unitPrice, 'unitPrice'),
});

const pay = async (room: Room, order: CodeOrder): Promise<Transaction> => {
  const fields = {
    body: order.description,
    out_trade_no: order.outTradeNo,
    total_fee: String(fenOf(order.total, 'total')),
    fee_type: order.total.currency,
    spbill_create_ip: order.clientIp,
    auth_code: order.authCode,
    device_info: order.deviceId,
    attach: order.attach,
    goods_tag: order.goodsTag,
    profit_sharing: order.profitSharing ? 'Y' : undefined,
    receipt: order.offersInvoice ? 'Y' : undefined,
    detail: order.goods && JSON.stringify({ goods_detail: order.goods.map(v2Goods) }),
    scene_info: JSON.stringify({ store_info: { id: order.storeId } }),
  };
  const answer = await room.call({ place: 'codepay', path: '/pay/micropay', fields, repeatable: false });
  const transaction = transactionOf(room, answer, 'SUCCESS');
  checkTransaction(transaction, order, room.account);
  return transaction;
};

const v2Name = (name: OrderName): Record<string, string> =>
  'outTradeNo' in name ? { out_trade_no: name.outTradeNo } : { transaction_id: name.transactionId };

const query = async (room: Room, name: OrderName, total?: Money): Promise<Transaction> => {
  checkFields(name);
  const fields = await room.call({ place: 'query', path: '/pay/orderquery', fields: v2Name(name), repeatable: true });
  const transaction = transactionOf(room, fields, fields.trade_state ?? '');
  checkTransaction(transaction, { ...name, total }, room.account);
  return transaction;
};

const reverse = async (room: Room, outTradeNo: string): Promise<Reversal> => {
  checkFields({ outTradeNo });
  const fields = { out_trade_no: outTradeNo };
  await room.call({ place: 'reverse', path: '/secapi/pay/reverse', fields, repeatable: true, withCertificate: true });
  return { kind: 'reversed' };
};

const v2RefundStates: Readonly<Record<string, string>> = {
  SUCCESS: 'SUCCESS',
  PROCESSING: 'PROCESSING',
  REFUNDCLOSE: 'CLOSED',
  CHANGE: 'ABNORMAL',
};

const refundOf = (fields: V2Fields, suffix: string, status: string): Refund =>
  shaped(
    refundShape,
    {
      refund_id: fields[`refund_id${suffix}`],
      out_refund_no: fields[`out_refund_no${suffix}`],
      transaction_id: fields.transaction_id,
      out_trade_no: fields.out_trade_no,
      status,
      user_received_account: fields[`refund_recv_accout${suffix}`],
      success_time: rfcTime(fields[`refund_success_time${suffix}`]),
      amount: {
        total: shaped(digits, fields.total_fee, 'total_fee'),
        refund: shaped(digits, fields[`refund_fee${suffix}`], 'refund_fee'),
        currency: fields.fee_type || undefined,
      },
    },
    'v2',
  );

const refund = async (room: Room, order: RefundOrder): Promise<Refund> => {
  checkRefundOrder(order);
  const fields = {
    ...v2Name(order.original),
    out_refund_no: order.outRefundNo,
    total_fee: String(fenOf(order.total, 'total')),
    refund_fee: String(fenOf(order.refund, 'refund')),
    refund_fee_type: order.refund.currency,
    refund_desc: order.reason,
    notify_url: order.notifyUrl,
  };
  const answer = await room.call({
    place: 'refund',
    path: '/secapi/pay/refund',
    fields,
    repeatable: true,
    withCertificate: true,
  });
  const done = refundOf(answer, '', 'PROCESSING');
  checkRefund(done, { outRefundNo: order.outRefundNo, ...order.original, refund: order.refund, total: order.total });
  return done;
};

/** An order's refunds come numbered: the one asked for is found by its own number. */
const queryRefund = async (room: Room, outRefundNo: string): Promise<Refund> => {
  checkFields({ outRefundNo });
  const fields = await room.call({
    place: 'refund-query',
    path: '/pay/refundquery',
    fields: { out_refund_no: outRefundNo },
    repeatable: true,
  });
  const name = Object.keys(fields).find((key) => /^out_refund_no_\d+$/.test(key) && fields[key] === outRefundNo);
  if (name === undefined) throw new WeChatPayError('other-order', 'out_refund_no');
  const suffix = name.slice('out_refund_no'.length);
  return refundOf(fields, suffix, v2RefundStates[fields[`refund_status${suffix}`] ?? ''] ?? '');
};

/** 付款码 payments for an account that has only API v2: XML, signed with a shared key. */
export const openWeChatPayV2 = (settings: WeChatPayV2Settings): CodePayments => {
  const room = openRoom(settings);
  return {
    async payByCode(order) {
      checkCodeOrder(order);
      return decideCodePayment(
        () => pay(room, order),
        () => query(room, { outTradeNo: order.outTradeNo }, order.total),
      );
    },
    query: (name, total) => query(room, name, total),
    reverse: (outTradeNo) => decideReversal(() => reverse(room, outTradeNo)),
    refund: (order) => refund(room, order),
    queryRefund: (outRefundNo) => queryRefund(room, outRefundNo),
  };
};
