import assert from 'node:assert/strict';
import type { Money } from '@zhanggui/money';
import {
  applyEvent,
  applyRefundWord,
  nextRefundAction,
  openRefund,
  type PaymentEvent,
  type Refund,
  refundableMinor,
} from '@zhanggui/qr-payment';
import type { RefundOrder, RefundWord } from '@zhanggui/wallet-channel';
import { QrPayError } from './qrpay-error.ts';
import { moneyOf, type PaymentRecord, type RefundRecord } from './records.ts';
import { askWallet, channelOf, leaseOf, type Room } from './room.ts';
import { idOf, numberOf, sendBackId } from './routing.ts';
import type { CardRequest, RefundRequest } from './views.ts';

/** Refunds all or a part. The same id again gives what is known of it, and asks nobody. */
export const startRefund = async (room: Room, request: RefundRequest): Promise<RefundRecord> => {
  const refundId = idOf(request.refundId, 'refundId');
  const requestId = idOf(request.requestId, 'requestId');
  const found = await room.journal.findRefund(refundId);
  if (found) return repeated(found, requestId, request.amount);
  if (request.amount.minor <= 0n) throw new QrPayError('amount-out-of-range', 'amount');
  if (request.reason.length > 80) throw new QrPayError('request-malformed', 'reason');
  const begun = await begin(room, { ...request, refundId, requestId });
  if (begun.kind === 'there') return repeated(begun.record, requestId, request.amount);
  return workOnRefund(room, begun.record);
};

const repeated = (record: RefundRecord, requestId: string, amount: Money): RefundRecord => {
  const isSame = record.requestId === requestId && record.refund.amount.minor === amount.minor;
  if (!isSame) throw new QrPayError('refund-conflict', 'refundId');
  return record;
};

type Begun = Readonly<{ kind: 'new' | 'there'; record: RefundRecord }>;

/** The refund and what it takes from the payment are one commit, before the wallet is asked. */
const begin = async (room: Room, request: RefundRequest): Promise<Begun> => {
  const { journal } = room;
  const begun = await journal.transaction(async (tx) => {
    const before = await journal.lock(tx, request.requestId);
    if (!before) throw new QrPayError('payment-not-found', 'requestId');
    const record = recordOf(room, before, request);
    if (!(await journal.insertRefund(tx, record, leaseOf(room)))) return undefined;
    checkRefund(before, request);
    const after = withEvent(room, before, { kind: 'refund-asked', minor: request.amount.minor });
    assert(await journal.saveIn(tx, after), 'a locked row is written');
    return { record, before, after };
  });
  if (begun) {
    room.changed(begun.before, begun.after);
    return { kind: 'new', record: begun.record };
  }
  const record = await journal.findRefund(request.refundId);
  assert(record, 'a refund that is there is found');
  return { kind: 'there', record };
};

const checkRefund = ({ payment }: PaymentRecord, { amount, by }: RefundRequest): void => {
  const isOurs = by === automatic;
  const isMoney = payment.state === 'paid' || payment.state === 'refunding' || payment.state === 'refunded';
  if (!isMoney || (payment.owesBack && !isOurs)) throw new QrPayError('payment-not-refundable', payment.state);
  if (amount.currency !== payment.amount.currency || amount.minor > refundableMinor(payment))
    throw new QrPayError('refund-exceeds-payment', 'amount');
};

const recordOf = (room: Room, { requestId, wallet }: PaymentRecord, request: RefundRequest): RefundRecord => ({
  refundId: request.refundId,
  requestId,
  outRefundNo: numberOf(request.refundId),
  wallet,
  reason: request.reason,
  by: request.by,
  at: room.clock(),
  refund: openRefund(request.amount, room.clock()),
  version: 0,
});

const withEvent = (room: Room, record: PaymentRecord, event: PaymentEvent): PaymentRecord => ({
  ...record,
  payment: applyEvent(record.payment, event, room.clock(), room.timing),
  version: record.version + 1,
});

/** Who asks for a refund that nobody asked for. */
const automatic = 'qrpay';

/** Money that came after the end goes back by itself, as one refund. */
export const sendBack = async (room: Room, record: PaymentRecord): Promise<PaymentRecord> => {
  const { requestId, payment } = record;
  const amount = moneyOf(payment.amount, refundableMinor(payment));
  const refundId = sendBackId(requestId, (await room.journal.refundsOf(requestId)).length);
  room.log.warn({ requestId, wallet: record.wallet }, 'money came after the payment had ended; it is sent back');
  const begun = await begin(room, { refundId, requestId, amount, reason: '收银台已取消', by: automatic });
  await room.journal.release(requestId, room.instance);
  await workOnRefund(room, begun.record);
  return (await room.journal.find(requestId)) ?? record;
};

const orderOf = (record: RefundRecord, { outTradeNo, payment }: PaymentRecord): RefundOrder => ({
  outRefundNo: record.outRefundNo,
  outTradeNo,
  walletTradeNo: payment.paid?.walletTradeNo ?? '',
  refund: record.refund.amount,
  total: payment.amount,
  reason: record.reason,
  at: record.at,
});

