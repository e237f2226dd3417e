import { z } from 'zod';

const text = z.string().min(1);
const pictures = z.array(text);
const date = z.string().regex(/^(?:\d{4}-\d{2}-\d{2}|长期)$/);
const idType = z.enum([
  'IDENTIFICATION_TYPE_IDCARD',
  'IDENTIFICATION_TYPE_OVERSEA_PASSPORT',
  'IDENTIFICATION_TYPE_HONGKONG_PASSPORT',
  'IDENTIFICATION_TYPE_MACAO_PASSPORT',
  'IDENTIFICATION_TYPE_TAIWAN_PASSPORT',
  'IDENTIFICATION_TYPE_FOREIGN_RESIDENT',
  'IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT',
  'IDENTIFICATION_TYPE_TAIWAN_RESIDENT',
]);
const rate = z.string().regex(/^\d+(?:\.\d+)?$/);

const contactInfo = z.strictObject({
  contact_type: z.enum(['LEGAL', 'SUPER']),
  contact_name: text,
  contact_id_doc_type: idType.optional(),
  contact_id_number: text.optional(),
  contact_id_doc_copy: text.optional(),
  contact_id_doc_copy_back: text.optional(),
  contact_period_begin: date.optional(),
  contact_period_end: date.optional(),
  business_authorization_letter: text.optional(),
  openid: text.optional(),
  mobile_phone: text,
  contact_email: text,
});

const license = z.strictObject({
  license_copy: text,
  license_number: text,
  merchant_name: text,
  legal_person: text,
  license_address: text.optional(),
  period_begin: date.optional(),
  period_end: date.optional(),
});
const certificate = z.strictObject({
  cert_copy: text,
  cert_type: text,
  cert_number: text,
  merchant_name: text,
  company_address: text,
  legal_person: text,
  period_begin: date,
  period_end: date,
});
const idCard = z.strictObject({
  id_card_copy: text,
  id_card_national: text,
  id_card_name: text,
  id_card_number: text,
  id_card_address: text.optional(),
  card_period_begin: date,
  card_period_end: date,
});
const idDocument = z.strictObject({
  id_doc_copy: text,
  id_doc_copy_back: text.optional(),
  id_doc_name: text,
  id_doc_number: text,
  id_doc_address: text.optional(),
  doc_period_begin: date,
  doc_period_end: date,
});
const identity = z.strictObject({
  id_holder_type: z.enum(['LEGAL', 'SUPER']).optional(),
  id_doc_type: idType.optional(),
  authorize_letter_copy: text.optional(),
  id_card_info: idCard.optional(),
  id_doc_info: idDocument.optional(),
  owner: z.boolean().optional(),
});
const owner = z.strictObject({
  ubo_id_doc_type: idType,
  ubo_id_doc_copy: text,
  ubo_id_doc_copy_back: text.optional(),
  ubo_id_doc_name: text,
  ubo_id_doc_number: text,
  ubo_id_doc_address: text,
  ubo_period_begin: date,
  ubo_period_end: date,
});

const subjectInfo = z.strictObject({
  subject_type: z.enum([
    'SUBJECT_TYPE_INDIVIDUAL',
    'SUBJECT_TYPE_ENTERPRISE',
    'SUBJECT_TYPE_GOVERNMENT',
    'SUBJECT_TYPE_INSTITUTIONS',
    'SUBJECT_TYPE_OTHERS',
    'SUBJECT_TYPE_MICRO',
  ]),
  finance_institution: z.boolean().optional(),
  business_license_info: license.optional(),
  certificate_info: certificate.optional(),
  certificate_letter_copy: text.optional(),
  finance_institution_info: z.strictObject({ finance_type: text, finance_license_pics: pictures }).optional(),
  identity_info: identity,
  ubo_info_list: z.array(owner).max(4).optional(),
});

const salesInfo = z.strictObject({
  sales_scenes_type: z
    .array(
      z.enum([
        'SALES_SCENES_STORE',
        'SALES_SCENES_MP',
        'SALES_SCENES_MINI_PROGRAM',
        'SALES_SCENES_WEB',
        'SALES_SCENES_APP',
        'SALES_SCENES_WEWORK',
      ]),
    )
    .min(1),
  biz_store_info: z
    .strictObject({
      biz_store_name: text,
      biz_address_code: text,
      biz_store_address: text,
      store_entrance_pic: pictures.min(1),
      indoor_pic: pictures.min(1),
      biz_sub_appid: text.optional(),
    })
    .optional(),
  mp_info: z.strictObject({ mp_appid: text.optional(), mp_sub_appid: text.optional(), mp_pics: pictures }).optional(),
  mini_program_info: z
    .strictObject({
      mini_program_appid: text.optional(),
      mini_program_sub_appid: text.optional(),
      mini_program_pics: pictures.optional(),
    })
    .optional(),
  app_info: z
    .strictObject({ app_appid: text.optional(), app_sub_appid: text.optional(), app_pics: pictures })
    .optional(),
  web_info: z.strictObject({ domain: text, web_authorisation: text.optional(), web_appid: text.optional() }).optional(),
  wework_info: z.strictObject({ sub_corp_id: text, wework_pics: pictures }).optional(),
});

/** A merchant's application as WeChat names its fields, in clear text; pictures are media ids. */
export const applicationForm = z.strictObject({
  business_code: z.string().regex(/^[0-9A-Za-z_]{1,124}$/),
  contact_info: contactInfo,
  subject_info: subjectInfo,
  business_info: z.strictObject({
    merchant_shortname: z.string().min(1).max(64),
    service_phone: text,
    sales_info: salesInfo,
  }),
  settlement_info: z.strictObject({
    settlement_id: text,
    qualification_type: text,
    qualifications: pictures.optional(),
    activities_id: text.optional(),
    activities_rate: rate.optional(),
    debit_activities_rate: rate.optional(),
    credit_activities_rate: rate.optional(),
    activities_additions: pictures.optional(),
  }),
  bank_account_info: z.strictObject({
    bank_account_type: z.enum(['BANK_ACCOUNT_TYPE_CORPORATE', 'BANK_ACCOUNT_TYPE_PERSONAL']),
    account_name: text,
    account_bank: text,
    bank_address_code: text.optional(),
    bank_branch_id: text.optional(),
    bank_name: text.optional(),
    account_number: z.string().regex(/^\d{6,32}$/),
  }),
  addition_info: z
    .strictObject({
      legal_person_commitment: text.optional(),
      legal_person_video: text.optional(),
      business_addition_pics: pictures.optional(),
      business_addition_msg: text.optional(),
    })
    .optional(),
});

/** What travels encrypted, by place in the form; a list's elements share their place. */
export const sensitiveFields: ReadonlySet<string> = new Set([
  'contact_info.contact_name',
  'contact_info.contact_id_number',
  'contact_info.openid',
  'contact_info.mobile_phone',
  'contact_info.contact_email',
  'subject_info.identity_info.id_card_info.id_card_name',
  'subject_info.identity_info.id_card_info.id_card_number',
  'subject_info.identity_info.id_card_info.id_card_address',
  'subject_info.identity_info.id_doc_info.id_doc_name',
  'subject_info.identity_info.id_doc_info.id_doc_number',
  'subject_info.identity_info.id_doc_info.id_doc_address',
  'subject_info.ubo_info_list.ubo_id_doc_name',
  'subject_info.ubo_info_list.ubo_id_doc_number',
  'subject_info.ubo_info_list.ubo_id_doc_address',
  'bank_account_info.account_name',
  'bank_account_info.account_number',
]);
