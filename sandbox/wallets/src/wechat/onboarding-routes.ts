import { type FieldTitles, paramRefusal, readFields } from './fields.ts';
import { beijingTime } from './gate-platform.ts';
import { hasMedia } from './media-routes.ts';
import { type Onboarding, openOnboarding } from './onboarding.ts';
import {
  type Applyment,
  applymentShape,
  type KeptApplyment,
  mediaFields,
  onboardingTitles,
  sealedFields,
  settlementShape,
  stateTexts,
} from './onboarding-words.ts';
import type { Refusal } from './refusals.ts';
import type { Call, Reply, Room, Route } from './room.ts';

const modificationsMax = 5;
const verifyMs = 10_000;
/** An account whose number ends so is not the merchant's. */
const failingEnd = '0000';

const titles: FieldTitles = onboardingTitles;
const notFound: Refusal = { status: 404, code: 'RESOURCE_NOT_EXISTS', message: '申请单不存在', number: 268_512_771 };
const noAuth: Refusal = { status: 403, code: 'NO_AUTH', message: '商户无权限', number: 268_443_704 };
const underWay: Refusal = {
  status: 400,
  code: 'PROCESSING',
  message: '存在流程进行中的申请单，请检查是否重入',
  number: 268_435_463,
};
const tooOften: Refusal = {
  status: 429,
  code: 'FREQUENCY_LIMITED',
  message: '修改结算账号过于频繁，每天最多5次',
  number: 268_447_840,
};
const refuse = (refusal: Refusal): Reply => ({ kind: 'refused', refusal });
const json = (body: unknown): Reply => ({ kind: 'reply', status: 200, json: body });

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
    value,
  );
const fieldRefusal = (path: readonly string[], why: string): Refusal => {
  const name = path.at(-1) ?? '';
  const message = `输入源“/body/${path.join('/')}”映射到值字段“${titles[name] ?? name}”${why}`;
  return paramRefusal(message, { location: 'body', value: null });
};

type Opened =
  | Readonly<{ kind: 'opened'; field(path: readonly string[]): string }>
  | Readonly<{ kind: 'refused'; refusal: Refusal }>;

/** Sensitive fields opened and looked at; without the serial of the key nobody could open them. */
const openFields = (room: Room, call: Call, body: unknown, fields: typeof sealedFields): Opened => {
  if (!call.request.headers.get('wechatpay-serial'))
    return { kind: 'refused', refusal: paramRefusal('HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)') };
  const opened = new Map<string, string>();
  for (const [path, form] of fields) {
    const sealed = valueAt(body, path);
    if (typeof sealed !== 'string') continue;
    const plain = room.gate.openField(call.request, sealed);
    if (plain === undefined) return { kind: 'refused', refusal: paramRefusal('平台证书序列号Wechatpay-Serial错误') };
    if (!form.test(plain))
      return { kind: 'refused', refusal: fieldRefusal(path, '规则校验失败，解密后的内容格式不正确') };
    opened.set(path.join('.'), plain);
  }
  return { kind: 'opened', field: (path) => opened.get(path.join('.')) ?? '' };
};

const missingMedia = (room: Room, mchid: string, body: Applyment): Refusal | undefined => {
  for (const path of mediaFields) {
    const ids = [valueAt(body, path)].flat().filter((id) => typeof id === 'string');
    if (ids.some((id) => !hasMedia(room, mchid, id)))
      return fieldRefusal(path, '规则校验失败，图片MediaID不存在或已过期');
  }
  return undefined;
};

const submit = (room: Room, onboarding: Onboarding, call: Call): Reply => {
  const { mchid } = call.caller;
  const read = readFields(applymentShape, 'body', call.body, titles);
  if (read.kind === 'refused') return read;
  const { business_code: businessCode, business_info: business, bank_account_info: bank } = read.value;
  const opened = openFields(room, call, read.value, sealedFields);
  if (opened.kind === 'refused') return opened;
  const missing = missingMedia(room, mchid, read.value);
  if (missing) return refuse(missing);
  const kept = onboarding.submit({
    businessCode,
    mchid,
    shortname: business.merchant_shortname,
    isVerifiedByTransfer: bank.bank_account_type === 'BANK_ACCOUNT_TYPE_CORPORATE',
    account: {
      type: bank.bank_account_type,
      bank: bank.account_bank,
      number: opened.field(['bank_account_info', 'account_number']),
    },
  });
  return kept === 'under-way' ? refuse(underWay) : json({ applyment_id: Number(kept.applymentId) });
};

const applymentWire = (room: Room, one: KeptApplyment): unknown => ({
  business_code: one.businessCode,
  applyment_id: Number(one.applymentId),
  ...(one.subMchid !== undefined && { sub_mchid: one.subMchid }),
  ...(['TO_BE_CONFIRMED', 'TO_BE_SIGNED'].includes(one.state) && {
    sign_url: `${room.origin()}/sandbox/wechat/applyments/${one.applymentId}`,
  }),
  applyment_state: `APPLYMENT_STATE_${one.state}`,
  applyment_state_msg: stateTexts[one.state],
  ...(one.rejection && {
    audit_detail: [{ field: one.rejection.field, field_name: one.rejection.name, reject_reason: one.rejection.reason }],
  }),
});

const found = (room: Room, one: KeptApplyment | undefined): Reply =>
  one ? json(applymentWire(room, one)) : refuse(notFound);

