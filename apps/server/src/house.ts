import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { migrations as acquirerMigrations } from '@zhanggui/acquirer';
import { createApi, networkAddress, type Sandbox } from '@zhanggui/api';
import { migrations as hsmTables } from '@zhanggui/hsm';
import { migrations as issuerMigrations } from '@zhanggui/issuer';
import { migrations as qrPayTables } from '@zhanggui/qrpay';
import { openShop, shopMigrations } from '@zhanggui/shop';
import { migrate, openStore, type Store, startEmbeddedPostgres } from '@zhanggui/store';
import { migrations as switchMigrations } from '@zhanggui/switch';
import { createLog, createMetrics, type Log } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import { foundTown, townLogIns } from '@zhanggui/town';
import { buildFaces } from './faces.ts';
import { freePort } from './free-port.ts';
import { type Ground, type Hosts, openHosts } from './hosts.ts';
import { openJourneys } from './journeys.ts';
import { masterKeys, openInstitutionHsm } from './keys.ts';
import type { Address, Progress } from './progress.ts';
import { type CardTray, openSandboxBank, sandboxMigrations } from './sandbox-bank.ts';
import { openFaultDrawer } from './sandbox-faults.ts';
import type { Settings } from './settings.ts';
import { openTerminals, type RunningTerminals } from './terminals.ts';
import { publicUrlOf } from './wallet-accounts.ts';
import { openWallets, qrPortOf, type RunningWallets } from './wallets.ts';

/** Everything the settings name, running. */
export interface House {
  readonly addresses: readonly Address[];
  readonly hosts: Hosts;
  readonly terminals: RunningTerminals;
  readonly store: Store;
  readonly wallets: RunningWallets | undefined;
  close(): Promise<void>;
}

/** The tables of every room, in the order they build on each other. */
export const allMigrations = [
  { schema: 'hsm', directory: hsmTables },
  ...issuerMigrations,
  switchMigrations,
  acquirerMigrations,
  shopMigrations,
  qrPayTables,
  sandboxMigrations,
];

const poolSize = 24;
const merchantId = 'sandbox';

/** What was opened is closed in the opposite order, also when a later step fails. */
const createClosers = () => {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    add: (close: () => Promise<unknown>) => void closers.push(close),
    closeAll: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
};
type Closers = ReturnType<typeof createClosers>;

const openDatabase = (settings: Settings, log: Log, progress: Progress, closers: Closers): Promise<Store> =>
  progress.step('database', async (say) => {
    say(settings.DATABASE_URL ? 'your PostgreSQL' : 'embedded PostgreSQL');
    const server = settings.DATABASE_URL
      ? undefined
      : await startEmbeddedPostgres({
          directory: join(settings.ZHANGGUI_DATA_DIR, 'postgres'),
          onDeath: (failure) => log.error({ err: failure }, 'the database server died: starting it again'),
        });
    if (server) closers.add(() => server.stop());
    const store = openStore({
      url: server?.url ?? settings.DATABASE_URL,
      max: poolSize,
      onError: (error) => log.warn({ err: error }, 'a database connection broke'),
    });
    closers.add(() => store.close());
    const applied = await migrate(store, allMigrations);
    say(
      `${settings.DATABASE_URL ? 'your PostgreSQL' : 'embedded PostgreSQL'}, ${applied === 0 ? 'tables up to date' : `${applied} migrations applied`}`,
    );
    return store;
  });

const openLog = (settings: Settings): Log => {
  const file = settings.ZHANGGUI_LOG_TO === 'file' ? join(settings.ZHANGGUI_DATA_DIR, 'zhanggui.log') : undefined;
  return createLog({ name: 'server', level: settings.ZHANGGUI_LOG_LEVEL, file });
};

const layGround = (settings: Settings, log: Log, store: Store): Ground => ({
  store,
  masterKeys: masterKeys(settings),
  clock: () => epochMs(Date.now()),
  metrics: createMetrics({ process: true }),
  logOf: (role) => log.child({ role }),
  settings,
});

const sandboxOf = (tray: CardTray, hosts: Hosts, terminals: RunningTerminals): Sandbox => {
  const drawer = openFaultDrawer({ terminal: terminals.wire, issuer: hosts.issuerWire });
  return {
    cards: async () =>
      (await tray.cards()).map(({ availableMinor, ...card }) => ({
        ...card,
        availableMinor: availableMinor?.toString(),
      })),
    chip: tray.chip,
    stripe: tray.stripe,
    faults: async () => drawer.list(),
    setFault: async (id, active) => drawer.set(id, active),
  };
};

const openScreens = async (
  ground: Ground,
  rooms: { hosts: Hosts; terminals: RunningTerminals; tray: CardTray; wallets: RunningWallets | undefined },
  progress: Progress,
  closers: Closers,
): Promise<string> => {
  const { settings, store, clock, metrics, logOf } = ground;
  const { hosts, terminals, tray, wallets } = rooms;
  const shop = openShop({ store, clock, merchantId, random: (bytes) => new Uint8Array(randomBytes(bytes)) });
  await progress.step('shop', async (say) => {
    say('founding the sample shop');
    const { goods } = await foundTown(shop, { now: clock() });
    say(`sample shop, ${goods} goods`);
  });
  const webRoots = await progress.step('screens', (say) => buildFaces(say));
  const api = await createApi({
    shop,
    terminals,
    journeys: openJourneys(terminals, hosts),
    qrPay: wallets?.qrPay,
    qrBooks: wallets?.qrPay,
    sandboxWallets: wallets?.sandbox,
    sandbox: settings.ZHANGGUI_SANDBOX ? sandboxOf(tray, hosts, terminals) : undefined,
    readiness: { read: () => readiness(store, hosts) },
    metrics,
    log: logOf('api'),
    webRoots,
    logIns: townLogIns,
  });
  closers.add(() => api.close());
  return api.listen({ host: settings.ZHANGGUI_HTTP_HOST, port: settings.ZHANGGUI_HTTP_PORT });
};

