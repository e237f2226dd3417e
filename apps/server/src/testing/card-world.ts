import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxBank } from '@zhanggui/bank';
import { openTestStore, type Store, temporaryDirectory } from '@zhanggui/store';
import { createMetrics, type Log, silentLog } from '@zhanggui/telemetry';
import type { Terminal } from '@zhanggui/terminal';
import { type Clock, epochMs } from '@zhanggui/time';
import { type Ground, type Hosts, openHosts } from '../hosts.ts';
import { allMigrations } from '../house.ts';
import { openInstitutionHsm } from '../keys.ts';
import { type CardTray, openSandboxBank } from '../sandbox-bank.ts';
import { type FaultDrawer, openFaultDrawer } from '../sandbox-faults.ts';
import { readSettings } from '../settings.ts';
import { openTerminals, type RunningTerminals } from '../terminals.ts';

/** The hosts, the terminals and the cards, on a database of their own and with short timers; no shop, no screens. */
export interface CardWorld {
  readonly store: Store;
  readonly hosts: Hosts;
  readonly terminals: RunningTerminals;
  readonly tray: CardTray;
  readonly faults: FaultDrawer;
  readonly bank: SandboxBank;
  readonly folder: string;
  terminal(id: string): Terminal;
  /** Stops everything as Ctrl-C does and starts it again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const shortTimers = {
  ZHANGGUI_TERMINAL_TIMEOUT_MS: '1500',
  ZHANGGUI_ACQUIRER_TIMEOUT_MS: '1000',
  ZHANGGUI_SWITCH_TIMEOUT_MS: '500',
  ZHANGGUI_RETRY_MS: '150',
};

type Rooms = { hosts: Hosts; terminals: RunningTerminals; tray: CardTray; faults: FaultDrawer; bank: SandboxBank };

const openRooms = async (ground: Ground): Promise<Rooms> => {
  const hsm = await openInstitutionHsm(ground.masterKeys, ground.store, 'sandbox');
  const vault = await openSandboxBank(ground.store, hsm, ground.clock);
  const hosts = await openHosts(ground, vault.bank);
  const tray = await vault.layOutCards(hosts.issuer);
  const terminals = await openTerminals(ground, vault.bank, { acquirer: hosts.acquirer });
  const faults = openFaultDrawer({ terminal: terminals.wire, issuer: hosts.issuerWire });
  return { hosts, terminals, tray, faults, bank: vault.bank };
};

const closeRooms = async ({ hosts, terminals }: Rooms): Promise<void> => {
  await terminals.close();
  await hosts.close();
};

export const openCardWorld = async (
  options: { clock?: Clock; log?: Log; settings?: Record<string, string> } = {},
): Promise<CardWorld> => {
  const { store, close } = await openTestStore(allMigrations);
  const folder = temporaryDirectory();
  const log = options.log ?? silentLog();
  const ground: Ground = {
    store,
    masterKeys: { lmk: new Uint8Array(randomBytes(32)) },
    clock: options.clock ?? (() => epochMs(Date.now())),
    metrics: createMetrics(),
    logOf: (role) => log.child({ role }),
    settings: readSettings({
      ZHANGGUI_DATA_DIR: folder,
      ZHANGGUI_ACQUIRER_PORT: '0',
      ZHANGGUI_SWITCH_PORT: '0',
      ZHANGGUI_SANDBOX_WALLETS_PORT: '0',
      ZHANGGUI_SANDBOX_WALLETS_TLS_PORT: '0',
      ...shortTimers,
      ...options.settings,
    }),
  };
  let rooms = await openRooms(ground);
  const terminal = (id: string): Terminal => {
    const found = rooms.terminals.get(id);
    if (!found) throw new Error(`no terminal ${id}`);
    return found;
  };
  return {
    store,
    folder,
    get hosts() {
      return rooms.hosts;
    },
    get terminals() {
      return rooms.terminals;
    },
    get tray() {
      return rooms.tray;
    },
    get faults() {
      return rooms.faults;
    },
    get bank() {
      return rooms.bank;
    },
    terminal,
    restart: async () => {
      await closeRooms(rooms);
      rooms = await openRooms(ground);
    },
    close: async () => {
      await closeRooms(rooms);
      await close();
    },
  };
};

/** Resolves when the condition holds; throws with `what` when it does not within the time. */
export const until = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 40_000,
): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(10);
  }
};