type Settlement = Readonly<{
  applicationNo: string;
  at: number;
  account_type: string;
  account_bank: string;
  bank_name?: string;
  bank_branch_id?: string;
  number: string;
  name: string;
}>;
const settlementPrefix = (subMchid: string): string => `wechat/settlement/${subMchid}/`;
const settlementsOf = (room: Room, subMchid: string): readonly Settlement[] =>
  room.engine.shelf.list(settlementPrefix(subMchid)).map(({ value }) => JSON.parse(value) as Settlement);

const masked = (number: string): string =>
  `${number.slice(0, 2)}${'*'.repeat(Math.max(0, number.length - 6))}${number.slice(-4)}`;
const beijingDay = (at: number): string => beijingTime(at).slice(0, 10);

type Verdict = 'ING' | 'SUCCESS' | 'FAIL';
const verdictOf = (room: Room, one: Settlement): Verdict => {
  if (room.engine.now() < one.at + verifyMs / room.pace) return 'ING';
  return one.number.endsWith(failingEnd) ? 'FAIL' : 'SUCCESS';
};

const settlementFields: typeof sealedFields = [
  [['account_number'], /^\d{8,30}$/],
  [['account_name'], /^.{2,128}$/u],
];

const modify = (room: Room, call: Call, subMchid: string): Reply => {
  const read = readFields(settlementShape, 'body', call.body, titles);
  if (read.kind === 'refused') return read;
  const opened = openFields(room, call, read.value, settlementFields);
  if (opened.kind === 'refused') return opened;
  const now = room.engine.now();
  const today = settlementsOf(room, subMchid).filter((one) => beijingDay(one.at) === beijingDay(now));
  if (today.length >= modificationsMax) return refuse(tooOften);
  const { account_type, account_bank, bank_name, bank_branch_id } = read.value;
  const applicationNo = `1${String(room.engine.serial()).padStart(15, '0').slice(-15)}`;
  const number = opened.field(['account_number']);
  const name = opened.field(['account_name']);
  const bank = { account_type, account_bank, bank_name, bank_branch_id };
  const kept: Settlement = { applicationNo, at: now, ...bank, number, name };
  room.engine.shelf.put(settlementPrefix(subMchid) + applicationNo, JSON.stringify(kept));
  return json({ application_no: applicationNo });
};

/** Of a name the last character is shown. */
const shownName = (name: string): string | undefined =>
  name === '' ? undefined : `${'*'.repeat(name.length - 1)}${name.slice(-1)}`;

const accountWire = ({ account_type, account_bank, bank_name, bank_branch_id, number, name }: Settlement) => ({
  account_name: shownName(name),
  account_type,
  account_bank,
  bank_name,
  bank_branch_id,
  account_number: masked(number),
});

/** The account that counts is the last one that was verified; before there is one, the newest tells how its check goes. */
const settlement = (room: Room, subMchid: string): Reply => {
  const all = [...settlementsOf(room, subMchid)].reverse();
  const current = all.find((one) => verdictOf(room, one) === 'SUCCESS') ?? all[0];
  if (!current) return refuse({ ...notFound, message: '结算账户不存在' });
  const verdict = verdictOf(room, current);
  return json({
    ...accountWire(current),
    verify_result: verdict === 'ING' ? 'VERIFYING' : `VERIFY_${verdict}`,
    ...(verdict === 'FAIL' && { verify_fail_reason: '账户名称与账号不符' }),
  });
};

const application = (room: Room, subMchid: string, applicationNo: string): Reply => {
  const one = settlementsOf(room, subMchid).find((each) => each.applicationNo === applicationNo);
  if (!one) return refuse(notFound);
  const verdict = verdictOf(room, one);
  return json({
    ...accountWire(one),
    verify_result: verdict === 'ING' ? 'AUDITING' : `AUDIT_${verdict}`,
    ...(verdict === 'FAIL' && { verify_fail_reason: '账户名称与账号不符' }),
    ...(verdict !== 'ING' && { verify_finish_time: beijingTime(one.at + verifyMs / room.pace) }),
  });
};

/** Of a sub-merchant that the caller serves. */
const ofServed =
  (room: Room, run: (call: Call, subMchid: string) => Reply) =>
  (call: Call): Reply => {
    const subMchid = call.params.sub_mchid ?? '';
    return room.gate.serves(call.caller.mchid, subMchid) ? run(call, subMchid) : refuse(noAuth);
  };

/** 特约商户进件: applications, and the settlement accounts of those who came in. */
export const onboardingRoutes = (room: Room): readonly Route[] => {
  const onboarding = openOnboarding(room);
  const base = '/v3/applyment4sub/applyment/';
  const merchants = '/v3/apply4sub/sub_merchants/:sub_mchid';
  return [
    { method: 'POST', path: base, run: (call) => submit(room, onboarding, call) },
    {
      method: 'GET',
      path: `${base}business_code/:business_code`,
      run: ({ caller, params }) => found(room, onboarding.byCode(caller.mchid, params.business_code ?? '')),
    },
    {
      method: 'GET',
      path: `${base}applyment_id/:applyment_id`,
      run: ({ caller, params }) => found(room, onboarding.byId(params.applyment_id ?? '', caller.mchid)),
    },
    {
      method: 'POST',
      path: `${merchants}/modify-settlement`,
      run: ofServed(room, (call, subMchid) => modify(room, call, subMchid)),
    },
    {
      method: 'GET',
      path: `${merchants}/settlement`,
      run: ofServed(room, (_call, subMchid) => settlement(room, subMchid)),
    },
    {
      method: 'GET',
      path: `${merchants}/application/:application_no`,
      run: ofServed(room, ({ params }, subMchid) => application(room, subMchid, params.application_no ?? '')),
    },
  ];
};
