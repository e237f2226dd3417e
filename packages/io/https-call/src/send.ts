export type Outgoing = Readonly<{
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  timeoutMs: number;
  /** An answer that is longer is not read to its end. */
  bytesMax: number;
  /** Where the body of a success goes, however long; what comes back has none then. */
  take?: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
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

/** A stream that fails with `AnswerTooLong` where it becomes longer than it may be. */
export async function* bounded(chunks: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bytesMax) throw new AnswerTooLong(bytesMax);
    yield chunk;
  }
}

/** All of a stream, if it is no longer than it may be. */
export const readBounded = async (chunks: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array> => {
  const read: Uint8Array[] = [];
  for await (const chunk of bounded(chunks, bytesMax)) read.push(chunk);
  return Buffer.concat(read);
};

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** What a file may take, such as a day's bill of a million lines over a slow line. */
export const fileTimeoutMs = 900_000;

/** Follows no redirection: a signed request is for one address. */
export const fetchSend: Send = async ({ method, url, headers, body, timeoutMs, bytesMax, take }) => {
  const answer = await fetch(url, {
    method,
    headers: { ...headers },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(method === 'POST' && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
  const { status } = answer;
  const empty = { status, headers: answer.headers, body: new Uint8Array() };
  if (!answer.body) return empty;
  if (!take || !isSuccess(status)) return { ...empty, body: await readBounded(answer.body, bytesMax) };
  await take(answer.body);
  return empty;
};

/** A fault while the address is looked up or the connection is made: the request cannot have arrived. */
export const isBeforeConnection = (fault: unknown): boolean => {
  if (!(fault instanceof Error)) return false;
  if (fault instanceof AggregateError) return fault.errors.length > 0 && fault.errors.every(isBeforeConnection);
  if ('syscall' in fault && (fault.syscall === 'connect' || fault.syscall === 'getaddrinfo')) return true;
  if ('code' in fault && fault.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  return isBeforeConnection(fault.cause);
};
