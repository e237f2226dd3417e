import { z } from 'zod';
import type { FieldTitles } from './fields.ts';

export type ApplymentState =
  | 'EDITTING'
  | 'AUDITING'
  | 'REJECTED'
  | 'TO_BE_CONFIRMED'
  | 'TO_BE_SIGNED'
  | 'SIGNING'
  | 'FINISHED'
  | 'CANCELED';
export const stateTexts: Readonly<Record<ApplymentState, string>> = {
  EDITTING: '编辑中',
  AUDITING: '审核中',
  REJECTED: '已驳回',
  TO_BE_CONFIRMED: '待账户验证',
  TO_BE_SIGNED: '待签约',
  SIGNING: '开通权限中',
  FINISHED: '已完成',
  CANCELED: '已作废',
};

export const onboardingTitles: FieldTitles = {
  business_code: '业务申请编号',
  contact_type: '超级管理员类型',
  contact_name: '超级管理员姓名',
  contact_id_number: '超级管理员身份证件号码',
  mobile_phone: '联系手机',
  contact_email: '联系邮箱',
  subject_type: '主体类型',
  license_copy: '营业执照照片',
  license_number: '注册号/统一社会信用代码',
  merchant_name: '商户名称',
  legal_person: '经营者/法人姓名',
  id_doc_type: '证件类型',
  id_card_copy: '身份证人像面照片',
  id_card_national: '身份证国徽面照片',
  id_card_name: '身份证姓名',
  id_card_number: '身份证号码',
  merchant_shortname: '商户简称',
  service_phone: '客服电话',
  sales_scenes_type: '经营场景类型',
  settlement_id: '入驻结算规则ID',
  qualification_type: '所属行业',
  bank_account_type: '账户类型',
  account_name: '开户名称',
  account_bank: '开户银行',
  bank_address_code: '开户银行省市编码',
  account_number: '银行账号',
};

const text = (max: number) => z.string().min(1).max(max);
/** Encrypted for WeChat; opened and looked at afterwards. */
const sealed = text(2048);
const media = text(1024);

const contact = z
  .object({
    contact_type: z.enum(['LEGAL', 'SUPER']),
    contact_name: sealed,
    contact_id_number: sealed.optional(),
    mobile_phone: sealed,
    contact_email: sealed,
  })
  .refine((one) => one.contact_type === 'LEGAL' || one.contact_id_number !== undefined, {
    path: ['contact_id_number'],
    message: '超级管理员类型为SUPER时必填',
  });

const subject = z
  .object({
    subject_type: z.enum([
      'SUBJECT_TYPE_INDIVIDUAL',
      'SUBJECT_TYPE_ENTERPRISE',
      'SUBJECT_TYPE_GOVERNMENT',
      'SUBJECT_TYPE_INSTITUTIONS',
      'SUBJECT_TYPE_OTHERS',
    ]),
    business_license_info: z
      .object({ license_copy: media, license_number: text(32), merchant_name: text(128), legal_person: text(64) })
      .optional(),
    certificate_info: z.looseObject({ cert_copy: media, cert_type: text(64), cert_number: text(32) }).optional(),
    identity_info: z.looseObject({
      id_doc_type: text(64).optional(),
      id_card_info: z
        .looseObject({
          id_card_copy: media,
          id_card_national: media,
          id_card_name: sealed,
          id_card_number: sealed,
          card_period_begin: text(16),
          card_period_end: text(16),
        })
        .optional(),
      id_doc_info: z.looseObject({ id_doc_copy: media, id_doc_name: sealed, id_doc_number: sealed }).optional(),
    }),
    ubo_info_list: z.array(z.looseObject({})).optional(),
  })
  .superRefine((one, context) => {
    const isLicensed = ['SUBJECT_TYPE_INDIVIDUAL', 'SUBJECT_TYPE_ENTERPRISE'].includes(one.subject_type);
    const place = isLicensed ? 'business_license_info' : 'certificate_info';
    if (one[place] === undefined) context.addIssue({ code: 'custom', path: [place], message: '该主体类型必填' });
  });

