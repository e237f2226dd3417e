import { z } from 'zod';
import type { MerchantName } from '../engine/words.ts';
import { filled } from './read.ts';
import { refused } from './refusals.ts';
import type { Caller, Reply, Room } from './room.ts';

/** A merchant of its own, or one served by a partner (服务商) who signs. */
export type Mode = 'direct' | 'partner';
export const payPath = (mode: Mode): string =>
  mode === 'direct' ? '/v3/pay/transactions' : '/v3/pay/partner/transactions';

export const merchantFields = {
  direct: { mchid: filled(32) },
  partner: { sp_mchid: filled(32), sub_mchid: filled(32) },
} as const;
export const appFields = {
  direct: { appid: filled(32), ...merchantFields.direct },
  partner: { sp_appid: filled(32), sub_appid: filled(32).optional(), ...merchantFields.partner },
} as const;

/** The merchant as a request names it, in either mode. */
export const idsShape = z.object({
  appid: z.string().optional(),
  mchid: z.string().optional(),
  sp_appid: z.string().optional(),
  sp_mchid: z.string().optional(),
  sub_appid: z.string().optional(),
  sub_mchid: z.string().optional(),
});
export type Ids = z.output<typeof idsShape>;

type Seller =
  | Readonly<{ kind: 'seller'; merchant: MerchantName; ids: Ids }>
  | Extract<Reply, Readonly<{ kind: 'refused' }>>;

const isKnown = ({ engine, gate }: Room, merchantNo: string): boolean =>
  engine.merchant({ wallet: 'wechat', merchantNo }) !== undefined || gate.v2Key(merchantNo) !== undefined;

/** Whose order this is, if the caller may speak for it. */
export const sellerOf = (room: Room, { mchid: caller }: Pick<Caller, 'mchid'>, ids: Ids): Seller => {
  const signer = ids.sp_mchid ?? ids.mchid ?? '';
  const app = ids.sp_appid ?? ids.appid;
  if (!isKnown(room, signer)) return refused('merchantUnknown');
  if (signer !== caller) return refused('notAllowed', { message: '商户号与签名的商户不一致' });
  if (app !== undefined && !room.gate.isAppOf(signer, app)) return refused('appOfOther');
  const seller = ids.sub_mchid ?? signer;
  if (!isKnown(room, seller)) return refused('merchantUnknown', { message: '特约商户号不存在' });
  if (ids.sub_mchid !== undefined && !room.gate.serves(signer, ids.sub_mchid)) return refused('notServed');
  if (ids.sub_appid !== undefined && !room.gate.isAppOf(seller, ids.sub_appid)) return refused('appOfOther');
  return { kind: 'seller', merchant: { wallet: 'wechat', merchantNo: seller }, ids };
};

/** The same for calls that name the sub-merchant only: refunds and bills. */
export const callerSeller = (room: Room, caller: Pick<Caller, 'mchid'>, subMchid: string | undefined): Seller =>
  sellerOf(
    room,
    caller,
    subMchid === undefined ? { mchid: caller.mchid } : { sp_mchid: caller.mchid, sub_mchid: subMchid },
  );
