import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { cny, type Money } from '@zhanggui/money';
import { silentLog } from '@zhanggui/telemetry';
import {
  certificateSend,
  openWeChatPay,
  openWeChatPayV2,
  type WeChatPay,
  type WeChatPayV2Settings,
} from '@zhanggui/wechatpay';
import { startWallets, type Wallets, type WalletsSettings } from '../server.ts';
import type { WeChatMerchant } from '../wechat/gate-keys.ts';
import { readXml, type V2Fields, v2Sign, writeXml } from '../wechat/v2-message.ts';

export type Heard = Readonly<{ status: number; headers: Headers; text: string; json: Record<string, unknown> }>;
type Json = Readonly<Record<string, unknown>>;
type Person = 'direct' | 'partner';

export type Sandbox = Readonly<{
  wallets: Wallets;
  /** Moves the clock of the sandbox and of its clients. */
  pass(ms: number): void;
  now(): number;
  pay(person?: Person, settings?: Readonly<{ timeoutMs?: number }>): WeChatPay;
  payV2(person?: Person, settings?: Partial<WeChatPayV2Settings>): ReturnType<typeof openWeChatPayV2>;
  /** A signed call of API v3, as any program would make it. */
  v3(method: 'GET' | 'POST', path: string, json?: Json, person?: Person): Promise<Heard>;
  /** A signed call of API v2 over TLS with the merchant's certificate. */
  v2(path: string, fields: V2Fields, person?: Person): Promise<V2Fields>;
  /** Lets the phone show a code. */
  code(): string;
  close(): Promise<void>;
}>;

const accountOf = (person: Person, { mchid, appid, subMerchants }: WeChatMerchant) =>
  person === 'direct'
    ? ({ mode: 'direct', mchid, appid } as const)
    : ({ mode: 'partner', spMchid: mchid, spAppid: appid, subMchid: subMerchants[0]?.mchid ?? '' } as const);

export const signedHeaders = (
  merchant: WeChatMerchant,
  request: Readonly<{ method: string; path: string; body: string; at: number }>,
): Record<string, string> => {
  const timestamp = String(Math.floor(request.at / 1000));
  const nonce = randomBytes(16).toString('hex');
  const text = `${request.method}\n${request.path}\n${timestamp}\n${nonce}\n${request.body}\n`;
  const signature = sign('sha256', Buffer.from(text), createPrivateKey(merchant.privateKey)).toString('base64');
  const fields = `mchid="${merchant.mchid}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${merchant.certificateSerial}"`;
  return {
    Authorization: `WECHATPAY2-SHA256-RSA2048 ${fields},signature="${signature}"`,
    Accept: 'application/json',
    'User-Agent': 'test',
    ...(request.body !== '' && { 'Content-Type': 'application/json' }),
  };
};

const parsed = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
};

const heard = async (answer: Response): Promise<Heard> => {
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: parsed(text) };
};

const tlsOf = (wallets: Wallets, { certificate, privateKey }: WeChatMerchant) =>
  certificateSend({ cert: certificate, key: privateKey, ca: wallets.authority });

const speakV2 = async (
  wallets: Wallets,
  merchant: WeChatMerchant,
  { path, fields }: Readonly<{ path: string; fields: V2Fields }>,
): Promise<V2Fields> => {
  const whole = { appid: merchant.appid, mch_id: merchant.mchid, nonce_str: randomBytes(8).toString('hex'), ...fields };
  const body = writeXml({ ...whole, sign: fields.sign ?? v2Sign(whole, merchant.apiV2Key, 'MD5') });
  const answer = await tlsOf(
    wallets,
    merchant,
  )({
    method: 'POST',
    url: wallets.secureUrl + path,
    headers: { 'Content-Type': 'text/xml' },
    body,
    timeoutMs: 5_000,
    bytesMax: 65_536,
  });
  return readXml(Buffer.from(answer.body).toString()) ?? { status: String(answer.status) };
};

/** A sandbox of its own on this machine, with a clock that is moved by hand, and the clients of its merchants. */
export const openSandbox = async (settings: Partial<WalletsSettings> = {}): Promise<Sandbox> => {
  let offsetMs = 0;
  const now = (): number => Date.now() + offsetMs;
  const wallets = await startWallets({ log: silentLog(), now, ...settings });
  const { wechat } = wallets.merchants;
  return {
    wallets,
    now,
    pass: (ms) => {
      offsetMs += ms;
    },
    pay: (person = 'direct', more = {}) => {
      const { certificateSerial, privateKey, apiV3Key, platform } = wechat[person];
      const keys = { certificateSerial, privateKey, apiV3Key, platform: { publicKeys: platform.publicKeys } };
      return openWeChatPay({ account: accountOf(person, wechat[person]), ...keys, hosts: [wallets.url], now, ...more });
    },
    payV2: (person = 'direct', more = {}) => {
      const send = tlsOf(wallets, wechat[person]);
      const account = accountOf(person, wechat[person]);
      const hosts = [wallets.secureUrl];
      return openWeChatPayV2({ account, apiKey: wechat[person].apiV2Key, hosts, send, certificateSend: send, ...more });
    },
    v3: async (method, path, json, person = 'direct') => {
      const body = json === undefined ? '' : JSON.stringify(json);
      const headers = signedHeaders(wechat[person], { method, path, body, at: now() });
      return heard(await fetch(wallets.url + path, { method, headers, ...(method === 'POST' && { body }) }));
    },
    v2: (path, fields, person = 'direct') => speakV2(wallets, wechat[person], { path, fields }),
    code: () => wallets.phone.paymentCode('wechat').code,
    close: async () => {
      await new Promise((done) => setTimeout(done, 5));
      wallets.prove();
      await wallets.close();
    },
  };
};

let last = 0;
/** A number nobody used before. */
export const number = (beginning = 'T'): string => {
  last += 1;
  return `${beginning}${String(last).padStart(9, '0')}`;
};

export const nativeOrder = (outTradeNo: string, total: Money, notifyUrl = 'http://127.0.0.1:9/notify') => ({
  outTradeNo,
  description: '面包',
  total,
  notifyUrl,
});
export const codeOrder = (outTradeNo: string, authCode: string, total: Money = cny(12_50n)) => ({
  outTradeNo,
  description: '面包',
  total,
  authCode,
  storeId: '1',
  clientIp: '127.0.0.1',
});
