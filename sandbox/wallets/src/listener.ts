import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { Log } from '@zhanggui/telemetry';
import type { Face, FaceAnswer, FaceRequest } from './face.ts';
import type { Faults } from './faults.ts';

type Settings = Readonly<{ faces: readonly Face[]; faults: Faults; log: Log }>;

const delayMs = 3_000;
const bodyBytesMax = 8_388_608;

const headersOf = (request: IncomingMessage): Headers => {
  const headers = new Headers();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2)
    headers.append(request.rawHeaders[index] ?? '', request.rawHeaders[index + 1] ?? '');
  return headers;
};

const bodyOf = async (request: IncomingMessage): Promise<Uint8Array | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyBytesMax) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
};

const peerOf = (request: IncomingMessage): string | undefined => {
  if (!(request.socket instanceof TLSSocket)) return undefined;
  const { fingerprint256 } = request.socket.getPeerCertificate();
  return fingerprint256?.replaceAll(':', '').toLowerCase();
};

const answerOf = async (faces: readonly Face[], request: FaceRequest): Promise<FaceAnswer> => {
  for (const face of faces) {
    const answer = await face.handle(request);
    if (answer) return answer;
  }
  return { status: 404 };
};

const write = (response: ServerResponse, { status, headers = {}, body = '' }: FaceAnswer): void => {
  response.writeHead(status, headers);
  response.end(body);
};

const serve = async (
  { faces, faults }: Settings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const body = await bodyOf(request);
  if (!body) return write(response, { status: 413 });
  if (faults.take('request-lost')) return void request.socket.destroy();
  const { method = 'GET', url: path = '/' } = request;
  const answer = await answerOf(faces, {
    method,
    path,
    headers: headersOf(request),
    body,
    peerCertificate: peerOf(request),
  });
  // What was asked for is done by now: a notification may be there before the answer.
  if (faults.take('delay')) await wait(delayMs);
  if (faults.take('answer-lost')) return void request.socket.destroy();
  write(response, answer);
};

/** HTTP for every wallet; the line's own faults (delay, request lost, answer lost) are met here. */
export const requestListener =
  (settings: Settings): RequestListener =>
  (request, response) => {
    serve(settings, request, response).catch((error: unknown) => {
      settings.log.error({ error, path: request.url?.split('?')[0] }, 'the sandbox wallets failed');
      if (!response.headersSent) write(response, { status: 500 });
    });
  };

export type Listening = Readonly<{ port: number; close(): Promise<void> }>;

const listening = async (server: Server, place: Readonly<{ host: string; port: number }>): Promise<Listening> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(place, resolve);
  await promise;
  const close = (): Promise<void> => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeAllConnections();
    return closed.promise;
  };
  return { port: (server.address() as AddressInfo).port, close };
};

type Place = Readonly<{ host: string; port: number }>;

export const listenPlain = (listener: RequestListener, place: Place): Promise<Listening> =>
  listening(createServer(listener), place);

/** Asks clients for their certificate; whose it is, the faces look at. */
export const listenSecure = (listener: RequestListener, place: Place, tls: ServerOptions): Promise<Listening> =>
  listening(createSecureServer({ ...tls, requestCert: true, rejectUnauthorized: false }, listener), place);
