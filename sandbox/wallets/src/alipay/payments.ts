import type { CodePayOutcome, Order, OrderName, PayRefusal } from '../engine/words.ts';
import { codeShape, expiryOf, fieldsOf, nameShape, orderShape } from './fields.ts';
import type { AlipayReason } from './refusals.ts';
import {
  type Memo,
  type Method,
  merchantName,
  paidNode,
  type Reply,
  refused,
  textOfTime,
  tradeStatusOf,
  yuanOf,
} from './room.ts';

const amountMax = 10_000_000_000n;

const payReasons: Readonly<Record<PayRefusal, AlipayReason>> = {
  'code-malformed': 'auth-code',
  'code-unknown': 'auth-code',
  'code-expired': 'auth-code',
  'code-used': 'auth-code',
  'other-terms': 'other-terms',
  'other-payer': 'other-buyer',
  paid: 'has-success',
  closed: 'has-close',
  reversed: 'has-close',
  'not-enough': 'not-enough',
  'card-refused': 'payment-fail',
  'account-frozen': 'buyer-forbidden',
};

const namesOf = (order: Order): Record<string, unknown> => ({
  out_trade_no: order.outTradeNo,
  total_amount: yuanOf(order.amountMinor),
  trade_no: order.tradeNo,
});

const payReply = (outcome: CodePayOutcome): Reply => {
  if (outcome.kind === 'refused') return refused(payReasons[outcome.reason]);
  const { order } = outcome;
  if (outcome.kind === 'paying') return { kind: 'reply', code: '10003', node: namesOf(order) };
  const gmtPayment = order.paidAt === null ? undefined : textOfTime(order.paidAt);
  return { kind: 'reply', node: { ...paidNode(order), gmt_payment: gmtPayment, ...namesOf(order) } };
};

const orderOf = (
  fields: NonNullable<ReturnType<typeof orderShape.safeParse>['data']>,
  notifyUrl: string | undefined,
  now: number,
) => {
  const memo: Memo = { notifyUrl, storeId: fields.store_id, terminalId: fields.terminal_id };
  return {
    ...merchantName,
    outTradeNo: fields.out_trade_no,
    amountMinor: fields.total_amount,
    description: fields.subject,
    terms: JSON.stringify([String(fields.total_amount), fields.subject]),
    memo: JSON.stringify(memo),
    expiresAt: expiryOf(fields, now),
  };
};

export const pay: Method = async ({ engine, faults }, call) => {
  const fields = fieldsOf(codeShape, call);
  if (!fields) return refused('parameter-wrong');
  if (fields.total_amount > amountMax) return refused('amount-too-large');
  if (faults.take('merchant-restricted')) return refused('seller-restricted');
  if (faults.take('system-error')) return refused('unavailable');
  if (faults.take('bank-error')) return refused('system-error');
  const order = orderOf(fields, call.notifyUrl, engine.now());
  const outcome = await engine.payByCode({ ...order, authCode: fields.auth_code });
  // The worst kind: it is done, and Alipay does not know.
  return faults.take('system-error-after') ? refused('unavailable') : payReply(outcome);
};

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

export const precreate: Method = ({ engine }, call) => {
  const fields = fieldsOf(orderShape, call);
  if (!fields) return refused('parameter-wrong');
  if (fields.total_amount > amountMax) return refused('amount-too-large');
  const token = Array.from(engine.random(18), (byte) => letters[byte % letters.length]).join('');
  const order = orderOf(fields, call.notifyUrl, engine.now());
  const outcome = engine.createOrder({ ...order, way: 'shown', link: `https://qr.alipay.com/bax0${token}` });
  if (outcome.kind === 'refused') {
    if (outcome.reason === 'other-terms') return refused('other-terms');
    return refused(outcome.reason === 'paid' ? 'has-success' : 'has-close');
  }
  return { kind: 'reply', node: { out_trade_no: outcome.order.outTradeNo, qr_code: outcome.order.link } };
};

/** A code that nobody scanned is no trade yet; nor is one whose payment was refused. */
const findTrade = (engine: Parameters<Method>[0]['engine'], name: OrderName): Order | undefined => {
  const order = engine.findOrder(name);
  if (order?.state === 'not-paid' && (order.way === 'code' || order.consumerId === null)) return undefined;
  return order;
};

export const orderNameOf = (fields: Readonly<{ out_trade_no?: string; trade_no?: string }>): OrderName =>
  fields.trade_no === undefined
    ? { ...merchantName, outTradeNo: fields.out_trade_no ?? '' }
    : { ...merchantName, tradeNo: fields.trade_no };

export const query: Method = ({ engine }, call) => {
  const fields = fieldsOf(nameShape, call);
  if (!fields) return refused('parameter-wrong');
  const order = findTrade(engine, orderNameOf(fields));
  if (!order) return refused('not-exist');
  const paidAt = order.paidAt === null ? undefined : textOfTime(order.paidAt);
  const node = { ...paidNode(order), send_pay_date: paidAt, trade_status: tradeStatusOf(order), ...namesOf(order) };
  return { kind: 'reply', node };
};

const dayMs = 86_400_000;

export const cancel: Method = async ({ engine, faults }, call) => {
  const fields = fieldsOf(nameShape, call);
  if (!fields) return refused('parameter-wrong');
  if (faults.take('bank-error')) return { kind: 'refused', reason: 'system-error', node: { retry_flag: 'Y' } };
  const name = orderNameOf(fields);
  const before = engine.findOrder(name);
  const common = { out_trade_no: before?.outTradeNo ?? fields.out_trade_no, retry_flag: 'N' };
  if (!before) return { kind: 'reply', node: common };
  if (before.paidAt !== null && engine.now() > before.paidAt + dayMs) return refused('cancel-too-late');
  const wasPaid = before.state === 'paid';
  const outcome = await engine.reverse(name);
  if (outcome.kind === 'reversed')
    return { kind: 'reply', node: { ...common, action: wasPaid ? 'refund' : 'close', trade_no: before.tradeNo } };
  switch (outcome.reason) {
    case 'not-enough':
      return refused('seller-not-enough');
    case 'refunded':
      return refused('cancel-refunded');
    case 'too-late':
    case 'too-early':
      return refused('cancel-too-late');
    case 'not-found':
      return { kind: 'reply', node: common };
  }
};

export const close: Method = async ({ engine }, call) => {
  const fields = fieldsOf(nameShape, call);
  if (!fields) return refused('parameter-wrong');
  const name = orderNameOf(fields);
  const order = findTrade(engine, name);
  if (!order) return refused('not-exist');
  if (tradeStatusOf(order) !== 'WAIT_BUYER_PAY') return refused('status-wrong');
  const closed = order.way === 'code' ? await engine.reverse(name) : await engine.close(name);
  if (closed.kind === 'refused') return refused('status-wrong');
  return { kind: 'reply', node: { out_trade_no: order.outTradeNo, trade_no: order.tradeNo } };
};