/** Asks for a refund, or about it. The row is leased to us. */
export const workOnRefund = async (room: Room, record: RefundRecord): Promise<RefundRecord> => {
  const action = nextRefundAction(record.refund, room.clock());
  const paid = await room.journal.find(record.requestId);
  assert(paid, 'a refund has its payment');
  if (action === 'none') {
    await room.journal.release(record.refundId, room.instance);
    return record;
  }
  const order = orderOf(record, paid);
  const word: RefundWord = await askWallet(
    room,
    record.wallet,
    action === 'ask' ? 'refund' : 'query-refund',
    (channel) => (action === 'ask' ? channel.refund(order) : channel.queryRefund(order)),
  );
  return changeRefund(room, record, word, true);
};

/**
 * An undeliverable refund to a card of the payer. The card is told to the wallet and kept nowhere; one that the wallet does not take leaves
 * the refund as it was.
 */
export const redirectRefund = async (room: Room, { refundId, card, by }: CardRequest): Promise<RefundRecord> => {
  const record = await room.journal.findRefund(idOf(refundId, 'refundId'));
  const paid = record && (await room.journal.find(record.requestId));
  if (!paid) throw new QrPayError('payment-not-found', 'refundId');
  const { state, walletRefundNo } = record.refund;
  const ask = channelOf(room, record.wallet).refundToCard;
  if (!ask || state !== 'undeliverable' || walletRefundNo === null) throw new QrPayError('refund-needs-no-card', state);
  const order = { ...orderOf(record, paid), walletRefundNo };
  const word: RefundWord = await askWallet(room, record.wallet, 'refund-to-card', () => ask(order, card));
  room.log.info(
    { wallet: record.wallet, refundId: record.refundId, by, word: word.kind },
    'a refund was sent to a card',
  );
  if (word.kind === 'refused') throw new QrPayError('card-not-taken', word.code);
  return changeRefund(room, record, word, false);
};

/** What a refund's end means to its payment. */
const eventOf = (before: Refund, after: Refund): PaymentEvent | undefined => {
  const { minor } = after.amount;
  if (before.state === after.state) return undefined;
  if (after.state === 'refunded') return { kind: before.state === 'refused' ? 'refund-revived' : 'refund-done', minor };
  return after.state === 'refused' ? { kind: 'refund-refused', minor } : undefined;
};

/** Applies a word to a refund and, when it ends by it, to its payment, in one commit. */
export const changeRefund = async (
  room: Room,
  found: RefundRecord,
  word: RefundWord,
  releases: boolean,
): Promise<RefundRecord> => {
  let record = found;
  for (;;) {
    const refund = applyRefundWord(record.refund, word, room.clock(), room.timing);
    if (refund === record.refund) {
      if (releases) await room.journal.release(record.refundId, room.instance);
      return record;
    }
    const after = { ...record, refund, version: record.version + 1 };
    const saved = await saveRefund(room, record, after, releases);
    if (saved) return announced(room, record, saved);
    const fresh = await room.journal.findRefund(record.refundId);
    assert(fresh, 'a refund stays');
    record = fresh;
  }
};

/** What was written: an alarm may have come to the refund. */
type Saved = Readonly<{
  refund: RefundRecord;
  payments?: Readonly<{ before: PaymentRecord; after: PaymentRecord }>;
}>;

const saveRefund = (room: Room, before: RefundRecord, after: RefundRecord, releases: boolean) =>
  room.journal.transaction(async (tx): Promise<Saved | undefined> => {
    const { journal } = room;
    const event = eventOf(before.refund, after.refund);
    if (!event) return (await journal.saveRefund(tx, after, releases)) ? { refund: after } : undefined;
    // Payment before refund, as when a refund begins: whoever locks both locks them in this order.
    const payment = await journal.lock(tx, after.requestId);
    assert(payment, 'a refund has its payment');
    const isTooMuch = event.kind === 'refund-revived' && event.minor > refundableMinor(payment.payment);
    const kept = isTooMuch ? { ...after, refund: { ...after.refund, alarm: 'other-amount' as const } } : after;
    if (!(await journal.saveRefund(tx, kept, releases))) return undefined;
    if (isTooMuch) return { refund: kept };
    const changed = withEvent(room, payment, event);
    assert(await journal.saveIn(tx, changed), 'a locked row is written');
    return { refund: kept, payments: { before: payment, after: changed } };
  });

const announced = (room: Room, before: RefundRecord, { refund: after, payments }: Saved): RefundRecord => {
  const { wallet, refundId, requestId, refund } = after;
  if (payments) {
    room.changed(payments.before, payments.after);
    room.figures.refunds.add({ wallet, state: refund.state });
    room.log.info({ wallet, refundId, requestId, state: refund.state, code: refund.refusal?.code }, 'a refund ended');
  }
  if (refund.state === 'undeliverable' && before.refund.state !== refund.state) {
    room.figures.alarms.add({ wallet, alarm: refund.state });
    room.log.warn({ wallet, refundId, requestId }, 'the payer’s account does not take a refund: it needs a card');
  }
  if (refund.alarm && !before.refund.alarm) {
    room.figures.alarms.add({ wallet, alarm: refund.alarm });
    room.log.error({ wallet, refundId, requestId, alarm: refund.alarm }, 'a refund is not as asked');
  }
  if (refund.nextAt !== null) room.due(refund.nextAt);
  return after;
};
