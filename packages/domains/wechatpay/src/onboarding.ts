import { z } from 'zod';
import { applicationForm, sensitiveFields } from './application-form.ts';
import { encryptField } from './crypto.ts';
import { type MediaFile, uploadMedia } from './media.ts';
import type { Place } from './rates.ts';
import type { Room } from './room.ts';
import { optionalText, optionalTime, shaped } from './transaction.ts';
import { WeChatPayError } from './wechatpay-error.ts';

/** A merchant's application in clear text, with WeChat's names; pictures are ids of `upload`. */
export type Application = z.input<typeof applicationForm>;

const states = [
  'EDITTING',
  'AUDITING',
  'REJECTED',
  'TO_BE_CONFIRMED',
  'TO_BE_SIGNED',
  'SIGNING',
  'FINISHED',
  'CANCELED',
] as const;
/**
 * How far an application is: TO_BE_CONFIRMED waits for the account to be proved, TO_BE_SIGNED for the merchant at `signUrl`;
 * FINISHED has `subMchid`; REJECTED says per field why.
 */
export type ApplicationStatus = Readonly<{
  businessCode?: string;
  applymentId: string;
  state: (typeof states)[number];
  stateText: string;
  subMchid?: string;
  signUrl?: string;
  rejections: readonly Readonly<{ field: string; fieldName: string; reason: string }>[];
}>;

/** Where a merchant's money goes; `accountNumber` is masked in what comes back. */
export type SettlementAccount = Readonly<{
  accountType: 'ACCOUNT_TYPE_BUSINESS' | 'ACCOUNT_TYPE_PRIVATE';
  accountBank: string;
  bankName?: string;
  bankBranchId?: string;
  accountNumber: string;
}>;
export type SettlementChange = SettlementAccount & Readonly<{ bankAddressCode?: string; accountName?: string }>;
type Verified<Result extends string> = SettlementAccount &
  Readonly<{ result: Result; failReason?: string; accountName?: string; doneAtMs?: number }>;

/** 进件, for partners: makes merchants of shops. Every number and name goes encrypted. */
export interface Onboarding {
  /** A picture's or video's id, for the fields that want one. */
  upload(file: MediaFile): Promise<string>;
  /** One business code is one application: a rejected one is sent again under it. */
  submit(application: Application): Promise<Readonly<{ applymentId: string }>>;
  status(name: Readonly<{ businessCode: string }> | Readonly<{ applymentId: string }>): Promise<ApplicationStatus>;
  settlement(subMchid: string): Promise<Verified<'VERIFY_SUCCESS' | 'VERIFY_FAIL' | 'VERIFYING'>>;
  /** Five times a day and merchant at most. The number is there when the change is to be audited. */
  modifySettlement(subMchid: string, change: SettlementChange): Promise<Readonly<{ applicationNo?: string }>>;
  settlementChange(
    subMchid: string,
    applicationNo: string,
  ): Promise<Verified<'AUDIT_SUCCESS' | 'AUDITING' | 'AUDIT_FAIL'>>;
}

const applyments = '/v3/applyment4sub/applyment';
const merchants = '/v3/apply4sub/sub_merchants';

const number = z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative()]).transform(String);

const statusShape = z
  .object({
    business_code: optionalText,
    applyment_id: number,
    sub_mchid: optionalText,
    sign_url: optionalText,
    applyment_state: z.enum(states.map((state) => `APPLYMENT_STATE_${state}` as const)),
    applyment_state_msg: z.string().default(''),
    audit_detail: z
      .array(z.object({ field: z.string(), field_name: z.string().default(''), reject_reason: z.string().default('') }))
      .nullish(),
  })
  .transform(
    (wire): ApplicationStatus => ({
      businessCode: wire.business_code,
      applymentId: wire.applyment_id,
      state: wire.applyment_state.slice('APPLYMENT_STATE_'.length) as ApplicationStatus['state'],
      stateText: wire.applyment_state_msg,
      subMchid: wire.sub_mchid,
      signUrl: wire.sign_url,
      rejections: (wire.audit_detail ?? []).map(({ field, field_name: fieldName, reject_reason: reason }) => ({
        field,
        fieldName,
        reason,
      })),
    }),
  );

const verifiedShape = <Result extends string>(results: readonly Result[]) =>
  z
    .object({
      account_name: optionalText,
      account_type: z.enum(['ACCOUNT_TYPE_BUSINESS', 'ACCOUNT_TYPE_PRIVATE']),
      account_bank: z.string(),
      bank_name: optionalText,
      bank_branch_id: optionalText,
      account_number: z.string(),
      verify_result: z.enum(results),
      verify_fail_reason: optionalText,
      verify_finish_time: optionalTime,
    })
    .transform((wire) => ({
      accountName: wire.account_name,
      accountType: wire.account_type,
      accountBank: wire.account_bank,
      bankName: wire.bank_name,
      bankBranchId: wire.bank_branch_id,
      accountNumber: wire.account_number,
      result: wire.verify_result,
      failReason: wire.verify_fail_reason,
      doneAtMs: wire.verify_finish_time,
    }));

