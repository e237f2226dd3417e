export type Outgoing = Readonly<{
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
  /** An answer that is longer is not read to its end. */
  bytesMax: number;
}>;
export type Incoming = Readonly<{ status: number; headers: Headers; body: Uint8Array }>;
/** Sends one request once; throws whatever the network throws, and `AnswerTooLong`. */
export type Send = (outgoing: Outgoing) => Promise<Incoming>;

export class AnswerTooLong extends Error {
  constructor(bytesMax: number) {
    super(`the answer is longer than ${bytesMax} bytes`);
    this.name = 'AnswerTooLong';
  }
}

/** All of a stream, if it is no longer than it may be. */
export const readBounded = async (chunks: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array> => {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bytesMax) throw new AnswerTooLong(bytesMax);
    read.push(chunk);
  }
  return Buffer.concat(read);
};

/** Follows no redirection: a signed request is for one address. */
export const fetchSend: Send = async ({ method, url, headers, body, timeoutMs, bytesMax }) => {
  const answer = await fetch(url, {
    method,
    headers: { ...headers },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(method === 'POST' && { body }),
  });
  const bytes = answer.body ? await readBounded(answer.body, bytesMax) : new Uint8Array();
  return { status: answer.status, headers: answer.headers, body: bytes };
};

/** A fault while the address is looked up or the connection is made: the request cannot have arrived. */
export const isBeforeConnection = (fault: unknown): boolean => {
  if (!(fault instanceof Error)) return false;
  if (fault instanceof AggregateError) return fault.errors.length > 0 && fault.errors.every(isBeforeConnection);
  if ('syscall' in fault && (fault.syscall === 'connect' || fault.syscall === 'getaddrinfo')) return true;
  if ('code' in fault && fault.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  return isBeforeConnection(fault.cause);
};
