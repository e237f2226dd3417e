import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AlipaySettings } from '@zhanggui/alipay';
import type { QrPayOptions } from '@zhanggui/qrpay';
import type { UnionPaySettings } from '@zhanggui/unionpay-qr';
import type { Wallet } from '@zhanggui/wallet-channel';
import type { Wallets } from '@zhanggui/wallets';
import type { WeChatPaySettings, WeChatPayV2Settings } from '@zhanggui/wechatpay';
import { z } from 'zod';
import { type Settings, SettingsError } from './settings.ts';

/** What the shop is at each wallet; a wallet that is not named is not offered. */
export type WalletAccounts = Readonly<{
  wechat?: Readonly<{
    pay: WeChatPaySettings;
    /** Where payment codes are paid over API v2 only; its certificate comes with it. */
    v2?: Omit<WeChatPayV2Settings, 'certificateSend'> &
      Readonly<{ identity: { cert: string; key: string; ca?: string } }>;
  }>;
  alipay?: AlipaySettings;
  unionpay?: UnionPaySettings;
  fees: NonNullable<QrPayOptions['fees']>;
  guestCodes?: QrPayOptions['guestCodes'];
}>;

const feeRate = { feeBasisPoints: z.number().int().min(0).max(1000).default(60) };
const wechatAccount = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('direct'), mchid: z.string(), appid: z.string() }),
  z.strictObject({
    mode: z.literal('partner'),
    spMchid: z.string(),
    spAppid: z.string(),
    subMchid: z.string(),
    subAppid: z.string().optional(),
  }),
]);

/** docs/wallets.md shows this file; names that end in `File` are paths beside it. */
const accountsFile = z.strictObject({
  wechat: z
    .strictObject({
      account: wechatAccount,
      certificateSerial: z.string(),
      privateKeyFile: z.string(),
      apiV3KeyFile: z.string(),
      publicKeyFiles: z.record(z.string(), z.string()).optional(),
      hosts: z.array(z.url()).min(1).optional(),
      v2: z
        .strictObject({
          apiKeyFile: z.string(),
          certificateFile: z.string(),
          signType: z.enum(['MD5', 'HMAC-SHA256']).optional(),
        })
        .optional(),
      ...feeRate,
    })
    .optional(),
  alipay: z
    .strictObject({
      appId: z.string(),
      privateKeyFile: z.string(),
      publicKeyFile: z.string().optional(),
      certificateFiles: z.strictObject({ app: z.string(), alipay: z.string(), root: z.string() }).optional(),
      sellerId: z.string().optional(),
      appAuthToken: z.string().optional(),
      gateway: z.url().optional(),
      ...feeRate,
    })
    .refine(({ publicKeyFile: key, certificateFiles: three }) => (key === undefined) !== (three === undefined), {
      message: 'publicKeyFile or certificateFiles, one of them',
    })
    .optional(),
  unionpay: z
    .strictObject({
      merId: z.string(),
      certificateFile: z.string(),
      privateKeyFile: z.string(),
      authorityFiles: z.array(z.string()).min(1),
      signer: z.string().optional(),
      gateway: z.url().optional(),
      files: z.url().optional(),
      takesCcbCodes: z.boolean().default(false),
      ...feeRate,
    })
    .optional(),
});
type AccountsFile = z.output<typeof accountsFile>;

const setting = 'ZHANGGUI_WALLETS';
const refuse = (reason: string): never => {
  throw new SettingsError(setting, reason);
};

