import type { Money } from '@zhanggui/money';
import { z } from 'zod';
import { type Account, signerOf, subMerchantIds } from './account.ts';
import type { Bill, BillRow } from './bill.ts';
import { type BillFile, billRows, wholeBill } from './bill-file.ts';
import { billFile } from './bills.ts';
import { encryptField } from './crypto.ts';
import { checkFields } from './order.ts';
import { queryText, type Room } from './room.ts';
import { checkAmount, fen, fenOf, moneyOf, optionalText, optionalTime, shaped } from './transaction.ts';
import type { V3Call } from './v3-calls.ts';
import { WeChatPayError } from './wechatpay-error.ts';

const receiverTypes = ['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID'] as const;
const relationTypes = [
  'SERVICE_PROVIDER',
  'STORE',
  'STAFF',
  'STORE_OWNER',
  'PARTNER',
  'HEADQUARTER',
  'BRAND',
  'DISTRIBUTOR',
  'USER',
  'SUPPLIER',
  'CUSTOM',
] as const;
const failReasons = [
  'ACCOUNT_ABNORMAL',
  'NO_RELATION',
  'RECEIVER_HIGH_RISK',
  'RECEIVER_REAL_NAME_NOT_VERIFIED',
  'NO_AUTH',
  'RECEIVER_RECEIPT_LIMIT',
  'PAYER_ACCOUNT_ABNORMAL',
  'INVALID_REQUEST',
] as const;

/** A merchant by its number, or a person by openid; `name` is sent encrypted: merchants' always, persons' to be checked. */
export type ReceiverName = Readonly<{ type: (typeof receiverTypes)[number]; account: string }>;
export type Receiver = ReceiverName &
  Readonly<{
    name?: string;
    relation: (typeof relationTypes)[number] /** With CUSTOM only. */;
    customRelation?: string;
  }>;
export type Share = ReceiverName & Readonly<{ name?: string; amount: Money; description: string }>;
export type SharingOrder = Readonly<{
  transactionId: string;
  /** Ours: one number is one order, however often it is asked for. */
  outOrderNo: string;
  /** 50 at most. */
  shares: readonly Share[];
  /** True: what is not shared now goes to the merchant. */
  unfreezesRest: boolean;
}>;
type SharingName = Pick<SharingOrder, 'transactionId' | 'outOrderNo'>;
/** `failReason` is one of WeChat's (NO_RELATION, RECEIVER_RECEIPT_LIMIT …) when a share is CLOSED. */
export type SharingResult = Readonly<{
  transactionId: string;
  outOrderNo: string;
  orderId: string;
  state: 'PROCESSING' | 'FINISHED';
  shares: readonly Readonly<
    ReceiverName & {
      amount: Money;
      description: string;
      result: 'PENDING' | 'SUCCESS' | 'CLOSED';
      failReason?: (typeof failReasons)[number] | 'OTHER';
      detailId?: string;
      doneAtMs?: number;
    }
  >[];
}>;
export type SharingReturn = Readonly<{
  outOrderNo: string;
  outReturnNo: string;
  /** The receiver that gives back: merchants only. */
  returnMchid: string;
  amount: Money;
  description: string;
}>;
type ReturnName = Pick<SharingReturn, 'outOrderNo' | 'outReturnNo'>;
export type SharingReturnResult = Readonly<{
  outOrderNo: string;
  outReturnNo: string;
  returnId: string;
  returnMchid: string;
  amount: Money;
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED';
  failReason?: string;
  doneAtMs?: number;
}>;

/** 分账, for orders made with `profitSharing: true`: their money stays frozen until it is shared or set free. */
export interface ProfitSharing {
  share(order: SharingOrder): Promise<SharingResult>;
  query(order: SharingName): Promise<SharingResult>;
  /** What is left goes to the merchant; nothing of this payment can be shared any more. */
  unfreeze(order: SharingName & Readonly<{ description: string }>): Promise<SharingResult>;
  /** A receiver gives back, before the payment is refunded. */
  giveBack(order: SharingReturn): Promise<SharingReturnResult>;
  queryGiveBack(order: ReturnName): Promise<SharingReturnResult>;
  /** What of the payment is not shared yet. */
  left(transactionId: string): Promise<Money>;
  addReceiver(receiver: Receiver): Promise<void>;
  deleteReceiver(receiver: ReceiverName): Promise<void>;
  /** The largest share of a payment, in basis points: 3000 is 30 %. Partners only. */
  ratioMax(): Promise<number>;
  bill(date: string): Promise<Bill>;
  billRows(date: string): AsyncIterable<BillRow>;
}

