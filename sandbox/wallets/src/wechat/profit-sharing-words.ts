import { z } from 'zod';
import type { FieldTitles } from './fields.ts';

export const profitSharingTitles: FieldTitles = {
  appid: '公众账号ID',
  sub_mchid: '子商户号',
  transaction_id: '微信支付订单号',
  out_order_no: '商户分账单号',
  receivers: '分账接收方列表',
  type: '分账接收方类型',
  account: '分账接收方账号',
  name: '分账个人接收方姓名',
  amount: '分账金额',
  description: '分账描述',
  unfreeze_unsplit: '是否解冻剩余未分资金',
  relation_type: '与分账方的关系类型',
  custom_relation: '自定义的分账关系',
  order_id: '微信分账单号',
  out_return_no: '商户回退单号',
  return_mchid: '回退商户号',
};

const number = z.string().regex(/^[0-9A-Za-z_\-|*@]+$/);
const outNo = number.min(1).max(64);
const text = (max: number) => z.string().min(1).max(max);
const fen = z.number().int().min(1);
const receiverTypes = ['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID'] as const;
const relations = [
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

const merchant = { appid: text(32).optional(), sub_mchid: text(32).optional(), sub_appid: text(32).optional() };
const receiver = { type: z.enum(receiverTypes), account: text(64), name: text(1024).optional() };

export const sharingShape = z.object({
  ...merchant,
  appid: text(32),
  transaction_id: text(32),
  out_order_no: outNo,
  receivers: z
    .array(z.object({ ...receiver, amount: fen, description: text(80) }))
    .min(1)
    .max(50)
    .refine((all) => new Set(all.map(({ type, account }) => `${type}/${account}`)).size === all.length, {
      message: '同一接收方只能出现一次',
    }),
  unfreeze_unsplit: z.boolean(),
});
export const unfreezeShape = z.object({
  ...merchant,
  transaction_id: text(32),
  out_order_no: outNo,
  description: text(80),
});
export const addReceiverShape = z
  .object({
    ...merchant,
    ...receiver,
    appid: text(32),
    relation_type: z.enum(relations),
    custom_relation: text(10).optional(),
  })
  .refine((wanted) => wanted.relation_type !== 'CUSTOM' || wanted.custom_relation !== undefined, {
    path: ['custom_relation'],
    message: '关系类型为CUSTOM时必填',
  });
export const deleteReceiverShape = z.object({ ...merchant, appid: text(32), type: receiver.type, account: text(64) });
export const returnShape = z
  .object({
    ...merchant,
    order_id: text(64).optional(),
    out_order_no: outNo.optional(),
    out_return_no: outNo,
    return_mchid: text(32),
    amount: fen,
    description: text(80),
  })
  .refine((wanted) => wanted.order_id !== undefined || wanted.out_order_no !== undefined, {
    path: ['order_id'],
    message: '微信分账单号与商户分账单号至少填一个',
  });

export type SharingWish = z.output<typeof sharingShape>;
export type UnfreezeWish = z.output<typeof unfreezeShape>;
type ReceiverType = (typeof receiverTypes)[number];
export type Receiver = Readonly<{
  type: ReceiverType;
  account: string;
  relation_type: string;
  custom_relation?: string;
  /** Opened; persons only. */
  name?: string;
}>;

/** Why a share does not reach its receiver: the share is CLOSED and the money stays frozen. */
export type FailReason =
  | 'ACCOUNT_ABNORMAL'
  | 'NO_RELATION'
  | 'RECEIVER_HIGH_RISK'
  | 'RECEIVER_REAL_NAME_NOT_VERIFIED'
  | 'RECEIVER_RECEIPT_LIMIT';

/** Accounts of this sandbox that fail, by how their number begins: WeChat has nobody like them to try with. */
export const failingAccounts: readonly (readonly [prefix: string, reason: FailReason])[] = [
  ['abnormal', 'ACCOUNT_ABNORMAL'],
  ['risky', 'RECEIVER_HIGH_RISK'],
  ['unverified', 'RECEIVER_REAL_NAME_NOT_VERIFIED'],
];

export type Share = Readonly<{
  type: ReceiverType;
  account: string;
  amount: number;
  description: string;
  detailId: string;
  failReason?: FailReason;
}>;
/** A sharing order as the sandbox keeps it. What it says before `doneAt` is that it is under way. */
export type SharingOrder = Readonly<{
  kind: 'sharing' | 'unfreeze';
  merchantNo: string;
  /** The engine's order. */
  orderId: string;
  transactionId: string;
  outOrderNo: string;
  sharingId: string;
  shares: readonly Share[];
  terms: string;
  createdAt: number;
  doneAt: number;
}>;
export type ShareReturn = Readonly<{
  merchantNo: string;
  sharingId: string;
  outOrderNo: string;
  outReturnNo: string;
  returnId: string;
  returnMchid: string;
  amount: number;
  description: string;
  terms: string;
  failReason?: 'BALANCE_NOT_ENOUGH';
  createdAt: number;
  doneAt: number;
}>;

/** Where on the shelf a merchant's address for such notifications is. */
export const sharesToldTo = (mchid: string): string => `wechat/shares-told-to/${mchid}`;
