import type { z } from 'zod';
import { type FieldTitles, paramRefusal, readFields } from './fields.ts';
import { beijingTime } from './gate-platform.ts';
import {
  openProfitSharing,
  type ProfitSharing,
  resultOf,
  returnResultOf,
  type SharingOutcome,
  sharingRefusals,
  stateOf,
} from './profit-sharing.ts';
import { tellShares } from './profit-sharing-told.ts';
import {
  addReceiverShape,
  deleteReceiverShape,
  profitSharingTitles,
  returnShape,
  type ShareReturn,
  type SharingOrder,
  sharingShape,
  unfreezeShape,
} from './profit-sharing-words.ts';
import type { Refusal } from './refusals.ts';
import type { Call, Reply, Room, Route } from './room.ts';

const noAuth: Refusal = { status: 403, code: 'NO_AUTH', message: '商户无权限', number: 268_445_527 };
const refuse = (refusal: Refusal): Reply => ({ kind: 'refused', refusal });
const json = (body: unknown, status = 200): Reply => ({ kind: 'reply', status, json: body });

/** Who shares: the caller, or the sub-merchant it names and serves. */
const sharerOf = (room: Room, call: Call, subMchid: string | undefined): string | Refusal => {
  if (subMchid === undefined) return call.caller.mchid;
  return room.gate.serves(call.caller.mchid, subMchid) ? subMchid : noAuth;
};

const orderWire = (room: Room, order: SharingOrder, isPartner: boolean): unknown => {
  const now = room.engine.now();
  return {
    ...(isPartner && { sub_mchid: order.merchantNo }),
    transaction_id: order.transactionId,
    out_order_no: order.outOrderNo,
    order_id: order.sharingId,
    state: stateOf(order, now),
    receivers: order.shares.map((share) => {
      const result = resultOf(share, order, now);
      return {
        type: share.type,
        account: share.account,
        amount: share.amount,
        description: share.description,
        result,
        ...(result === 'CLOSED' && { fail_reason: share.failReason }),
        create_time: beijingTime(order.createdAt),
        ...(result !== 'PENDING' && { finish_time: beijingTime(order.doneAt) }),
        detail_id: share.detailId,
      };
    }),
  };
};

const returnWire = (room: Room, back: ShareReturn, isPartner: boolean): unknown => {
  const result = returnResultOf(back, room.engine.now());
  return {
    ...(isPartner && { sub_mchid: back.merchantNo }),
    order_id: back.sharingId,
    out_order_no: back.outOrderNo,
    out_return_no: back.outReturnNo,
    return_id: back.returnId,
    return_mchid: back.returnMchid,
    amount: back.amount,
    description: back.description,
    result,
    ...(result === 'FAILED' && { fail_reason: back.failReason }),
    create_time: beijingTime(back.createdAt),
    ...(result !== 'PROCESSING' && { finish_time: beijingTime(back.doneAt) }),
  };
};

type Merchant = Readonly<{ appid?: string; sub_mchid?: string; sub_appid?: string }>;

/** Reads the body, finds out who shares, and checks its app; what is wrong is answered. */
const withBody =
  <Shape extends z.ZodType<Merchant>>(
    room: Room,
    shape: Shape,
    run: (wish: z.output<Shape>, merchantNo: string, call: Call) => Reply,
    titles: FieldTitles = profitSharingTitles,
  ) =>
  (call: Call): Reply => {
    const read = readFields(shape, 'body', call.body, titles);
    if (read.kind === 'refused') return read;
    const { appid, sub_mchid: subMchid, sub_appid: subAppid } = read.value;
    const sharer = sharerOf(room, call, subMchid);
    if (typeof sharer !== 'string') return refuse(sharer);
    const isOwn = appid === undefined || room.gate.isAppOf(call.caller.mchid, appid);
    const isSubs = subAppid === undefined || room.gate.isAppOf(sharer, subAppid);
    return isOwn && isSubs ? run(read.value, sharer, call) : refuse(paramRefusal('商户号与appid不匹配'));
  };

const withQuery =
  (room: Room, run: (merchantNo: string, call: Call, isPartner: boolean) => Reply) =>
  (call: Call): Reply => {
    const subMchid = call.query.get('sub_mchid') ?? undefined;
    const sharer = sharerOf(room, call, subMchid);
    return typeof sharer === 'string' ? run(sharer, call, subMchid !== undefined) : refuse(sharer);
  };

const answered = (room: Room, outcome: SharingOutcome, isPartner: boolean): Reply =>
  outcome.kind === 'refused' ? outcome : json(orderWire(room, outcome.order, isPartner));

