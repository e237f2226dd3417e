import type { Order, PayRefusal } from '../engine/words.ts';
import {
  clearingDay,
  type Fields,
  type Memo,
  memoOf,
  merchantName,
  type Reply,
  type Room,
  type Transact,
} from './room.ts';

const patterns: Readonly<Record<string, RegExp>> = {
  orderId: /^[0-9A-Za-z]{8,40}$/,
  txnTime: /^\d{14}$/,
  txnAmt: /^[1-9]\d{0,11}$/,
  qrNo: /^\d{19}$/,
  origQryId: /^\d{21}$/,
  currencyCode: /^156$/,
};

/** 13 when a field is missing, 10 when it has another form. */
export const formRefusal = (fields: Fields, names: readonly string[]): Reply | undefined => {
  for (const name of names) {
    if (!fields[name]) return { respCode: '13' };
    if (!patterns[name]?.test(fields[name])) return { respCode: '10' };
  }
  return undefined;
};

const hour = 3_600_000;
/** A transaction's time is that of sending it. */
export const isTimely = (room: Room, txnTime: string): boolean => Math.abs(timeOf(txnTime) - room.engine.now()) <= hour;

const timeOf = (digits: string): number => {
  const [, date = '', hours = '', minutes = '', seconds = ''] = /^(\d{8})(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return Date.parse(`${day}T${hours}:${minutes}:${seconds}+08:00`);
};

const payCodes: Readonly<Record<PayRefusal, string>> = {
  'code-malformed': '10',
  'code-unknown': '30',
  'code-expired': '30',
  'code-used': '30',
  'other-terms': '12',
  'other-payer': '12',
  paid: '12',
  closed: '12',
  reversed: '12',
  'not-enough': '64',
  'card-refused': '60',
  'account-frozen': '63',
};

/** A code payment that nobody finishes is over after a quarter of an hour. */
const codeMs = 900_000;
const shownMs = 24 * hour;
const amountMax = 5_000_000n;

const orderOf = (fields: Fields, expiresAt: number) => {
  const { txnTime = '', txnSubType, backUrl, reqReserved } = fields;
  const memo: Memo = { txnTime, txnSubType, backUrl, reqReserved };
  return {
    ...merchantName,
    outTradeNo: fields.orderId ?? '',
    amountMinor: BigInt(fields.txnAmt ?? '0'),
    description: fields.orderDesc ?? '云闪付付款',
    terms: JSON.stringify([fields.txnAmt, txnTime]),
    memo: JSON.stringify(memo),
    expiresAt,
  };
};

const saleRefusal = (room: Room, fields: Fields, names: readonly string[]): Reply | undefined => {
  const form = formRefusal(fields, ['orderId', 'txnTime', 'txnAmt', 'currencyCode', ...names]);
  if (form) return form;
  if (!isTimely(room, fields.txnTime ?? '')) return { respCode: '10' };
  if (BigInt(fields.txnAmt ?? '0') > amountMax) return { respCode: '33' };
  return room.engine.findOrder({ ...merchantName, outTradeNo: fields.orderId ?? '' }) ? { respCode: '12' } : undefined;
};

/** 01/06. Taken is not paid: the query tells. */
export const payByCode: Transact = async (room, fields) => {
  const refusal = saleRefusal(room, fields, ['qrNo']);
  if (refusal) return refusal;
  if (room.faults.take('merchant-restricted')) return { respCode: '38' };
  if (room.faults.take('system-error')) return { respCode: '04' };
  if (room.faults.take('bank-error')) return { respCode: '03' };
  const order = orderOf(fields, room.engine.now() + codeMs);
  const outcome = await room.engine.payByCode({ ...order, authCode: fields.qrNo ?? '' });
  if (room.faults.take('system-error-after')) return { respCode: '04' };
  if (outcome.kind !== 'refused') return { respCode: '00', more: { queryId: outcome.order.tradeNo } };
  const respCode = payCodes[outcome.reason];
  if (outcome.order)
    room.engine.remember(outcome.order.id, JSON.stringify({ ...memoOf(outcome.order), refusal: respCode }));
  return { respCode };
};

/** 01/07. */
export const applyQr: Transact = (room, fields) => {
  const refusal = saleRefusal(room, fields, []);
  if (refusal) return refusal;
  const until = fields.payTimeout ? timeOf(fields.payTimeout) : room.engine.now() + shownMs;
  if (!(until > room.engine.now())) return { respCode: '10' };
  const digits = Array.from(room.engine.random(32), (byte) => byte % 10).join('');
  const link = `https://qr.95516.com/00010001/${digits}`;
  const outcome = room.engine.createOrder({ ...orderOf(fields, until), way: 'shown', link });
  return outcome.kind === 'created' ? { respCode: '00', more: { qrCode: link } } : { respCode: '12' };
};

export const orderNamed = (room: Room, fields: Fields): Order | undefined => {
  const order = room.engine.findOrder({ ...merchantName, outTradeNo: fields.orderId ?? '' });
  return order && memoOf(order).txnTime === fields.txnTime ? order : undefined;
};

/** 99/01: a payment by code, by its own name, on its own clearing day. */
export const reverse: Transact = async (room, fields) => {
  const form = formRefusal(fields, ['orderId', 'txnTime']);
  if (form) return form;
  const order = orderNamed(room, fields);
  if (order?.way !== 'code') return { respCode: '35' };
  if (order.state === 'reversed') return { respCode: '46' };
  if (room.faults.take('bank-error')) return { respCode: '05' };
  if (clearingDay(order.createdAt) !== clearingDay(room.engine.now())) return { respCode: '39' };
  const outcome = await room.engine.reverse({ ...merchantName, outTradeNo: order.outTradeNo });
  if (outcome.kind === 'reversed') return { respCode: '00' };
  switch (outcome.reason) {
    case 'not-found':
      return { respCode: '35' };
    case 'refunded':
      return { respCode: '45' };
    case 'too-late':
    case 'too-early':
      return { respCode: '39' };
    case 'not-enough':
      return { respCode: '30' };
  }
};
