import { request as httpsRequest } from 'node:https';
import { WeChatPayError } from './wechatpay-error.ts';

export type Outgoing = Readonly<{
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
}>;
export type Incoming = Readonly<{ status: number; headers: Headers; body: Uint8Array }>;
/** Sends one request once; throws whatever the network throws. */
export type Send = (outgoing: Outgoing) => Promise<Incoming>;

export const fetchSend: Send = async ({ method, url, headers, body, timeoutMs }) => {
  const answer = await fetch(url, {
    method,
    headers: { ...headers },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(method === 'POST' && { body }),
  });
  return { status: answer.status, headers: answer.headers, body: new Uint8Array(await answer.arrayBuffer()) };
};

/** For the v2 calls that want the merchant's API certificate in the TLS handshake (reverse, refund); PEM texts. */
export const certificateSend =
  (identity: Readonly<{ cert: string; key: string; ca?: string }>): Send =>
  ({ method, url, headers, body, timeoutMs }) =>
    new Promise((resolve, reject) => {
      const options = { method, headers: { ...headers }, ...identity, signal: AbortSignal.timeout(timeoutMs) };
      const outgoing = httpsRequest(url, options, (answer) => {
        const chunks: Uint8Array[] = [];
        answer.on('data', (chunk: Uint8Array) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const pairs = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
          resolve({ status: answer.statusCode ?? 0, headers: new Headers(pairs), body: Buffer.concat(chunks) });
        });
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