const orderRoutes = (room: Room, sharing: ProfitSharing): readonly Route[] => [
  {
    method: 'POST',
    path: '/v3/profitsharing/orders',
    run: withBody(room, sharingShape, (wish, merchantNo, call) => {
      const closed = wish.receivers
        .map(({ name }) => openedName(room, call, name))
        .find((one) => typeof one === 'object');
      if (closed) return refuse(closed);
      const outcome = sharing.share(merchantNo, wish);
      if (outcome.kind === 'done') tellShares(room, outcome.order, call.caller.mchid);
      return answered(room, outcome, wish.sub_mchid !== undefined);
    }),
  },
  {
    method: 'POST',
    path: '/v3/profitsharing/orders/unfreeze',
    run: withBody(room, unfreezeShape, (wish, merchantNo) =>
      answered(room, sharing.unfreeze(merchantNo, wish), wish.sub_mchid !== undefined),
    ),
  },
  {
    method: 'GET',
    path: '/v3/profitsharing/orders/:out_order_no',
    run: withQuery(room, (merchantNo, { params, query }, isPartner) => {
      const found = sharing.find(merchantNo, params.out_order_no ?? '', query.get('transaction_id') ?? '');
      return found ? json(orderWire(room, found, isPartner)) : refuse(sharingRefusals.notFound);
    }),
  },
  {
    method: 'GET',
    path: '/v3/profitsharing/transactions/:transaction_id/amounts',
    run: (call) => amounts(room, sharing, call),
  },
];

/** Asked without naming the sub-merchant: the order says whose it is. */
const amounts = (room: Room, sharing: ProfitSharing, { caller, params }: Call): Reply => {
  const transactionId = params.transaction_id ?? '';
  const served = room.gate.servedBy(caller.mchid);
  const order = [caller.mchid, ...served].map((one) => sharing.orderOf(one, transactionId)).find((one) => one);
  if (!order) return refuse(sharingRefusals.orderNotFound);
  if (!order.freezes) return refuse(sharingRefusals.notSharing);
  return json({ transaction_id: transactionId, unsplit_amount: Number(sharing.unsplit(order)) });
};

const returnRoutes = (room: Room, sharing: ProfitSharing): readonly Route[] => [
  {
    method: 'POST',
    path: '/v3/profitsharing/return-orders',
    run: withBody(room, returnShape, (wish, merchantNo) => {
      const found = sharing.findById(merchantNo, wish);
      if (!found) return refuse(sharingRefusals.notFound);
      const outcome = sharing.giveBack(merchantNo, { ...wish, sharing: found });
      if (outcome.kind === 'refused') return outcome;
      return json(returnWire(room, outcome.back, wish.sub_mchid !== undefined));
    }),
  },
  {
    method: 'GET',
    path: '/v3/profitsharing/return-orders/:out_return_no',
    run: withQuery(room, (merchantNo, { params, query }, isPartner) => {
      const found = sharing.findReturn(merchantNo, query.get('out_order_no') ?? '', params.out_return_no ?? '');
      return found ? json(returnWire(room, found, isPartner)) : refuse(sharingRefusals.notFound);
    }),
  },
];

/** A person's name comes encrypted; it is compared with nobody here. */
const openedName = (room: Room, call: Call, name: string | undefined): string | undefined | Refusal => {
  if (name === undefined) return undefined;
  if (!call.request.headers.get('wechatpay-serial'))
    return paramRefusal('HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)');
  return room.gate.openField(call.request, name) ?? paramRefusal('平台证书序列号Wechatpay-Serial错误');
};

const receiverRoutes = (room: Room, sharing: ProfitSharing): readonly Route[] => [
  {
    method: 'POST',
    path: '/v3/profitsharing/receivers/add',
    run: withBody(room, addReceiverShape, (wish, merchantNo, call) => {
      const { type, account, relation_type, custom_relation } = wish;
      const name = openedName(room, call, wish.name);
      if (typeof name === 'object') return refuse(name);
      const refusal = sharing.addReceiver(merchantNo, { type, account, relation_type, custom_relation, name });
      if (refusal) return refuse(refusal);
      const { sub_mchid } = wish;
      return json({ sub_mchid, type, account, name: wish.name, relation_type, custom_relation });
    }),
  },
  {
    method: 'POST',
    path: '/v3/profitsharing/receivers/delete',
    run: withBody(room, deleteReceiverShape, ({ type, account, sub_mchid }, merchantNo) => {
      sharing.deleteReceiver(merchantNo, { type, account });
      return json({ sub_mchid, type, account });
    }),
  },
  {
    method: 'GET',
    path: '/v3/profitsharing/merchant-configs/:sub_mchid',
    run: (call) => {
      const subMchid = call.params.sub_mchid ?? '';
      if (!room.gate.serves(call.caller.mchid, subMchid)) return refuse(noAuth);
      return json({ sub_mchid: subMchid, max_ratio: sharing.ratio(subMchid) });
    },
  },
];

/** 分账 of API v3, for merchants of their own and for partners. */
export const profitSharingRoutes = (room: Room): readonly Route[] => {
  const sharing = openProfitSharing(room);
  return [...orderRoutes(room, sharing), ...returnRoutes(room, sharing), ...receiverRoutes(room, sharing)];
};
