import { createReadStream } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cny } from '@zhanggui/money';
import { migrations, openQrPay, type QrPay } from '@zhanggui/qrpay';
import { migrate, openStore, type Store, startEmbeddedPostgres, temporaryDirectory } from '@zhanggui/store';
import { silentLog } from '@zhanggui/telemetry';
import { businessDate, epochMs } from '@zhanggui/time';
import type { BillLine, WalletChannel } from '@zhanggui/wallet-channel';
import { report } from './figure.ts';

/** A busy day of a chain of shops. One in so many lines is wrong, in four ways. */
const payments = 1_000_000;
const wrongEvery = 10_000;
const date = businessDate('2026-06-01');
const rounds = 2;

/** Ids that grow with time, as a till makes them. */
const idOf = `('01900000000070008000' || lpad(to_hex(n), 12, '0'))`;

/** A day of payments, and a bill of it with mistakes: left out, another amount, another fee, and lines of nobody. */
const prepare = async (store: Store, file: string): Promise<void> => {
  await store.query(
    `insert into qrpay.payments (
       merchant_id, request_id, out_trade_no, wallet, how, amount_minor, currency, description, asked_at, state, wallet_trade_no,
       paid_at, is_cancelled, is_undoing, is_reversal_refused, is_in_doubt, owes_back, refunded_minor, refunding_minor, tries,
       ended_at, day, version
     )
     select 'M1', ${idOf}::uuid, ${idOf}, 'wechat', 'code', 1 + n % 50000, 'CNY', '面包', at, 'paid', '42000' || n,
       at, false, false, false, false, false, 0, 0, 0, at, '${date}', 1
     from (select n, 1780243200000 + n * 86 as at from generate_series(1, ${payments}) n) days`,
  );
  await store.query('analyze qrpay.payments');
  await store.query(
    `copy (
       select case when n % ${wrongEvery} = 4 then 'FOREIGN' || n else ${idOf} end, '42000' || n,
         case when n % ${wrongEvery} = 2 then amount + 1 else amount end,
         case when n % ${wrongEvery} = 3 then 1 else 0 end + (amount * 60 + 5000) / 10000, 1780243200000 + n * 86
       from (select n, 1 + n % 50000 as amount from generate_series(1, ${payments}) n) lines
       where n % ${wrongEvery} <> 1 order by n
     ) to '${file}' (format csv)`,
  );
};

/** The bill as a client would give it: read from a file as a stream, line by line. */
const readBill = async function* (file: string): AsyncGenerator<BillLine> {
  for await (const text of createInterface({ input: createReadStream(file, { highWaterMark: 1 << 18 }) })) {
    const [outTradeNo = '', walletTradeNo = '', amount = '', fee = '', at = ''] = text.split(',');
    yield {
      kind: 'payment',
      outTradeNo,
      outRefundNo: null,
      walletTradeNo,
      amount: cny(BigInt(amount)),
      fee: cny(BigInt(fee)),
      at: epochMs(Number(at)),
    };
  }
};

const notAsked = (): Promise<never> => Promise.reject(new Error('only the bill is asked for'));
const channelOf = (file: string): WalletChannel => ({
  wallet: 'wechat',
  payByCode: notAsked,
  show: notAsked,
  query: notAsked,
  close: notAsked,
  reverse: notAsked,
  refund: notAsked,
  queryRefund: notAsked,
  notified: notAsked,
  bill: () => readBill(file),
});

type Measured = Readonly<{ seconds: number; grownMib: number }>;

/** Time, and by how much the process grew at most while it ran. */
const measure = async (run: () => Promise<unknown>): Promise<Measured> => {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const startedAt = performance.now();
  await run();
  clearInterval(look);
  return { seconds: (performance.now() - startedAt) / 1000, grownMib: (most - before) / 2 ** 20 };
};

const parse = async (file: string): Promise<void> => {
  let sum = 0n;
  for await (const { amount } of readBill(file)) sum += amount.minor;
  if (sum === 0n) throw new Error('a bill has lines');
};

/** The yardstick: the server's own bulk load of the same file, logged as any table, and a count. */
const copy = async (store: Store, file: string): Promise<void> => {
  await store.query('create table plain (out_trade_no text, trade_no text, amount bigint, fee bigint, at bigint)');
  await store.query(`copy plain from '${file}' (format csv)`);
  await store.query('select count(*), sum(amount), sum(fee) from plain');
  await store.query('drop table plain');
};

const check = async (qrPay: QrPay): Promise<void> => {
  const view = await qrPay.reconcile({ wallet: 'wechat', date });
  const each = payments / wrongEvery;
  const { differences, agreed } = view;
  const isRight =
    differences.amount === each &&
    differences.fee === each &&
    differences['missing-here'] === each &&
    differences['missing-there'] === 2 * each &&
    agreed === payments - 4 * each;
  if (!isRight) throw new Error(`the planted differences were not found: ${JSON.stringify(differences)}`);
};

const measureRounds = async (store: Store, file: string): Promise<void> => {
  const qrPay = openQrPay({
    store,
    merchantId: 'M1',
    channels: [channelOf(file)],
    clock: () => epochMs(Date.now()),
    log: silentLog(),
  });
  const runs: Record<'copy' | 'parse' | 'reconcile', Measured>[] = [];
  for (let round = 0; round < rounds; round += 1)
    runs.push({
      copy: await measure(() => copy(store, file)),
      parse: await measure(() => parse(file)),
      reconcile: await measure(() => check(qrPay)),
    });
  const best = (name: 'copy' | 'parse' | 'reconcile') => Math.min(...runs.map((run) => run[name].seconds));
  const grown = (name: 'parse' | 'reconcile') => Math.max(...runs.map((run) => run[name].grownMib));
  const note = `${payments} lines, ${(4 * payments) / wrongEvery} of them wrong; best of ${rounds}`;
  report({ name: 'qrpay.reconcile', value: best('reconcile'), unit: 's', note });
  report({ name: 'qrpay.reconcile.lines', value: payments / best('reconcile'), unit: 'lines/s' });
  report({ name: 'qrpay.yardstick.copy', value: best('copy'), unit: 's', note: 'COPY of the same lines, and a count' });
  report({ name: 'qrpay.yardstick.parse', value: best('parse'), unit: 's', note: 'the same lines read and parsed' });
  report({ name: 'qrpay.reconcile.ratio', value: best('reconcile') / best('copy'), unit: 'x COPY' });
  report({
    name: 'qrpay.reconcile.memory',
    value: grown('reconcile'),
    unit: 'MiB',
    note: 'growth of the process at most',
  });
  report({ name: 'qrpay.yardstick.parse.memory', value: grown('parse'), unit: 'MiB' });
};

/** A day's bill of a million lines against a day's million payments. */
export const benchQrPay = async (): Promise<void> => {
  const directory = temporaryDirectory();
  const shared = join(directory, 'bill');
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres') });
  const store = openStore({ url: server.url });
  try {
    await mkdir(shared);
    await chmod(shared, 0o777); // the server writes the bill under its own account
    const file = join(shared, 'bill.csv');
    await migrate(store, [migrations]);
    await prepare(store, file);
    await measureRounds(store, file);
  } finally {
    await store.close();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
};
