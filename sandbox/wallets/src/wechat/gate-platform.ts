import type { Signing } from '../deliveries.ts';
import type { Engine } from '../engine/words.ts';
import type { FaceRequest } from '../face.ts';
import type { Faults } from '../faults.ts';
import { readAuthorization } from './gate-authorization.ts';
import type { Identity, Keyring } from './gate-keys.ts';
import { type SuiteName, suites } from './gate-suite.ts';
import type { Reply } from './room.ts';

const probe = 'WECHATPAY/SIGNTEST/';

type Headers = Readonly<Record<string, string>>;
type Sealed = Readonly<{ algorithm: string; nonce: string; ciphertext: string }>;

/** WeChat's own side of the gate: its signatures, its sealed envelopes, its certificates. */
export interface Platform {
  /** Whether the caller wants answers under the public key (微信支付公钥) instead of a certificate. */
  wantsPublicKey(request: FaceRequest): boolean;
  answerHeaders(request: FaceRequest, body: string | Uint8Array, signing: Signing): Headers;
  notificationHeaders(suite: SuiteName, isPublicKey: boolean, body: string, signing: Signing): Headers;
  seal(suite: SuiteName, apiV3Key: string, plain: string, associatedData: string): Sealed;
  openField(request: FaceRequest, text: string): string | undefined;
  certificates(apiV3Key: string, query: URLSearchParams): Reply;
}

const suiteIn = (request: FaceRequest): SuiteName => {
  const authorization = readAuthorization(request);
  return 'suite' in authorization ? authorization.suite : 'RSA';
};

export const beijingTime = (atMs: number): string =>
  `${new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

export const openPlatform = (engine: Engine, faults: Faults, keys: Keyring): Platform => {
  const isRotating = (): boolean => faults.take('certificate-rotation');
  const current = (suite: SuiteName): Identity => keys.platform(suite, isRotating() ? 'next' : 'current');

  const headers = (body: string | Uint8Array, key: Identity, signing: Signing): Headers => {
    const { scheme, sign } = suites[key.suite];
    const timestamp = String(Math.floor(engine.now() / 1000));
    const nonce = Buffer.from(engine.random(16)).toString('hex').toUpperCase();
    const end = signing === 'wrong' ? '!\n' : '\n';
    const text = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from(end)]);
    const signature = Buffer.from(sign(text, key.privateKey, engine.random)).toString('base64');
    return {
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Serial': key.id,
      'Wechatpay-Signature': signing === 'probe' ? probe + signature : signature,
      'Wechatpay-Signature-Type': scheme,
    };
  };

  const wantsPublicKey = (request: FaceRequest): boolean =>
    suiteIn(request) === 'RSA' && request.headers.get('wechatpay-serial') === keys.publicKey().id;

  const keyOf = (suite: SuiteName, id: string): Identity | undefined => {
    const certified = [keys.platform(suite, 'current'), keys.platform(suite, 'next')];
    const all = suite === 'RSA' ? [keys.publicKey(), ...certified] : certified;
    return all.find((key) => key.id === id.toUpperCase());
  };

  const seal: Platform['seal'] = (suite, apiV3Key, plain, associatedData) => {
    const nonce = Buffer.from(engine.random(6)).toString('hex');
    const sealed = suites[suite].seal(apiV3Key, nonce, plain, associatedData);
    return { algorithm: suites[suite].sealing, nonce, ciphertext: Buffer.from(sealed).toString('base64') };
  };

  const listed = (suite: SuiteName, which: 'current' | 'next', apiV3Key: string) => {
    const { id, fromMs, untilMs, publicPem } = keys.platform(suite, which);
    return {
      serial_no: id,
      effective_time: beijingTime(fromMs),
      expire_time: beijingTime(untilMs),
      encrypt_certificate: { ...seal(suite, apiV3Key, publicPem, 'certificate'), associated_data: 'certificate' },
    };
  };

  return {
    wantsPublicKey,
    seal,
    answerHeaders: (request, body, signing) =>
      headers(body, wantsPublicKey(request) ? keys.publicKey() : current(suiteIn(request)), signing),
    notificationHeaders: (suite, isPublicKey, body, signing) =>
      headers(body, isPublicKey && suite === 'RSA' ? keys.publicKey() : current(suite), signing),
    openField(request, text) {
      const suite = suiteIn(request);
      const key = keyOf(suite, request.headers.get('wechatpay-serial') ?? '');
      try {
        return key && suites[suite].open(new Uint8Array(Buffer.from(text, 'base64')), key.privateKey);
      } catch {
        return undefined;
      }
    },
    certificates(apiV3Key, query) {
      const suite = query.get('algorithm_type') === 'SM2' ? 'SM2' : 'RSA';
      const offered = isRotating() ? (['current', 'next'] as const) : (['current'] as const);
      return { kind: 'reply', status: 200, json: { data: offered.map((which) => listed(suite, which, apiV3Key)) } };
    },
  };
};