const scenes = [
  'SALES_SCENES_STORE',
  'SALES_SCENES_MP',
  'SALES_SCENES_MINI_PROGRAM',
  'SALES_SCENES_WEB',
  'SALES_SCENES_APP',
  'SALES_SCENES_WEWORK',
] as const;
const business = z.object({
  merchant_shortname: text(64),
  service_phone: text(32),
  sales_info: z
    .looseObject({
      sales_scenes_type: z.array(z.enum(scenes)).min(1),
      biz_store_info: z
        .looseObject({
          biz_store_name: text(128),
          biz_address_code: text(32),
          biz_store_address: text(128),
          store_entrance_pic: z.array(media).min(1),
          indoor_pic: z.array(media).min(1),
        })
        .optional(),
    })
    .refine((one) => !one.sales_scenes_type.includes('SALES_SCENES_STORE') || one.biz_store_info !== undefined, {
      path: ['biz_store_info'],
      message: '线下场所场景必填',
    }),
});

export const applymentShape = z.object({
  business_code: z
    .string()
    .regex(/^[0-9A-Za-z_]+$/)
    .max(124),
  contact_info: contact,
  subject_info: subject,
  business_info: business,
  settlement_info: z.looseObject({ settlement_id: text(8), qualification_type: text(128) }),
  bank_account_info: z.looseObject({
    bank_account_type: z.enum(['BANK_ACCOUNT_TYPE_CORPORATE', 'BANK_ACCOUNT_TYPE_PERSONAL']),
    account_name: sealed,
    account_bank: text(128),
    bank_address_code: text(20).optional(),
    account_number: sealed,
  }),
  addition_info: z.looseObject({}).optional(),
});
export type Applyment = z.output<typeof applymentShape>;

const personId = /^\d{17}[\dXx]$/;
/** Sensitive fields by their place in the body, and what they must be when they are opened. */
export const sealedFields: readonly (readonly [path: readonly string[], form: RegExp])[] = [
  [['contact_info', 'contact_name'], /^.{2,100}$/u],
  [['contact_info', 'contact_id_number'], personId],
  [['contact_info', 'mobile_phone'], /^1\d{10}$/],
  [['contact_info', 'contact_email'], /^\S+@\S+\.\S+$/],
  [['subject_info', 'identity_info', 'id_card_info', 'id_card_name'], /^.{2,100}$/u],
  [['subject_info', 'identity_info', 'id_card_info', 'id_card_number'], personId],
  [['subject_info', 'identity_info', 'id_doc_info', 'id_doc_name'], /^.{2,100}$/u],
  [['subject_info', 'identity_info', 'id_doc_info', 'id_doc_number'], /^[0-9A-Za-z]{5,20}$/],
  [['bank_account_info', 'account_name'], /^.{2,128}$/u],
  [['bank_account_info', 'account_number'], /^\d{8,30}$/],
];
export const mediaFields: readonly (readonly string[])[] = [
  ['subject_info', 'business_license_info', 'license_copy'],
  ['subject_info', 'certificate_info', 'cert_copy'],
  ['subject_info', 'identity_info', 'id_card_info', 'id_card_copy'],
  ['subject_info', 'identity_info', 'id_card_info', 'id_card_national'],
  ['subject_info', 'identity_info', 'id_doc_info', 'id_doc_copy'],
  ['business_info', 'sales_info', 'biz_store_info', 'store_entrance_pic'],
  ['business_info', 'sales_info', 'biz_store_info', 'indoor_pic'],
];

export const settlementShape = z.object({
  account_type: z.enum(['ACCOUNT_TYPE_BUSINESS', 'ACCOUNT_TYPE_PRIVATE']),
  account_bank: text(128),
  bank_address_code: text(20).optional(),
  account_name: sealed.optional(),
  bank_name: text(128).optional(),
  bank_branch_id: text(128).optional(),
  account_number: sealed,
});

/** An application as the sandbox keeps it; what is sensitive is kept opened, because it is nobody's. */
export type KeptApplyment = Readonly<{
  applymentId: string;
  businessCode: string;
  /** The partner that applied. */
  mchid: string;
  shortname: string;
  isVerifiedByTransfer: boolean;
  account: Readonly<{ type: string; bank: string; number: string }>;
  state: ApplymentState;
  /** When it came into this state. */
  since: number;
  rejection?: Readonly<{ field: string; name: string; reason: string }>;
  subMchid?: string;
}>;
