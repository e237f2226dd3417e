import type { Engine } from '../engine/words.ts';
import type { FaceRequest } from '../face.ts';
import type { Faults } from '../faults.ts';
import {
  type Authorization,
  clockRefusal,
  expiredRefusal,
  headerRefusal,
  merchantRefusal,
  pathOf,
  readAuthorization,
  replayRefusal,
  serialRefusal,
  signatureRefusal,
  signedText,
} from './gate-authorization.ts';
import {
  type FixedName,
  fingerprintOf,
  fixedMerchants,
  type Keyring,
  openKeyring,
  type WeChatMerchant,
} from './gate-keys.ts';
import { createNonceMemory, type NonceMemory } from './gate-nonces.ts';
import { openPlatform, type Platform } from './gate-platform.ts';
import { type SuiteName, suites } from './gate-suite.ts';
import { readMultipart } from './multipart.ts';
import { sharesToldTo } from './profit-sharing-words.ts';
import type { Refusal } from './refusals.ts';
import type { Caller, Gate, Reply } from './room.ts';

export type WeChatGate = Gate &
  Readonly<{
    merchants: Readonly<Record<FixedName, WeChatMerchant>>;
    /** GET /v3/certificates for this caller. */
    certificates(caller: Caller, query: URLSearchParams): Reply;
    /** Where the merchant wants to be told of shares it receives; set on the merchant platform. */
    tellSharesTo(mchid: string, url: string): void;
    tls: Readonly<{ key: string; cert: string; ca: string }>;
  }>;

const bodyBytesMax = 1_048_576;
const uploadBytesMax = 6_291_456;
const uploadPath = /^\/v3\/merchant\/media\/(?:video_)?upload$/;
const merchantNames = Object.keys(fixedMerchants) as FixedName[];

const nameOf = (mchid: string): FixedName | undefined =>
  merchantNames.find((name) => fixedMerchants[name].mchid === mchid);
const suiteOf = (mchid: string): SuiteName => fixedMerchants[nameOf(mchid) ?? 'direct'].suite;

const bare = (status: number): Refusal => ({ status, code: '', message: '', number: 0, isBare: true });

/** Bodies of the wrong kind or size get the HTTP status and no words: WeChat publishes none. */
const bodyRefusal = (request: FaceRequest): Refusal | undefined => {
  const isUpload = uploadPath.test(pathOf(request));
  if (request.body.length > (isUpload ? uploadBytesMax : bodyBytesMax)) return bare(413);
  if (request.body.length === 0) return undefined;
  const wanted = isUpload ? /^multipart\/form-data\b/i : /^application\/json\b/i;
  return wanted.test(request.headers.get('content-type') ?? '') ? undefined : bare(415);
};

/** What of the body is signed: all of it, of an upload the part `meta`. */
const signedBody = (request: FaceRequest): string => {
  if (!uploadPath.test(pathOf(request))) return Buffer.from(request.body).toString();
  const parts = readMultipart(request.headers.get('content-type') ?? '', request.body);
  const meta = parts?.find((part) => part.name === 'meta');
  return meta ? Buffer.from(meta.data).toString() : '';
};

type Door = Readonly<{ engine: Engine; keys: Keyring; nonces: NonceMemory; platform: Platform }>;

const signatureOf = (door: Door, request: FaceRequest, authorization: Authorization): Refusal | undefined => {
  const name = nameOf(authorization.mchid);
  if (!name) return merchantRefusal(request);
  const identity = door.keys.merchant(name);
  if (authorization.serial !== identity.id || authorization.suite !== identity.suite) return serialRefusal(request);
  if (door.engine.now() >= identity.untilMs) return expiredRefusal(request);
  const body = signedBody(request);
  const text = Buffer.from(signedText(request, authorization, body));
  const signature = Buffer.from(authorization.signature, 'base64');
  const isRight = suites[identity.suite].verify(text, signature, identity.publicKey);
  if (!isRight) return signatureRefusal(request, authorization, body);
  return door.nonces.isNew(`${authorization.mchid}/${authorization.nonce}`) ? undefined : replayRefusal(request);
};

const notifiedWith = (mchid: string): string => `wechat/notified-with/${mchid}`;

/** Notifications go on under the kind of key that the merchant's calls ask for. */
const rememberKey = ({ engine, platform }: Door, mchid: string, request: FaceRequest): void => {
  const asked = platform.wantsPublicKey(request) ? 'public-key' : 'certificate';
  if (engine.shelf.get(notifiedWith(mchid)) !== asked) engine.shelf.put(notifiedWith(mchid), asked);
};

