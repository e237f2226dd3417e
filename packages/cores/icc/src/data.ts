/** Small commands: GET DATA, GET CHALLENGE, VERIFY (EMV Book 3 §6.5.6, §6.5.7, §6.5.12). */
import { concat, fromHex, hex } from '@zhanggui/bytes';
import { desEcbEncrypt } from '@zhanggui/card-crypto';
import { encodeTlv } from '@zhanggui/tlv';
import { type Command, type Context, evolve, sw, type Turn } from './command.ts';

export const getData = ({ state, memory }: Context, { p1, p2 }: Command): Turn => {
  const tag = hex(Uint8Array.of(p1, p2));
  const readable: Readonly<Record<string, Uint8Array>> = {
    '9F36': counter(memory.atc),
    '9F13': counter(memory.lastOnlineAtc),
    '9F17': Uint8Array.of(memory.pinTriesLeft),
  };
  const value = readable[tag];
  return value ? { state, status: sw.ok, data: encodeTlv([{ tag, value }]) } : { state, status: sw.dataNotFound };
};

/** A pure card has no noise of its own: its challenges are its counters under its key, never the same twice. */
export const getChallenge = (context: Context, { p1, p2 }: Command): Turn => {
  const { state, application, memory, session } = context;
  if (p1 !== 0 || p2 !== 0) return { state, status: sw.wrongParameters };
  const input = concat(counter(memory.atc), counter(session.challenges), fromHex('00000001'));
  return {
    state: evolve(context, { session: { challenges: (session.challenges + 1) & 0xffff } }),
    status: sw.ok,
    data: desEcbEncrypt(fromHex(application.udkMac), input),
  };
};

const plaintextPin = 0x80;

/** Plaintext PIN: block `2n` PIN digits filled with F. A wrong one costs a try, and the answer says how many are left. */
export const verify = (context: Context, { p1, p2, data }: Command): Turn => {
  const { state, application, memory } = context;
  if (p1 !== 0 || p2 !== plaintextPin) return { state, status: sw.wrongParameters };
  if (application.offlinePin === undefined) return { state, status: sw.conditionsNotSatisfied };
  if (memory.pinTriesLeft === 0) return { state, status: sw.pinBlocked };
  if (data.length !== 8) return { state, status: sw.wrongLength };
  const { offlinePin } = application;
  const block = `2${offlinePin.length.toString(16)}${offlinePin}`.toUpperCase().padEnd(16, 'F');
  if (hex(data) === block) {
    const change = { session: { offlinePin: 'passed' }, memory: { pinTriesLeft: application.pinTriesMax } } as const;
    return { state: evolve(context, change), status: sw.ok };
  }
  const pinTriesLeft = memory.pinTriesLeft - 1;
  const change = { session: { offlinePin: 'failed' }, memory: { pinTriesLeft } } as const;
  return { state: evolve(context, change), status: 0x63c0 | pinTriesLeft };
};

export const counter = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
