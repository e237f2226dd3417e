import type { Signing } from '../deliveries.ts';
import type { Face, FaceAnswer, FaceRequest } from '../face.ts';
import { type Refusal, refusals, refused } from './refusals.ts';
import type { Call, Reply, Room, Route } from './room.ts';

type Compiled = Readonly<{ route: Route; pattern: RegExp; names: readonly string[] }>;

const compile = (route: Route): Compiled => {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  return { route, names, pattern: new RegExp(`^${route.path.replaceAll(/:\w+/g, '([^/]+)')}$`) };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

type Found =
  | Readonly<{ kind: 'route'; route: Route; params: Readonly<Record<string, string>> }>
  | Readonly<{ kind: 'none'; status: 404 | 405 }>;

const find = (compiled: readonly Compiled[], method: string, path: string): Found => {
  let status: 404 | 405 = 404;
  for (const { route, pattern, names } of compiled) {
    const values = pattern.exec(path)?.slice(1);
    if (!values) continue;
    if (route.method === method)
      return {
        kind: 'route',
        route,
        params: Object.fromEntries(names.map((name, index) => [name, decoded(values[index] ?? '')])),
      };
    status = 405;
  }
  return { kind: 'none', status };
};

const bodyOf = (request: FaceRequest): Readonly<{ value: unknown }> | undefined => {
  if (request.body.length === 0) return { value: undefined };
  if (!request.headers.get('content-type')?.startsWith('application/json')) return { value: undefined };
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body)) };
  } catch {
    return undefined;
  }
};

const rateRefusal = (path: string): Refusal =>
  /^\/v3\/(pay|refund|combine-transactions)\//.test(path) ? refusals.tooFrequent : refusals.rateExceeded;

type Answered = Readonly<{
  status: number;
  body: string | Uint8Array;
  contentType: string;
  number: number;
  refusal?: Refusal;
}>;

const written = (reply: Reply): Answered => {
  const contentType = 'application/json; charset=utf-8';
  if (reply.kind === 'refused') {
    const { status, code, message, detail, number, isBare } = reply.refusal;
    const body = isBare ? '' : JSON.stringify({ code, message, ...(detail !== undefined && { detail }) });
    return { status, body, contentType, number, refusal: reply.refusal };
  }
  if (reply.raw)
    return { status: reply.status, body: reply.raw, contentType: reply.contentType ?? 'text/plain', number: 0 };
  return {
    status: reply.status,
    body: reply.json === undefined ? '' : JSON.stringify(reply.json),
    contentType,
    number: 0,
  };
};

/** What WeChat's support asks for; its last digits are the number of the error. */
const requestIdOf = (room: Room, number: number): string =>
  `08${Buffer.from(room.engine.random(16)).toString('hex').toUpperCase()}-${number}`;

const signingOf = ({ faults }: Room): Signing => {
  if (faults.take('answer-signature')) return 'wrong';
  return faults.take('answer-signtest') ? 'probe' : 'right';
};

/** Whoever is refused at the door, and files, get no signature. */
const sent = (room: Room, request: FaceRequest, reply: Reply, isSigned: boolean): FaceAnswer => {
  const { status, body, contentType, number, refusal } = written(reply);
  const headers = {
    ...(body.length > 0 && { 'Content-Type': contentType }),
    ...(!refusal?.hasNoRequestId && { 'Request-ID': requestIdOf(room, number) }),
    ...(isSigned && room.gate.answerHeaders(request, body, signingOf(room))),
  };
  return { status, headers, body };
};

/** API v3: the gate, then the route, then the signature on what it says. */
export const openV3Face = (room: Room, routes: readonly Route[]): Face => {
  const compiled = routes.map(compile);
  const answer = async (request: FaceRequest, path: string): Promise<FaceAnswer> => {
    const found = find(compiled, request.method, path);
    if (found.kind === 'none') return { status: found.status };
    const entered = room.gate.check(request);
    if (entered.kind === 'refused') return sent(room, request, entered, false);
    const body = bodyOf(request);
    if (!body)
      return sent(room, request, refused('parameter', { detail: { location: 'body', issue: 'invalid json' } }), true);
    if (room.faults.take('rate-limit'))
      return sent(room, request, { kind: 'refused', refusal: rateRefusal(path) }, true);
    const query = new URLSearchParams(request.path.slice(path.length + 1));
    const call: Call = { request, caller: entered.caller, params: found.params, query, body: body.value };
    return sent(room, request, await found.route.run(call), !found.route.isUnsigned);
  };
  return {
    handle: async (request) => {
      const path = request.path.split('?')[0] ?? '';
      return path.startsWith('/v3/') ? answer(request, path) : undefined;
    },
  };
};
