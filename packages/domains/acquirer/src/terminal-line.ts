import { answerTpdu, CodecError, decodePosFrame, encodePosFrame, type PosFrame, unionPayPos } from '@zhanggui/iso8583';
import type { Connection } from '@zhanggui/link';
import { authenticTerminal } from './authentication.ts';
import { authorise } from './authorisation.ts';
import type { Host } from './host.ts';
import { manage } from './management.ts';
import { type PosMessage, posAnswer, shapeOf } from './pos.ts';
import { Refusal } from './refusal.ts';
import { reverse } from './reversal.ts';
import { encodeAnswer, signAnswer } from './signing.ts';

/** The terminals' side of the host. */
export interface TerminalLine {
  serve(connection: Connection): void;
  /** Resolves when every request under way now has ended. */
  drain(): Promise<void>;
}

/** Every frame is a request of its own, answered when its answer is ready; repeated while it is under way, it is done once. */
export const createTerminalLine = (host: Host): TerminalLine => {
  const underWay = new Map<string, Promise<Uint8Array | undefined>>();

  const answerTo = async (body: Uint8Array): Promise<Uint8Array | undefined> => {
    const { message, error } = unionPayPos.decodePartial(body);
    if (error) return refuse(host, message, new Refusal('30', error.message));
    const { 11: stan, 41: terminalId, 60: batchAndKind } = message.fields;
    const key = `${message.mti}.${terminalId}.${stan}.${batchAndKind}`;
    const first = underWay.get(key);
    if (first) return first;
    const answer = answerOf(host, message, body).finally(() => underWay.delete(key));
    underWay.set(key, answer);
    return answer;
  };
  const serveFrame = async (connection: Connection, bytes: Uint8Array): Promise<void> => {
    const frame = decodePosFrame(bytes);
    const body = await answerTo(frame.body);
    if (body) connection.send(framed(frame, body));
  };
  return {
    serve: (connection) =>
      connection.onFrame((bytes) => {
        serveFrame(connection, bytes).catch((error: unknown) => {
          host.log.warn({ err: error, remote: connection.remote }, 'frame without an answer');
        });
      }),
    drain: async () => {
      await Promise.allSettled(underWay.values());
    },
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

const answerOf = async (host: Host, request: PosMessage, body: Uint8Array): Promise<Uint8Array | undefined> => {
  try {
    const answer = await outcomeOf(host, request, body);
    return answer instanceof Refusal ? refuse(host, request, answer) : answer;
  } catch (error) {
    if (error instanceof CodecError) return refuse(host, request, new Refusal('30', error.message));
    host.log.error({ err: error, mti: request.mti, terminalId: request.fields[41] }, 'request failed');
    return refuse(host, request, new Refusal('96', 'failed'));
  }
};

const outcomeOf = async (
  host: Host,
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
      const answer = await (request.mti === '0200' ? authorise : reverse)(host, terminal, request);
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
