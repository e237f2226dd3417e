import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { Readable } from 'node:stream';
import { fetchSend, type Send } from '@zhanggui/https-call';
import { type Account, signerOf } from './account.ts';
import { type Suite, suiteOf } from './crypto.ts';
import { createPlatformKeys, jsonOf, type PlatformKeySettings, type PlatformKeys } from './platform-keys.ts';
import { type CallRates, createPace } from './rates.ts';
import { callV3, fetchV3, type V3Call } from './v3-calls.ts';
import { WeChatPayError } from './wechatpay-error.ts';

export type WeChatPaySettings = Readonly<{
  account: Account;
  /** The signing merchant's API certificate: serial and private key (PEM). An SM2 key makes every call 国密. */
  certificateSerial: string;
  privateKey: string;
  /** APIv3 密钥, 32 characters. */
  apiV3Key: string;
  platform?: PlatformKeySettings;
  /** In the order they are tried. */
  hosts?: readonly string[];
  timeoutMs?: number;
  /** Calls per second of each class, where they shall differ from WeChat's own limits. */
  rates?: CallRates;
  now?: () => number;
  send?: Send;
}>;

/** What every group of calls needs of an opened client. */
export type Room = Readonly<{
  account: Account;
  apiV3Key: KeyObject;
  privateKey: KeyObject;
  suite: Suite;
  now: () => number;
  keys: PlatformKeys;
  /** The content of a verified answer. */
  call(call: V3Call): Promise<unknown>;
  /** A file, whose content is checked by its reader. */
  download(call: V3Call): Promise<void>;
}>;

export const productionHosts = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'] as const;

const secretOf = (text: string): KeyObject => {
  const bytes = Buffer.from(text);
  if (bytes.length !== 32) throw new WeChatPayError('request-malformed', 'apiV3Key');
  return createSecretKey(bytes);
};

export const queryText = (values: Readonly<Record<string, string | undefined>>): string => {
  const pairs = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const text = new URLSearchParams(pairs).toString();
  return text === '' ? '' : `?${text}`;
};

export const openRoom = (settings: WeChatPaySettings): Room => {
  const { account, now = Date.now } = settings;
  const apiV3Key = secretOf(settings.apiV3Key);
  const privateKey = createPrivateKey(settings.privateKey);
  const suite = suiteOf(privateKey);
  const wire = {
    signer: { mchid: signerOf(account), serial: settings.certificateSerial, privateKey },
    hosts: settings.hosts ?? productionHosts,
    send: settings.send ?? fetchSend,
    now,
    timeoutMs: settings.timeoutMs ?? 10_000,
    pace: createPace(settings.rates),
    preferredSerial: (): string | undefined => keys.preferredSerial,
  };
  const certificates = {
    method: 'GET',
    path: suite.certificatesPath,
    repeatable: true,
    place: 'certificates',
  } as const;
  const download = () => fetchV3(wire, certificates);
  const keys = createPlatformKeys({ ...settings.platform, apiV3Key, suite, now, download });
  return {
    account,
    apiV3Key,
    privateKey,
    suite,
    now,
    keys,
    call: async (call) => jsonOf((await callV3(wire, keys, call)).body),
    async download(call) {
      const { body } = await fetchV3(wire, call);
      // A sender that knows no streams hands over all at once.
      if (body.length > 0) await call.take?.(Readable.from([body]));
    },
  };
};
