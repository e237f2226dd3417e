import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from '@zhanggui/telemetry';
import { createDeliveries, type Deliveries } from '../deliveries.ts';
import { addConsumer, faceToken } from '../engine/consumers.ts';
import { type EngineRoom, openEngine } from '../engine/engine.ts';
import type { Engine } from '../engine/words.ts';
import type { Face } from '../face.ts';
import { createFaults, type Faults } from '../faults.ts';
import { ownCards } from '../own-cards.ts';
import { openPhone, type Phone } from '../phone.ts';

type Answer = Readonly<{ status: number; body: string }>;
type Told = Readonly<{ headers: Headers; body: Uint8Array }>;

/** A sandbox with one face on a port of this machine, a clock of its own, and a merchant's address for notifications. */
export type World<Merchant> = Readonly<{
  url: string;
  merchant: Merchant;
  engine: Engine;
  faults: Faults;
  phone: Phone;
  /** Another consumer's. */
  otherPhone: Phone;
  /** A new face token of the consumer. */
  faceToken: () => string;
  /** Moves the clock. */
  pass(ms: number): void;
  now(): number;
  notifyUrl: string;
  /** What the merchant answers to notifications from now on. */
  answer(how: (told: Told) => Promise<Answer>): void;
  close(): Promise<void>;
}>;

const bodyOf = async (request: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
};
const headersOf = (request: IncomingMessage): Headers =>
  new Headers(Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]));

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const closed = (server: Server): void => {
  server.closeAllConnections();
  server.close();
};

const serverOf = (face: () => Face): Server =>
  createServer((request, response) => {
    void bodyOf(request)
      .then((body) =>
        face().handle({
          method: request.method ?? '',
          path: request.url ?? '',
          headers: headersOf(request),
          body,
        }),
      )
      .then((answer) => response.writeHead(answer?.status ?? 404, { ...answer?.headers }).end(answer?.body ?? ''));
  });

export const startMs = Date.UTC(2026, 5, 1, 4, 0, 0);
const consumer = { id: 'consumer-1', name: { zh: '刘洋', en: 'Liu Yang' }, password: '135790', balanceMinor: 500_000n };
const other = { ...consumer, id: 'consumer-2', name: { zh: '陈静', en: 'Chen Jing' } };
export const password = consumer.password;

type Parts = Readonly<{ engine: Engine; faults: Faults; deliveries: Deliveries; origin: () => string; pace: number }>;
const pace = 30;

const openRoom = (faults: Faults, now: () => number): Promise<EngineRoom> =>
  openEngine({
    file: ':memory:',
    cards: ownCards(),
    faults,
    now,
    random: randomBytes,
    pace,
    onFault: (error) => {
      throw error;
    },
  });

export const openWorld = async <Merchant>(
  open: (parts: Parts) => Readonly<{ face: Face; merchant: Merchant }>,
): Promise<World<Merchant>> => {
  let at = startMs;
  const faults = createFaults();
  const room = await openRoom(faults, () => at);
  const { engine, core } = room;
  addConsumer(core, consumer);
  addConsumer(core, other);
  const deliveries = createDeliveries({ store: core.store, faults, log: silentLog(), now: () => at, pace: 10_000 });
  let told: (told: Told) => Promise<Answer> = () => Promise.resolve({ status: 404, body: '' });
  let url = '';
  const { face, merchant } = open({ engine, faults, deliveries, origin: () => url, pace });
  const server = serverOf(() => face);
  const shop = createServer((request, response) => {
    void bodyOf(request)
      .then((body) => told({ headers: headersOf(request), body }))
      .then(({ status, body }) => response.writeHead(status).end(body));
  });
  url = await listening(server);
  const notifyUrl = `${await listening(shop)}/notify`;
  return {
    url,
    merchant,
    engine,
    faults,
    phone: openPhone(room, consumer.id),
    otherPhone: openPhone(room, other.id),
    faceToken: () => faceToken(core, consumer.id).code,
    pass: (ms) => {
      at += ms;
    },
    now: () => at,
    notifyUrl,
    answer: (how) => {
      told = how;
    },
    close: async () => {
      engine.prove();
      await deliveries.close();
      closed(server);
      closed(shop);
      await room.close();
    },
  };
};