/** In WeChat's order: headers, form, clock, and only then the signature. */
const enter = (door: Door, request: FaceRequest): Caller | Refusal => {
  const early = headerRefusal(request);
  if (early) return early;
  const authorization = readAuthorization(request);
  if ('status' in authorization) return authorization;
  const refusal =
    clockRefusal(request, authorization.timestamp, door.engine.now()) ??
    bodyRefusal(request) ??
    signatureOf(door, request, authorization);
  if (refusal) return refusal;
  rememberKey(door, authorization.mchid, request);
  return { mchid: authorization.mchid, serial: authorization.serial };
};

const merchantOf = (keys: Keyring, name: FixedName): WeChatMerchant => {
  const { mchid, appid, subMerchants, suite } = fixedMerchants[name];
  const identity = keys.merchant(name);
  return {
    mchid,
    appid,
    subMerchants,
    suite,
    certificateSerial: identity.id,
    privateKey: identity.privatePem,
    certificate: identity.publicPem,
    apiV3Key: keys.secret(`${mchid}/v3`),
    apiV2Key: keys.secret(`${mchid}/v2`),
    platform: {
      publicKeys: suite === 'RSA' ? { [keys.publicKey().id]: keys.publicKey().publicPem } : {},
      certificates: [keys.platform(suite, 'current').publicPem],
    },
  };
};

const isAppOf = (mchid: string, appid: string): boolean =>
  merchantNames
    .flatMap((name): Readonly<{ mchid: string; appid: string }>[] => [
      fixedMerchants[name],
      ...fixedMerchants[name].subMerchants,
    ])
    .some((merchant) => merchant.mchid === mchid && merchant.appid === appid);

const servedPrefix = (mchid: string): string => `wechat/served/${mchid}/`;
const servedBy = (engine: Engine, mchid: string): readonly string[] => {
  const name = nameOf(mchid);
  const fixed: readonly Readonly<{ mchid: string }>[] = name ? fixedMerchants[name].subMerchants : [];
  const adopted = engine.shelf.list(servedPrefix(mchid)).map((entry) => entry.name.slice(servedPrefix(mchid).length));
  return [...fixed.map((merchant) => merchant.mchid), ...adopted];
};

export const openGate = ({ engine, faults }: Readonly<{ engine: Engine; faults: Faults }>): WeChatGate => {
  const keys = openKeyring(engine);
  const platform = openPlatform(engine, faults, keys);
  const door: Door = { engine, keys, platform, nonces: createNonceMemory(() => engine.now()) };
  const apiV3Key = (mchid: string): string => keys.secret(`${mchid}/v3`);
  return {
    check(request) {
      const entered = enter(door, request);
      return 'status' in entered ? { kind: 'refused', refusal: entered } : { kind: 'ok', caller: entered };
    },
    answerHeaders: platform.answerHeaders,
    notificationHeaders: (mchid, body, signing) => {
      const isPublicKey = engine.shelf.get(notifiedWith(mchid)) === 'public-key';
      return platform.notificationHeaders(suiteOf(mchid), isPublicKey, body, signing);
    },
    seal: (mchid, plain, associatedData) => platform.seal(suiteOf(mchid), apiV3Key(mchid), plain, associatedData),
    openField: platform.openField,
    certificates: ({ mchid }, query) => platform.certificates(apiV3Key(mchid), query),
    v2Key: (mchid) => (nameOf(mchid) ? keys.secret(`${mchid}/v2`) : undefined),
    isCertificateOf(mchid, peerCertificate) {
      const name = nameOf(mchid);
      return name !== undefined && peerCertificate?.toLowerCase() === fingerprintOf(keys.merchant(name).publicPem);
    },
    isAppOf,
    serves: (mchid, subMchid) => servedBy(engine, mchid).includes(subMchid),
    servedBy: (mchid) => servedBy(engine, mchid),
    adopt: (mchid, subMchid) => engine.shelf.put(servedPrefix(mchid) + subMchid, ''),
    tellSharesTo: (mchid, url) => engine.shelf.put(sharesToldTo(mchid), url),
    get merchants() {
      return {
        direct: merchantOf(keys, 'direct'),
        partner: merchantOf(keys, 'partner'),
        nationalSecret: merchantOf(keys, 'nationalSecret'),
      };
    },
    get tls() {
      const { privatePem, publicPem } = keys.server();
      return { key: privatePem, cert: publicPem, ca: keys.authority().publicPem };
    },
  };
};