const base = '/v3/profitsharing';
const sharesMax = 50;

const shareShape = z
  .object({
    type: z.enum(receiverTypes),
    account: z.string(),
    amount: fen,
    description: z.string().default(''),
    result: z.enum(['PENDING', 'SUCCESS', 'CLOSED']),
    fail_reason: z
      .union([z.enum(failReasons), z.string().transform((text) => (text === '' ? undefined : ('OTHER' as const)))])
      .optional(),
    detail_id: optionalText,
    finish_time: optionalTime,
  })
  .transform((wire) => ({
    type: wire.type,
    account: wire.account,
    amount: moneyOf(wire.amount),
    description: wire.description,
    result: wire.result,
    failReason: wire.fail_reason,
    detailId: wire.detail_id,
    doneAtMs: wire.result === 'PENDING' ? undefined : wire.finish_time,
  }));

const resultShape = z
  .object({
    sub_mchid: optionalText,
    transaction_id: z.string(),
    out_order_no: z.string(),
    order_id: z.string(),
    state: z.enum(['PROCESSING', 'FINISHED']),
    receivers: z.array(shareShape).default([]),
  })
  .transform((wire) => ({
    subMchid: wire.sub_mchid,
    result: {
      transactionId: wire.transaction_id,
      outOrderNo: wire.out_order_no,
      orderId: wire.order_id,
      state: wire.state,
      shares: wire.receivers,
    } satisfies SharingResult,
  }));

const returnShape = z
  .object({
    sub_mchid: optionalText,
    out_order_no: z.string(),
    out_return_no: z.string(),
    return_id: z.string(),
    return_mchid: z.string(),
    amount: fen,
    result: z.enum(['PROCESSING', 'SUCCESS', 'FAILED']),
    fail_reason: optionalText,
    finish_time: optionalTime,
  })
  .transform((wire) => ({
    subMchid: wire.sub_mchid,
    result: {
      outOrderNo: wire.out_order_no,
      outReturnNo: wire.out_return_no,
      returnId: wire.return_id,
      returnMchid: wire.return_mchid,
      amount: moneyOf(wire.amount),
      result: wire.result,
      failReason: wire.fail_reason,
      doneAtMs: wire.result === 'PROCESSING' ? undefined : wire.finish_time,
    } satisfies SharingReturnResult,
  }));

/** What a merchant is told of a share: it goes to the one that receives as well. */
export type SharedNotice = Readonly<
  ReceiverName & {
    /** Whose payment it was. */
    mchid: string;
    transactionId: string;
    orderId: string;
    outOrderNo: string;
    amount: Money;
    description: string;
    doneAtMs?: number;
  }
>;

const noticeShape = z
  .object({
    mchid: optionalText,
    sp_mchid: optionalText,
    sub_mchid: optionalText,
    transaction_id: z.string(),
    order_id: z.string(),
    out_order_no: z.string(),
    receiver: z.object({
      type: z.enum(receiverTypes),
      account: z.string(),
      amount: fen,
      description: z.string().default(''),
    }),
    success_time: optionalTime,
  })
  .transform(({ receiver, ...wire }) => ({
    merchants: [wire.mchid, wire.sp_mchid, wire.sub_mchid, receiver.account],
    share: {
      type: receiver.type,
      account: receiver.account,
      amount: moneyOf(receiver.amount),
      description: receiver.description,
      mchid: wire.sub_mchid ?? wire.mchid ?? '',
      transactionId: wire.transaction_id,
      orderId: wire.order_id,
      outOrderNo: wire.out_order_no,
      doneAtMs: wire.success_time,
    } satisfies SharedNotice,
  }));

/** Of a notification; this merchant must be the one that shares or the one that receives. */
export const sharedIn = (resource: unknown, account: Account): SharedNotice => {
  const { merchants, share } = shaped(noticeShape, resource, 'resource');
  if (!merchants.includes(signerOf(account))) throw new WeChatPayError('other-merchant', 'resource.mchid');
  return share;
};

const checkSubMerchant = ({ account }: Room, subMchid: string | undefined): void => {
  if (account.mode === 'partner' && subMchid !== undefined && subMchid !== account.subMchid)
    throw new WeChatPayError('other-merchant', 'sub_mchid');
};

const checkNumber = (text: string, place: string): void => {
  if (!/^[0-9A-Za-z_\-|*@]{1,64}$/.test(text)) throw new WeChatPayError('request-malformed', place);
};

