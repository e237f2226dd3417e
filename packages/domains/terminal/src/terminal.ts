import { setTimeout } from 'node:timers/promises';
import { ensureKey, type Hsm } from '@zhanggui/hsm';
import type { Money } from '@zhanggui/money';
import type { Log } from '@zhanggui/telemetry';
import type { Clock } from '@zhanggui/time';
import { openHost } from './host.ts';
import { openInbox } from './inbox.ts';
import { Journal, openDatabase } from './journal.ts';
import type { TransactionRow } from './journal-rows.ts';
import { createListeners, type Listeners } from './listeners.ts';
import { type TerminalParameters, terminalKeyRefs } from './parameters.ts';
import type { Step } from './program.ts';
import type { QrPort } from './qr-port.ts';
import { screens } from './screens.ts';
import { createShell, type Face, type Machinery } from './shell.ts';
import { cardholderSlip, merchantSlip } from './slip.ts';
import { openSlot } from './slot.ts';
import type { Hop, SaleStatus } from './status.ts';
import { terminalProgram } from './terminal-program.ts';
import { texts } from './texts.ts';
import type { OnlineState, TerminalCommand, TerminalView } from './view.ts';

export type TerminalSettings = Readonly<{
  parameters: TerminalParameters;
  /** SQLite file of this terminal alone, or `:memory:`. */
  dataFile: string;
  hsm: Hsm;
  clock: Clock;
  random(bytes: number): Uint8Array;
  log: Log;
  /** The shop's payments by QR code; absent where no wallet is set up. */
  qr?: QrPort;
  /** Sees every step before it is performed; `die` stops the terminal there as a power cut would. For simulations. */
  beforeStep?(step: Step): 'go' | 'die';
}>;

export type Readiness = Readonly<{ ready: boolean; online: OnlineState; reversalPending: number }>;

export type Terminal = Readonly<{
  id: string;
  view(): TerminalView;
  onView(listener: (view: TerminalView) => void): () => void;
  command(command: TerminalCommand): void;
  /** Idempotent by `requestId`; throws `RangeError` when a known request comes back with another amount. */
  startSale(order: { requestId: string; amount: Money }): SaleStatus;
  saleStatus(requestId: string): SaleStatus | undefined;
  /** Asks for cancellation; takes effect until the message to the host has left. */
  cancelSale(requestId: string): void;
  onSale(listener: (status: SaleStatus) => void): () => void;
  journey(requestId: string): Hop[];
  readiness(): Readiness;
  stop(): Promise<void>;
}>;

/** Switches a terminal on: settles what a crash left open, connects, signs in, serves until stopped. */
export const startTerminal = async (settings: TerminalSettings): Promise<Terminal> => {
  const { parameters, hsm, log } = settings;
  const refs = terminalKeyRefs(parameters.terminalId);
  await ensureKey(hsm, { ref: refs.data, use: 'data', bytes: 32 });
  const device = assemble(settings);
  const recovered = device.journal.recover();
  if (recovered.length > 0) log.warn({ requests: recovered }, 'settled what was open when the terminal stopped');
  const running = runProgram(device, settings);
  return terminalOf(device, settings, running);
};

type Device = Machinery & {
  view(): TerminalView;
  views: Listeners<TerminalView>;
  sales: Listeners<SaleStatus>;
  stopHearing(): void;
  isStopped: boolean;
};

/** Puts the parts together; nothing moves yet but the line. */
const assemble = (settings: TerminalSettings): Device => {
  const { parameters, hsm, clock, random, log } = settings;
  const refs = terminalKeyRefs(parameters.terminalId);
  const journal = new Journal(openDatabase(settings.dataFile));
  const views = createListeners<TerminalView>();
  const sales = createListeners<SaleStatus>();
  const redraw = (): void => {
    if (!device.isStopped) views.tell(device.view());
  };
  const inbox = openInbox(clock, redraw);
  const face: Face = { screen: screens.starting, online: 'connecting', paper: [], onChange: redraw };
  const onState = (connected: boolean): void => {
    face.online = connected ? 'signed-out' : 'connecting';
    inbox.deliver({ kind: 'link-changed' });
  };
  const host = openHost({ parameters, hsm, macKey: refs.tak, log, onState });
  const onJournalChange = (): void => {
    for (const requestId of journal.takeTouched()) {
      const row = journal.find(requestId);
      if (row?.kind === 'sale') sales.tell(statusOf(row));
    }
  };
  const { qr } = settings;
  const qrPlace = { terminalId: parameters.terminalId, description: parameters.merchantName.zh };
  const machinery = { hsm, refs, journal, host, inbox, clock, random, face, qr, qrPlace, onJournalChange };
  const stopHearing = qr?.onChange(() => inbox.deliver({ kind: 'qr-changed' })) ?? (() => undefined);
  const slot = openSlot();
  const view = (): TerminalView => viewOf({ ...machinery, slot }, parameters);
  const device: Device = {
    ...machinery,
    slot,
    cancelRequests: new Set(),
    view,
    views,
    sales,
    stopHearing,
    isStopped: false,
  };
  return device;
};

