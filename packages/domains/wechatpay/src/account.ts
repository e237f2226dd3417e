/** Who sells: a merchant of its own, or a merchant served by a partner (服务商), who signs. */
export type Account =
  | Readonly<{ mode: 'direct'; mchid: string; appid: string }>
  | Readonly<{ mode: 'partner'; spMchid: string; spAppid: string; subMchid: string; subAppid?: string }>;

export const signerOf = (account: Account): string => (account.mode === 'direct' ? account.mchid : account.spMchid);

export const payPath = (account: Account): string =>
  account.mode === 'direct' ? '/v3/pay/transactions' : '/v3/pay/partner/transactions';

/** The merchant as query and close name it. */
export const merchantIds = (account: Account): Record<string, string> =>
  account.mode === 'direct' ? { mchid: account.mchid } : { sp_mchid: account.spMchid, sub_mchid: account.subMchid };

/** The merchant with its apps, as orders and 撤销 name it. */
export const orderIds = (account: Account): Record<string, string> => ({
  ...(account.mode === 'direct'
    ? { appid: account.appid }
    : { sp_appid: account.spAppid, ...(account.subAppid !== undefined && { sub_appid: account.subAppid }) }),
  ...merchantIds(account),
});

/** The merchant as refunds and bills name it: a direct one is known by its signature. */
export const subMerchantIds = (account: Account): Record<string, string> =>
  account.mode === 'direct' ? {} : { sub_mchid: account.subMchid };

export const v2Ids = (account: Account): Record<string, string> =>
  account.mode === 'direct'
    ? { appid: account.appid, mch_id: account.mchid }
    : {
        appid: account.spAppid,
        mch_id: account.spMchid,
        sub_mch_id: account.subMchid,
        ...(account.subAppid !== undefined && { sub_appid: account.subAppid }),
      };
