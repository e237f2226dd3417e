import type { Deliveries, Signing } from '../deliveries.ts';
import type { Engine } from '../engine/words.ts';
import type { FaceRequest } from '../face.ts';
import type { Faults } from '../faults.ts';
import type { Refusal } from './refusals.ts';

/** Who signed a request. */
export type Caller = Readonly<{ mchid: string; serial: string }>;

/** The door of API v3: who may come in, and the signatures on what goes out. Also the keys that v2 and TLS need. */
export interface Gate {
  /** Reads and checks Authorization, headers, clock, nonce, serial and signature. */
  check(
    request: FaceRequest,
  ): Readonly<{ kind: 'ok'; caller: Caller }> | Readonly<{ kind: 'refused'; refusal: Refusal }>;
  /** The Wechatpay-… headers of an answer, signed with the key the request asked for (`Wechatpay-Serial`), or the default one. */
  answerHeaders(request: FaceRequest, body: string | Uint8Array, signing: Signing): Readonly<Record<string, string>>;
  notificationHeaders(mchid: string, body: string, signing: Signing): Readonly<Record<string, string>>;
  /** AEAD_AES_256_GCM under the merchant's APIv3 key. */
  seal(mchid: string, plain: string, associatedData: string): Readonly<{ ciphertext: string; nonce: string }>;
  /** A field encrypted for the platform key the request's `Wechatpay-Serial` names; undefined when it cannot be opened. */
  openField(request: FaceRequest, text: string): string | undefined;
  /** The 32 characters of API v2; undefined: no such merchant. */
  v2Key(mchid: string): string | undefined;
  /** Whether the certificate of a TLS client (SHA-256, hex) is this merchant's. */
  isCertificateOf(mchid: string, peerCertificate: string | undefined): boolean;
  /** Whether this app belongs to this merchant. */
  isAppOf(mchid: string, appid: string): boolean;
  /** Partner mode: whether `mchid` serves this sub-merchant. */
  serves(mchid: string, subMchid: string): boolean;
  servedBy(mchid: string): readonly string[];
  /** From now on `mchid` serves this sub-merchant, which came by onboarding. */
  adopt(mchid: string, subMchid: string): void;
}

export type Room = Readonly<{
  engine: Engine;
  gate: Gate;
  faults: Faults;
  deliveries: Deliveries;
  /** Where this server is reached, for addresses in answers. */
  origin: () => string;
  /** Divides the times the sandbox waits by itself. */
  pace: number;
}>;

/** A verified call of API v3. */
export type Call = Readonly<{
  request: FaceRequest;
  caller: Caller;
  /** The variable parts of the path, by their names. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Parsed JSON of a POST; undefined without a body. */
  body: unknown;
}>;
/** `json` undefined: no body (204). `raw`: a file. */
export type Reply =
  | Readonly<{ kind: 'reply'; status: number; json?: unknown; raw?: Uint8Array; contentType?: string }>
  | Readonly<{ kind: 'refused'; refusal: Refusal }>;
export type Route = Readonly<{
  method: 'GET' | 'POST';
  /** `/v3/pay/transactions/id/:transactionId` */
  path: string;
  /** True where the answer carries no signature: bill files. */
  isUnsigned?: boolean;
  run(call: Call): Reply | Promise<Reply>;
}>;
