import assert from 'node:assert/strict';
import { applyEvent, isEnded, nextAction, openPayment, type Payment, type PaymentEvent } from '@zhanggui/qr-payment';
import type { PaymentWord, Wallet } from '@zhanggui/wallet-channel';
import { QrPayError } from './qrpay-error.ts';
import type { PaymentRecord } from './records.ts';
import { sendBack } from './refunds.ts';
import { askWallet, channelOf, leaseOf, type Room } from './room.ts';
import { idOf, numberOf, routeCode } from './routing.ts';
import type { StartRequest } from './views.ts';

type Change = Readonly<{ /** The work on it is over. */ releases?: boolean; qr?: string }>;

/** Applies an event to what is known, however often somebody else writes in between. */
export const changePayment = async (
  room: Room,
  found: PaymentRecord,
  event: PaymentEvent,
  { releases = false, qr }: Change = {},
): Promise<PaymentRecord> => {
  let record = found;
  for (;;) {
    const payment = applyEvent(record.payment, event, room.clock(), room.timing);
    if (payment === record.payment) {
      if (releases) await room.journal.release(record.requestId, room.instance);
      return record;
    }
    const after = { ...record, payment, qr: qr ?? record.qr, version: record.version + 1 };
    if (await room.journal.save({ record: after, releases })) {
      room.changed(record, after);
      return after;
    }
    record = await known(room, record.requestId);
  }
};

/** Throws `payment-not-found`. */
const known = async (room: Room, requestId: string): Promise<PaymentRecord> => {
  const record = await room.journal.find(requestId);
  if (!record) throw new QrPayError('payment-not-found', 'requestId');
  return record;
};

/** WeChat takes no more than this in one payment; nor do we. */
const amountMaxMinor = 100_000_000_00n;

type Routed = Readonly<{ wallet: Wallet; authCode?: string }>;

const route = (room: Room, { how, amount, description }: StartRequest): Routed => {
  if (amount.currency !== 'CNY' || amount.minor <= 0n || amount.minor > amountMaxMinor)
    throw new QrPayError('amount-out-of-range', 'amount');
  if (description.length === 0 || description.length > 127) throw new QrPayError('request-malformed', 'description');
  const offers = (wallet: Wallet): boolean => room.channels.has(wallet);
  if (how.kind === 'code') return routeCode(how.authCode, { offers, guests: room.guests });
  channelOf(room, how.wallet);
  return { wallet: how.wallet };
};

/** Journals the payment, and only then asks the wallet. The same id again gives what is known of it, and asks nobody. */
export const startPayment = async (room: Room, request: StartRequest): Promise<PaymentRecord> => {
  const { wallet, authCode } = route(room, request);
  const requestId = idOf(request.requestId, 'requestId');
  const { amount, description, place } = request;
  const payment = openPayment({ how: request.how.kind, amount, at: room.clock() }, room.timing);
  const outTradeNo = numberOf(requestId);
  const record: PaymentRecord = { requestId, outTradeNo, wallet, description, place, qr: null, payment, version: 0 };
  if (!(await room.journal.insert({ record, lease: leaseOf(room) }))) return repeated(room, record);
  room.changed(undefined, record);
  return authCode === undefined ? showCode(room, record) : payByCode(room, record, authCode, request.clientIp);
};

const repeated = async (room: Room, asked: PaymentRecord): Promise<PaymentRecord> => {
  const record = await known(room, asked.requestId);
  const isSame =
    record.payment.amount.minor === asked.payment.amount.minor &&
    record.payment.how === asked.payment.how &&
    record.wallet === asked.wallet;
  if (!isSame) throw new QrPayError('request-conflict', 'requestId');
  return record;
};

const payByCode = async (
  room: Room,
  record: PaymentRecord,
  authCode: string,
  clientIp: string,
): Promise<PaymentRecord> => {
  const { wallet, outTradeNo, description, place, payment } = record;
  const deviceId = place.terminalId ?? place.tillId ?? room.storeId;
  const order = { outTradeNo, description, total: payment.amount, at: payment.askedAt };
  const word: PaymentWord = await askWallet(room, wallet, 'pay-by-code', (channel) =>
    channel.payByCode({ ...order, authCode, storeId: room.storeId, deviceId, clientIp }),
  );
  return changePayment(room, record, { kind: 'word', word, source: 'request' }, { releases: true });
};

