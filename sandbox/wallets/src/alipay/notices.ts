import { sign } from 'node:crypto';
import type { Delivery, Signing } from '../deliveries.ts';
import type { EngineEvent, Order, Refund } from '../engine/words.ts';
import { memoOf, merchantName, paidNode, type Room, textOfTime, tradeStatusOf, yuanOf } from './room.ts';

const minute = 60_000;
const hour = 60 * minute;
/** 4 m, 10 m, 10 m, 1 h, 2 h, 6 h, 15 h. */
const waitsMs = [4 * minute, 10 * minute, 10 * minute, hour, 2 * hour, 6 * hour, 15 * hour];

type Subject = Readonly<{ orderId: string; refundId?: string }>;

const refundFields = (refund: Refund, all: readonly Refund[]): Record<string, string> => {
  const done = all.filter(({ state, doneAt }) => state === 'done' && (doneAt ?? 0) <= (refund.doneAt ?? 0));
  const total = done.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  return {
    out_biz_no: memoOf(refund).outRequestNo ?? '',
    refund_fee: yuanOf(total),
    gmt_refund: `${textOfTime(refund.doneAt ?? 0)}.000`,
  };
};

const fieldsOf = ({ engine, keys }: Room, order: Order, refund: Refund | undefined): Record<string, string> => {
  const { fund_bill_list: funds, ...paid } = paidNode(order);
  const shared = Object.entries(paid).map(([name, value]): [string, string] => [name, String(value)]);
  const channels = (funds as readonly Readonly<{ amount: string; fund_channel: string }>[] | undefined) ?? [];
  const list = channels.map(({ amount, fund_channel: fundChannel }) => ({ amount, fundChannel }));
  return {
    app_id: keys.merchant.appId,
    auth_app_id: keys.merchant.appId,
    ...Object.fromEntries(shared),
    fund_bill_list: JSON.stringify(list),
    gmt_create: textOfTime(order.createdAt),
    ...(order.paidAt !== null && { gmt_payment: textOfTime(order.paidAt) }),
    notify_time: textOfTime(engine.now()),
    notify_type: 'trade_status_sync',
    out_trade_no: order.outTradeNo,
    seller_id: keys.merchant.sellerId,
    subject: order.description,
    total_amount: yuanOf(order.amountMinor),
    trade_no: order.tradeNo,
    trade_status: tradeStatusOf(order),
    ...(refund && refundFields(refund, engine.refundsOf(order.id))),
  };
};

const signatureOf = (room: Room, fields: Readonly<Record<string, string>>, signing: Signing): string => {
  const names = Object.keys(fields).filter((name) => fields[name] !== '');
  const text = names
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const covered = signing === 'right' ? text : `${text}.`;
  return sign('sha256', Buffer.from(covered), room.keys.alipay.privateKey).toString('base64');
};

const compose = (room: Room, delivery: Delivery, signing: Signing) => {
  const { orderId, refundId } = JSON.parse(delivery.subject) as Subject;
  const order = room.engine.orderById(orderId);
  if (!order) throw new Error('a notification is about an order');
  const refund = refundId === undefined ? undefined : room.engine.refundsOf(orderId).find(({ id }) => id === refundId);
  const notifyId = Buffer.from(delivery.id).toString('hex').padEnd(34, '0');
  const fields = { ...fieldsOf(room, order, refund), notify_id: notifyId, charset: 'utf-8', version: '1.0' };
  const form = { ...fields, sign_type: 'RSA2', sign: signatureOf(room, fields, signing) };
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return { headers, body: new URLSearchParams(form).toString() };
};

const tell = (room: Room, order: Order, refund: Refund | undefined): void => {
  const { notifyUrl } = memoOf(order);
  if (notifyUrl === undefined) return;
  const id = refund ? `alipay/${order.id}/${refund.id}` : `alipay/${order.id}/paid`;
  const subject: Subject = { orderId: order.id, refundId: refund?.id };
  room.deliveries.send({ id, wallet: 'alipay', url: notifyUrl, subject: JSON.stringify(subject) });
};

const hear = (room: Room, event: EngineEvent): void => {
  if (event.kind !== 'order' && event.kind !== 'refund') return;
  const { order } = event;
  if (order.wallet !== merchantName.wallet || order.merchantNo !== merchantName.merchantNo) return;
  if (event.kind === 'order' && order.state === 'paid') tell(room, order, undefined);
  if (event.kind === 'refund' && event.refund.state === 'done') tell(room, order, event.refund);
};

/** Payments and refunds are told to the address that came with the order, until it answers `success`. */
export const openNotices = (room: Room): void => {
  room.deliveries.register('alipay', {
    waitsMs,
    compose: (delivery, signing) => compose(room, delivery, signing),
    accepts: ({ status, body }) => status === 200 && body.trim() === 'success',
  });
  room.engine.onEvent((event) => hear(room, event));
};
