import { randomBytes } from 'node:crypto';
import { uuidv7 } from '@zhanggui/ids';
import { openShop, type Shop, type ShopSetup, shopMigrations } from '@zhanggui/shop';
import { openTestStore } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import type { CardSession, SaleStatus, TerminalCommand, TerminalView } from '@zhanggui/terminal';
import { epochMs } from '@zhanggui/time';
import type { FastifyInstance } from 'fastify';
import { type ApiOptions, createApi, type Sandbox, type TerminalPort } from './index.ts';

export const now = epochMs(Date.parse('2026-03-09T02:00:00Z'));
export const newId = (): string => uuidv7(now, randomBytes(10));

const setup: ShopSetup = {
  merchant: {
    name: { zh: '测试商户', en: 'Test merchant' },
    currency: 'CNY',
    cashRounding: { unitMinor: 10n, rounding: 'down' },
    denominationsMinor: [100_00n, 10_00n, 1_00n],
    segments: [{ id: 'family', name: { zh: '家庭', en: 'Family' } }],
    receiptColumns: 32,
  },
  store: {
    id: 'main',
    name: { zh: '测试店', en: 'Test shop' },
    address: { zh: '测试路', en: 'Test Road' },
    phone: '000',
  },
  tills: [
    { id: 'till-1', number: '01', name: { zh: '一号台', en: 'Till 1' }, terminalId: '00000001' },
    { id: 'till-2', number: '02', name: { zh: '二号台', en: 'Till 2' }, terminalId: null },
  ],
  staff: [
    { id: 'zhang', number: '1001', name: { zh: '张敏', en: 'Zhang Min' }, role: 'cashier', pin: '1234' },
    {
      id: 'wang',
      number: '9001',
      name: { zh: '王芳', en: 'Wang Fang' },
      role: 'owner',
      pin: '4321',
      username: 'owner',
      password: 'correct horse',
    },
  ],
  departments: [{ id: 'drinks', name: { zh: '饮料', en: 'Drinks' } }],
  goods: [
    {
      barcode: '2000000000015',
      name: { zh: '茉莉花茶', en: 'Jasmine tea' },
      unitId: 'bottle',
      priceMinor: 3_50n,
      departmentId: 'drinks',
    },
  ],
};

/** A terminal that does what the test says. */
type FakeTerminal = TerminalPort & { commands: TerminalCommand[]; say(change: Partial<SaleStatus>): void };

const fakeTerminal = (id: string): FakeTerminal => {
  const sales = new Map<string, SaleStatus>();
  const saleListeners = new Set<(status: SaleStatus) => void>();
  const viewListeners = new Set<(view: TerminalView) => void>();
  const commands: TerminalCommand[] = [];
  const view = (): TerminalView => ({
    terminalId: id,
    merchantName: { zh: '测试', en: 'Test' },
    operator: '01',
    screen: commands.length === 0 ? 'idle' : 'processing',
    currency: 'CNY',
    message: { zh: '请刷卡', en: 'Present card' },
    tone: 'neutral',
    now,
    online: 'signed-in',
    reversalPending: 0,
    cardInSlot: false,
    paper: [],
    sandbox: true,
  });
  const put = (status: SaleStatus): SaleStatus => {
    sales.set(status.requestId, status);
    for (const listener of saleListeners) listener(status);
    return status;
  };
  const subscribe = <Value>(listeners: Set<Value>, listener: Value) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    id,
    commands,
    view,
    onView: (listener) => subscribe(viewListeners, listener),
    onSale: (listener) => subscribe(saleListeners, listener),
    command: (command) => {
      commands.push(command);
      for (const listener of viewListeners) listener(view());
    },
    startSale: ({ requestId, amount }) =>
      sales.get(requestId) ?? put({ requestId, amount, state: 'waiting-card', at: now }),
    saleStatus: (requestId) => sales.get(requestId),
    cancelSale: (requestId) => {
      const status = sales.get(requestId);
      if (status) put({ ...status, state: 'cancelled' });
    },
    say: (change) => {
      const last = [...sales.values()].at(-1);
      if (last) put({ ...last, ...change });
    },
  };
};

