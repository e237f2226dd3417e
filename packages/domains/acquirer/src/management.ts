import { posField60, signInKeys } from '@zhanggui/iso8583';
import { knownTerminal } from './authentication.ts';
import type { Host } from './host.ts';
import { type PosMessage, posAnswer } from './pos.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './registry.ts';
import { keyRefs } from './settings.ts';

type KeyBytes = Readonly<{ pin: number; mac: number; track?: number }>;

/** Kinds of sign-in by field 60.3 (Q/CUP 009.1), and the lengths of the working keys each gives. */
const signInKinds = (macKeyBytes: number): Readonly<Record<string, KeyBytes>> => ({
  '001': { pin: 8, mac: 8 },
  '003': { pin: 16, mac: macKeyBytes },
  '004': { pin: 16, mac: macKeyBytes, track: 16 },
});

const signOut = '002';
const echo = '301';

/** Answers sign-in, sign-out and echo: messages that carry no MAC. */
export const manage = async (host: Host, request: PosMessage): Promise<PosMessage | Refusal> => {
  const terminal = await knownTerminal(host, request);
  if (terminal instanceof Refusal) return terminal;
  const { managementCode = '' } = posField60.decode(request.fields[60] ?? '');
  const keyBytes = request.mti === '0800' ? signInKinds(host.macKeyBytes)[managementCode] : undefined;
  if (keyBytes) return signIn(host, terminal, request, keyBytes);
  if (request.mti !== '0820' || (managementCode !== signOut && managementCode !== echo))
    return new Refusal('40', `management code ${managementCode}`);
  if (managementCode === signOut) await host.registry.signedOut(terminal.terminalId);
  return answerOf(host, request, {});
};

/** Makes new working keys and delivers them under the terminal's master key; from now on nothing made with older ones is taken. */
const signIn = async (
  host: Host,
  { terminalId, batch }: Terminal,
  request: PosMessage,
  bytes: KeyBytes,
): Promise<PosMessage> => {
  const generation = await host.registry.nextGeneration(terminalId);
  const under = keyRefs.terminalMaster(terminalId);
  const deliver = async (ref: string, use: 'tpk' | 'tak' | 'tdk', length: number) => {
    await host.hsm.generateKey({ ref, use, bytes: length });
    const { cryptogram, kcv } = await host.hsm.exportKey({ ref, under });
    return { cryptogram, checkValue: kcv.subarray(0, 4) };
  };
  const keys = {
    pin: await deliver(keyRefs.terminalPin(terminalId, generation), 'tpk', bytes.pin),
    mac: await deliver(keyRefs.terminalMac(terminalId, generation), 'tak', bytes.mac),
    ...(bytes.track && { track: await deliver(keyRefs.terminalTrack(terminalId, generation), 'tdk', bytes.track) }),
  };
  await host.registry.signedIn(terminalId, generation);
  await forgetKeys(host, terminalId, generation - 2);
  host.log.info({ terminalId, batch, generation }, 'terminal signed in');
  const view = posField60.decode(request.fields[60] ?? '');
  return answerOf(host, request, { 60: posField60.encode({ ...view, batch }), 62: signInKeys.encode(keys) });
};

/** The keys before the last ones: an answer under way may still need those of the last sign-in. */
const forgetKeys = async ({ hsm }: Host, terminalId: string, generation: number): Promise<void> => {
  for (const ref of [keyRefs.terminalPin, keyRefs.terminalMac, keyRefs.terminalTrack])
    await hsm.removeKey(ref(terminalId, generation));
};

const answerOf = async (host: Host, request: PosMessage, own: PosMessage['fields']): Promise<PosMessage> => {
  const stamp = host.now();
  const { rrn } = await host.numbers();
  return posAnswer(request, 'management', {
    12: stamp.hhmmss,
    13: stamp.mmdd,
    32: host.institution,
    37: rrn,
    39: '00',
    ...own,
  });
};
