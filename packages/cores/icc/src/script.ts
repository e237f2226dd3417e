/** Issuer script commands: APPLICATION BLOCK and UNBLOCK, CARD BLOCK, PIN UNBLOCK, each under the issuer's MAC (EMV Book 3 §6.5). */
import { concat, equal, fromHex } from '@zhanggui/bytes';
import { emvSessionKey, x919Mac } from '@zhanggui/card-crypto';
import { type Command, type Context, evolve, sw, type Turn } from './command.ts';
import { counter } from './data.ts';
import type { IccState } from './profile.ts';

const scriptInstructions = {
  'card-block': 0x16,
  'application-unblock': 0x18,
  'application-block': 0x1e,
  'pin-unblock': 0x24,
} as const;
export type ScriptCommand = keyof typeof scriptInstructions;

const macBytes = 4;
const secured = 0x84;

/** What an issuer sends as tag 86: the command with its MAC, bound to the card's last cryptogram. `arqc` is 8 bytes. */
export const sealScriptCommand = (order: {
  command: ScriptCommand;
  udkMac: Uint8Array;
  atc: Uint8Array;
  arqc: Uint8Array;
}): Uint8Array => {
  const header = Uint8Array.of(secured, scriptInstructions[order.command], 0x00, 0x00, macBytes);
  return concat(header, scriptMac({ ...order, header }));
};

export const scriptCommand = (context: Context, { cla, ins, p1, p2, data }: Command): Turn => {
  const { application, memory, session, state } = context;
  if (p1 !== 0 || p2 !== 0) return { state, status: sw.wrongParameters };
  if (session.arqc === '') return { state, status: sw.conditionsNotSatisfied };
  if (data.length !== macBytes) return { state, status: sw.wrongLength };
  const expected = scriptMac({
    header: Uint8Array.of(cla, ins, p1, p2, data.length),
    udkMac: fromHex(application.udkMac),
    atc: counter(memory.atc),
    arqc: fromHex(session.arqc),
  });
  const genuine = equal(expected, data);
  const scripts = session.scripts + 1;
  const counted = { scripts, scriptFailed: session.scriptFailed || !genuine };
  const last = session.stage === 'finished' ? { last: { ...memory.last, ...counted } } : {};
  const after = evolve(context, { session: counted, memory: last });
  if (!genuine) return { state: after, status: sw.securityNotSatisfied };
  return { state: perform(after, context, ins), status: sw.ok };
};

const perform = (state: IccState, { application, session }: Context, ins: number): IccState => {
  const memory = state.memories[session.selected];
  if (!memory) return state;
  const remember = (change: Partial<typeof memory>): IccState => ({
    ...state,
    memories: { ...state.memories, [session.selected]: { ...memory, ...change } },
  });
  switch (ins) {
    case scriptInstructions['card-block']:
      return { ...state, cardBlocked: true };
    case scriptInstructions['application-block']:
      return remember({ blocked: true });
    case scriptInstructions['application-unblock']:
      return remember({ blocked: false });
    case scriptInstructions['pin-unblock']:
      return remember({ pinTriesLeft: application.pinTriesMax });
    default:
      return state;
  }
};

const scriptMac = (given: {
  header: Uint8Array;
  udkMac: Uint8Array;
  atc: Uint8Array;
  arqc: Uint8Array;
}): Uint8Array => {
  const key = emvSessionKey({ udk: given.udkMac, atc: given.atc });
  return x919Mac(key, concat(given.header, given.atc, given.arqc), { padding: '80' }).slice(0, macBytes);
};
