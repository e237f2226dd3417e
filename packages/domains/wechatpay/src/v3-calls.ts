import type { KeyObject } from 'node:crypto';
import { fileTimeoutMs, type Incoming, isSuccess, type Send } from '@zhanggui/https-call';
import { z } from 'zod';
import { randomNonce, requestText, suiteOf } from './crypto.ts';
import { type MediaFile, multipartOf } from './media.ts';
import { jsonOf, type PlatformKeys } from './platform-keys.ts';
import type { Pace, Place } from './rates.ts';
import { callBytesMax, overHosts } from './transport.ts';
import { refusalOf, WeChatPayError } from './wechatpay-error.ts';

type Signer = Readonly<{ mchid: string; serial: string; privateKey: KeyObject }>;
export type V3Call = Readonly<{
  method: 'GET' | 'POST';
  /** With its query; what is signed is what is sent. */
  path: string;
  body?: Readonly<Record<string, unknown>>;
  /** Goes along unsigned; `body` describes it. */
  file?: MediaFile;
  /** May go to the standby host although the first may have got it. */
  repeatable: boolean;
  place: Place;
  /** Where its answer goes when it is a file, which may be long. */
  take?: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Serial of the key that fields of the body are encrypted with. */
  encryptedWith?: string;
}>;
type V3Settings = Readonly<{
  signer: Signer;
  hosts: readonly string[];
  send: Send;
  now: () => number;
  timeoutMs: number;
  pace: Pace;
  preferredSerial: () => string | undefined;
}>;

const userAgent = 'zhanggui-wechatpay/0.1';
const errorShape = z.object({ code: z.string(), message: z.string().default('') });

const authorization = (
  signer: Signer,
  request: Readonly<{ method: string; path: string; body: string }>,
  nowMs: number,
) => {
  const timestamp = String(Math.floor(nowMs / 1000));
  const nonce = randomNonce();
  const suite = suiteOf(signer.privateKey);
  const signature = suite.sign(requestText({ ...request, timestamp, nonce }), signer.privateKey);
  const fields = { mchid: signer.mchid, nonce_str: nonce, timestamp, serial_no: signer.serial, signature };
  const list = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `${suite.scheme} ${list.join(',')}`;
};

/** Signs and sends; answers with whatever came, unverified. A new try is a new signature. */
const sendV3 = async (settings: V3Settings, call: V3Call, host: string): Promise<Incoming> => {
  const { method, path } = call;
  await settings.pace(call.place);
  const body = call.body ? JSON.stringify(call.body) : '';
  const parts = call.file && multipartOf(body, call.file);
  const serial = call.encryptedWith ?? settings.preferredSerial();
  const headers = {
    Authorization: authorization(settings.signer, { method, path, body }, settings.now()),
    Accept: 'application/json',
    'User-Agent': userAgent,
    ...(method === 'POST' && { 'Content-Type': parts?.contentType ?? 'application/json' }),
    ...(serial !== undefined && { 'Wechatpay-Serial': serial }),
  };
  const { take } = call;
  const timeoutMs = take ? fileTimeoutMs : settings.timeoutMs;
  const content = parts?.content ?? body;
  return settings.send({ method, url: host + path, headers, body: content, timeoutMs, bytesMax: callBytesMax, take });
};

/** An error may come without a signature (WeChat could not tell who asks), but never with a wrong one. */
const refusalIn = async (answer: Incoming, place: string, keys: PlatformKeys | undefined): Promise<WeChatPayError> => {
  const signed = keys !== undefined && answer.headers.has('Wechatpay-Signature');
  if (signed) await keys.verify(answer);
  const parsed = errorShape.safeParse(jsonOf(answer.body));
  const { code, message } = parsed.data ?? { code: `HTTP_${answer.status}`, message: '' };
  const requestId = answer.headers.get('Request-ID') ?? undefined;
  return refusalOf(place, { status: answer.status, code, text: message, signed, requestId });
};

/** A verified answer, from the first host that gives one. */
export const callV3 = (settings: V3Settings, keys: PlatformKeys, call: V3Call): Promise<Incoming> =>
  overHosts({ hosts: settings.hosts, repeatable: call.repeatable, place: call.place }, async (host) => {
    const answer = await sendV3(settings, call, host);
    if (!isSuccess(answer.status)) throw await refusalIn(answer, call.place, keys);
    await keys.verify(answer);
    return answer;
  });

/** An answer that carries no signature: certificates (verified by their reader) and bill files (checked by hash). */
export const fetchV3 = (settings: V3Settings, call: V3Call): Promise<Incoming> =>
  overHosts({ hosts: settings.hosts, repeatable: call.repeatable, place: call.place }, async (host) => {
    const answer = await sendV3(settings, call, host);
    if (!isSuccess(answer.status)) throw await refusalIn(answer, call.place, undefined);
    return answer;
  });
