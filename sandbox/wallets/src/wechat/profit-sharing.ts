import { availableAccount, frozenAccount } from '../engine/accounts.ts';
import { dayOf } from '../engine/core.ts';
import type { MerchantName, Movement, Order } from '../engine/words.ts';
import {
  type FailReason,
  failingAccounts,
  type Receiver,
  type Share,
  type ShareReturn,
  type SharingOrder,
  type SharingWish,
  type UnfreezeWish,
} from './profit-sharing-words.ts';
import type { Refusal } from './refusals.ts';
import type { Room } from './room.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const callsMax = 50;
const receiversMax = 20_000;
/** Of ten thousand: 30 % unless the merchant agreed otherwise. */
const usualRatio = 3_000;
const personMonthFen = 20_000_000;
/** How long the wallet takes, at a pace of 1. */
const takesMs = 3_000;
const sharedDaysMax = 30;
const returnDaysMax = 180;

const refusal = (status: number, code: string, message: string): Refusal => ({
  status,
  code,
  message,
  number: 268_435_462,
});
export const sharingRefusals = {
  notSharing: refusal(400, 'INVALID_REQUEST', '非分账订单不支持分账'),
  notPaid: refusal(400, 'INVALID_REQUEST', '订单未支付，不支持分账'),
  tooEarly: refusal(400, 'INVALID_REQUEST', '订单处理中，暂时无法分账，请稍后再试'),
  tooLate: refusal(400, 'INVALID_REQUEST', '订单已超过可分账期限'),
  overRatio: refusal(
    400,
    'INVALID_REQUEST',
    '分账金额超出最大分账比例，最大可分账金额需等比例扣除退款与补差回退等逆向交易金额',
  ),
  notEnough: refusal(403, 'NOT_ENOUGH', '分账金额不足'),
  tooManyCalls: refusal(403, 'RULE_LIMIT', '分账次数超过限制'),
  otherTerms: refusal(400, 'INVALID_REQUEST', '商户分账单号已使用，且参数与首次请求不一致'),
  tooManyReceivers: refusal(403, 'RULE_LIMIT', '分账接收方数量超过限制'),
  noSuchMerchant: refusal(400, 'PARAM_ERROR', '分账接收方商户号不存在'),
  notFound: refusal(404, 'RESOURCE_NOT_EXISTS', '记录不存在'),
  orderNotFound: refusal(404, 'RESOURCE_NOT_EXISTS', '订单不存在'),
  returnTooMuch: refusal(400, 'INVALID_REQUEST', '回退金额超过可回退金额'),
  returnTooLate: refusal(400, 'INVALID_REQUEST', '分账单已超过可回退期限'),
  returnOtherTerms: refusal(400, 'INVALID_REQUEST', '商户回退单号已使用，且参数与首次请求不一致'),
} as const satisfies Readonly<Record<string, Refusal>>;

type Refused = Readonly<{ kind: 'refused'; refusal: Refusal }>;
const refused = (why: keyof typeof sharingRefusals): Refused => ({ kind: 'refused', refusal: sharingRefusals[why] });

export type SharingOutcome = Readonly<{ kind: 'done'; order: SharingOrder }> | Refused;
type ReturnOutcome = Readonly<{ kind: 'done'; back: ShareReturn }> | Refused;

type SharingNames = Readonly<{ order_id?: string; out_order_no?: string }>;

/** The rules of profit sharing (分账) over the engine's money; texts of the wire stay outside. */
export interface ProfitSharing {
  share(merchantNo: string, wish: SharingWish): SharingOutcome;
  unfreeze(merchantNo: string, wish: UnfreezeWish): SharingOutcome;
  find(merchantNo: string, outOrderNo: string, transactionId: string): SharingOrder | undefined;
  giveBack(
    merchantNo: string,
    wish: Readonly<{
      sharing: SharingOrder;
      out_return_no: string;
      return_mchid: string;
      amount: number;
      description: string;
    }>,
  ): ReturnOutcome;
  findReturn(merchantNo: string, outOrderNo: string, outReturnNo: string): ShareReturn | undefined;
  findById(merchantNo: string, by: SharingNames): SharingOrder | undefined;
  /** What is still frozen, in fen. */
  unsplit(order: Order): bigint;
  orderOf(merchantNo: string, transactionId: string): Order | undefined;
  addReceiver(merchantNo: string, receiver: Receiver): Refusal | undefined;
  deleteReceiver(merchantNo: string, receiver: Pick<Receiver, 'type' | 'account'>): void;
  ratio(merchantNo: string): number;
}

