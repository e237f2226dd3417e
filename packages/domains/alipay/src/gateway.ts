import { createPrivateKey } from 'node:crypto';
import {
  AnswerTooLong,
  fetchSend,
  fileTimeoutMs,
  isBeforeConnection,
  type Outgoing,
  type Send,
} from '@zhanggui/https-call';
import { type EpochMs, epochMs, wallClock } from '@zhanggui/time';
import { z } from 'zod';
import { AlipayError, refusalOf } from './alipay-error.ts';
import { isRsa2Of, rawMembers, rsa2, signedText } from './signing.ts';
import { type AlipayTrust, openTrust, type Trust } from './trust.ts';

export type AlipaySettings = Readonly<{
  appId: string;
  /** The application's key, PEM. */
  privateKey: string;
  trust: AlipayTrust;
  /** The account that is paid, `2088…`; notifications about another are refused. */
  sellerId?: string;
  /** When a service provider calls for its merchant (第三方应用). */
  appAuthToken?: string;
  gateway?: string;
  timeoutMs?: number;
  now?: () => EpochMs;
  send?: Send;
}>;

type AlipayCall = Readonly<{
  method: string;
  content: Readonly<Record<string, unknown>>;
  notifyUrl?: string;
  place: string;
}>;
type Verified = Readonly<{ code: string; node: unknown }>;
export interface Gateway {
  /** Signed, sent once; the verified node when its code is 10000 or 10003. Throws `AlipayError`. */
  call(call: AlipayCall): Promise<Verified>;
  isSigned(text: string, signature: string): boolean;
  download(url: string, bytesMax: number): Promise<Uint8Array>;
}

const callBytesMax = 1_048_576;
const clock = (): EpochMs => epochMs(Date.now());
const productionGateway = 'https://openapi.alipay.com/gateway.do';

/** yyyy-MM-dd HH:mm:ss in Beijing. */
export const beijingText = (at: EpochMs): string => wallClock(at).replace('T', ' ');

const statusShape = z.object({
  code: z.string(),
  msg: z.string().default(''),
  sub_code: z.string().default(''),
  sub_msg: z.string().default(''),
  retry_flag: z.string().optional(),
});

const objectIn = (text: string, place: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {}
  throw new AlipayError('answer-malformed', place);
};

const textIn = (raw: string | undefined): string | undefined => {
  const value: unknown = raw === undefined ? undefined : JSON.parse(raw);
  return typeof value === 'string' ? value : undefined;
};

/** The gateway refuses before any business is done, and cannot always tell whose signature to use. */
const refusedAtDoor: ReadonlySet<string> = new Set(['40001', '40002', '40003', '40006']);

type Answer = Readonly<{ raw: string; node: unknown; signature?: string; serial?: string }>;

const answerIn = (text: string, { method, place }: AlipayCall): Answer => {
  objectIn(text, place);
  const members = rawMembers(text);
  const raw = members.get(`${method.replaceAll('.', '_')}_response`) ?? members.get('error_response');
  if (raw === undefined) throw new AlipayError('answer-malformed', place);
  const node = objectIn(raw, place);
  return { raw, node, signature: textIn(members.get('sign')), serial: textIn(members.get('alipay_cert_sn')) };
};

const verifiedNode = (trust: Trust, { raw, node, signature, serial }: Answer, place: string): Verified => {
  const status = statusShape.safeParse(node);
  if (!status.success) throw new AlipayError('answer-malformed', place);
  const key = trust.keyOf(serial);
  if (!key) throw new AlipayError('certificate-unknown', place);
  if (signature !== undefined && !isRsa2Of(raw, signature, key)) throw new AlipayError('signature-wrong', place);
  const { code, msg, sub_code: subCode, sub_msg: subText, retry_flag: retry } = status.data;
  if (signature === undefined && !refusedAtDoor.has(code)) throw new AlipayError('signature-missing', place);
  if (code === '10000' || code === '10003') return { code, node };
  const answer = { code, text: msg, subCode, subText, signed: signature !== undefined, retry: retry === 'Y' };
  throw refusalOf(place, answer);
};

const certificateShape = z.object({ alipay_cert_content: z.string().min(1) });
const downloadMethod = 'alipay.open.app.alipaycert.download';

const networkError = (fault: unknown, place: string): AlipayError => {
  if (fault instanceof AlipayError) return fault;
  if (fault instanceof AnswerTooLong) return new AlipayError('answer-malformed', place);
  return new AlipayError(isBeforeConnection(fault) ? 'not-sent' : 'outcome-unknown', place);
};

/** Throws when a key or a certificate cannot be read. */
export const openGateway = (settings: AlipaySettings): Gateway => {
  const { gateway = productionGateway, timeoutMs = 10_000, now = clock, send = fetchSend } = settings;
  const privateKey = createPrivateKey(settings.privateKey);
  const trust = openTrust(settings.trust);
  /** The gateway reads the protocol's fields from the address and the business from the body. */
  const request = ({ method, content, notifyUrl }: AlipayCall): { url: string; body: string } => {
    const business = { biz_content: JSON.stringify(content) };
    const fields = {
      app_id: settings.appId,
      method,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: beijingText(now()),
      version: '1.0',
      ...trust.fields,
      ...(settings.appAuthToken !== undefined && { app_auth_token: settings.appAuthToken }),
      ...(notifyUrl !== undefined && { notify_url: notifyUrl }),
    };
    const signature = rsa2(signedText({ ...fields, ...business }), privateKey);
    const query = new URLSearchParams({ ...fields, sign: signature });
    return { url: `${gateway}?${query}`, body: new URLSearchParams(business).toString() };
  };
  const fetched = async (what: Omit<Outgoing, 'headers'>, place: string) => {
    const headers = { 'User-Agent': 'zhanggui-alipay/0.1', 'Content-Type': 'application/x-www-form-urlencoded' };
    try {
      const answer = await send({ ...what, headers });
      if (answer.status !== 200) throw new AlipayError('outcome-unknown', place);
      return answer.body;
    } catch (fault) {
      throw networkError(fault, place);
    }
  };
  const answered = async (call: AlipayCall): Promise<Answer> => {
    const outgoing = { method: 'POST', ...request(call), timeoutMs, bytesMax: callBytesMax } as const;
    const bytes = await fetched(outgoing, call.place);
    return answerIn(Buffer.from(bytes).toString(), call);
  };
  /** The certificate proves itself by its chain, whoever brings it. */
  const learn = async (serial: string): Promise<void> => {
    const call = { method: downloadMethod, content: { alipay_cert_sn: serial }, place: 'certificate' };
    const found = certificateShape.safeParse((await answered(call)).node);
    if (found.success) trust.adopt(Buffer.from(found.data.alipay_cert_content, 'base64').toString(), serial, now());
  };
  return {
    async call(call) {
      const answer = await answered(call);
      if (answer.serial !== undefined && !trust.keyOf(answer.serial)) await learn(answer.serial).catch(() => undefined);
      return verifiedNode(trust, answer, call.place);
    },
    isSigned: (text, signature) => [...trust.keys()].some((key) => isRsa2Of(text, signature, key)),
    download: (url, bytesMax) =>
      fetched({ method: 'GET', url, body: '', timeoutMs: fileTimeoutMs, bytesMax }, 'bill-file'),
  };
};
