import { request as httpsRequest } from 'node:https';
import { WeChatPayError } from './wechatpay-error.ts';

export type Outgoing = Readonly<{
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  timeoutMs: number;
  /** An answer that is longer is not read to its end. */
  bytesMax: number;
  /** Where the body of a success goes, which may be long; what was sent has none then. */
  take?: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
}>;
export type Incoming = Readonly<{ status: number; headers: Headers; body: Uint8Array }>;
/** Sends one request once; throws whatever the network throws. */
export type Send = (outgoing: Outgoing) => Promise<Incoming>;

export const callBytesMax = 1_048_576;

/** A stream that fails when it is longer than it may be. */
export async function* bounded(chunks: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bytesMax) throw new WeChatPayError('answer-malformed', 'length');
    yield chunk;
  }
}

const readBounded = async (chunks: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array> => {
  const read: Uint8Array[] = [];
  for await (const chunk of bounded(chunks, bytesMax)) read.push(chunk);
  return Buffer.concat(read);
};

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

export const fetchSend: Send = async ({ method, url, headers, body, timeoutMs, bytesMax, take }) => {
  const answer = await fetch(url, {
    method,
    headers: { ...headers },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(method === 'POST' && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
  const { status } = answer;
  const nothing = { status, headers: answer.headers, body: new Uint8Array() };
  if (!answer.body) return nothing;
  if (!take || !isSuccess(status)) return { ...nothing, body: await readBounded(answer.body, bytesMax) };
  await take(answer.body);
  return nothing;
};

/** For the v2 calls that want the merchant's API certificate in the TLS handshake (reverse, refund); PEM texts. */
export const certificateSend =
  (identity: Readonly<{ cert: string; key: string; ca?: string }>): Send =>
  ({ method, url, headers, body, timeoutMs, bytesMax }) =>
    new Promise((resolve, reject) => {
      const options = { method, headers: { ...headers }, ...identity, signal: AbortSignal.timeout(timeoutMs) };
      const outgoing = httpsRequest(url, options, (answer) => {
        const pairs = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
        const done = (bytes: Uint8Array): void =>
          resolve({ status: answer.statusCode ?? 0, headers: new Headers(pairs), body: bytes });
        readBounded(answer, bytesMax).then(done, reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

/** A fault while the address is looked up or the connection is made: the request cannot have arrived. */
const isBeforeConnection = (fault: unknown): boolean => {
  if (!(fault instanceof Error)) return false;
  if (fault instanceof AggregateError) return fault.errors.length > 0 && fault.errors.every(isBeforeConnection);
  if ('syscall' in fault && (fault.syscall === 'connect' || fault.syscall === 'getaddrinfo')) return true;
  if ('code' in fault && fault.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  return isBeforeConnection(fault.cause);
};

const networkError = (fault: unknown, place: string): WeChatPayError =>
  fault instanceof WeChatPayError
    ? fault
    : new WeChatPayError(isBeforeConnection(fault) ? 'not-sent' : 'outcome-unknown', place);

/** An answer that cannot be trusted says nothing about what happened, like no answer. */
const worthAnotherTry: ReadonlySet<string> = new Set([
  'not-sent',
  'outcome-unknown',
  'signature-probe',
  'signature-wrong',
]);

/**
 * Tries the hosts in turn. A call that is not `repeatable` goes to the next host only when it surely did not reach the
 * one before.
 */
export const overHosts = async <Answer>(
  options: Readonly<{ hosts: readonly string[]; repeatable: boolean; place: string }>,
  attempt: (host: string) => Promise<Answer>,
): Promise<Answer> => {
  let last = new WeChatPayError('not-sent', options.place);
  for (const host of options.hosts)
    try {
      return await attempt(host);
    } catch (fault) {
      last = networkError(fault, options.place);
      const mayGoOn = options.repeatable ? worthAnotherTry.has(last.code) : last.code === 'not-sent';
      if (!mayGoOn) throw last;
    }
  throw last;
};
