import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Incoming } from '@zhanggui/https-call';
import { z } from 'zod';
import { answerBytes, isSignatureOf, openSealed, type Suite } from './crypto.ts';
import { WeChatPayError } from './wechatpay-error.ts';

/** WeChat refuses what is older; so do we, both ways. */
const replayWindowMs = 300_000;
const probe = 'WECHATPAY/SIGNTEST/';
const publicKeyPrefix = 'PUB_KEY_ID_';

type PlatformKey = Readonly<{ key: KeyObject; fromMs: number; untilMs: number }>;
type Signed = Readonly<{ headers: Headers; body: Uint8Array }>;

const certificatesShape = z.object({
  data: z
    .array(
      z.object({
        serial_no: z.string().min(1),
        encrypt_certificate: z.object({
          algorithm: z.string(),
          nonce: z.string(),
          associated_data: z.string(),
          ciphertext: z.string(),
        }),
      }),
    )
    .min(1),
});

const normalSerial = (serial: string): string =>
  serial.startsWith(publicKeyPrefix) ? serial : serial.toUpperCase().replace(/^0+/, '');

const platformKeyOf = (pem: string): readonly [string, PlatformKey] => {
  const certificate = new X509Certificate(pem);
  const key = {
    key: certificate.publicKey,
    fromMs: Date.parse(certificate.validFrom),
    untilMs: Date.parse(certificate.validTo),
  };
  return [normalSerial(certificate.serialNumber), key];
};

/** Certificates of an answer of GET /v3/certificates: opening them with the APIv3 key proves that WeChat sealed them. */
const sealedCertificates = (body: Uint8Array, apiV3Key: KeyObject, suite: Suite): Map<string, PlatformKey> => {
  const parsed = certificatesShape.safeParse(jsonOf(body));
  if (!parsed.success) throw new WeChatPayError('answer-malformed', 'certificates');
  const entries = parsed.data.data.map(({ serial_no, encrypt_certificate: sealed }) => {
    const { ciphertext, nonce, associated_data: associatedData, algorithm } = sealed;
    if (algorithm !== suite.sealing) throw new WeChatPayError('answer-malformed', 'algorithm');
    const [serial, key] = platformKeyOf(openSealed({ ciphertext, nonce, associatedData }, apiV3Key, suite));
    if (serial !== normalSerial(serial_no)) throw new WeChatPayError('answer-malformed', 'serial_no');
    return [serial, key] as const;
  });
  return new Map(entries);
};

export const jsonOf = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString()) as unknown;
  } catch {
    return undefined;
  }
};

const headerOf = (headers: Headers, name: string): string => {
  const value = headers.get(name);
  if (value === null || value === '') throw new WeChatPayError('signature-missing', name);
  return value;
};

type Verifier = Readonly<{ keyOf: (serial: string) => KeyObject | undefined; nowMs: number; suite: Suite }>;

const verifyWith = (signed: Signed, { keyOf, nowMs, suite }: Verifier): void => {
  const scheme = signed.headers.get('Wechatpay-Signature-Type') ?? suite.scheme;
  if (scheme !== suite.scheme) throw new WeChatPayError('signature-wrong', 'Wechatpay-Signature-Type');
  const signature = headerOf(signed.headers, 'Wechatpay-Signature');
  if (signature.startsWith(probe)) throw new WeChatPayError('signature-probe', 'Wechatpay-Signature');
  const timestamp = headerOf(signed.headers, 'Wechatpay-Timestamp');
  const nonce = headerOf(signed.headers, 'Wechatpay-Nonce');
  const skewMs = Math.abs(nowMs - Number(timestamp) * 1000);
  if (!/^\d{1,12}$/.test(timestamp) || skewMs > replayWindowMs)
    throw new WeChatPayError('clock-skew', 'Wechatpay-Timestamp');
  const key = keyOf(headerOf(signed.headers, 'Wechatpay-Serial'));
  if (!key) throw new WeChatPayError('serial-unknown', 'Wechatpay-Serial');
  if (!isSignatureOf(answerBytes(timestamp, nonce, signed.body), signature, key))
    throw new WeChatPayError('signature-wrong', 'Wechatpay-Signature');
};

export type PlatformKeySettings = Readonly<{
  /** 微信支付公钥 by its id `PUB_KEY_ID_…`; PEM text. */
  publicKeys?: Readonly<Record<string, string>>;
  /** Platform certificates at hand, PEM texts; others are downloaded when WeChat signs with them. */
  certificates?: readonly string[];
  /** False for merchants that have public keys only. */
  downloadsCertificates?: boolean;
}>;