const viewOf = (
  { face, inbox, journal, slot, clock }: Pick<Machinery, 'face' | 'inbox' | 'journal' | 'slot' | 'clock'>,
  parameters: TerminalParameters,
): TerminalView => {
  const { name, deadline: ends, ...screen } = face.screen;
  return {
    ...screen,
    screen: name,
    tone: screen.tone ?? 'neutral',
    terminalId: parameters.terminalId,
    merchantName: parameters.merchantName,
    operator: journal.setting('operator') ?? '01',
    currency: 'CNY',
    pinDigits: inbox.pinDigits(),
    deadline: ends === undefined ? inbox.deadline() : (ends ?? undefined),
    now: clock(),
    online: face.online,
    reversalPending: journal.reversalsPending(),
    cardInSlot: slot.isOccupied(),
    paper: face.paper,
    sandbox: parameters.sandbox,
  };
};

const terminalOf = (device: Device, { parameters, clock }: TerminalSettings, running: Promise<void>): Terminal => {
  const { journal, inbox, face, host } = device;
  return {
    id: parameters.terminalId,
    view: device.view,
    onView: device.views.add,
    onSale: device.sales.add,
    command: (command) => {
      act(command, device);
      face.onChange();
    },
    startSale: ({ requestId, amount }) => {
      const status = openSale(journal, { requestId, amount, at: clock() });
      device.onJournalChange();
      inbox.deliver({ kind: 'sale-waiting' });
      return status;
    },
    saleStatus: (requestId) => {
      const row = journal.find(requestId);
      return row && statusOf(row);
    },
    cancelSale: (requestId) => {
      if (journal.current()?.requestId !== requestId) return;
      device.cancelRequests.add(requestId);
      inbox.deliver({ kind: 'cancel-requested' });
    },
    journey: (requestId) => journal.hops(requestId),
    readiness: () => ({
      ready: face.online === 'signed-in',
      online: face.online,
      reversalPending: journal.reversalsPending(),
    }),
    stop: async () => {
      device.isStopped = true;
      device.stopHearing();
      inbox.release();
      await host.close();
      await running;
      journal.close();
    },
  };
};

const act = (command: TerminalCommand, { slot, inbox, face }: Device): void => {
  switch (command.kind) {
    case 'key': {
      return inbox.deliver({ kind: 'key', key: command.key });
    }
    case 'choose': {
      return inbox.deliver({ kind: 'chosen', item: command.item });
    }
    case 'insert': {
      return slot.insert(command.card) ? inbox.deliver({ kind: 'inserted' }) : undefined;
    }
    case 'swipe': {
      return inbox.deliver({ kind: 'swiped', track2: command.track2 });
    }
    case 'scan': {
      return inbox.deliver({ kind: 'scanned', text: command.text.trim() });
    }
    case 'remove-card': {
      return slot.remove() ? inbox.deliver({ kind: 'card-removed' }) : undefined;
    }
    case 'tear-paper': {
      face.paper = face.paper.slice(1);
    }
  }
};

/** Opens the sale durably before anything else; a second sale while one is on the counter is refused, durably too. */
const openSale = (journal: Journal, order: { requestId: string; amount: Money; at: ReturnType<Clock> }): SaleStatus => {
  const known = journal.find(order.requestId);
  if (known) {
    if (known.amount.minor !== order.amount.minor) throw new RangeError('this request has another amount');
    return statusOf(known);
  }
  if (order.amount.minor <= 0n || order.amount.currency !== 'CNY')
    throw new RangeError('a sale is a positive CNY amount');
  const isBusy = journal.current() !== undefined;
  journal.open({ ...order, kind: 'sale' }, isBusy ? { state: 'cancelled', text: texts.busy } : undefined);
  const row = journal.find(order.requestId);
  if (!row) throw new Error('a sale just opened is in the journal');
  return statusOf(row);
};

const statusOf = (row: TransactionRow): SaleStatus => ({
  requestId: row.requestId,
  amount: row.amount,
  state: row.state,
  code: row.code,
  text: row.text,
  batch: row.batch,
  stan: row.stan,
  rrn: row.rrn,
  authCode: row.authCode,
  maskedPan: row.maskedPan,
  entryMode: row.entryMode,
  merchantSlip: row.slip && merchantSlip(row.slip),
  cardholderSlip: row.slip && cardholderSlip(row.slip),
  voidedBy: row.voidedBy,
  at: row.askedAt,
  answeredAt: row.at,
});

/** A bug that comes back at once must not become a storm. */
const pauseAfterBugMs = 1000;

/** Drives the program step by step. Our own bug ends one payment, not the terminal: what it left open is settled. */
const runProgram = async (device: Device, settings: TerminalSettings): Promise<void> => {
  const desk = { parameters: settings.parameters, journal: device.journal, wallets: settings.qr?.wallets() ?? [] };
  const shell = createShell(device);
  let program = terminalProgram(desk);
  let reply: unknown;
  while (!device.isStopped) {
    try {
      const { value: step } = program.next(reply);
      if (settings.beforeStep?.(step) === 'die') return;
      reply = await shell.perform(step);
    } catch (error) {
      if (device.isStopped) return;
      settings.log.error({ err: error }, 'the terminal program failed');
      await shell.perform({ step: 'write', ask: (journal) => journal.recover() });
      program = terminalProgram(desk);
      reply = undefined;
      await setTimeout(pauseAfterBugMs);
    }
  }
};
