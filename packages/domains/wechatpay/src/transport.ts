import { request as httpsRequest } from 'node:https';
import { AnswerTooLong, isBeforeConnection, readBounded, type Send } from '@zhanggui/https-call';
import { WeChatPayError } from './wechatpay-error.ts';

export const callBytesMax = 1_048_576;

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

const networkError = (fault: unknown, place: string): WeChatPayError => {
  if (fault instanceof WeChatPayError) return fault;
  if (fault instanceof AnswerTooLong) return new WeChatPayError('answer-malformed', place);
  return new WeChatPayError(isBeforeConnection(fault) ? 'not-sent' : 'outcome-unknown', place);
};

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
  let last: WeChatPayError | undefined;
  for (const host of options.hosts)
    try {
      return await attempt(host);
    } catch (fault) {
      last = networkError(fault, options.place);
      const mayGoOn = options.repeatable ? worthAnotherTry.has(last.code) : last.code === 'not-sent';
      if (!mayGoOn) throw last;
    }
  throw last ?? new WeChatPayError('not-sent', options.place);
};
