import { answerTpdu, CodecError, decodePosFrame, encodePosFrame, type PosFrame, unionPayPos } from '@zhanggui/iso8583';
import type { Connection } from '@zhanggui/link';
import { authenticTerminal } from './authentication.ts';
import { authorise } from './authorisation.ts';
import type { Host } from './host.ts';
import { manage } from './management.ts';
import { type PosMessage, posAnswer, shapeOf } from './pos.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './registry.ts';
import { reverse } from './reversal.ts';
import { encodeAnswer, signAnswer } from './signing.ts';

/** The terminals' side of the host. */
export interface TerminalLine {
  serve(connection: Connection): void;
  /** Resolves when every request under way now has ended. */
  drain(): Promise<void>;
}

/** Every frame is a request of its own, answered when its answer is ready. */
export const createTerminalLine = (host: Host): TerminalLine => {
  const underWay = new Set<Promise<void>>();
  const authoriseOnce = once(host);

  const serveFrame = async (connection: Connection, bytes: Uint8Array): Promise<void> => {
    const frame = decodePosFrame(bytes);
    const body = await answerOf(host, authoriseOnce, frame.body);
    if (body) connection.send(framed(frame, body));
  };
  const serve = (connection: Connection): void =>
    connection.onFrame((bytes) => {
      const served = serveFrame(connection, bytes)
        .catch((error: unknown) => {
          host.log.warn({ err: error, remote: connection.remote }, 'frame without an answer');
        })
        .finally(() => underWay.delete(served));
      underWay.add(served);
    });
  return {
    serve,
    drain: async () => {
      await Promise.all(underWay);
    },
  };
};

type Authorise = (terminal: Terminal, request: PosMessage) => ReturnType<typeof authorise>;

/** A request repeated while it is under way shares the answer of the first: it is done once. */
const once = (host: Host): Authorise => {
  const underWay = new Map<string, ReturnType<Authorise>>();
  return (terminal, request) => {
    const key = `${terminal.terminalId}.${request.fields[11]}.${request.fields[60]}`;
    const first = underWay.get(key);
    if (first) return first;
    const answer = authorise(host, terminal, request).finally(() => underWay.delete(key));
    underWay.set(key, answer);
    return answer;
  };
};

/** The answer goes back where the request came from; the header is the request's, and asks nothing more of the terminal. */
const framed = ({ tpdu, header, lineInformation }: PosFrame, body: Uint8Array): Uint8Array =>
  encodePosFrame({
    tpdu: answerTpdu(tpdu),
    header: { ...header, processingRequirement: '0' },
    ...(lineInformation && { lineInformation }),
    body,
  });

const answerOf = async (host: Host, authoriseOnce: Authorise, body: Uint8Array): Promise<Uint8Array | undefined> => {
  const { message, error } = unionPayPos.decodePartial(body);
  if (error) return refuse(host, message, new Refusal('30', error.message));
  try {
    const answer = await outcomeOf(host, authoriseOnce, message, body);
    return answer instanceof Refusal ? refuse(host, message, answer) : answer;
  } catch (failure) {
    if (failure instanceof CodecError) return refuse(host, message, new Refusal('30', failure.message));
    host.log.error({ err: failure, mti: message.mti, terminalId: message.fields[41] }, 'request failed');
    return refuse(host, message, new Refusal('96', 'failed'));
  }
};

const outcomeOf = async (
  host: Host,
  authoriseOnce: Authorise,
  request: PosMessage,
  body: Uint8Array,
): Promise<Uint8Array | Refusal | undefined> => {
  switch (request.mti) {
    case '0800':
    case '0820': {
      const answer = await manage(host, request);
      return answer instanceof Refusal ? answer : unionPayPos.encode(answer);
    }
    case '0200':
    case '0400': {
      const terminal = await authenticTerminal(host, request, body);
      if (terminal instanceof Refusal) return terminal;
      const answer = await (request.mti === '0200'
        ? authoriseOnce(terminal, request)
        : reverse(host, terminal, request));
      return answer instanceof Uint8Array ? signAnswer(host, answer, terminal) : answer;
    }
    default:
      return new Refusal('40', `MTI ${request.mti}`);
  }
};

/** An answer of this host's own, with what could be read of the request; none to what is not even a request. */
const refuse = (host: Host, request: PosMessage, { code, why }: Refusal): Uint8Array | undefined => {
  const { 11: stan, 41: terminalId } = request.fields;
  host.figures.refusals.add({ code });
  host.log.info({ mti: request.mti, terminalId, stan, code, why }, 'request refused');
  if (!/^0[1-8][02]0$/.test(request.mti)) return undefined;
  const stamp = host.now();
  const answer = posAnswer(request, shapeOf(request.mti), {
    12: stamp.hhmmss,
    13: stamp.mmdd,
    32: host.institution,
    39: code,
  });
  return encodeAnswer(answer, false);
};
