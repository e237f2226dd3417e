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

/** The line to the acquirer: frames, field 64 and the match of answers to the one request under way. */
export const openHost = ({ parameters, hsm, macKey, log, onState }: HostSettings): Host => {
  let waiting: Waiting | undefined;

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

  const receive = async (frame: Uint8Array): Promise<void> => {
    const { header: received, body } = decodePosFrame(frame);
    const message = decodeOrLog(body);
    const mine = waiting;
    if (!message || !mine || !answers(mine.request, message)) {
      log.warn({ mti: message?.mti }, 'an answer nobody waits for');
      return;
    }
    const mac = await macOf(body, message.fields);
    mine.settle({
      kind: 'answer',
      mti: message.mti,
      fields: message.fields,
      requirement: received.processingRequirement,
      mac,
    });
  };

  const decodeOrLog = (body: Uint8Array) => {
    try {
      return unionPayPos.decode(body);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      log.warn({ code: error.code, place: error.place }, 'a malformed answer is dropped');
      return undefined;
    }
  };

  const macOf = async (body: Uint8Array, fields: Fields): Promise<'good' | 'bad' | 'none'> => {
    const mac = fields[64];
    if (mac === undefined) return 'none';
    const data = posMacInput(body);
    return (await hsm.verifyMac({ key: macKey, algorithm: 'unionpay-ecb', data, mac })) ? 'good' : 'bad';
  };

  const encode = async ({ mti, fields, mac }: Outgoing): Promise<Uint8Array> => {
    const frame = (body: Uint8Array) => encodePosFrame({ tpdu: tpduOf(parameters.tpdu), header, body });
    if (!mac) return frame(unionPayPos.encode({ mti, fields }));
    const body = unionPayPos.encode({ mti, fields: { ...fields, 64: noMac } });
    const data = posMacInput(body);
    const value = await hsm.mac({ key: macKey, algorithm: 'unionpay-ecb', data });
    return frame(concat(body.subarray(0, body.length - noMac.length), value));
  };

  return {
    connected: () => link.state === 'connected',
    close: async () => {
      waiting?.settle({ kind: 'timeout' });
      await link.close();
    },
    exchange: async (request) => {
      const frame = await encode(request);
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