const wechat = (merchantNo: string): MerchantName => ({ wallet: 'wechat', merchantNo });
const receiverKey = (merchantNo: string, { type, account }: Pick<Receiver, 'type' | 'account'>): string =>
  `wechat/receiver/${merchantNo}/${type}/${account}`;
const sharingOfPrefix = (orderId: string): string => `wechat/sharing-of/${orderId}/`;
const sharingIdKey = (merchantNo: string, sharingId: string): string => `wechat/sharing-id/${merchantNo}/${sharingId}`;
const returnOfPrefix = (sharingId: string): string => `wechat/share-return-of/${sharingId}/`;
const sharingPrefix = (merchantNo: string): string => `wechat/sharing/${merchantNo}/`;
const returnKey = (merchantNo: string, outReturnNo: string): string =>
  `wechat/share-return/${merchantNo}/${outReturnNo}`;
const personAccount = (account: string): string => `person/wechat/${account}`;
const accountOf = ({ type, account }: Pick<Share, 'type' | 'account'>): string =>
  type === 'MERCHANT_ID' ? availableAccount(wechat(account)) : personAccount(account);

const isDone = (at: number, doneAt: number): boolean => at >= doneAt;
/** What a reader may see of it now. */
export const stateOf = (order: SharingOrder, now: number): 'PROCESSING' | 'FINISHED' =>
  isDone(now, order.doneAt) ? 'FINISHED' : 'PROCESSING';
export const resultOf = (share: Share, order: SharingOrder, now: number): 'PENDING' | 'SUCCESS' | 'CLOSED' => {
  if (!isDone(now, order.doneAt)) return 'PENDING';
  return share.failReason === undefined ? 'SUCCESS' : 'CLOSED';
};
export const returnResultOf = (back: ShareReturn, now: number): 'PROCESSING' | 'SUCCESS' | 'FAILED' => {
  if (!isDone(now, back.doneAt)) return 'PROCESSING';
  return back.failReason === undefined ? 'SUCCESS' : 'FAILED';
};

const findSharing = ({ engine }: Room, merchantNo: string, outOrderNo: string): SharingOrder | undefined => {
  const text = engine.shelf.get(sharingPrefix(merchantNo) + outOrderNo);
  return text === undefined ? undefined : (JSON.parse(text) as SharingOrder);
};

/** By WeChat's own number, or by the merchant's. */
const findById = (room: Room, merchantNo: string, by: SharingNames): SharingOrder | undefined => {
  const outOrderNo =
    by.order_id === undefined ? by.out_order_no : room.engine.shelf.get(sharingIdKey(merchantNo, by.order_id));
  return outOrderNo === undefined ? undefined : findSharing(room, merchantNo, outOrderNo);
};

/** The shares of one order of the engine, without its releases. */
const sharesOf = (room: Room, order: Order): readonly SharingOrder[] =>
  room.engine.shelf.list(sharingOfPrefix(order.id)).flatMap(({ value }) => {
    const one = findSharing(room, order.merchantNo, value);
    return one?.kind === 'sharing' ? [one] : [];
  });

const monthSpan = (now: number): Readonly<{ from: number; until: number }> => {
  const beijing = new Date(now + 8 * 3_600_000);
  return { from: Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth(), 1) - 8 * 3_600_000, until: now + 1 };
};

/** A person receives 200 000 yuan a month at most. */
const isOverLimit = ({ engine }: Room, account: string, amount: number): boolean => {
  let received = BigInt(amount);
  for (const { to, amountMinor } of engine.movements(personAccount(account), monthSpan(engine.now())))
    if (to === personAccount(account)) received += amountMinor;
  return received > personMonthFen;
};

