/** A command APDU (ISO/IEC 7816-3 §12.1, short form) and what every handler of the card works with. */
import { fromHex } from '@zhanggui/bytes';
import { decodeTlv, findTag, parseDol } from '@zhanggui/tlv';
import type { IccApplication, IccProfile, IccState, Memory, Session } from './profile.ts';

export type Command = Readonly<{ cla: number; ins: number; p1: number; p2: number; data: Uint8Array }>;

/** Status words (ISO/IEC 7816-4 §5.6). */
export const sw = {
  ok: 0x9000,
  selectedBlocked: 0x6283,
  authenticationFailed: 0x6300,
  wrongLength: 0x6700,
  securityNotSatisfied: 0x6982,
  pinBlocked: 0x6983,
  conditionsNotSatisfied: 0x6985,
  functionNotSupported: 0x6a81,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  wrongParameters: 0x6a86,
  dataNotFound: 0x6a88,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
} as const;

/** What a handler decides: the card afterwards, the status word, and data when there is any. */
export type Turn = Readonly<{ state: IccState; status: number; data?: Uint8Array }>;

/** The selected application as a handler sees it. */
export type Context = Readonly<{
  profile: IccProfile;
  state: IccState;
  application: IccApplication;
  memory: Memory;
  session: Session;
}>;

/** Undefined when the lengths do not add up. */
export const parseCommand = (apdu: Uint8Array): Command | undefined => {
  if (apdu.length < 4) return undefined;
  const [cla = 0, ins = 0, p1 = 0, p2 = 0, lc = 0] = apdu;
  const bare = apdu.length <= 5;
  const data = bare ? new Uint8Array() : apdu.slice(5, 5 + lc);
  const surplus = apdu.length - 5 - lc;
  if (!bare && (lc === 0 || surplus < 0 || surplus > 1)) return undefined;
  return { cla, ins, p1, p2, data };
};

/** The state with the selected application's memory and session changed. */
export const evolve = (
  { state, session, memory }: Context,
  change: { session?: Partial<Session>; memory?: Partial<Memory> },
): IccState => ({
  ...state,
  session: { ...session, ...change.session },
  memories: { ...state.memories, [session.selected]: { ...memory, ...change.memory } },
});

/** A data object of the card's records: the card reads its own lists where the terminal reads them. */
export const recordObject = (application: IccApplication, tag: string): Uint8Array | undefined => {
  for (const record of Object.values(application.records)) {
    const value = findTag(decodeTlv(fromHex(record)), tag);
    if (value) return value;
  }
  return undefined;
};

export const dolLength = (list: Uint8Array | undefined): number =>
  parseDol(list ?? new Uint8Array()).reduce((sum, { length }) => sum + length, 0);

/** Values by tag of data that a terminal built for `list`; the caller has checked the length. */
export const dolValues = (list: Uint8Array | undefined, data: Uint8Array): Map<string, Uint8Array> => {
  const values = new Map<string, Uint8Array>();
  let offset = 0;
  for (const { tag, length } of parseDol(list ?? new Uint8Array())) {
    values.set(tag, data.slice(offset, offset + length));
    offset += length;
  }
  return values;
};
