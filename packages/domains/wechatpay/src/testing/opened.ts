import assert from 'node:assert/strict';
import { constants, privateDecrypt } from 'node:crypto';
import { openWeChatPay, WeChatPayError, type WeChatPaySettings } from '../index.ts';
import {
  apiV3Key,
  type FakeWeChat,
  type Handler,
  merchantPem,
  platformCertificates,
  publicKeyId,
  startMs,
  wechatKey,
  wechatPem,
} from './fake-wechat.ts';

export const direct = { mode: 'direct', mchid: '1900000001', appid: 'wx0000000000000001' } as const;
export const partner = {
  mode: 'partner',
  spMchid: '1900000001',
  spAppid: 'wx0000000000000001',
  subMchid: '1900000109',
  subAppid: 'wx0000000000000109',
} as const;

/** A client of the fake WeChat, at its time. */
export const openAt = (fake: FakeWeChat, more: Partial<WeChatPaySettings> = {}) =>
  openWeChatPay({
    account: direct,
    certificateSerial: 'MERCHANTSERIAL01',
    privateKey: merchantPem,
    apiV3Key,
    hosts: [fake.url, fake.url],
    timeoutMs: 2_000,
    now: () => startMs,
    platform: { certificates: [platformCertificates.current.pem], publicKeys: { [publicKeyId]: wechatPem } },
    ...more,
  });

export const says =
  (body: unknown, status = 200): Handler =>
  () => ({ status, body });

export const rejectsWith = (promise: Promise<unknown>, code: string, place?: string): Promise<void> =>
  assert.rejects(
    promise,
    (error: unknown) =>
      error instanceof WeChatPayError && error.code === code && (place === undefined || error.place === place),
  );

/** What the field says to the owner of WeChat's key. */
export const openedField = (text: unknown): string => {
  const key = { key: wechatKey.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING };
  return privateDecrypt(key, Buffer.from(String(text), 'base64')).toString();
};

export const jsonBody = (fake: FakeWeChat, index = -1): Record<string, unknown> =>
  JSON.parse(fake.received.at(index)?.body ?? '') as Record<string, unknown>;
