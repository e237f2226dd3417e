import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Deliveries } from '../deliveries.ts';
import { addConsumer } from '../engine/consumers.ts';
import { openEngine } from '../engine/engine.ts';
import type { Engine, Order } from '../engine/words.ts';
import { createFaults } from '../faults.ts';
import { ownCards } from '../own-cards.ts';
import { openGate, type WeChatGate } from '../wechat/gate.ts';
import type { Reply, Room, Route } from '../wechat/room.ts';

const startMs = Date.UTC(2026, 5, 1, 4, 0, 0);
type Wish = Readonly<{ mchid?: string; headers?: Readonly<Record<string, string>>; body?: Uint8Array }>;
type Delivered = Parameters<Deliveries['send']>[0];

/** Bytes that differ from call to call, the same in every run. */
export const countedRandom = (): ((bytes: number) => Uint8Array) => {
  let count = 0;
  return (bytes) => {
    count += 1;
    return new Uint8Array(createHash('sha512').update(`${count}`).digest()).slice(0, bytes);
  };
};

const matched = (template: string, path: string): Record<string, string> | undefined => {
  const wanted = template.split('/');
  const given = path.split('/');
  const params: Record<string, string> = {};
  if (wanted.length !== given.length) return undefined;
  for (const [index, part] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
};

export type TestRoom = Readonly<{
  engine: Engine;
  gate: WeChatGate;
  room: Room;
  delivered: Delivered[];
  pass(ms: number): void;
  mount(routes: readonly Route[]): void;
  call(method: 'GET' | 'POST', path: string, json?: unknown, wish?: Wish): Promise<Reply>;
  /** The JSON of an answer that is not a refusal. */
  says(method: 'GET' | 'POST', path: string, json?: unknown, wish?: Wish): Promise<Record<string, unknown>>;
  /** Status, code and text of a refusal. */
  refuses(
    method: 'GET' | 'POST',
    path: string,
    json?: unknown,
    wish?: Wish,
  ): Promise<readonly [number, string, string]>;
  /** An order of the merchant, paid from the consumer's balance. */
  paid(
    order: Readonly<{ merchantNo: string; outTradeNo: string; amountMinor: bigint; freezes?: boolean }>,
  ): Promise<Order>;
  close(): Promise<void>;
}>;

const merchantsOf = (gate: WeChatGate): string[] =>
  Object.values(gate.merchants).flatMap(({ mchid, subMerchants }) => [mchid, ...subMerchants.map((sub) => sub.mchid)]);

/** Shown, scanned and paid from the balance. */
const payShown = async (engine: Engine, order: Parameters<TestRoom['paid']>[0]): Promise<Order> => {
  const expiresAt = engine.now() + 7_200_000;
  const common = { wallet: 'wechat', description: '面包', terms: '', memo: '{}', expiresAt } as const;
  const made = engine.createOrder({ ...common, ...order, way: 'shown', link: `weixin://test/${order.outTradeNo}` });
  const paid = await engine.confirm({ consumerId: 'c1', orderId: made.order.id, password: '123456' });
  assert.ok(paid.kind === 'paid', paid.kind);
  return paid.order;
};

/** Engine and gate on a clock of the test's own, without a network; a consumer `c1` with password 123456. */
export const openTestRoom = async (): Promise<TestRoom> => {
  let nowMs = startMs;
  const faults = createFaults();
  const onFault = (error: unknown): void => assert.fail(String(error));
  const files = { file: ':memory:', cards: ownCards(), faults, now: () => nowMs, random: countedRandom() };
  const { engine, core, close } = await openEngine({ ...files, pace: 1, onFault });
  const gate = openGate({ engine, faults });
  addConsumer(core, {
    id: 'c1',
    name: { zh: '张三', en: 'Zhang San' },
    password: '123456',
    balanceMinor: 100_000_000n,
  });
  for (const merchantNo of merchantsOf(gate))
    engine.addMerchant({ wallet: 'wechat', merchantNo, title: merchantNo, feeBasisPoints: 60 });
  const delivered: Delivered[] = [];
  const deliveries = { send: (one: Delivered) => void delivered.push(one), register: () => undefined };
  const room: Room = {
    engine,
    gate,
    faults,
    deliveries: { ...deliveries, resume: () => undefined, close: () => Promise.resolve() },
    origin: () => 'http://127.0.0.1:1',
    pace: 1,
  };
  const mounted: Route[] = [];
  const call: TestRoom['call'] = async (method, target, json, wish = {}) => {
    const url = new URL(target, 'http://wechat');
    const body = wish.body ?? Buffer.from(json === undefined ? '' : JSON.stringify(json));
    const request = { method, path: target, headers: new Headers(wish.headers), body };
    for (const route of mounted) {
      const params = route.method === method ? matched(route.path, url.pathname) : undefined;
      const caller = { mchid: wish.mchid ?? gate.merchants.direct.mchid, serial: '' };
      if (params) return route.run({ request, caller, params, query: url.searchParams, body: json });
    }
    return assert.fail(`no route for ${method} ${target}`);
  };
  return {
    engine,
    gate,
    room,
    delivered,
    pass: (ms) => {
      nowMs += ms;
    },
    mount: (routes) => void mounted.push(...routes),
    call,
    async says(...request) {
      const reply = await call(...request);
      assert.ok(reply.kind === 'reply', JSON.stringify(reply));
      return JSON.parse(JSON.stringify(reply.json ?? {})) as Record<string, unknown>;
    },
    async refuses(...request) {
      const reply = await call(...request);
      assert.ok(reply.kind === 'refused', JSON.stringify(reply));
      return [reply.refusal.status, reply.refusal.code, reply.refusal.message];
    },
    paid: (order) => payShown(engine, order),
    close,
  };
};
