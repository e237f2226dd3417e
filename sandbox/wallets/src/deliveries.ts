import type { Log } from '@zhanggui/telemetry';
import { numberOf, numberOrNull, type Row, type Store, textOf } from './engine/store.ts';
import type { Wallet } from './engine/words.ts';
import type { Faults } from './faults.ts';

/** `probe` is a signature made wrong on purpose by the wallet itself, to see whether anybody looks. */
export type Signing = 'right' | 'wrong' | 'probe';

export type Delivery = Readonly<{
  id: string;
  wallet: Wallet;
  url: string;
  /** What the face needs to compose the request: its own JSON. */
  subject: string;
  createdAt: number;
  /** 0 for the first. */
  attempt: number;
}>;
export type Courier = Readonly<{
  /** How long to wait after each attempt that was not accepted; after the last it is given up. */
  waitsMs: readonly number[];
  /** Composed anew for every attempt: signatures carry the time. */
  compose(delivery: Delivery, signing: Signing): Readonly<{ headers: Readonly<Record<string, string>>; body: string }>;
  accepts(answer: Readonly<{ status: number; body: string }>): boolean;
}>;

/** Notifications of all wallets: kept in the file, repeated on the wallet's own schedule divided by `pace`, bent by the notify-… faults. */
export interface Deliveries {
  register(wallet: Wallet, courier: Courier): void;
  /** The same id again is not sent again. */
  send(delivery: Readonly<{ id: string; wallet: Wallet; url: string; subject: string }>): void;
  /** Those of before a restart go on; called when every courier is registered. */
  resume(): void;
  close(): Promise<void>;
}

type Settings = Readonly<{ store: Store; faults: Faults; log: Log; now: () => number; pace: number }>;
type Room = Settings &
  Readonly<{
    couriers: Map<Wallet, Courier>;
    timers: Map<string, NodeJS.Timeout>;
    underWay: Set<Promise<void>>;
    /** A notification that lets the next one go first. */
    held: Set<string>;
    stopped: AbortController;
  }>;

/** WeChat waits five seconds for an answer. */
const patienceMs = 5_000;
const lateMs = 60_000;
/** Nobody comes after it: what was held back goes by itself. */
const heldMs = 2_000;
const answerBytesMax = 4_096;

const deliveryOf = (row: Row): Delivery => ({
  id: textOf(row, 'id'),
  wallet: textOf(row, 'wallet') as Wallet,
  url: textOf(row, 'url'),
  subject: textOf(row, 'subject'),
  createdAt: numberOf(row, 'created_at'),
  attempt: numberOf(row, 'attempt'),
});

const byId = (room: Room, id: string): Delivery | undefined => {
  const row = room.store.row(`select * from deliveries where id = :id and state = 'waiting'`, { id });
  return row && deliveryOf(row);
};

const isSent = async (room: Room, delivery: Delivery, courier: Courier, signing: Signing): Promise<boolean> => {
  try {
    const { headers, body } = courier.compose(delivery, signing);
    const signal = AbortSignal.any([AbortSignal.timeout(patienceMs), room.stopped.signal]);
    const answer = await fetch(delivery.url, { method: 'POST', headers, body, redirect: 'manual', signal });
    const text = (await answer.text()).slice(0, answerBytesMax);
    return courier.accepts({ status: answer.status, body: text });
  } catch (error) {
    room.log.debug({ delivery: delivery.id, error: String(error) }, 'a notification found nobody');
    return false;
  }
};

const signingOf = ({ faults }: Room): Signing => {
  if (faults.take('notify-signature')) return 'wrong';
  return faults.take('notify-signtest') ? 'probe' : 'right';
};

const write = (
  room: Room,
  id: string,
  values: Readonly<{ attempt: number; nextAt: number | null; state: string }>,
): void => {
  room.store.run('update deliveries set attempt = :attempt, next_at = :nextAt, state = :state where id = :id', {
    ...values,
    id,
  });
};

const attempt = async (room: Room, delivery: Delivery): Promise<void> => {
  const courier = room.couriers.get(delivery.wallet);
  if (!courier) return;
  const signing = signingOf(room);
  const isAccepted = !room.faults.take('notify-never') && (await isSent(room, delivery, courier, signing));
  if (isAccepted && room.faults.take('notify-twice')) await isSent(room, delivery, courier, 'right');
  if (room.stopped.signal.aborted) return;
  const waitMs = courier.waitsMs[delivery.attempt];
  const tried = delivery.attempt + 1;
  if (isAccepted) return write(room, delivery.id, { attempt: tried, nextAt: null, state: 'accepted' });
  if (waitMs === undefined) return write(room, delivery.id, { attempt: tried, nextAt: null, state: 'given-up' });
  const inMs = waitMs / room.pace;
  write(room, delivery.id, { attempt: tried, nextAt: room.now() + inMs, state: 'waiting' });
  plan(room, delivery.id, inMs);
};

const go = (room: Room, id: string): void => {
  room.timers.delete(id);
  room.held.delete(id);
  const delivery = byId(room, id);
  if (!delivery) return;
  const work = attempt(room, delivery)
    .catch((error: unknown) =>
      room.log.error({ delivery: id, error: String(error) }, 'a notification could not be made'),
    )
    .then(() => release(room, id))
    .finally(() => room.underWay.delete(work));
  room.underWay.add(work);
};

/** What stood back for this one comes after it. */
const release = (room: Room, after: string): void => {
  for (const id of room.held) if (id !== after) plan(room, id, 0);
};

const plan = (room: Room, id: string, inMs: number): void => {
  if (room.stopped.signal.aborted) return;
  clearTimeout(room.timers.get(id));
  const timer = setTimeout(() => go(room, id), Math.min(inMs, 2 ** 31 - 1));
  timer.unref();
  room.timers.set(id, timer);
};

const firstWaitMs = (room: Room, id: string): number => {
  if (room.faults.take('notify-delay')) return lateMs / room.pace;
  if (!room.faults.take('notify-order')) return 0;
  room.held.add(id);
  return heldMs;
};

export const createDeliveries = (settings: Settings): Deliveries => {
  const room: Room = {
    ...settings,
    couriers: new Map(),
    timers: new Map(),
    underWay: new Set(),
    held: new Set(),
    stopped: new AbortController(),
  };
  const { store, now } = settings;
  return {
    register: (wallet, courier) => void room.couriers.set(wallet, courier),
    send: (delivery) => {
      const isNew = store.run(
        `insert into deliveries (id, wallet, url, subject, created_at, attempt, next_at, state)
         values (:id, :wallet, :url, :subject, :at, 0, :at, 'waiting') on conflict do nothing`,
        { ...delivery, at: now() },
      );
      if (isNew > 0) plan(room, delivery.id, firstWaitMs(room, delivery.id));
    },
    resume: () => {
      for (const row of store.rows(`select id, next_at from deliveries where state = 'waiting'`))
        plan(room, textOf(row, 'id'), Math.max(0, (numberOrNull(row, 'next_at') ?? 0) - now()));
    },
    close: async () => {
      room.stopped.abort();
      for (const timer of room.timers.values()) clearTimeout(timer);
      await Promise.all(room.underWay);
    },
  };
};