/** The form with its sensitive leaves sealed; nothing else is touched. */
const sealedForm = (value: unknown, seal: (text: string) => string, place = ''): unknown => {
  if (Array.isArray(value)) return value.map((one) => sealedForm(one, seal, place));
  if (typeof value === 'string') return sensitiveFields.has(place) ? seal(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).map(([name, inner]): [string, unknown] => [
    name,
    sealedForm(inner, seal, place === '' ? name : `${place}.${name}`),
  ]);
  return Object.fromEntries(pairs);
};

const submit = async (room: Room, application: Application) => {
  if (room.account.mode !== 'partner') throw new WeChatPayError('request-malformed', 'account');
  const parsed = applicationForm.safeParse(application);
  if (!parsed.success) throw new WeChatPayError('request-malformed', parsed.error.issues[0]?.path.join('.') ?? '');
  const { key, serial } = await room.keys.encryptionKey();
  const body = sealedForm(parsed.data, (text) => encryptField(text, key)) as Record<string, unknown>;
  const call = { method: 'POST', path: `${applyments}/`, body, repeatable: true, place: 'applyment' } as const;
  const answer = await room.call({ ...call, encryptedWith: serial });
  return { applymentId: shaped(z.object({ applyment_id: number }), answer, 'applyment').applyment_id };
};

const get = (room: Room, path: string, place: Place): Promise<unknown> =>
  room.call({ method: 'GET', path, repeatable: true, place });

const status: (room: Room, name: Parameters<Onboarding['status']>[0]) => Promise<ApplicationStatus> = async (
  room,
  name,
) => {
  const place = 'applyment-query';
  const isByCode = 'businessCode' in name;
  const path = isByCode ? `business_code/${name.businessCode}` : `applyment_id/${name.applymentId}`;
  if (!/^\w+\/\w{1,124}$/.test(path)) throw new WeChatPayError('request-malformed', 'applyment');
  const found = shaped(statusShape, await get(room, `${applyments}/${path}`, place), place);
  if (!isByCode && found.applymentId !== name.applymentId) throw new WeChatPayError('other-order', 'applyment_id');
  if (isByCode && found.businessCode !== undefined && found.businessCode !== name.businessCode)
    throw new WeChatPayError('other-order', 'business_code');
  return found;
};

const merchantPath = (subMchid: string, rest: string): string => {
  if (!/^\d{8,32}$/.test(subMchid)) throw new WeChatPayError('request-malformed', 'subMchid');
  return `${merchants}/${subMchid}/${rest}`;
};

const modifySettlement = async (room: Room, subMchid: string, change: SettlementChange) => {
  const path = merchantPath(subMchid, 'modify-settlement');
  const { key, serial } = await room.keys.encryptionKey();
  const body = {
    account_type: change.accountType,
    account_bank: change.accountBank,
    bank_address_code: change.bankAddressCode,
    bank_name: change.bankName,
    bank_branch_id: change.bankBranchId,
    account_number: encryptField(change.accountNumber, key),
    account_name: change.accountName === undefined ? undefined : encryptField(change.accountName, key),
  };
  const call = { method: 'POST', path, body, repeatable: false, place: 'modify-settlement' } as const;
  // Some answers have no content.
  const answer = (await room.call({ ...call, encryptedWith: serial })) ?? {};
  const shape = z.object({ application_no: optionalText });
  return { applicationNo: shaped(shape, answer, 'modify-settlement').application_no };
};

export const onboarding = (room: Room): Onboarding => ({
  upload: (file) => uploadMedia(room, file),
  submit: (application) => submit(room, application),
  status: (name) => status(room, name),
  async settlement(subMchid) {
    const shape = verifiedShape(['VERIFY_SUCCESS', 'VERIFY_FAIL', 'VERIFYING']);
    return shaped(shape, await get(room, merchantPath(subMchid, 'settlement'), 'settlement'), 'settlement');
  },
  modifySettlement: (subMchid, change) => modifySettlement(room, subMchid, change),
  async settlementChange(subMchid, applicationNo) {
    if (!/^\w{1,64}$/.test(applicationNo)) throw new WeChatPayError('request-malformed', 'applicationNo');
    const path = merchantPath(subMchid, `application/${applicationNo}`);
    const shape = verifiedShape(['AUDIT_SUCCESS', 'AUDITING', 'AUDIT_FAIL']);
    return shaped(shape, await get(room, path, 'settlement-change'), 'settlement-change');
  },
});
