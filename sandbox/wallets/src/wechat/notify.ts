import { createHash } from 'node:crypto';
import type { Courier, Delivery } from '../deliveries.ts';
import type { EngineEvent, Order, Refund } from '../engine/words.ts';
import { beijingTime } from './gate-platform.ts';
import { refundMemoOf, refundStateOf, refundToldWire } from './refunds.ts';
import type { Room } from './room.ts';
import { memoOf, transactionWire } from './transaction.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** WeChat's own schedule; after the last it is given up. */
const waitsMs = [
  15 * second,
  15 * second,
  30 * second,
  3 * minute,
  10 * minute,
  20 * minute,
  30 * minute,
  30 * minute,
  30 * minute,
  60 * minute,
  3 * hour,
  3 * hour,
  3 * hour,
  6 * hour,
  6 * hour,
];

/** A notification before it is sealed. */
export type Told = Readonly<{
  /** Whose key seals it. */
  mchid: string;
  event: string;
  summary: string;
  /** `transaction`, `refund`, `profitsharing`: WeChat seals it as associated data. */
  type: string;
  resource: unknown;
}>;

const idOf = (delivery: Delivery): string => {
  const hex = createHash('sha256').update(`${delivery.id}/${delivery.createdAt}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
};

/** The same notification has the same id and time however often it comes; it is sealed and signed anew. */
const courierOf = (room: Room): Courier => ({
  waitsMs,
  compose: (delivery, signing) => {
    const { mchid, event, summary, type, resource } = JSON.parse(delivery.subject) as Told;
    const sealed = room.gate.seal(mchid, JSON.stringify(resource), type);
    const body = JSON.stringify({
      id: idOf(delivery),
      create_time: beijingTime(delivery.createdAt),
      resource_type: 'encrypt-resource',
      event_type: event,
      summary,
      resource: { algorithm: 'AEAD_AES_256_GCM', original_type: type, associated_data: type, ...sealed },
    });
    const headers = {
      'Content-Type': 'application/json',
      Accept: '*/*',
      'User-Agent': 'Mozilla/4.0',
      ...room.gate.notificationHeaders(mchid, body, signing),
    };
    return { headers, body };
  },
  accepts: ({ status }) => status === 200 || status === 204,
});

/** `id` names what is told; told once. */
export const tell = (room: Room, id: string, url: string, told: Told): void =>
  room.deliveries.send({ id: `wechat/${id}`, wallet: 'wechat', url, subject: JSON.stringify(told) });

const tellPayment = (room: Room, order: Order): void => {
  const { signer, notifyUrl } = memoOf(order);
  if (order.state !== 'paid' || notifyUrl === undefined) return;
  const resource = transactionWire(order, 'SUCCESS');
  const told = { event: 'TRANSACTION.SUCCESS', summary: '支付成功', type: 'transaction', resource };
  tell(room, `${order.id}/paid`, notifyUrl, { ...told, mchid: signer });
};

const summaries: Readonly<Record<string, string>> = { SUCCESS: '退款成功', ABNORMAL: '退款异常', CLOSED: '退款关闭' };

const tellRefund = (room: Room, refund: Refund, order: Order): void => {
  const { signer, notifyUrl } = refundMemoOf(refund);
  if (refund.state === 'processing' || notifyUrl === undefined) return;
  const state = refundStateOf(refund);
  const resource = refundToldWire(refund, order, state);
  const told = { event: `REFUND.${state}`, summary: summaries[state] ?? '', type: 'refund', resource };
  tell(room, `${refund.id}/${refund.state}`, notifyUrl, { ...told, mchid: signer });
};

const hear = (room: Room, event: EngineEvent): void => {
  if (event.kind === 'order' && event.order.wallet === 'wechat' && isOurs(event.order.memo))
    tellPayment(room, event.order);
  if (event.kind === 'refund' && event.refund.wallet === 'wechat' && isOurs(event.refund.memo))
    tellRefund(room, event.refund, event.order);
};

/** Orders that others keep their own memo with are told by them. */
const isOurs = (memo: string): boolean => memo.startsWith('{"signer":');

/** Payments and refunds are told to whoever asked for it. A code payment never is. */
export const startNotifying = (room: Room): void => {
  room.deliveries.register('wechat', courierOf(room));
  room.engine.onEvent((event) => hear(room, event));
};
