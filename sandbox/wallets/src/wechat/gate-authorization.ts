import type { FaceRequest } from '../face.ts';
import { type SuiteName, suiteOfScheme } from './gate-suite.ts';
import type { Refusal } from './refusals.ts';

/** What the header says, before any of it is believed. */
export type Authorization = Readonly<{
  suite: SuiteName;
  mchid: string;
  serial: string;
  timestamp: string;
  nonce: string;
  signature: string;
}>;

const signError = 268_443_699;
const windowMs = 300_000;
const names = ['mchid', 'nonce_str', 'serial_no', 'signature', 'timestamp'];
/** Of the body WeChat repeats so much in the text it says it verified. */
const shownBodyCharacters = 8;

export const pathOf = (request: FaceRequest): string => request.path.split('?')[0] ?? '';
/** Orders have a door of their own: it does not look at Accept and User-Agent, and its refusals carry no Request-ID. */
const isOrderCall = (request: FaceRequest): boolean => /^\/v3\/(pay|combine-transactions)\//.test(pathOf(request));

const unsigned = (request: FaceRequest, message: string, detail?: unknown): Refusal => ({
  status: 401,
  code: 'SIGN_ERROR',
  message,
  number: signError,
  detail,
  ...(isOrderCall(request) && { hasNoRequestId: true }),
});

/** Refused for its headers alone; undefined when they will do. */
export const headerRefusal = (request: FaceRequest): Refusal | undefined => {
  const { headers } = request;
  if (isOrderCall(request) || (headers.get('accept') && headers.get('user-agent'))) return undefined;
  return { status: 400, code: 'INVALID_REQUEST', message: 'Http头缺少Accept或User-Agent', number: 268_435_461 };
};

const fieldsOf = (list: string): Readonly<Record<string, string>> | undefined => {
  const pairs = list.split(',').map((part) => /^\s*([a-z_]+)="([^"]*)"\s*$/.exec(part));
  const fields = Object.fromEntries(pairs.flatMap((match) => (match ? [[match[1], match[2]]] : [])));
  const isWhole =
    pairs.length === names.length && names.every((name) => fields[name] !== undefined && fields[name] !== '');
  return isWhole ? (fields as Record<string, string>) : undefined;
};

/** The header read, or why it cannot be. */
export const readAuthorization = (request: FaceRequest): Authorization | Refusal => {
  const [scheme = '', list = ''] = (request.headers.get('authorization') ?? '').split(/ +(.*)/s);
  const fields = fieldsOf(list);
  const suite = suiteOfScheme(scheme);
  if ((!suite || !fields) && isOrderCall(request)) return unsigned(request, '签名信息错误，验签失败');
  if (scheme === '' || !fields || !/^\d{1,12}$/.test(fields.timestamp ?? ''))
    return unsigned(request, 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》');
  if (!suite) return unsigned(request, 'Http头Authorization认证类型不正确');
  const { mchid = '', serial_no: serial = '', timestamp = '', nonce_str: nonce = '', signature = '' } = fields;
  return { suite, mchid, serial: serial.toUpperCase(), timestamp, nonce, signature };
};

export const clockRefusal = (request: FaceRequest, timestamp: string, nowMs: number): Refusal | undefined =>
  Math.abs(nowMs - Number(timestamp) * 1000) <= windowMs
    ? undefined
    : unsigned(request, 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');

export const merchantRefusal = (request: FaceRequest): Refusal => unsigned(request, '签名错误');
export const serialRefusal = (request: FaceRequest): Refusal =>
  unsigned(request, '商户证书序列号有误。请使用签名私钥匹配的证书序列号');
export const expiredRefusal = (request: FaceRequest): Refusal => unsigned(request, '商户证书已过期');
/** WeChat publishes no text of its own for a nonce that comes twice. */
export const replayRefusal = (request: FaceRequest): Refusal =>
  unsigned(request, '签名信息错误，验签失败', {
    field: 'nonce_str',
    issue: 'nonce replayed',
    location: 'authorization',
  });

/** The body that is signed: of a file upload only the part `meta`. */
export const signedText = (request: FaceRequest, { timestamp, nonce }: Authorization, body: string): string =>
  `${request.method}\n${request.path}\n${timestamp}\n${nonce}\n${body}\n`;

/** WeChat shows what it verified, so that a developer finds the difference. */
export const signatureRefusal = (request: FaceRequest, authorization: Authorization, body: string): Refusal => {
  const whole = Buffer.byteLength(signedText(request, authorization, body));
  return unsigned(request, '签名错误', {
    detail: { issue: 'sign not match' },
    field: 'signature',
    location: 'authorization',
    sign_information: {
      method: request.method,
      sign_message_length: whole,
      truncated_sign_message: signedText(request, authorization, body.slice(0, shownBodyCharacters)),
      url: request.path,
    },
  });
};