const failureOf = (
  room: Room,
  merchantNo: string,
  receiver: SharingWish['receivers'][number],
): FailReason | undefined => {
  if (room.engine.shelf.get(receiverKey(merchantNo, receiver)) !== undefined) {
    const planted = failingAccounts.find(([prefix]) => receiver.account.startsWith(prefix));
    if (planted) return planted[1];
    const isPerson = receiver.type !== 'MERCHANT_ID';
    return isPerson && isOverLimit(room, receiver.account, receiver.amount) ? 'RECEIVER_RECEIPT_LIMIT' : undefined;
  }
  return 'NO_RELATION';
};

/** Why an order cannot be shared at all; undefined when it can. */
const orderRefusal = (room: Room, order: Order | undefined): Refused | undefined => {
  if (!order) return refused('orderNotFound');
  if (order.state !== 'paid' || order.paidAt === null) return refused('notPaid');
  if (!order.freezes) return refused('notSharing');
  const age = room.engine.now() - order.paidAt;
  if (age < minuteMs / room.pace) return refused('tooEarly');
  return undefined;
};

const maxShare = (order: Order, ratio: number): bigint =>
  ((order.amountMinor - order.refundedMinor) * BigInt(ratio)) / 10_000n;

const sumOf = (shares: readonly Readonly<{ amount: number; failReason?: string }>[]): bigint =>
  shares.reduce((sum, { amount, failReason }) => sum + (failReason === undefined ? BigInt(amount) : 0n), 0n);

const unfreezing = (room: Room, order: Order, id: string): Movement[] => [
  {
    id: `${id}/unfreeze`,
    from: frozenAccount(order.id),
    to: availableAccount(order),
    amountMinor: room.engine.balance(frozenAccount(order.id)),
    why: 'unfreeze',
    orderId: order.id,
  },
];

/** The order's money that nobody asked for in time goes to its merchant by itself: seen whenever it is looked at. */
const releaseInTime = (room: Room, order: Order | undefined): void => {
  if (!order?.freezes || order.paidAt === null) return;
  const isOver = room.engine.now() - order.paidAt > sharedDaysMax * dayMs;
  if (isOver) room.engine.move(unfreezing(room, order, `auto/${order.id}`));
};

const keep = (room: Room, order: SharingOrder): SharingOrder => {
  const { merchantNo, outOrderNo, orderId, sharingId } = order;
  room.engine.shelf.put(sharingPrefix(merchantNo) + outOrderNo, JSON.stringify(order));
  room.engine.shelf.put(sharingOfPrefix(orderId) + outOrderNo, outOrderNo);
  room.engine.shelf.put(sharingIdKey(merchantNo, sharingId), outOrderNo);
  return order;
};

const newSharing = (
  room: Room,
  order: Order,
  wanted: Pick<SharingOrder, 'kind' | 'outOrderNo' | 'terms' | 'shares' | 'sharingId'>,
): SharingOrder => ({
  ...wanted,
  merchantNo: order.merchantNo,
  orderId: order.id,
  transactionId: order.tradeNo,
  createdAt: room.engine.now(),
  doneAt: room.engine.now() + takesMs / room.pace,
});

const numberOf = ({ engine }: Room, prefix: string): string =>
  `${prefix}${dayOf(engine.now())}${String(engine.serial()).padStart(14, '0').slice(-14)}`;

const shareMoney = (room: Room, order: Order, wish: SharingWish, terms: string): SharingOutcome => {
  const sharingId = numberOf(room, '3008450740');
  const shares = wish.receivers.map((receiver): Share => {
    const { type, account, amount, description } = receiver;
    const failReason = failureOf(room, order.merchantNo, receiver);
    return { type, account, amount, description, detailId: numberOf(room, '36011111'), failReason };
  });
  const movements = shares.flatMap((share): Movement[] =>
    share.failReason === undefined
      ? [
          {
            id: `share/${share.detailId}`,
            from: frozenAccount(order.id),
            to: accountOf(share),
            amountMinor: BigInt(share.amount),
            why: 'share',
            orderId: order.id,
          },
        ]
      : [],
  );
  return room.engine.shelf.atomically(() => {
    if (movements.length > 0 && room.engine.move(movements) === 'not-enough') return refused('notEnough');
    if (wish.unfreeze_unsplit) room.engine.move(unfreezing(room, order, sharingId));
    const kept = { kind: 'sharing', outOrderNo: wish.out_order_no, terms, shares, sharingId } as const;
    return { kind: 'done', order: keep(room, newSharing(room, order, kept)) };
  });
};

