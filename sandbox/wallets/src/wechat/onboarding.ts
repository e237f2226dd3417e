import type { ApplymentState, KeptApplyment } from './onboarding-words.ts';
import type { Room } from './room.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** How long a state lasts by itself, at a pace of 1, and what comes after it. */
const lasts: Readonly<Partial<Record<ApplymentState, number>>> = {
  AUDITING: dayMs,
  TO_BE_CONFIRMED: 10 * dayMs,
  TO_BE_SIGNED: 30 * dayMs,
  SIGNING: 30 * minuteMs,
};
/** A short name with this word in it does not pass: nobody else is there to say no. */
const rejectedWord = '驳回';

/** What people do with an application: WeChat's auditor, the merchant, its bank, its administrator. */
export const applymentActs = ['audit', 'reject', 'confirm', 'sign', 'open', 'cancel'] as const;
export type ApplymentAct = (typeof applymentActs)[number];
const fits: Readonly<Record<ApplymentAct, readonly ApplymentState[]>> = {
  audit: ['AUDITING'],
  reject: ['AUDITING', 'TO_BE_CONFIRMED'],
  confirm: ['TO_BE_CONFIRMED'],
  sign: ['TO_BE_SIGNED'],
  open: ['SIGNING'],
  cancel: ['EDITTING', 'AUDITING', 'REJECTED', 'TO_BE_CONFIRMED', 'TO_BE_SIGNED'],
};
const rejections = {
  shortname: { field: 'merchant_shortname', name: '商户简称', reason: '商户简称与主体不符' },
  account: { field: 'account_number', name: '银行账号', reason: '账户验证未通过' },
} as const;

/** Applications (进件) and how they go on, by the clock or by hand. */
export interface Onboarding {
  /** The same code again, while it is under way, is no new application. */
  submit(applyment: Omit<KeptApplyment, 'applymentId' | 'state' | 'since'>): KeptApplyment | 'under-way';
  byCode(mchid: string, businessCode: string): KeptApplyment | undefined;
  byId(applymentId: string, mchid?: string): KeptApplyment | undefined;
  /** Undefined when there is no such application, or this is not its time. */
  act(applymentId: string, act: ApplymentAct): KeptApplyment | undefined;
}

const prefix = 'wechat/applyment/';

const keep = ({ engine }: Room, one: KeptApplyment): KeptApplyment => {
  engine.shelf.put(prefix + one.applymentId, JSON.stringify(one));
  return one;
};

type Step = Readonly<{ state: ApplymentState; at: number } & Partial<Pick<KeptApplyment, 'rejection' | 'subMchid'>>>;
const to = (room: Room, one: KeptApplyment, { state, at, rejection, subMchid = one.subMchid }: Step): KeptApplyment =>
  keep(room, { ...one, state, since: at, rejection, subMchid });

const audited = (room: Room, one: KeptApplyment, at: number): KeptApplyment => {
  if (one.shortname.includes(rejectedWord))
    return to(room, one, { state: 'REJECTED', at, rejection: rejections.shortname });
  return to(room, one, { state: one.isVerifiedByTransfer ? 'TO_BE_CONFIRMED' : 'TO_BE_SIGNED', at });
};

/** From now on the sub-merchant is there, and the partner that applied serves it. */
const opened = (room: Room, one: KeptApplyment, at: number): KeptApplyment =>
  room.engine.shelf.atomically(() => {
    const subMchid = `16${String(room.engine.serial()).padStart(8, '0').slice(-8)}`;
    room.engine.addMerchant({ wallet: 'wechat', merchantNo: subMchid, title: one.shortname, feeBasisPoints: 60 });
    room.gate.adopt(one.mchid, subMchid);
    return to(room, one, { state: 'FINISHED', at, subMchid });
  });

const next = (room: Room, one: KeptApplyment, at: number): KeptApplyment => {
  switch (one.state) {
    case 'AUDITING':
      return audited(room, one, at);
    case 'SIGNING':
      return opened(room, one, at);
    case 'TO_BE_CONFIRMED':
    case 'TO_BE_SIGNED':
      return to(room, one, { state: 'CANCELED', at });
    case 'EDITTING':
    case 'REJECTED':
    case 'FINISHED':
    case 'CANCELED':
      return one;
  }
};

/** What time did to it meanwhile: seen whenever it is looked at. */
const upToDate = (room: Room, one: KeptApplyment): KeptApplyment => {
  const ms = lasts[one.state];
  const at = one.since + (ms ?? 0) / room.pace;
  return ms === undefined || room.engine.now() < at ? one : upToDate(room, next(room, one, at));
};

const read = (room: Room, applymentId: string): KeptApplyment | undefined => {
  const text = room.engine.shelf.get(prefix + applymentId);
  return text === undefined ? undefined : upToDate(room, JSON.parse(text) as KeptApplyment);
};

const byCode = (room: Room, mchid: string, businessCode: string): KeptApplyment | undefined => {
  const all = room.engine.shelf.list(prefix).map(({ value }) => JSON.parse(value) as KeptApplyment);
  const found = all.find((one) => one.mchid === mchid && one.businessCode === businessCode);
  return found && upToDate(room, found);
};

const act = (room: Room, one: KeptApplyment, name: ApplymentAct): KeptApplyment => {
  const at = room.engine.now();
  switch (name) {
    case 'audit':
      return audited(room, one, at);
    case 'reject':
      return to(room, one, { state: 'REJECTED', at, rejection: rejections.account });
    case 'confirm':
      return to(room, one, { state: 'TO_BE_SIGNED', at });
    case 'sign':
      return to(room, one, { state: 'SIGNING', at });
    case 'open':
      return opened(room, one, at);
    case 'cancel':
      return to(room, one, { state: 'CANCELED', at });
  }
};

export const openOnboarding = (room: Room): Onboarding => ({
  byCode: (mchid, businessCode) => byCode(room, mchid, businessCode),
  byId(applymentId, mchid) {
    const one = read(room, applymentId);
    return mchid === undefined || one?.mchid === mchid ? one : undefined;
  },
  submit(applyment) {
    const known = byCode(room, applyment.mchid, applyment.businessCode);
    const mayRepeat = known === undefined || known.state === 'REJECTED' || known.state === 'EDITTING';
    if (!mayRepeat) return 'under-way';
    const applymentId = known?.applymentId ?? `20000${String(room.engine.serial()).padStart(11, '0').slice(-11)}`;
    return keep(room, { ...applyment, applymentId, state: 'AUDITING', since: room.engine.now() });
  },
  act(applymentId, name) {
    const one = read(room, applymentId);
    return one && fits[name].includes(one.state) ? act(room, one, name) : undefined;
  },
});

export const actsFitting = (state: ApplymentState): readonly ApplymentAct[] =>
  applymentActs.filter((act) => fits[act].includes(state));
