import { type Hsm, HsmError } from '@zhanggui/hsm';
import { type Clock, type EpochMs, type LocalDateTime, wallClock } from '@zhanggui/time';
import { fieldsJson, type Host } from './host.ts';
import type { Inbox } from './inbox.ts';
import type { Journal } from './journal.ts';
import type { TerminalKeyRefs } from './parameters.ts';
import type { Input, PinReply, QrAsk, QrReply, Step, Steps, WorkingKey } from './program.ts';
import type { QrPort, QrStart } from './qr-port.ts';
import { printedRows } from './slip.ts';
import type { Slot } from './slot.ts';
import { texts } from './texts.ts';
import type { OnlineState, Screen, TerminalView } from './view.ts';

/** What the shell stands on. */
export type Machinery = Readonly<{
  hsm: Hsm;
  refs: TerminalKeyRefs;
  journal: Journal;
  host: Host;
  inbox: Inbox;
  slot: Slot;
  clock: Clock;
  random(bytes: number): Uint8Array;
  face: Face;
  /** The shop's payments by QR code, where there are any. */
  qr: QrPort | undefined;
  /** The payer's words and the place of a payment begun here. */
  qrPlace: Readonly<{ terminalId: string; description: string }>;
  /** Till requests that asked to be cancelled. */
  cancelRequests: Set<string>;
  onJournalChange(): void;
}>;

/** What is on the display and in the printer; `onChange` redraws. */
export type Face = {
  screen: Screen;
  online: OnlineState;
  paper: TerminalView['paper'];
  onChange(): void;
};

/** Slips that may hang from the printer before the oldest falls to the floor. */
const paperMax = 8;

type Performers = {
  [Name in keyof Steps]: (ask: Steps[Name]['ask']) => Steps[Name]['reply'] | Promise<Steps[Name]['reply']>;
};

/** Performs the program's steps: the one place where behaviour meets disk, line, card, keys and people. */
export const createShell = (machinery: Machinery) => {
  const performers: Performers = {
    ...peoplePerformers(machinery),
    ...hostPerformers(machinery),
    powerCard: () => machinery.slot.power(),
    apdu: (command) => machinery.slot.transmit(command),
    qr: (question) => qrReply(machinery, question),
    slot: () => machinery.slot.isOccupied(),
    random: (bytes) => machinery.random(bytes),
    clock: () => terminalTime(machinery.clock, machinery.journal),
    write: (change) => {
      const result = change(machinery.journal);
      machinery.onJournalChange();
      return result;
    },
  };
  return {
    perform: async (step: Step): Promise<unknown> => {
      const performer = performers[step.step] as (ask: Step['ask']) => unknown;
      return performer(step.ask);
    },
  };
};

const peoplePerformers = (machinery: Machinery) => {
  const { face, inbox, journal, hsm, refs } = machinery;
  const show = (screen: Screen): void => {
    face.screen = screen;
  };
  const alreadyTrue = (kinds: readonly Input['kind'][]): Input | undefined => {
    const current = journal.current();
    if (kinds.includes('sale-waiting') && current) return { kind: 'sale-waiting' };
    if (kinds.includes('cancel-requested') && current && machinery.cancelRequests.delete(current.requestId)) {
      return { kind: 'cancel-requested' };
    }
    return undefined;
  };
  return {
    show: (screen: Screen) => {
      inbox.forget();
      show(screen);
      face.onChange();
      return undefined;
    },
    wait: (ask: Steps['wait']['ask']): Input | Promise<Input> => {
      const now = alreadyTrue(ask.for);
      if (now) return now;
      if (ask.timeoutMs === 0) return { kind: 'timeout' };
      show(ask.screen);
      return inbox.wait(ask.screen.name, ask.for, ask.timeoutMs);
    },
    pin: async (ask: Steps['pin']['ask']): Promise<PinReply> => {
      show(ask.screen);
      const entry = await inbox.askPin(ask.timeoutMs);
      if (entry.kind !== 'entered') return entry;
      return { kind: 'entered', block: await hsm.encryptPin({ key: refs.tpk, pin: entry.pin, pan: ask.pan }) };
    },
    print: ({ receipts }: Steps['print']['ask']) => {
      face.paper = [...face.paper, ...receipts.map(printedRows)].slice(-paperMax);
      face.onChange();
      return undefined;
    },
  };
};

const hostPerformers = ({ face, host, hsm, refs }: Machinery) => ({
  host: (outgoing: Steps['host']['ask']) => host.exchange(outgoing),
  hostReady: () => host.connected(),
  online: (state: OnlineState) => {
    face.online = state;
    face.onChange();
    return undefined;
  },
  isOnline: () => face.online === 'signed-in' && host.connected(),
  installKeys: (keys: readonly WorkingKey[]) => installKeys(hsm, refs, keys),
  seal: (fields: Steps['seal']['ask']) => hsm.seal({ key: refs.data, data: fieldsJson.write(fields) }),
  unseal: async (sealed: Uint8Array) => fieldsJson.read(await hsm.open({ key: refs.data, data: sealed })),
});

/** What the shop's payments say. */
const qrReply = async (machinery: Machinery, question: QrAsk): Promise<QrReply> => {
  const { qr } = machinery;
  if (!qr) return { kind: 'refused', text: texts.qrNotOffered };
  try {
    if (question.kind === 'start') return startReply(await startQr(qr, machinery, question));
    const status = await qr[question.kind](question.requestId);
    return status ? { kind: 'status', status } : { kind: 'not-found' };
  } catch {
    return { kind: 'silent' };
  }
};

const startReply = (start: QrStart): QrReply => {
  if (start.kind === 'begun') return { kind: 'status', status: start.status };
  return { kind: 'refused', text: start.reason === 'code-unknown' ? texts.qrCodeUnknown : texts.qrRefused };
};

const startQr = (
  qr: QrPort,
  { qrPlace: { terminalId, description } }: Machinery,
  { requestId, amount, how }: Extract<QrAsk, { kind: 'start' }>,
): Promise<QrStart> => qr.start({ requestId, amount, how, description, place: { terminalId }, clientIp: '127.0.0.1' });

/** The instant by this machine, and the wall clock the host set at sign-in. */
const terminalTime = (clock: Clock, journal: Journal): { at: EpochMs; local: LocalDateTime } => {
  const at = clock();
  const offsetMs = Number(journal.setting('clock-offset-ms') ?? '0');
  return { at, local: wallClock((at + offsetMs) as EpochMs) };
};

/** Working keys are taken only when every check value fits. */
const installKeys = async (
  hsm: Hsm,
  refs: TerminalKeyRefs,
  keys: readonly WorkingKey[],
): Promise<'installed' | 'refused'> => {
  try {
    for (const { use, cryptogram, kcv } of keys) {
      await hsm.importKey({ ref: refs[use], use, cryptogram, under: refs.tmk, kcv });
    }
    return 'installed';
  } catch (error) {
    if (error instanceof HsmError) return 'refused';
    throw error;
  }
};
