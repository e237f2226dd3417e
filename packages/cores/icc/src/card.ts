/** The card at its contacts: reset, and one answer to each command. */
import { concat, fromHex } from '@zhanggui/bytes';
import { type Command, type Context, parseCommand, sw, type Turn } from './command.ts';
import { externalAuthenticate, generateAc } from './cryptogram.ts';
import { getChallenge, getData, verify } from './data.ts';
import { internalAuthenticate } from './dynamic.ts';
import { getProcessingOptions, readDirectory, readRecord, select } from './files.ts';
import type { IccProfile, IccState } from './profile.ts';
import { scriptCommand } from './script.ts';

/** Power-on: what lived in the session is gone. `atr` is the answer to reset. */
export const reset = (profile: IccProfile, state: IccState): { state: IccState; atr: Uint8Array } => ({
  state: { ...state, session: undefined },
  atr: fromHex(profile.atr),
});

/** One command, one answer; any bytes are a command, and the answer always ends in a status word. */
export const respond = (
  profile: IccProfile,
  state: IccState,
  apdu: Uint8Array,
): { state: IccState; response: Uint8Array } => {
  const command = parseCommand(apdu);
  const turn = command ? dispatch(profile, state, command) : { state, status: sw.wrongLength };
  const status = Uint8Array.of(turn.status >> 8, turn.status & 0xff);
  return { state: turn.state, response: concat(turn.data ?? new Uint8Array(), status) };
};

const dispatch = (profile: IccProfile, state: IccState, command: Command): Turn => {
  if (command.cla === 0x00 && command.ins === 0xa4) return select(profile, state, command);
  const { session } = state;
  if (!classes.has(command.cla)) return { state, status: sw.unknownClass };
  if (!session) return { state, status: sw.conditionsNotSatisfied };
  const application = profile.applications.find(({ aid }) => aid === session.selected);
  const memory = state.memories[session.selected];
  const handler = handlers[instruction(command)];
  if (!handler) return { state, status: sw.unknownInstruction };
  if (application && memory) return handler({ profile, state, application, memory, session }, command);
  return handler === readRecord ? readDirectory(profile, state, command) : { state, status: sw.conditionsNotSatisfied };
};

const instruction = ({ cla, ins }: Command): string => ((cla << 8) | ins).toString(16).toUpperCase().padStart(4, '0');

/** By class and instruction (EMV Book 3 §6.5). SELECT stands apart: it alone needs no application. */
const handlers: Readonly<Record<string, (context: Context, command: Command) => Turn>> = {
  '00B2': readRecord,
  '80A8': getProcessingOptions,
  '80CA': getData,
  '0088': internalAuthenticate,
  '0082': externalAuthenticate,
  '0084': getChallenge,
  '0020': verify,
  '80AE': generateAc,
  '8416': scriptCommand,
  '8418': scriptCommand,
  '841E': scriptCommand,
  '8424': scriptCommand,
};

const classes: ReadonlySet<number> = new Set([0x00, 0x80, 0x84]);