const resultIn = (
  room: Room,
  answer: unknown,
  asked: Readonly<{ transactionId: string; outOrderNo: string; place: string }>,
): SharingResult => {
  const { subMchid, result } = shaped(resultShape, answer, asked.place);
  checkSubMerchant(room, subMchid);
  if (result.outOrderNo !== asked.outOrderNo) throw new WeChatPayError('other-order', 'out_order_no');
  if (result.transactionId !== asked.transactionId) throw new WeChatPayError('other-order', 'transaction_id');
  return result;
};

const returnIn = (room: Room, answer: unknown, asked: Partial<SharingReturn>, place: string): SharingReturnResult => {
  const { subMchid, result } = shaped(returnShape, answer, place);
  checkSubMerchant(room, subMchid);
  if (result.outReturnNo !== asked.outReturnNo) throw new WeChatPayError('other-order', 'out_return_no');
  if (asked.returnMchid !== undefined && result.returnMchid !== asked.returnMchid)
    throw new WeChatPayError('other-merchant', 'return_mchid');
  if (asked.amount) checkAmount(result.amount, asked.amount, 'amount');
  return result;
};

/** The merchant with its app, as sharing orders and receivers name it. */
const sharingIds = ({ account }: Room): Record<string, string> =>
  account.mode === 'direct'
    ? { appid: account.appid }
    : {
        appid: account.spAppid,
        sub_mchid: account.subMchid,
        ...(account.subAppid !== undefined && { sub_appid: account.subAppid }),
      };

type Post = Pick<V3Call, 'path' | 'place' | 'encryptedWith'> & Readonly<{ body: Readonly<Record<string, unknown>> }>;

/** Our number makes every one of these calls one, however often it is sent. */
const post = (room: Room, call: Post): Promise<unknown> => room.call({ method: 'POST', repeatable: true, ...call });

/** Names go encrypted; without names no key is needed. */
const sealing = async (room: Room, names: readonly (string | undefined)[]) => {
  const isNeeded = names.some((name) => name !== undefined);
  const { key, serial } = isNeeded ? await room.keys.encryptionKey() : {};
  const seal = (name: string | undefined) => (name !== undefined && key ? encryptField(name, key) : undefined);
  return { seal, serial };
};

const share = async (room: Room, order: SharingOrder): Promise<SharingResult> => {
  checkFields({ transactionId: order.transactionId });
  checkNumber(order.outOrderNo, 'outOrderNo');
  if (order.shares.length < 1 || order.shares.length > sharesMax)
    throw new WeChatPayError('request-malformed', 'shares');
  const { seal, serial } = await sealing(
    room,
    order.shares.map(({ name }) => name),
  );
  const receivers = order.shares.map(({ type, account, name, amount, description }) => ({
    type,
    account,
    name: seal(name),
    amount: fenOf(amount, 'amount'),
    description,
  }));
  const { transactionId: transaction_id, outOrderNo: out_order_no, unfreezesRest: unfreeze_unsplit } = order;
  const body = { ...sharingIds(room), transaction_id, out_order_no, receivers, unfreeze_unsplit };
  const place = 'profitsharing-orders';
  const answer = await post(room, { path: `${base}/orders`, body, place, encryptedWith: serial });
  return resultIn(room, answer, { ...order, place });
};

const query = async (room: Room, { transactionId, outOrderNo }: SharingName) => {
  checkFields({ transactionId });
  checkNumber(outOrderNo, 'outOrderNo');
  const text = queryText({ ...subMerchantIds(room.account), transaction_id: transactionId });
  const path = `${base}/orders/${encodeURIComponent(outOrderNo)}${text}`;
  const place = 'profitsharing-query';
  const answer = await room.call({ method: 'GET', path, repeatable: true, place });
  return resultIn(room, answer, { transactionId, outOrderNo, place });
};

const unfreeze = async (
  room: Room,
  { transactionId, outOrderNo, description }: SharingName & Readonly<{ description: string }>,
): Promise<SharingResult> => {
  checkFields({ transactionId });
  checkNumber(outOrderNo, 'outOrderNo');
  const ids = { transaction_id: transactionId, out_order_no: outOrderNo };
  const body = { ...subMerchantIds(room.account), ...ids, description };
  const place = 'profitsharing-unfreeze';
  const answer = await post(room, { path: `${base}/orders/unfreeze`, body, place });
  return resultIn(room, answer, { transactionId, outOrderNo, place });
};

