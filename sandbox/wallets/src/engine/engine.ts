import assert from 'node:assert/strict';
import type { FundingCards } from '../cards.ts';
import type { Faults } from '../faults.ts';
import { billEntries } from './bill.ts';
import { resumeCharges, returnLost } from './charges.ts';
import { type Core, createLocks, findOrder, orderById, orderByLink } from './core.ts';
import { createLedger } from './ledger.ts';
import { close, createOrder } from './orders.ts';
import { payParts } from './parts.ts';
import { confirm, decline, payByCode, reverse } from './pay.ts';
import { createRefundDesk, findRefund, refundsOf } from './refunds.ts';
import { openShelf } from './shelf.ts';
import { minorOf, numberOf, openStore, type Store, textOf } from './store.ts';
import type { Engine, EngineEvent, Merchant, MerchantName } from './words.ts';

type EngineSettings = Readonly<{
  file: string;
  cards: FundingCards;
  faults: Faults;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  pace: number;
  /** What a listener throws. */
  onFault: (error: unknown) => void;
}>;

/** Events leave after what they tell is written. */
const createEvents = (onFault: (error: unknown) => void) => {
  const listeners = new Set<(event: EngineEvent) => void>();
  const tell = (event: EngineEvent): void => {
    for (const listener of listeners)
      try {
        listener(event);
      } catch (error) {
        onFault(error);
      }
  };
  return {
    emit: (event: EngineEvent): void => queueMicrotask(() => tell(event)),
    onEvent: (listener: (event: EngineEvent) => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
};

const kept = (store: Store, name: string, make: () => string): string =>
  store.atomically(() => {
    const row = store.row('select value from kept where name = :name', { name });
    if (row) return textOf(row, 'value');
    const value = make();
    store.run('insert into kept (name, value) values (:name, :value)', { name, value });
    return value;
  });

/** Numbers of one sandbox do not look like those of another: the first is anywhere. */
const createSerial = (store: Store, random: (bytes: number) => Uint8Array): (() => bigint) => {
  const first = Buffer.from(random(4)).readUInt32BE() % 1_000_000_000;
  store.run(`insert into serials (name, value) values ('order', :first) on conflict do nothing`, { first });
  return () => {
    const row = store.row(`update serials set value = value + 1 where name = 'order' returning value`);
    assert.ok(row, 'the serial is there');
    return minorOf(row, 'value');
  };
};

const merchantBy = (store: Store, { wallet, merchantNo }: MerchantName): Merchant | undefined => {
  const row = store.row('select * from merchants where wallet = :wallet and merchant_no = :merchantNo', {
    wallet,
    merchantNo,
  });
  if (!row) return undefined;
  return { wallet, merchantNo, title: textOf(row, 'title'), feeBasisPoints: numberOf(row, 'fee_basis_points') };
};

const addMerchant = (store: Store, { wallet, merchantNo, title, feeBasisPoints }: Merchant): void => {
  store.run(
    `insert into merchants (wallet, merchant_no, title, fee_basis_points) values (:wallet, :merchantNo, :title, :fee)
     on conflict (wallet, merchant_no) do update set title = excluded.title, fee_basis_points = excluded.fee_basis_points`,
    { wallet, merchantNo, title, fee: feeBasisPoints },
  );
};

/** Beside the books: an order's refunds are what is written on it, and what a refund holds is on its way. */
const proveOrders = (core: Core): void => {
  const wrong = core.store.rows(`
    select o.id from orders o where o.refunded_minor > o.minor or o.refunded_minor <>
      coalesce((select sum(r.minor) from refunds r where r.order_id = o.id and r.state <> 'closed'), 0)
    union all select o.id from orders o where (o.paid_at is not null) <>
      exists (select 1 from movements m where m.id = o.id || '/pay')
    union all select r.id from refunds r left join balances b on b.account = 'refund/' || r.id
      where coalesce(b.minor, 0) <> (case when r.state in ('processing', 'abnormal') then r.minor else 0 end)`);
  assert.deepEqual(wrong, [], 'orders and refunds agree with the books');
};

/** How often a card's bank that did not answer is asked again. */
const returnsMs = 30_000;

export type EngineRoom = Readonly<{ engine: Engine; core: Core; close(): Promise<void> }>;

/** The wallets' common books and rules, which know nothing of how any wallet speaks. */
export const openEngine = async (settings: EngineSettings): Promise<EngineRoom> => {
  const { cards, faults, now, random, pace } = settings;
  const store = openStore(settings.file);
  const events = createEvents(settings.onFault);
  const ledger = createLedger(store, now);
  const serial = createSerial(store, random);
  const core: Core = {
    store,
    ledger,
    cards,
    faults,
    now,
    random,
    serial,
    emit: events.emit,
    locked: createLocks(),
    pace,
  };
  const desk = createRefundDesk(core, settings.onFault);
  await resumeCharges(core);
  desk.resume();
  const returning = setInterval(() => void returnLost(core).catch(settings.onFault), returnsMs / pace);
  returning.unref();
  const engine: Engine = {
    now,
    random,
    serial,
    kept: (name, make) => kept(store, name, make),
    addMerchant: (merchant) => addMerchant(store, merchant),
    merchant: (name) => merchantBy(store, name),
    createOrder: (order) => store.atomically(() => createOrder(core, order)),
    payByCode: (order) => payByCode(core, order),
    findOrder: (name) => findOrder(core, name),
    orderById: (id) => orderById(core, id),
    orderByLink: (link) => orderByLink(core, link),
    close: (name) => close(core, name),
    reverse: (name, { notBeforeMs } = { notBeforeMs: 0 }) => reverse(core, name, notBeforeMs),
    remember: (id, memo) => void store.run('update orders set memo = :memo where id = :id', { memo, id }),
    refund: desk.refund,
    findRefund: (name) => findRefund(core, name),
    refundsOf: (orderId) => refundsOf(core, orderId),
    redirectRefund: desk.redirect,
    confirm: (request) => confirm(core, request),
    decline: (orderId) => decline(core, orderId),
    payParts: (whole, partIds) => payParts(core, whole, partIds),
    move: ledger.move,
    balance: ledger.balance,
    movements: ledger.movements,
    billEntries: (merchant, span) => billEntries(core, merchant, span),
    onEvent: events.onEvent,
    shelf: openShelf(store),
    prove: () => {
      ledger.prove();
      proveOrders(core);
    },
  };
  const closeEngine = async (): Promise<void> => {
    clearInterval(returning);
    await desk.close();
    store.close();
  };
  return { engine, core, close: closeEngine };
};
