import { posField60, signInKeys } from '@zhanggui/iso8583';
import { type Host, terminalOf } from './host.ts';
import { type PosMessage, posAnswer } from './pos.ts';
import { Refusal } from './refusal.ts';
import { keyRefs } from './settings.ts';

/** Field 60.3 of the management messages served here (facts china §1.7). */
const code = {
  signInSingle: '001',
  signIn: '003',
  signInWithTrackKey: '004',
  signOut: '002',
  echo: '301',
} as const;

/** Lengths of the working keys by kind of sign-in; a MAC key may be the host's choice. */
const keyBytes = (host: Host, managementCode: string) => ({
  pin: managementCode === code.signInSingle ? 8 : 16,
  mac: managementCode === code.signInSingle ? 8 : host.macKeyBytes,
  track: managementCode === code.signInWithTrackKey ? 16 : undefined,
});

/** Answers sign-in, sign-out and echo: messages without a MAC. Throws `Refusal`. */
export const manage = async (host: Host, request: PosMessage): Promise<PosMessage> => {
  const { managementCode } = posField60.decode(request.fields[60] ?? '');
  const message = `${request.mti}.${managementCode}`;
  switch (message) {
    case `0800.${code.signInSingle}`:
    case `0800.${code.signIn}`:
    case `0800.${code.signInWithTrackKey}`:
      return signIn(host, request);
    case `0820.${code.signOut}`:
      await host.registry.signedOut((await terminalOf(host, request)).terminalId);
      return answer(host, request);
    case `0820.${code.echo}`:
      await terminalOf(host, request);
      return answer(host, request);
    default:
      throw new Refusal('40', `management code ${managementCode}`);
  }
};

/** Makes new working keys and delivers them under the terminal's master key; the keys before them are of no use any more. */
const signIn = async (host: Host, request: PosMessage): Promise<PosMessage> => {
  const view = posField60.decode(request.fields[60] ?? '');
  const terminal = await terminalOf(host, request);
  const { terminalId, batch } = terminal;
  const generation = await host.registry.nextGeneration(terminalId);
  const bytes = keyBytes(host, view.managementCode ?? '');
  const under = keyRefs.terminalMaster(terminalId);
  const deliver = async (ref: string, use: 'tpk' | 'tak' | 'tdk', length: number) => {
    await host.hsm.generateKey({ ref, use, bytes: length });
    const { cryptogram, kcv } = await host.hsm.exportKey({ ref, under });
    return { cryptogram, checkValue: kcv.subarray(0, 4) };
  };
  const pin = await deliver(keyRefs.terminalPin(terminalId, generation), 'tpk', bytes.pin);
  const mac = await deliver(keyRefs.terminalMac(terminalId, generation), 'tak', bytes.mac);
  const track = bytes.track && (await deliver(keyRefs.terminalTrack(terminalId, generation), 'tdk', bytes.track));
  await host.registry.signedIn(terminalId, generation);
  await forgetKeys(host, terminalId, generation - 1);
  host.log.info({ terminalId, batch, generation }, 'terminal signed in');
  return answer(host, request, {
    60: posField60.encode({ ...view, batch }),
    62: signInKeys.encode({ pin, mac, ...(track && { track }) }),
  });
};

const forgetKeys = async (host: Host, terminalId: string, generation: number): Promise<void> => {
  for (const ref of [keyRefs.terminalPin, keyRefs.terminalMac, keyRefs.terminalTrack])
    await host.hsm.removeKey(ref(terminalId, generation));
};

const answer = async (host: Host, request: PosMessage, own: PosMessage['fields'] = {}): Promise<PosMessage> => {
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