type Reader = (name: string) => string;
/** Keys lie in files of their own, so that the one that names them may be shown to anybody. */
const besideOf =
  (path: string): Reader =>
  (name) => {
    const file = join(dirname(path), name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : refuse(`names ${name}, which does not exist`);
  };

const wechatOf = (given: NonNullable<AccountsFile['wechat']>, read: Reader): NonNullable<WalletAccounts['wechat']> => {
  const { account, certificateSerial, hosts, v2 } = given;
  const privateKey = read(given.privateKeyFile);
  const publicKeys = Object.fromEntries(
    Object.entries(given.publicKeyFiles ?? {}).map(([serial, name]) => [serial, read(name)]),
  );
  return {
    pay: {
      account,
      certificateSerial,
      privateKey,
      apiV3Key: read(given.apiV3KeyFile),
      platform: { publicKeys },
      hosts,
    },
    v2: v2 && {
      account,
      apiKey: read(v2.apiKeyFile),
      signType: v2.signType,
      hosts,
      identity: { cert: read(v2.certificateFile), key: privateKey },
    },
  };
};

const trustOf = (
  { publicKeyFile = '', certificateFiles: three }: NonNullable<AccountsFile['alipay']>,
  read: Reader,
): AlipaySettings['trust'] =>
  three
    ? {
        appCertificate: read(three.app),
        alipayCertificate: read(three.alipay),
        rootCertificates: read(three.root),
      }
    : { publicKey: read(publicKeyFile) };

const accountsOf = ({ wechat, alipay, unionpay }: AccountsFile, read: Reader): WalletAccounts => {
  const rates = Object.entries({ wechat, alipay, unionpay }).flatMap(([wallet, given]) =>
    given ? [[wallet, { basisPoints: given.feeBasisPoints }]] : [],
  );
  return {
    wechat: wechat && wechatOf(wechat, read),
    alipay: alipay && {
      appId: alipay.appId,
      privateKey: read(alipay.privateKeyFile),
      trust: trustOf(alipay, read),
      sellerId: alipay.sellerId,
      appAuthToken: alipay.appAuthToken,
      gateway: alipay.gateway,
    },
    unionpay: unionpay && {
      merId: unionpay.merId,
      certificate: read(unionpay.certificateFile),
      privateKey: read(unionpay.privateKeyFile),
      authorities: unionpay.authorityFiles.map(read),
      signer: unionpay.signer,
      gateway: unionpay.gateway,
      files: unionpay.files,
    },
    fees: Object.fromEntries(rates) as Record<Wallet, { basisPoints: number }>,
    guestCodes: unionpay?.takesCcbCodes ? { ccb: 'unionpay' } : {},
  };
};

const jsonIn = (path: string): unknown => {
  if (!existsSync(path)) return refuse('names a file that does not exist');
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return refuse('names a file that is not JSON');
  }
};

/** The accounts a file names. Throws `SettingsError` that says which name in it is wrong. */
export const readWalletAccounts = (path: string): WalletAccounts => {
  const parsed = accountsFile.safeParse(jsonIn(path));
  if (parsed.success) return accountsOf(parsed.data, besideOf(path));
  const [issue] = parsed.error.issues;
  return refuse(`${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'is not understood'}`);
};

/** The shop's accounts at the sandbox wallets, as its developer would be given them. */
export const sandboxAccounts = ({ merchants: { wechat, alipay, unionpay }, url }: Wallets): WalletAccounts => {
  const { mchid, appid, certificateSerial, privateKey, apiV3Key, platform } = wechat.direct;
  return {
    wechat: {
      pay: {
        account: { mode: 'direct', mchid, appid },
        certificateSerial,
        privateKey,
        apiV3Key,
        platform: { publicKeys: platform.publicKeys },
        hosts: [url],
      },
    },
    alipay: {
      appId: alipay.appId,
      privateKey: alipay.privateKey,
      trust: { publicKey: alipay.alipayPublicKey },
      sellerId: alipay.sellerId,
      gateway: `${url}/gateway.do`,
    },
    unionpay: { ...unionpay, gateway: url, files: `${url}/unionpay/files` },
    fees: {},
  };
};

/** Where wallets reach this server. Real ones do not reach its own address, and refuse orders that name it. */
export const publicUrlOf = (
  settings: Pick<Settings, 'ZHANGGUI_PUBLIC_URL' | 'ZHANGGUI_WALLETS' | 'ZHANGGUI_HTTP_PORT'>,
): string => {
  const { ZHANGGUI_PUBLIC_URL: given, ZHANGGUI_WALLETS: accounts, ZHANGGUI_HTTP_PORT: port } = settings;
  if (accounts && !given) throw new SettingsError('ZHANGGUI_PUBLIC_URL', 'is needed where ZHANGGUI_WALLETS is set');
  return given || `http://127.0.0.1:${port}`;
};