export interface PlatformKeys {
  /** Throws `WeChatPayError`; downloads certificates once when the serial is new. */
  verify(signed: Signed): Promise<void>;
  /** The key that sensitive fields are encrypted with, and its serial: a public key before the newest certificate. */
  encryptionKey(): Promise<Readonly<{ serial: string; key: KeyObject }>>;
  /** Which public key WeChat shall sign with; undefined when the merchant has none. */
  readonly preferredSerial: string | undefined;
  /** Downloads now; new certificates come in beside the old, which stay until they expire. */
  refresh(): Promise<void>;
}

const refreshPauseMs = 60_000;
const retryPauseMs = 5_000;
const certificateAgeMaxMs = 12 * 3_600_000;

const createPublicKeys = (texts: Readonly<Record<string, string>>): Map<string, PlatformKey> =>
  new Map(
    Object.entries(texts).map(([id, pem]) => {
      if (!id.startsWith(publicKeyPrefix)) throw new WeChatPayError('request-malformed', 'publicKeys');
      return [id, { key: createPublicKey(pem), fromMs: 0, untilMs: Number.POSITIVE_INFINITY }];
    }),
  );

export const createPlatformKeys = (
  settings: PlatformKeySettings &
    Readonly<{ apiV3Key: KeyObject; suite: Suite; now: () => number; download: () => Promise<Incoming> }>,
): PlatformKeys => {
  const { suite } = settings;
  const publicKeys = createPublicKeys(settings.publicKeys ?? {});
  const certificates = new Map((settings.certificates ?? []).map(platformKeyOf));
  const mayDownload = settings.downloadsCertificates ?? true;
  let loadedAtMs = Number.NEGATIVE_INFINITY;
  let restUntilMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  const keyOf = (serial: string): KeyObject | undefined => {
    const found = publicKeys.get(serial) ?? certificates.get(normalSerial(serial));
    const now = settings.now();
    return found && now >= found.fromMs && now < found.untilMs ? found.key : undefined;
  };

  /** The answer may be signed by a certificate that it brings: it is opened first, then verified, then believed. */
  const load = async (): Promise<void> => {
    restUntilMs = settings.now() + retryPauseMs;
    const answer = await settings.download();
    const fresh = sealedCertificates(answer.body, settings.apiV3Key, suite);
    const anyKeyOf = (serial: string) => keyOf(serial) ?? fresh.get(normalSerial(serial))?.key;
    verifyWith(answer, { keyOf: anyKeyOf, nowMs: settings.now(), suite });
    for (const [serial, key] of fresh) certificates.set(serial, key);
    for (const [serial, { untilMs }] of certificates) if (untilMs <= settings.now()) certificates.delete(serial);
    loadedAtMs = settings.now();
    restUntilMs = loadedAtMs + refreshPauseMs;
  };

  const refresh = (): Promise<void> => {
    underWay ??= load().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  /** A stranger may make up serials: he costs one download a minute at most. One that failed is tried again sooner. */
  const refreshFor = async (serial: string): Promise<void> => {
    const isPublic = serial.startsWith(publicKeyPrefix);
    const isRested = settings.now() >= restUntilMs;
    if (mayDownload && !isPublic && (underWay || isRested)) await refresh();
  };

  const newest = (): readonly [string, PlatformKey] | undefined =>
    [...certificates].filter(([serial]) => keyOf(serial)).sort(([, a], [, b]) => b.fromMs - a.fromMs)[0];

  const preferredSerial = [...publicKeys.keys()].at(-1);
  return {
    preferredSerial,
    refresh,
    async verify(signed) {
      const serial = headerOf(signed.headers, 'Wechatpay-Serial');
      // What becomes of the download must not pass for what became of the call: without it the serial is unknown.
      if (!keyOf(serial)) await refreshFor(serial).catch(() => undefined);
      verifyWith(signed, { keyOf, nowMs: settings.now(), suite });
    },
    async encryptionKey() {
      const preferred = preferredSerial === undefined ? undefined : publicKeys.get(preferredSerial);
      if (preferred && preferredSerial !== undefined) return { serial: preferredSerial, key: preferred.key };
      const isStale = settings.now() - loadedAtMs > certificateAgeMaxMs;
      if (mayDownload && (isStale || !newest())) await refresh();
      const found = newest();
      if (!found) throw new WeChatPayError('serial-unknown', 'certificates');
      return { serial: found[0], key: found[1].key };
    },
  };
};
