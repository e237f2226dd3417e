import { z } from 'zod';
import type { CodePayOutcome } from '../engine/words.ts';
import { appFields, idsShape, type Mode, payPath, sellerOf } from './merchants.ts';
import { orderFields, stopOf } from './orders.ts';
import { filled, read, text } from './read.ts';
import { type RefusalName, refused } from './refusals.ts';
import type { Call, Reply, Room, Route } from './room.ts';
import { type OrderMemo, transactionWire } from './transaction.ts';

/** How long a code payment may wait for the password. */
export const codeOrderMs = 10 * 60_000;
/** 撤销 is not taken earlier after the payment request. */
export const reverseNotBeforeMs = 15_000;

const codeShapeOf = (mode: Mode) =>
  z.strictObject({
    ...appFields[mode],
    ...orderFields,
    payer: z.strictObject({ auth_code: filled(128) }),
    scene_info: z.strictObject({
      device_id: text(32).optional(),
      device_ip: text(45).optional(),
      store_info: z.strictObject({ id: text(32).optional(), out_id: text(32).optional() }),
    }),
  });

const codeShapes = { direct: codeShapeOf('direct'), partner: codeShapeOf('partner') } as const;
const nameShapes = { direct: z.strictObject(appFields.direct), partner: z.strictObject(appFields.partner) } as const;

type Refused = Extract<CodePayOutcome, { kind: 'refused' }>;

const codeRefusals: Readonly<Record<Refused['reason'], RefusalName>> = {
  'code-malformed': 'codeInvalid',
  'code-unknown': 'codeInvalid',
  'code-expired': 'codeExpired',
  'code-used': 'codeUsed',
  'other-terms': 'otherTerms',
  'other-payer': 'buyerMismatch',
  paid: 'orderPaid',
  closed: 'orderClosed',
  reversed: 'orderReversed',
  'not-enough': 'notEnough',
  'card-refused': 'trade',
  'account-frozen': 'payerAccount',
};

const refusalOf = ({ reason, order }: Refused): Reply =>
  refused(reason === 'other-terms' && order?.way !== 'code' ? 'numberUsed' : codeRefusals[reason]);

const codepay = async (room: Room, call: Call, mode: Mode): Promise<Reply> => {
  const wanted = read(codeShapes[mode], call.body);
  if (wanted.kind === 'refused') return wanted;
  const order = wanted.value;
  const seller = sellerOf(room, call.caller, idsShape.parse(order));
  if (seller.kind === 'refused') return seller;
  const stop = stopOf(room, order.amount.total);
  if (stop) return stop;
  const { attach, scene_info: scene } = order;
  const memo: OrderMemo = {
    signer: call.caller.mchid,
    ids: seller.ids,
    tradeType: 'MICROPAY',
    attach,
    deviceId: scene.device_id,
  };
  const outcome = await room.engine.payByCode({
    ...seller.merchant,
    outTradeNo: order.out_trade_no,
    amountMinor: BigInt(order.amount.total),
    description: order.description,
    terms: JSON.stringify(['MICROPAY', order.description, order.amount.total, attach]),
    memo: JSON.stringify(memo),
    freezes: order.settle_info?.profit_sharing === true,
    expiresAt: room.engine.now() + codeOrderMs,
    authCode: order.payer.auth_code,
  });
  if (room.faults.take('system-error-after')) return refused('system');
  if (outcome.kind === 'refused') return refusalOf(outcome);
  return { kind: 'reply', status: 200, json: transactionWire(outcome.order) };
};

const reverse = async (room: Room, call: Call, mode: Mode): Promise<Reply> => {
  const named = read(nameShapes[mode], call.body);
  if (named.kind === 'refused') return named;
  const seller = sellerOf(room, call.caller, idsShape.parse(named.value));
  if (seller.kind === 'refused') return seller;
  const name = { ...seller.merchant, outTradeNo: call.params.outTradeNo ?? '' };
  const order = room.engine.findOrder(name);
  if (order && order.way !== 'code')
    return refused('invalidRequest', { message: '非付款码支付的订单请使用关单或退款' });
  const outcome = await room.engine.reverse(name, { notBeforeMs: reverseNotBeforeMs / room.pace });
  if (outcome.kind === 'reversed')
    return { kind: 'reply', status: 200, json: { ...seller.ids, out_trade_no: name.outTradeNo } };
  switch (outcome.reason) {
    case 'not-found':
      return refused('orderUnknown');
    case 'too-early':
      return refused('rule', { message: '请在发起付款15秒后再撤销' });
    case 'too-late':
      return refused('invalidRequest', { message: '订单已超过可撤销的期限，请使用退款' });
    case 'refunded':
      return refused('trade', { message: '订单已发生退款，不能撤销' });
    case 'not-enough':
      return refused('notEnough', { message: '商户余额不足' });
  }
};

const modes: readonly Mode[] = ['direct', 'partner'];

export const codepayRoutes = (room: Room): readonly Route[] =>
  modes.flatMap((mode): Route[] => [
    { method: 'POST', path: `${payPath(mode)}/codepay`, run: (call) => codepay(room, call, mode) },
    {
      method: 'POST',
      path: `${payPath(mode)}/out-trade-no/:outTradeNo/reverse`,
      run: (call) => reverse(room, call, mode),
    },
  ]);