const readiness = async (store: Store, { issuer, acquirer }: Hosts) => {
  const database = await store.query('select 1').then(
    () => true,
    () => false,
  );
  const parts = {
    database,
    ...(issuer && { issuer: issuer.ready() }),
    ...(acquirer && { acquirer: acquirer.isReady() }),
  };
  return { ready: Object.values(parts).every(Boolean), parts };
};

/** Wallets are told where to call back before anything listens there. */
const openShopWallets = (
  ground: Ground,
  tray: CardTray,
  progress: Progress,
  closers: Closers,
): Promise<RunningWallets> =>
  progress.step('wallets', async (say) => {
    const publicUrl = publicUrlOf(ground.settings);
    const opened = await openWallets(ground, { merchantId, publicUrl, cards: tray.bound });
    closers.add(() => opened.close());
    const names = opened.qrPay?.wallets().join(', ') ?? 'none';
    say(opened.sandbox ? `${names}; sandbox at ${opened.sandbox.url}` : names);
    return opened;
  });

const withHttpPort = async (settings: Settings): Promise<Settings> => ({
  ...settings,
  ZHANGGUI_HTTP_PORT: settings.ZHANGGUI_HTTP_PORT || (await freePort(settings.ZHANGGUI_HTTP_HOST)),
});

const openRooms = async (given: Settings, progress: Progress, closers: Closers): Promise<Omit<House, 'close'>> => {
  const settings = await withHttpPort(given);
  const hasShop = settings.ZHANGGUI_ROLES.includes('shop');
  const log = openLog(settings);
  const store = await openDatabase(settings, log, progress, closers);
  const ground = layGround(settings, log, store);
  const vault = await openSandboxBank(
    store,
    await openInstitutionHsm(ground.masterKeys, store, 'sandbox'),
    ground.clock,
  );
  const hosts = await progress.step('hosts', async (say) => {
    const opened = await openHosts(ground, vault.bank);
    closers.add(() => opened.close());
    const isSignedOn = (opened.issuer?.ready() ?? true) && (opened.acquirer?.isReady() ?? true);
    const ports = `issuer ⇄ switch :${opened.switch?.port ?? '–'} ⇄ acquirer :${opened.acquirer?.port ?? '–'}`;
    say(isSignedOn ? `${ports}, signed on` : `${ports}; the switch does not answer, still calling it`);
    return opened;
  });
  const tray = await progress.step('cards', async (say) => {
    const laid = await vault.layOutCards(hosts.issuer);
    say(`${(await laid.cards()).length} sandbox cards`);
    return laid;
  });
  const wallets = hasShop ? await openShopWallets(ground, tray, progress, closers) : undefined;
  const terminals = await progress.step('terminals', async (say) => {
    const qr = wallets?.qrPay && qrPortOf(wallets.qrPay);
    const opened = await openTerminals(ground, vault.bank, { acquirer: hosts.acquirer, qr });
    closers.add(() => opened.close());
    say(
      opened
        .all()
        .map(({ id }) => id)
        .join(', '),
    );
    return opened;
  });
  const url = hasShop ? await openScreens(ground, { hosts, terminals, tray, wallets }, progress, closers) : '';
  return { store, hosts, terminals, wallets, addresses: url ? addressesAt(url, settings) : [] };
};

const addressesAt = (url: string, { ZHANGGUI_HTTP_HOST, ZHANGGUI_SANDBOX }: Settings): Address[] => {
  const network = networkAddress({ address: ZHANGGUI_HTTP_HOST, port: Number(new URL(url).port) });
  const onRealPhone = network
    ? 'on a real phone too: scan the code at /'
    : 'for a real phone: ZHANGGUI_HTTP_HOST=0.0.0.0';
  return [
    { name: 'Till 收银台', url: `${url}/till/`, hint: 'staff 1001, PIN 1234' },
    {
      name: 'Terminal 终端',
      url: `${url}/terminal/?id=00000001`,
      hint: 'cards beside it, PIN 123456; operator 01, PIN 0000',
    },
    { name: 'Office 后台', url: `${url}/office/`, hint: 'owner / zhanggui' },
    ...(ZHANGGUI_SANDBOX ? [{ name: 'Phone 手机', url: `${network ?? url}/phone/`, hint: onRealPhone }] : []),
  ];
};

/** Opens everything the settings name, saying how it goes; what was opened is closed again when a step fails. */
export const openHouse = async (settings: Settings, progress: Progress): Promise<House> => {
  const closers = createClosers();
  try {
    const rooms = await openRooms(settings, progress, closers);
    return { ...rooms, close: closers.closeAll };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
};
