import {
  createCipheriv,
  createHash,
  createHmac,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './certificate.ts';

/** What the other side does wrong, once each, in this order. `lost`: done, but the answer never leaves. */
export type Fault =
  | 'lost'
  | 'wrong-signature'
  | 'probe'
  | 'no-signature'
  | 'clock-skew'
  | 'wrong-serial'
  | 'system-error'
  | 'rate-limited'
  | 'malformed';
export type Received = Readonly<{
  method: string;
  path: string;
  body: string;
  bytes: Buffer;
  /** What the signature must cover: of an upload, its part `meta`. */
  signed: string;
  headers: IncomingMessage['headers'];
}>;
type Reply = Readonly<{ status: number; body: unknown }>;
export type Handler = (received: Received) => Reply;

const pair = (): { publicKey: KeyObject; privateKey: KeyObject } => generateKeyPairSync('rsa', { modulusLength: 2048 });

export const merchantKeys = pair();
export const merchantPem = merchantKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const apiV3Key = '0123456789abcdef0123456789ABCDEF';
export const apiV2Key = 'v2-key-of-the-sandbox-merchant-1';
export const startMs = Date.UTC(2026, 5, 1, 4, 0, 0);
export const publicKeyId = 'PUB_KEY_ID_0112345678902026060100001';
export const wechatKey = pair();
export const wechatPem = wechatKey.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const year = 365 * 86_400_000;
const certificateOf = (serial: string, fromMs: number, untilMs = fromMs + 5 * year) => {
  const keys = pair();
  return { serial, ...keys, pem: selfSigned({ serial, ...keys, fromMs, untilMs }) };
};
export const platformCertificates = {
  expired: certificateOf('1A0000000000000000000000000000000000000E', startMs - 6 * year),
  current: certificateOf('2B00000000000000000000000000000000000001', startMs - year),
  next: certificateOf('3C00000000000000000000000000000000000002', startMs - 86_400_000),
};

export const seal = (text: string, associatedData: string) => {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(associatedData));
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    algorithm: 'AEAD_AES_256_GCM',
    nonce,
    associated_data: associatedData,
    ciphertext: bytes.toString('base64'),
  };
};

export type Signing = Readonly<{ serial: string; privateKey: KeyObject }>;

/** Headers of an answer or a notification, spoiled as `fault` says. */
export const signedHeaders = (body: string, signing: Signing, nowMs: number, fault?: Fault): Record<string, string> => {
  if (fault === 'no-signature') return {};
  const timestamp = String(Math.floor(nowMs / 1000) - (fault === 'clock-skew' ? 301 : 0));
  const nonce = randomBytes(8).toString('hex');
  const signer = createSign('RSA-SHA256');
  signer
    .update(`${timestamp}\n`)
    .update(`${nonce}\n`)
    .update(body)
    .update(fault === 'wrong-signature' ? '!\n' : '\n');
  const signature = signer.sign(signing.privateKey, 'base64');
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': fault === 'wrong-serial' ? '7F00000000000000000000000000000000000099' : signing.serial,
    'Wechatpay-Signature': fault === 'probe' ? `WECHATPAY/SIGNTEST/${signature}` : signature,
  };
};

const isRightlySigned = ({ method, path, signed, headers }: Received, nowMs: number, mchid: string): boolean => {
  const [scheme = '', rest = ''] = (headers.authorization ?? '').split(/ (.*)/s);
  const field = (name: string): string => rest.split(`${name}="`)[1]?.split('"')[0] ?? '';
  const timestamp = field('timestamp');
  const verifier = createVerify('RSA-SHA256');
  for (const line of [method, path, timestamp, field('nonce_str'), signed]) verifier.update(`${line}\n`);
  return (
    scheme === 'WECHATPAY2-SHA256-RSA2048' &&
    field('mchid') === mchid &&
    field('serial_no') === 'MERCHANTSERIAL01' &&
    Math.abs(Number(timestamp) * 1000 - nowMs) <= 300_000 &&
    headers.accept === 'application/json' &&
    headers['user-agent'] !== undefined &&
    verifier.verify(merchantKeys.publicKey, field('signature'), 'base64')
  );
};

/** Signature of v2, written apart from the client's. */
export const signV2 = (values: Readonly<Record<string, string>>, algorithm: 'md5' | 'sha256'): string => {
  let text = '';
  for (const name of Object.keys(values).sort())
    if (name !== 'sign' && values[name]) text += `${name}=${values[name]}&`;
  text += `key=${apiV2Key}`;
  const hash = algorithm === 'md5' ? createHash('md5') : createHmac('sha256', apiV2Key);
  return hash.update(text).digest('hex').toUpperCase();
};

export type FakeWeChat = {
  url: string;
  received: Received[];
  faults: Fault[];
  signing: Signing;
  offered: readonly Readonly<{ serial: string; pem: string }>[];
  /** Keyed by method and path without query. */
  handlers: Record<string, Handler>;
  close(): Promise<void>;
};

const problems: Partial<Record<Fault, Reply>> = {
  'system-error': { status: 500, body: { code: 'SYSTEM_ERROR', message: '系统异常，请稍后重试' } },
  'rate-limited': { status: 429, body: { code: 'FREQUENCY_LIMITED', message: '频率限制' } },
  malformed: { status: 200, body: { out_trade_no: 7 } },
};

const certificateList = (fake: FakeWeChat): Reply => ({
  status: 200,
  body: {
    data: fake.offered.map(({ serial, pem }) => ({
      serial_no: serial,
      encrypt_certificate: seal(pem, 'certificate'),
    })),
  },
});

const replyTo = (fake: FakeWeChat, received: Received, mchid: string): Reply => {
  const path = received.path.split('?')[0] ?? '';
  if (!path.startsWith('/v3/')) return fake.handlers[path]?.(received) ?? { status: 404, body: '' };
  if (!isRightlySigned(received, startMs, mchid))
    return { status: 401, body: { code: 'SIGN_ERROR', message: '签名错误' } };
  if (path === '/v3/certificates') return certificateList(fake);
  const handler = fake.handlers[`${received.method} ${path}`];
  return handler?.(received) ?? { status: 404, body: { code: 'ORDER_NOT_EXIST', message: '订单不存在' } };
};

const answer = (fake: FakeWeChat, received: Received, response: ServerResponse, mchid: string): void => {
  fake.received.push(received);
  const reply = replyTo(fake, received, mchid);
  const isCall = received.path !== '/v3/certificates';
  const fault = isCall ? fake.faults.shift() : undefined;
  if (fault === 'lost') return void response.destroy();
  const { status, body } = (fault && problems[fault]) ?? reply;
  if (body instanceof Uint8Array) return void response.writeHead(status).end(body);
  const text = status === 204 ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const unsigned = status === 401;
  const headers = unsigned ? {} : signedHeaders(text, fake.signing, startMs, fault);
  response.writeHead(status, { 'Request-ID': '08F0-268435461', ...headers }).end(text);
};

export const startFakeWeChat = async (mchid = '1900000001'): Promise<FakeWeChat> => {
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const bytes = Buffer.concat(chunks);
      const body = bytes.toString();
      const signed = /name="meta"[^]*?\r\n\r\n([^]*?)\r\n--/.exec(body)?.[1] ?? body;
      answer(fake, { method, path, headers, body, bytes, signed }, response, mchid);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeWeChat = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    faults: [],
    signing: platformCertificates.current,
    offered: [platformCertificates.current],
    handlers: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
};