const showCode = async (room: Room, record: PaymentRecord): Promise<PaymentRecord> => {
  const { wallet, outTradeNo, description, payment } = record;
  const { expiresAt } = payment;
  assert(expiresAt !== null, 'a code to show expires');
  const said = await askWallet(room, wallet, 'show', (channel) =>
    channel.show({ outTradeNo, description, total: payment.amount, at: payment.askedAt, expiresAt }),
  );
  return said.kind === 'shown'
    ? changePayment(room, record, { kind: 'shown' }, { releases: true, qr: said.qr })
    : changePayment(room, record, { kind: 'word', word: said, source: 'request' }, { releases: true });
};

const nameOf = ({ outTradeNo, payment }: PaymentRecord) => ({
  outTradeNo,
  total: payment.amount,
  at: payment.askedAt,
  expiresAt: payment.expiresAt ?? undefined,
});

/** Does what is due. The row is leased to us. */
export const workOnPayment = async (room: Room, record: PaymentRecord): Promise<PaymentRecord> => {
  switch (nextAction(record.payment, room.clock(), room.timing)) {
    case 'none':
      await room.journal.release(record.requestId, room.instance);
      return record;
    case 'show':
      return showCode(room, record);
    case 'query':
      return heard(room, record, 'query');
    case 'close':
      return heard(room, record, 'close');
    case 'reverse':
      return undo(room, record);
    case 'send-back':
      return sendBack(room, record);
  }
};

const heard = async (room: Room, record: PaymentRecord, call: 'query' | 'close'): Promise<PaymentRecord> => {
  const word: PaymentWord = await askWallet(room, record.wallet, call, (channel) => channel[call](nameOf(record)));
  return changePayment(room, record, { kind: 'word', word, source: call }, { releases: true });
};

/** It is journaled that a reversal goes out before it does: from then on the payment cannot be taken any more. */
const undo = async (room: Room, found: PaymentRecord): Promise<PaymentRecord> => {
  const record = found.payment.isUndoing ? found : await changePayment(room, found, { kind: 'undo' });
  if (isEnded(record.payment) && !record.payment.isInDoubt) {
    await room.journal.release(record.requestId, room.instance);
    return record;
  }
  const said = await askWallet(room, record.wallet, 'reverse', (channel) => channel.reverse(nameOf(record)));
  const word = said.kind === 'unknown' ? ({ kind: 'again', reason: said.reason } as const) : said;
  return changePayment(room, record, { kind: 'undoing', word }, { releases: true });
};

/** How often, and how long apart, a cancelled code is tried to be closed while somebody else is asking about it. */
const cancelTries = { count: 40, pauseMs: 50 };

const hasAnswer = ({ isUndoing, isCancelled, state }: Payment): boolean =>
  isEnded({ state }) || (isCancelled && isUndoing);

/** Gives up. A code payment is reversed in time; a shown code is closed here and now, and may turn out to be paid. */
export const cancelPayment = async (room: Room, id: string): Promise<PaymentRecord> => {
  let record = await changePayment(room, await known(room, idOf(id, 'requestId')), { kind: 'cancel' });
  for (let tries = 0; !hasAnswer(record.payment) && tries < cancelTries.count; tries += 1) {
    const [leased] = await room.journal.take(leaseOf(room), room.clock(), 1, record.requestId);
    if (leased) record = await workOnPayment(room, leased);
    else {
      await new Promise((resolve) => setTimeout(resolve, cancelTries.pauseMs));
      record = await known(room, record.requestId);
    }
  }
  if (hasAnswer(record.payment)) return record;
  // A wallet that keeps us waiting does not keep the counter: from here on late money goes back.
  const silence = { kind: 'unknown', reason: 'busy' } as const;
  return changePayment(room, record, { kind: 'word', word: silence, source: 'close' });
};