export const fakeCard: CardSession = {
  transmit: async () => new Uint8Array([0x90, 0x00]),
  reset: async () => new Uint8Array([0x3b]),
};
const fakeSandbox = (): Sandbox => {
  let isActive = false;
  return {
    cards: async () => [
      {
        id: 'debit',
        title: { zh: '借记卡', en: 'Debit card' },
        kind: 'debit',
        maskedPan: '622500******0014',
        expiry: '3012',
        chip: true,
        pin: '123456',
      },
    ],
    chip: async (cardId) => (cardId === 'debit' ? fakeCard : undefined),
    stripe: async (cardId) => (cardId === 'debit' ? '6225000000000014=3012' : undefined),
    faults: async () => [{ id: 'mute', title: { zh: '静默', en: 'Mute' }, active: isActive }],
    setFault: async (id, active) => {
      if (id === 'mute') isActive = active;
      return id === 'mute';
    },
  };
};

export type TestApi = {
  app: FastifyInstance;
  shop: Shop;
  terminal: FakeTerminal;
  /** A signed-in caller: JSON in, status and JSON out. */
  as(cookie: string | undefined): Caller;
  signIn(staffNumber: string, pin: string, tillId?: string): Promise<Caller>;
  signInOffice(): Promise<Caller>;
  close(): Promise<void>;
};
type Answer = { status: number; body: Record<string, unknown>; headers: Record<string, unknown> };
export type Caller = {
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  post(url: string, body?: unknown): Promise<Answer>;
};

/** The api on a founded shop in a real Postgres; what lies outside it (terminals, sandbox) does what the test says. */
export const openTestApi = async (changes: Partial<ApiOptions> = {}): Promise<TestApi> => {
  const { store, close } = await openTestStore([shopMigrations]);
  const shop = openShop({ store, merchantId: 'm1', clock: () => now, random: randomBytes });
  await shop.setUp(setup);
  const terminal = fakeTerminal('00000001');
  const app = await createApi({
    shop,
    terminals: { get: (id) => (id === terminal.id ? terminal : undefined), all: () => [terminal] },
    journeys: {
      journey: async ({ terminalId, stan }) => [
        { role: 'terminal', at: now, mti: '0200', code: '00', latencyMs: 12, note: `${terminalId} ${stan}` },
      ],
    },
    sandbox: fakeSandbox(),
    readiness: { read: async () => ({ ready: false, parts: { acquirer: true, switch: false } }) },
    metrics: createMetrics(),
    log: silentLog(),
    webRoots: {},
    ...changes,
  });
  await app.ready();
  const as = (cookie: string | undefined): Caller => {
    const call = async (
      method: 'GET' | 'POST',
      url: string,
      payload?: unknown,
      headers: Record<string, string> = {},
    ) => {
      const response = await app.inject({
        method,
        url,
        headers: { ...headers, ...(cookie === undefined ? {} : { cookie }) },
        ...(payload === undefined ? {} : { payload: payload as object }),
      });
      const isJson = String(response.headers['content-type']).includes('json');
      return { status: response.statusCode, body: isJson ? response.json() : {}, headers: response.headers };
    };
    return {
      get: (url, headers) => call('GET', url, undefined, headers),
      post: (url, body = {}) => call('POST', url, body),
    };
  };
  const enter = async (url: string, body: unknown): Promise<Caller> => {
    const { headers } = await as(undefined).post(url, body);
    return as(String(headers['set-cookie']).split(';')[0]);
  };
  return {
    app,
    shop,
    terminal,
    as,
    signIn: (staffNumber, pin, tillId = 'till-1') => enter('/api/till/sign-in', { tillId, staffNumber, pin }),
    signInOffice: () => enter('/api/office/sign-in', { username: 'owner', password: 'correct horse' }),
    close: async () => {
      await app.close();
      await close();
    },
  };
};
