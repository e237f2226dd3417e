import { answerTpdu, decodePosFrame, encodePosFrame, type PosFrame, unionPayPos } from '@zhanggui/iso8583';
import type { Connection } from '@zhanggui/link';
import { authorise } from './authorisation.ts';
import { authenticated, encodeAnswer, type Host, refusalOf, sign } from './host.ts';
import { manage } from './management.ts';
import { type PosMessage, posAnswer, shapeOf } from './pos.ts';
import { Refusal } from './refusal.ts';
import { reverse } from './reversal.ts';

/** Serves one connection of terminals: every frame is a request of its own, answered in the order the answers are ready. */
export const serveTerminals = (host: Host): ((connection: Connection) => void) => {
  const answerTo = withoutRepeats(host);
  return (connection) => {
    connection.onFrame((bytes) => {
      serve(bytes).catch((error: unknown) => host.log.error({ err: error }, 'request without an answer'));
    });
    const serve = async (bytes: Uint8Array): Promise<void> => {
      const frame = decodePosFrame(bytes);
      const answer = await answerTo(frame.body);
      if (answer) connection.send(framed(frame, answer));
    };
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

type Answering = (body: Uint8Array) => Promise<Uint8Array | undefined>;

/** A request repeated while it is still under way waits for the answer of the first: it is done once. */
const withoutRepeats = (host: Host): Answering => {
  const underWay = new Map<string, Promise<Uint8Array | undefined>>();
  return async (body) => {
    const { message, error } = unionPayPos.decodePartial(body);
    if (error) return refuse(host, message, new Refusal('30', error.message));
    const { 11: stan, 41: terminalId, 60: batchAndKind } = message.fields;
    const key = `${message.mti}.${terminalId}.${stan}.${batchAndKind}`;
    const already = underWay.get(key);
    if (already) return already;
    const answer = answerOf(host, message, body).finally(() => underWay.delete(key));
    underWay.set(key, answer);
    return answer;
  };
};

const answerOf = async (host: Host, request: PosMessage, body: Uint8Array): Promise<Uint8Array | undefined> => {
  try {
    return await done(host, request, body);
  } catch (error) {
    return refuse(host, request, refusalOf(error), error);
  }
};

const done = async (host: Host, request: PosMessage, body: Uint8Array): Promise<Uint8Array | undefined> => {
  switch (request.mti) {
    case '0800':
    case '0820':
      return unionPayPos.encode(await manage(host, request));
    case '0200': {
      const terminal = await authenticated(host, request, body);
      const answer = await authorise(host, terminal, request);
      return answer && sign(host, answer, terminal);
    }
    case '0400': {
      const terminal = await authenticated(host, request, body);
      return sign(host, await reverse(host, terminal, request), terminal);
    }
    default:
      throw new Refusal('40', `MTI ${request.mti}`);
  }
};

/** An answer of this host's own, with what could be read of the request; nothing when not even its kind could. */
const refuse = (host: Host, request: PosMessage, refusal: Refusal, cause?: unknown): Uint8Array | undefined => {
  const { code, message: why } = refusal;
  const { 11: stan, 41: terminalId } = request.fields;
  const level = code === '96' ? 'error' : 'info';
  host.log[level](
    { mti: request.mti, terminalId, stan, code, why, ...(code === '96' && { err: cause }) },
    'request refused',
  );
  host.metrics.counter('acquirer_refusals_total', 'Requests refused by this host, by answer', ['code']).add({ code });
  if (!/^0[248][02]0$/.test(request.mti)) return undefined;
  const stamp = host.now();
  return encodeAnswer(
    posAnswer(request, shapeOf(request.mti), {
      12: stamp.hhmmss,
      13: stamp.mmdd,
      32: host.institution,
      39: code,
    }),
    false,
  );
};
