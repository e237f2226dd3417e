import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { QrPaymentView, RefundView } from '@zhanggui/qrpay';
import { businessDate } from '@zhanggui/time';
import { everyFile, everyRow } from './audit.ts';
import { until } from './card-world.ts';
import { mendAll, phonePassword, type WalletStory, type Witness } from './wallet-story.ts';
import type { WalletWorld } from './wallet-world.ts';

type Order = Readonly<{ state: string; minor: number; refunded: number; paid: number | null; funding: string | null }>;
type Books = Readonly<{ orders: Map<string, Order>; refunds: Map<string, { state: string; minor: number }> }>;

const rowsOf = <Row>({ file }: WalletWorld, sql: string): Row[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
};

/** Alipay's number of a refund is unique within its payment only. */
const ourNumber = (number: string): string => number.slice(number.lastIndexOf('/') + 1);

/** What the wallets hold, by our numbers. */
const booksOf = (world: WalletWorld): Books => {
  const orders = rowsOf<Order & { number: string }>(
    world,
    `select out_trade_no as number, state, minor, refunded_minor as refunded, paid_at as paid, funding from orders`,
  );
  const refunds = rowsOf<{ number: string; state: string; minor: number }>(
    world,
    'select out_refund_no as number, state, minor from refunds',
  );
  return {
    orders: new Map(orders.map(({ number, ...order }) => [number, order])),
    refunds: new Map(refunds.map(({ number, ...refund }) => [ourNumber(number), refund])),
  };
};

/** Refunds that wait for a person at the wallet: without an end, and rightly so. */
const abnormal = (world: WalletWorld): string[] =>
  rowsOf<{ number: string }>(world, `select out_refund_no as number from refunds where state = 'abnormal'`).map(
    ({ number }) => ourNumber(number),
  );

/** Mends everything, and waits until there is nothing left to do on either side. */
export const settleWallets = async (world: WalletWorld): Promise<void> => {
  mendAll(world);
  const open = async (): Promise<string> => {
    const payments = await world.cards.store.query(
      'select request_id, wallet, how, state, is_undoing, tries from qrpay.payments where next_at is not null',
    );
    const refunds = await world.cards.store.query(
      'select refund_id, wallet, state, tries from qrpay.refunds where next_at is not null and not (out_refund_no = any($1))',
      [abnormal(world)],
    );
    const deliveries = rowsOf(world, `select id, attempt from deliveries where state = 'waiting'`);
    const charges = rowsOf(world, `select id, state from charges where state in ('asked', 'lost', 'returning')`);
    const all = { payments, refunds, deliveries, charges };
    return Object.values(all).every((rows) => rows.length === 0) ? '' : JSON.stringify(all);
  };
  let last = '';
  const isSettled = async (): Promise<boolean> => {
    last = await open();
    await delay(50);
    return last === '';
  };
  await until('payments have their ends', isSettled, 30_000).catch((error: Error) => {
    throw new Error(`${error.message}: ${last}`);
  });
};

const keptThere = (order: Order | undefined): bigint =>
  order?.state === 'paid' ? BigInt(order.minor - order.refunded) : 0n;

const hasMoney = ({ state }: QrPaymentView): boolean => ['paid', 'refunding', 'refunded'].includes(state);

/** What our side says it holds: paid, less what went back and what is on its way back. */
const keptHere = (view: QrPaymentView, refunds: readonly RefundView[]): bigint => {
  if (!hasMoney(view)) return 0n;
  const back = refunds.filter(({ state }) => state !== 'refused');
  return back.reduce((rest, { amount }) => rest - amount.minor, view.amount.minor);
};

/** Not every wallet says that money cannot reach the payer; until a person acts there, it is on its way. */
const refundStates: Readonly<Record<string, readonly string[]>> = {
  done: ['refunded'],
  abnormal: ['refunding', 'undeliverable', 'unknown'],
};

const assertRefunds = (view: QrPaymentView, refunds: readonly RefundView[], books: Books, about: string): void => {
  for (const { outRefundNo, amount, state } of refunds) {
    const there = books.refunds.get(outRefundNo);
    if (!there) assert.equal(state, 'refused', `${about}: the wallet has no such refund`);
    else {
      assert.equal(BigInt(there.minor), amount.minor, about);
      const isSame = refundStates[there.state]?.includes(state);
      assert.ok(isSame, `${about}: the refund is ${there.state} there and ${state} here`);
    }
  }
  const done = refunds.filter(({ state }) => state === 'refunded').reduce((sum, { amount }) => sum + amount.minor, 0n);
  assert.equal(view.refunded.minor, done, `${about}: what went back is the sum of the refunds`);
};

/** A counter that was told "no money" has taken none; one that was told "paid" keeps it, or gave it back by refunds. */
const assertPromise = ({ views }: Witness, end: QrPaymentView, kept: bigint, about: string): void => {
  const first = views.find((view) => view.endedAt !== undefined || view.undoing);
  if (!first) return;
  if (!hasMoney(first)) assert.equal(kept, 0n, `${about}: the counter was told ${first.state}, and the payer paid`);
  // A cancellation of ours that was slow may undo what was paid; then somebody is told.
  if (first.state === 'paid') assert.ok(hasMoney(end) || end.alarm === 'undone', `${about}: the counter was told paid`);
};