const giveBack = async (room: Room, order: SharingReturn): Promise<SharingReturnResult> => {
  checkNumber(order.outOrderNo, 'outOrderNo');
  checkNumber(order.outReturnNo, 'outReturnNo');
  const body = {
    ...subMerchantIds(room.account),
    out_order_no: order.outOrderNo,
    out_return_no: order.outReturnNo,
    return_mchid: order.returnMchid,
    amount: fenOf(order.amount, 'amount'),
    description: order.description,
  };
  const place = 'profitsharing-return';
  return returnIn(room, await post(room, { path: `${base}/return-orders`, body, place }), order, place);
};

const queryGiveBack = async (room: Room, order: ReturnName) => {
  checkNumber(order.outOrderNo, 'outOrderNo');
  checkNumber(order.outReturnNo, 'outReturnNo');
  const text = queryText({ ...subMerchantIds(room.account), out_order_no: order.outOrderNo });
  const path = `${base}/return-orders/${encodeURIComponent(order.outReturnNo)}${text}`;
  const place = 'profitsharing-return-query';
  return returnIn(room, await room.call({ method: 'GET', path, repeatable: true, place }), order, place);
};

const left = async (room: Room, transactionId: string): Promise<Money> => {
  checkFields({ transactionId });
  const path = `${base}/transactions/${transactionId}/amounts`;
  const place = 'profitsharing-amounts';
  const answer = await room.call({ method: 'GET', path, repeatable: true, place });
  const found = shaped(z.object({ transaction_id: z.string(), unsplit_amount: fen }), answer, place);
  if (found.transaction_id !== transactionId) throw new WeChatPayError('other-order', 'transaction_id');
  return moneyOf(found.unsplit_amount);
};

const changeReceivers = async (room: Room, { account }: ReceiverName, call: Omit<Post, 'place'>): Promise<void> => {
  const place = 'profitsharing-receivers';
  const shape = z.object({ type: z.enum(receiverTypes), account: z.string() });
  const changed = shaped(shape, await post(room, { ...call, place }), place);
  if (changed.account !== account) throw new WeChatPayError('other-order', 'account');
};

const addReceiver = async (room: Room, receiver: Receiver): Promise<void> => {
  const isCustom = receiver.relation === 'CUSTOM';
  if (isCustom !== (receiver.customRelation !== undefined))
    throw new WeChatPayError('request-malformed', 'customRelation');
  if (receiver.type === 'MERCHANT_ID' && receiver.name === undefined)
    throw new WeChatPayError('request-malformed', 'name');
  const { seal, serial } = await sealing(room, [receiver.name]);
  const body = {
    ...sharingIds(room),
    type: receiver.type,
    account: receiver.account,
    name: seal(receiver.name),
    relation_type: receiver.relation,
    custom_relation: receiver.customRelation,
  };
  await changeReceivers(room, receiver, { path: `${base}/receivers/add`, body, encryptedWith: serial });
};

const ratioMax = async ({ account, call }: Room): Promise<number> => {
  if (account.mode === 'direct') throw new WeChatPayError('request-malformed', 'account');
  const path = `${base}/merchant-configs/${account.subMchid}`;
  const place = 'profitsharing-config';
  const answer = await call({ method: 'GET', path, repeatable: true, place });
  const shape = z.object({ sub_mchid: z.string(), max_ratio: z.number().int().min(0).max(10_000) });
  const found = shaped(shape, answer, place);
  if (found.sub_mchid !== account.subMchid) throw new WeChatPayError('other-merchant', 'sub_mchid');
  return found.max_ratio;
};

const sharingBill = (room: Room, date: string): Promise<BillFile> => {
  const text = queryText({ bill_date: date, ...subMerchantIds(room.account), tar_type: 'GZIP' });
  return billFile(room, `${base}/bills${text}`, 'profitsharing-bill');
};

async function* sharingBillRows(room: Room, date: string): AsyncGenerator<BillRow> {
  yield* billRows(await sharingBill(room, date));
}

export const profitSharing = (room: Room): ProfitSharing => ({
  share: (order) => share(room, order),
  query: (order) => query(room, order),
  unfreeze: (order) => unfreeze(room, order),
  giveBack: (order) => giveBack(room, order),
  queryGiveBack: (order) => queryGiveBack(room, order),
  left: (transactionId) => left(room, transactionId),
  addReceiver: (receiver) => addReceiver(room, receiver),
  async deleteReceiver({ type, account }) {
    const body = { ...sharingIds(room), type, account };
    await changeReceivers(room, { type, account }, { path: `${base}/receivers/delete`, body });
  },
  ratioMax: () => ratioMax(room),
  bill: async (date) => wholeBill(await sharingBill(room, date)),
  billRows: (date) => sharingBillRows(room, date),
});
