import { ascii, fromAscii } from '@zhanggui/bytes';
import type { Hsm } from '@zhanggui/hsm';
import {
  answerInterchangeHeader,
  decodeInterchangeFrame,
  encodeInterchangeFrame,
  type InterchangeHeader,
  interchange,
  interchangeHeader,
  interchangeMacInput,
} from '@zhanggui/iso8583';
import { createMux } from '@zhanggui/link';
import type { Log } from '@zhanggui/telemetry';
import { answerTo, carriesMac, type InterchangeMessage, isAnswer, messageKey } from './identity.ts';

/** What became of a request. Only `unavailable` promises that it was not carried out: it never left. */
export type RequestOutcome =
  | { kind: 'answer'; message: InterchangeMessage }
  | { kind: 'timeout' }
  | { kind: 'unavailable' }
  /** An answer came whose MAC is wrong: nothing in it may be believed, the request counts as unanswered. */
  | { kind: 'bad-mac' };

/** Either side could not verify the other's MAC. */
export const showsKeyTrouble = (outcome: RequestOutcome): boolean =>
  outcome.kind === 'bad-mac' || (outcome.kind === 'answer' && outcome.message.fields[39] === 'A0');

/** Field 10 of the frame header of a message sent back unprocessed. The network's own list is not public: these are ours. */
export const rejectCode = { none: '00000', format: '00001', notSignedOn: '00003' } as const;

type Reply = { kind: 'answer'; message: InterchangeMessage } | { kind: 'bad-mac' };

export type PortOptions = Readonly<{
  /** Institution codes that go into the frame header. */
  self: string;
  peer: string;
  hsm: Hsm;
  log: Log;
  /** Key references that may have made a MAC, the one to sign with first. Empty until the first key reset. */
  macKeys: () => readonly string[];
  transmit: (frame: Uint8Array) => boolean;
  /** Financial requests whose MAC is good. No answer is sent for `undefined`. */
  onRequest: (message: InterchangeMessage) => Promise<InterchangeMessage | undefined>;
  /** Management requests (08xx); these answer for themselves. */
  onManagement: (message: InterchangeMessage) => Promise<void>;
  /** Answers nobody waits for any more, with a good MAC. */
  onLate: (message: InterchangeMessage) => void;
}>;

/**
 * One end of a link between a member and the centre, without its connection: signs and verifies field 128, matches answers to
 * requests by content, sends back what cannot be parsed.
 */
export interface Port {
  request(message: InterchangeMessage, options: { timeoutMs: number; macKey?: string }): Promise<RequestOutcome>;
  /** Signs (with `macKey`, or the current one) and sends. False when it did not leave. */
  send(message: InterchangeMessage, macKey?: string): Promise<boolean>;
  receive(frame: Uint8Array): Promise<void>;
  /** Lets every request under way time out at once. */
  close(): void;
}

export const createPort = (options: PortOptions): Port => {
  const { hsm, log } = options;
  const mux = createMux<string, Reply>();
  const header = interchangeHeader({ destination: options.peer, source: options.self });

  const send = async (message: InterchangeMessage, macKey = options.macKeys()[0]): Promise<boolean> =>
    options.transmit(await signedFrame(hsm, header, message, macKey));

  const request: Port['request'] = async (message, { timeoutMs, macKey = options.macKeys()[0] }) => {
    const frame = await signedFrame(hsm, header, message, macKey);
    const settled = await mux.request(messageKey(message), () => options.transmit(frame), timeoutMs);
    if (settled.kind === 'answer') return settled.value;
    return { kind: settled.kind === 'not-sent' ? 'unavailable' : 'timeout' };
  };

  const settle = (message: InterchangeMessage, isGenuine: boolean): void => {
    const reply: Reply = isGenuine ? { kind: 'answer', message } : { kind: 'bad-mac' };
    if (!isGenuine) log.warn({ mti: message.mti, stan: message.fields[11] }, 'answer with a bad MAC');
    if (!mux.settle(messageKey(message), reply) && isGenuine) options.onLate(message);
  };

  const serve = async (message: InterchangeMessage, isGenuine: boolean): Promise<void> => {
    if (!isGenuine) log.warn({ mti: message.mti, stan: message.fields[11] }, 'request with a bad MAC');
    const answer = isGenuine ? await options.onRequest(message) : answerTo(message, { 39: 'A0' });
    if (answer) await send(answer);
  };

  const receive = async (frame: Uint8Array): Promise<void> => {
    const incoming = parse(frame, log);
    if (incoming.kind === 'dropped') return;
    if (incoming.kind === 'unreadable') {
      options.transmit(rejectedFrame(frame, rejectCode.format));
      return;
    }
    const { message } = incoming;
    if (message.mti.startsWith('08') && !isAnswer(message.mti)) return options.onManagement(message);
    const isGenuine = message.mti.startsWith('08') || (await verified(hsm, options.macKeys(), message));
    return isAnswer(message.mti) ? settle(message, isGenuine) : serve(message, isGenuine);
  };
  return { request, send, receive, close: () => mux.close() };
};

type Incoming = { kind: 'message'; message: InterchangeMessage } | { kind: 'unreadable' } | { kind: 'dropped' };

const parse = (frame: Uint8Array, log: Log): Incoming => {
  let decoded: ReturnType<typeof decodeInterchangeFrame>;
  try {
    decoded = decodeInterchangeFrame(frame);
  } catch (error) {
    log.warn({ err: error, bytes: frame.length }, 'frame without a readable header dropped');
    return { kind: 'dropped' };
  }
  const { header, body } = decoded;
  if (header.rejectCode !== rejectCode.none) {
    // Our own message came back unprocessed. It is no answer: whoever waits for one runs into the time limit.
    log.error({ rejectCode: header.rejectCode, peer: header.source }, 'message rejected by the other side');
    return { kind: 'dropped' };
  }
  const { message, error } = interchange.decodePartial(body);
  if (!error) return { kind: 'message', message };
  log.warn({ err: error, mti: message.mti, stan: message.fields[11] }, 'unreadable message rejected');
  return { kind: 'unreadable' };
};

/** The message as received, sent back to whoever sent it. */
export const rejectedFrame = (frame: Uint8Array, code: string): Uint8Array => {
  const { header, body } = decodeInterchangeFrame(frame);
  return encodeInterchangeFrame({ header: { ...answerInterchangeHeader(header), rejectCode: code }, body });
};

/** Frames the message, with field 128 where its kind carries one. */
const signedFrame = async (
  hsm: Hsm,
  header: InterchangeHeader,
  message: InterchangeMessage,
  macKey: string | undefined,
): Promise<Uint8Array> => {
  if (carriesMac(message.mti)) {
    if (!macKey) throw new Error('a message that carries a MAC was sent before the first key reset');
    const mac = await hsm.mac({ key: macKey, algorithm: 'interchange', data: interchangeMacInput(message) });
    return encodeInterchangeFrame({
      header,
      body: interchange.encode({ mti: message.mti, fields: { ...message.fields, 128: ascii(mac) } }),
    });
  }
  return encodeInterchangeFrame({ header, body: interchange.encode(message) });
};

/** Whether field 128 was made with one of the keys. */
export const verified = async (hsm: Hsm, macKeys: readonly string[], message: InterchangeMessage): Promise<boolean> => {
  if (!carriesMac(message.mti)) return true;
  const mac = message.fields[128];
  if (mac === undefined) return false;
  const data = interchangeMacInput(message);
  for (const key of macKeys) {
    if (await hsm.verifyMac({ key, algorithm: 'interchange', data, mac: fromAscii(mac) })) return true;
  }
  return false;
};