/** Every payment has one end, and both sides tell the same of it. Gives how often each end came. */
export const assertSameStory = async (world: WalletWorld, story: WalletStory): Promise<Record<string, number>> => {
  const books = booksOf(world);
  const ends: Record<string, number> = {};
  for (const [requestId, witness] of story.payments) {
    const view = await world.qrPay().find(requestId);
    assert.ok(view, 'a payment that was asked for is remembered');
    const refunds = await world.qrPay().refunds(requestId);
    const there = books.orders.get(view.outTradeNo);
    const about = `${view.wallet} ${view.how} ${requestId} (${witness.views.map(({ state }) => state).join(' ')} → ${view.state}, ${there?.state})`;
    const isEnded = view.endedAt !== undefined;
    assert.ok(isEnded, `${about}: it has an end`);
    const back = refunds.map(({ state, code, amount, outRefundNo }) =>
      [amount.minor, state, code, books.refunds.get(outRefundNo)?.state].join(' '),
    );
    assert.equal(
      keptHere(view, refunds),
      keptThere(there),
      `${about}: both sides hold the same, refunds ${back.join(', ')}`,
    );
    assertRefunds(view, refunds, books, about);
    assertPromise(witness, view, keptThere(there), about);
    const name = view.alarm ? `${view.state} (${view.alarm})` : view.state;
    ends[name] = (ends[name] ?? 0) + 1;
  }
  const strangers = [...books.orders.keys()].filter((number) => {
    const id = number.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return !story.payments.has(id);
  });
  assert.deepEqual(strangers, [], 'the wallets know no payment that nobody asked for');
  return ends;
};

/** What the issuer took from each card is what the wallets took of it, and its books add up. */
export const assertCards = async (world: WalletWorld, opening: ReadonlyMap<string, bigint>): Promise<void> => {
  const spent = new Map(
    rowsOf<{ card: string; minor: number }>(
      world,
      `select card, sum(minor) as minor from (
         select funding as card, minor from orders where state = 'paid' and funding <> 'balance'
         union all select funding, -minor from refunds where state = 'done' and funding <> 'balance') group by card`,
    ).map(({ card, minor }) => [card, BigInt(minor)]),
  );
  const now = (await world.cards.tray.cards()).map(({ id, availableMinor }) => [id, availableMinor ?? 0n] as const);
  const expected = [...opening].map(([id, minor]) => [id, minor - (spent.get(id) ?? 0n)] as const);
  assert.deepEqual(Object.fromEntries(now), Object.fromEntries(expected), 'each card paid what its wallet says');
  const [books] = await world.cards.store.query<{ posted: string; unproven: bigint }>(
    `select sum(credits_posted - debits_posted)::text as posted, count(*) filter (where not is_proven) as unproven from ledger.proof`,
  );
  assert.deepEqual(books, { posted: '0', unproven: 0n }, 'the sum of all accounts is zero');
};

/** The bill of the day has the same payments as our books; only refunds that wait for a person are missing here. */
export const assertBills = async (world: WalletWorld): Promise<void> => {
  const date = businessDate('2026-06-01');
  const waiting = new Set(abnormal(world));
  for (const wallet of world.qrPay().wallets()) {
    await world.qrPay().reconcile({ wallet, date });
    const { differences } = await world.qrPay().differences({ wallet, date, limit: 100 });
    const wrong = differences.filter(({ outRefundNo }) => outRefundNo === undefined || !waiting.has(outRefundNo));
    assert.deepEqual(wrong, [], `${wallet}: the bill agrees`);
  }
};

const keyText = (pem: string): string => pem.replaceAll(/-----[^-]+-----|\s/g, '').slice(40, 120);

/** No payment code, key or password of a wallet is to be read in a table, in a file of the shop's, or in the log. */
export const assertNoWalletSecrets = async (world: WalletWorld, story: WalletStory, log: string): Promise<void> => {
  const { wechat, alipay, unionpay } = world.sandbox.merchants;
  const { privateKey, apiV3Key, apiV2Key } = wechat.direct;
  const keys = [privateKey, alipay.privateKey, unionpay.privateKey].map(keyText);
  const secrets = [...story.codes, ...keys, apiV3Key, apiV2Key];
  const places = { tables: await everyRow(world.cards), files: everyFile(world.cards.folder, /sandbox-wallets/), log };
  for (const [place, text] of Object.entries(places)) {
    assert.ok(text.length > 1000, `${place} are not empty`);
    for (const secret of secrets) {
      assert.ok(secret.length >= 18, 'a secret is long enough to look for');
      const hash = createHash('sha256').update(secret).digest('hex');
      for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64'), hash])
        assert.ok(!text.includes(form), `${place} hold a secret`);
    }
  }
  assert.doesNotMatch(log, new RegExp(`"${phonePassword}"`), 'the log holds the password');
};
