import type { Delivery, Signing } from '../deliveries.ts';
import type { EngineEvent, Order, Refund } from '../engine/words.ts';
import { merId } from './keys.ts';
import { type Fields, memoOf, merchantName, orderFields, type Room, refundFields, signatureOf } from './room.ts';

const minute = 60_000;
/** Five times, 0, 1, 2 and 4 minutes apart. */
const waitsMs = [0, minute, 2 * minute, 4 * minute];

type Subject = Readonly<{ orderId: string; refundId?: string }>;

const formOf = ({ keys }: Room, fields: Fields, signing: Signing): Fields => {
  const unsigned = {
    ...fields,
    accessType: '0',
    bizType: '000000',
    encoding: 'UTF-8',
    merId,
    respCode: '00',
    respMsg: '成功[0000000]',
    signMethod: '01',
    signPubKeyCert: keys.signerCertificate,
    version: '5.1.0',
  };
  const covered = signing === 'right' ? unsigned : { ...unsigned, txnAmt: '1' };
  return { ...unsigned, signature: signatureOf(covered, keys.signer.privateKey) };
};

const compose = (room: Room, delivery: Delivery, signing: Signing) => {
  const { orderId, refundId } = JSON.parse(delivery.subject) as Subject;
  const order = room.engine.orderById(orderId);
  if (!order) throw new Error('a notification is about an order');
  const refund = refundId === undefined ? undefined : room.engine.refundsOf(orderId).find(({ id }) => id === refundId);
  const form = formOf(room, refund ? refundFields(refund, order) : orderFields(order), signing);
  const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
  return { headers, body: new URLSearchParams(form).toString() };
};

const tell = (room: Room, order: Order, refund: Refund | undefined): void => {
  const { backUrl } = memoOf(refund ?? order);
  if (backUrl === undefined) return;
  const id = refund ? `unionpay/${order.id}/${refund.id}` : `unionpay/${order.id}/paid`;
  const subject: Subject = { orderId: order.id, refundId: refund?.id };
  room.deliveries.send({ id, wallet: 'unionpay', url: backUrl, subject: JSON.stringify(subject) });
};

const hear = (room: Room, event: EngineEvent): void => {
  if (event.kind !== 'order' && event.kind !== 'refund') return;
  const { order } = event;
  if (order.wallet !== merchantName.wallet || order.merchantNo !== merchantName.merchantNo) return;
  if (event.kind === 'order' && order.state === 'paid') tell(room, order, undefined);
  if (event.kind === 'refund' && event.refund.state === 'done') tell(room, order, event.refund);
};

/** What succeeded is told to the backUrl that came with it, until it answers 200. */
export const openNotices = (room: Room): void => {
  room.deliveries.register('unionpay', {
    waitsMs,
    compose: (delivery, signing) => compose(room, delivery, signing),
    accepts: ({ status }) => status === 200,
  });
  room.engine.onEvent((event) => hear(room, event));
};