const share = (room: Room, merchantNo: string, wish: SharingWish): SharingOutcome => {
  const terms = JSON.stringify([
    wish.transaction_id,
    wish.receivers.map((r) => [r.type, r.account, r.amount]),
    wish.unfreeze_unsplit,
  ]);
  const known = findSharing(room, merchantNo, wish.out_order_no);
  if (known) return known.terms === terms ? { kind: 'done', order: known } : refused('otherTerms');
  const order = room.engine.findOrder({ ...wechat(merchantNo), tradeNo: wish.transaction_id });
  releaseInTime(room, order);
  const closed = orderRefusal(room, order);
  if (closed || !order) return closed ?? refused('orderNotFound');
  const before = sharesOf(room, order);
  if (before.length >= callsMax) return refused('tooManyCalls');
  const wanted = sumOf(wish.receivers);
  const shared = before.reduce((sum, { shares }) => sum + sumOf(shares), 0n);
  if (room.engine.now() - (order.paidAt ?? 0) > sharedDaysMax * dayMs) return refused('tooLate');
  if (wanted > room.engine.balance(frozenAccount(order.id))) return refused('notEnough');
  if (shared + wanted > maxShare(order, ratioOf(room, merchantNo))) return refused('overRatio');
  return shareMoney(room, order, wish, terms);
};

const unfreeze = (room: Room, merchantNo: string, wish: UnfreezeWish): SharingOutcome => {
  const terms = JSON.stringify([wish.transaction_id, wish.description]);
  const known = findSharing(room, merchantNo, wish.out_order_no);
  if (known) return known.terms === terms ? { kind: 'done', order: known } : refused('otherTerms');
  const order = room.engine.findOrder({ ...wechat(merchantNo), tradeNo: wish.transaction_id });
  releaseInTime(room, order);
  const closed = orderRefusal(room, order);
  if (closed || !order) return closed ?? refused('orderNotFound');
  const left = room.engine.balance(frozenAccount(order.id));
  if (left === 0n) return refused('notEnough');
  const sharingId = numberOf(room, '3008450740');
  const own = {
    type: 'MERCHANT_ID',
    account: merchantNo,
    amount: Number(left),
    description: wish.description,
  } as const;
  const shares = [{ ...own, detailId: numberOf(room, '36011111') }];
  return room.engine.shelf.atomically(() => {
    room.engine.move(unfreezing(room, order, sharingId));
    const kept = { kind: 'unfreeze', outOrderNo: wish.out_order_no, terms, shares, sharingId } as const;
    return { kind: 'done', order: keep(room, newSharing(room, order, kept)) };
  });
};

type ReturnWish = Parameters<ProfitSharing['giveBack']>[1];

const findReturn = ({ engine }: Room, merchantNo: string, outReturnNo: string): ShareReturn | undefined => {
  const text = engine.shelf.get(returnKey(merchantNo, outReturnNo));
  return text === undefined ? undefined : (JSON.parse(text) as ShareReturn);
};

const returnsOf = (room: Room, sharing: SharingOrder): readonly ShareReturn[] =>
  room.engine.shelf
    .list(returnOfPrefix(sharing.sharingId))
    .flatMap(({ value }) => findReturn(room, sharing.merchantNo, value) ?? []);

