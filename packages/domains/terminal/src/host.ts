import { concat, fromHex, hex } from '@zhanggui/bytes';
import type { Hsm } from '@zhanggui/hsm';
import {
  CodecError,
  decodePosFrame,
  encodePosFrame,
  posMacInput,
  type UnionPayPosFields,
  unionPayPos,
} from '@zhanggui/iso8583';
import { connect, FRAMINGS, type Link } from '@zhanggui/link';
import type { Log } from '@zhanggui/telemetry';
import { answerMti } from './answer.ts';
import type { TerminalParameters } from './parameters.ts';

/** Fields of a message by number; field 64 is this module's business only. */
export type Fields = { -readonly [Number in keyof UnionPayPosFields]: UnionPayPosFields[Number] };

export type Outgoing = Readonly<{
  mti: string;
  fields: Fields;
  /** Financial messages carry field 64, management messages do not. */
  mac: boolean;
}>;

export type HostReply =
  /** `requirement` is the processing requirement digit of the header; `mac` says what field 64 was worth. */
  | Readonly<{ kind: 'answer'; mti: string; fields: Fields; requirement: string; mac: 'good' | 'bad' | 'none' }>
  | Readonly<{ kind: 'timeout' }>
  | Readonly<{ kind: 'not-sent' }>;

export type Host = Readonly<{
  /** Sends one message and waits for its answer; one at a time. */
  exchange(outgoing: Outgoing): Promise<HostReply>;
  connected(): boolean;
  close(): Promise<void>;
}>;

const header = {
  applicationClass: '60',
  softwareVersion: '31',
  terminalStatus: '0',
  processingRequirement: '0',
  softwareSubVersion: '310000',
};
const noMac = new Uint8Array(8);

type Waiting = { request: Outgoing; settle(reply: HostReply): void };

type HostSettings = {
  parameters: TerminalParameters;
  hsm: Hsm;
  macKey: string;
  log: Log;
  onState(connected: boolean): void;
};

/** The line to the acquirer: sends one request at a time and finds its answer among what comes. */
export const openHost = (settings: HostSettings): Host => {
  const { parameters, log, onState } = settings;
  let waiting: Waiting | undefined;
  const receive = async (frame: Uint8Array): Promise<void> => {
    const asked = waiting;
    const answer = await readAnswer(settings, frame, asked?.request);
    // The wait may have ended while the MAC was checked.
    if (answer && asked === waiting) asked?.settle(answer);
  };
  const link: Link = connect({
    ...parameters.acquirer,
    framing: FRAMINGS.binary2,
    reconnect: { minMs: 200, maxMs: 5000 },
    onFrame: (frame) => {
      void receive(frame).catch((error: unknown) => log.error({ err: error }, 'frame from the host not understood'));
    },
    onState: (state) => {
      // An answer cannot come over a line that is gone: waiting longer would only keep the customer standing.
      if (state !== 'connected') waiting?.settle({ kind: 'timeout' });
      onState(state === 'connected');
    },
  });
  return {
    connected: () => link.state === 'connected',
    close: async () => {
      waiting?.settle({ kind: 'timeout' });
      await link.close();
    },
    exchange: async (request) => {
      const frame = await writeRequest(settings, request);
      return new Promise<HostReply>((resolve) => {
        const settle = (reply: HostReply): void => {
          clearTimeout(timer);
          waiting = undefined;
          resolve(reply);
        };
        const timer = setTimeout(() => settle({ kind: 'timeout' }), parameters.timeoutMs);
        waiting = { request, settle };
        if (!link.send(frame)) settle({ kind: 'not-sent' });
      });
    },
  };
};

const writeRequest = async ({ parameters, hsm, macKey }: HostSettings, request: Outgoing): Promise<Uint8Array> => {
  const { mti, fields, mac } = request;
  const frame = (body: Uint8Array) => encodePosFrame({ tpdu: tpduOf(parameters.tpdu), header, body });
  if (!mac) return frame(unionPayPos.encode({ mti, fields }));
  const data = posMacInput(unionPayPos.encode({ mti, fields: { ...fields, 64: noMac } }));
  return frame(concat(data, await hsm.mac({ key: macKey, algorithm: 'unionpay-ecb', data })));
};

/** The answer to `request` in a frame; undefined for what is malformed, late, or meant for somebody else. */
const readAnswer = async (
  { hsm, macKey, log }: HostSettings,
  frame: Uint8Array,
  request: Outgoing | undefined,
): Promise<HostReply | undefined> => {
  try {
    const { header: received, body } = decodePosFrame(frame);
    const { mti, fields } = unionPayPos.decode(body);
    if (!request || !answers(request, { mti, fields })) {
      log.warn({ mti }, 'an answer nobody waits for');
      return undefined;
    }
    const answer = { kind: 'answer', mti, fields, requirement: received.processingRequirement } as const;
    if (fields[64] === undefined) return { ...answer, mac: 'none' };
    const check = { key: macKey, algorithm: 'unionpay-ecb', data: posMacInput(body), mac: fields[64] } as const;
    return { ...answer, mac: (await hsm.verifyMac(check)) ? 'good' : 'bad' };
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    log.warn({ code: error.code, place: error.place }, 'a malformed answer is dropped');
    return undefined;
  }
};

/** An answer is matched by type, trace number, terminal and merchant; anything else is a late or foreign message. */
const answers = (request: Outgoing, message: { mti: string; fields: Fields }): boolean =>
  message.mti === answerMti(request.mti) &&
  [11, 41, 42].every((number) => {
    const field = number as 11 | 41 | 42;
    return message.fields[field] === request.fields[field];
  });

const tpduOf = (digits: string) => ({
  id: digits.slice(0, 2),
  destination: digits.slice(2, 6),
  source: digits.slice(6, 10),
});

/** Fields as JSON text and back, for sealing; bytes become `{ hex }`. */
export const fieldsJson = {
  write: (fields: Fields): Uint8Array =>
    new TextEncoder().encode(
      JSON.stringify(fields, (_key, value: unknown) => (value instanceof Uint8Array ? { hex: hex(value) } : value)),
    ),
  read: (bytes: Uint8Array): Fields =>
    JSON.parse(new TextDecoder().decode(bytes), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && 'hex' in value ? fromHex(String(value.hex)) : value,
    ) as Fields,
};