/** Only merchants give back, and only what they got of this order. */
const giveBack = (room: Room, merchantNo: string, wish: ReturnWish): ReturnOutcome => {
  const { sharing, out_return_no: outReturnNo, return_mchid: returnMchid, amount, description } = wish;
  const terms = JSON.stringify([sharing.sharingId, returnMchid, amount]);
  const known = findReturn(room, merchantNo, outReturnNo);
  if (known) return known.terms === terms ? { kind: 'done', back: known } : refused('returnOtherTerms');
  if (room.engine.now() - sharing.createdAt > returnDaysMax * dayMs) return refused('returnTooLate');
  const got = sumOf(sharing.shares.filter((one) => one.type === 'MERCHANT_ID' && one.account === returnMchid));
  const gave = sumOf(returnsOf(room, sharing).filter((one) => one.returnMchid === returnMchid));
  if (sharing.kind !== 'sharing' || gave + BigInt(amount) > got) return refused('returnTooMuch');
  const returnId = numberOf(room, '3008450741');
  return room.engine.shelf.atomically(() => {
    const moved = room.engine.move([
      {
        id: `share-return/${returnId}`,
        from: availableAccount(wechat(returnMchid)),
        to: availableAccount(wechat(merchantNo)),
        amountMinor: BigInt(amount),
        why: 'share-return',
        orderId: sharing.orderId,
      },
    ]);
    const { sharingId, outOrderNo } = sharing;
    const now = room.engine.now();
    const back: ShareReturn = {
      merchantNo,
      sharingId,
      outOrderNo,
      outReturnNo,
      returnId,
      returnMchid,
      amount,
      description,
      terms,
      failReason: moved === 'not-enough' ? 'BALANCE_NOT_ENOUGH' : undefined,
      createdAt: now,
      doneAt: now + takesMs / room.pace,
    };
    room.engine.shelf.put(returnKey(merchantNo, outReturnNo), JSON.stringify(back));
    room.engine.shelf.put(returnOfPrefix(sharingId) + outReturnNo, outReturnNo);
    return { kind: 'done', back };
  });
};

const ratioOf = (room: Room, merchantNo: string): number =>
  Number(room.engine.shelf.get(`wechat/sharing-ratio/${merchantNo}`) ?? usualRatio);

const addReceiver = ({ engine }: Room, merchantNo: string, receiver: Receiver): Refusal | undefined => {
  const isMerchant = receiver.type === 'MERCHANT_ID';
  const isPlanted = failingAccounts.some(([prefix]) => receiver.account.startsWith(prefix));
  if (isMerchant && !isPlanted && !engine.merchant(wechat(receiver.account))) return sharingRefusals.noSuchMerchant;
  const key = receiverKey(merchantNo, receiver);
  const isNew = engine.shelf.get(key) === undefined;
  if (isNew && engine.shelf.list(`wechat/receiver/${merchantNo}/`).length >= receiversMax)
    return sharingRefusals.tooManyReceivers;
  engine.shelf.put(key, JSON.stringify(receiver));
  return undefined;
};

export const openProfitSharing = (room: Room): ProfitSharing => {
  const { engine } = room;
  return {
    share: (merchantNo, wish) => share(room, merchantNo, wish),
    unfreeze: (merchantNo, wish) => unfreeze(room, merchantNo, wish),
    find(merchantNo, outOrderNo, transactionId) {
      const found = findSharing(room, merchantNo, outOrderNo);
      return found?.transactionId === transactionId ? found : undefined;
    },
    findById: (merchantNo, by) => findById(room, merchantNo, by),
    giveBack: (merchantNo, wish) => giveBack(room, merchantNo, wish),
    findReturn(merchantNo, outOrderNo, outReturnNo) {
      const found = findReturn(room, merchantNo, outReturnNo);
      return found?.outOrderNo === outOrderNo ? found : undefined;
    },
    orderOf(merchantNo, transactionId) {
      const order = engine.findOrder({ ...wechat(merchantNo), tradeNo: transactionId });
      releaseInTime(room, order);
      return order;
    },
    unsplit: (order) => engine.balance(frozenAccount(order.id)),
    addReceiver: (merchantNo, receiver) => addReceiver(room, merchantNo, receiver),
    deleteReceiver: (merchantNo, receiver) => engine.shelf.remove(receiverKey(merchantNo, receiver)),
    ratio: (merchantNo) => ratioOf(room, merchantNo),
  };
};
