import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv7 } from '@zhanggui/ids';
import { cny } from '@zhanggui/money';
import { migrations, openQrPay, type QrPay } from '@zhanggui/qrpay';
import { migrate, openStore, type Store, startEmbeddedPostgres, temporaryDirectory } from '@zhanggui/store';
import { silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import { openWeChatPay, weChatChannel } from '@zhanggui/wechatpay';
import { type Child, startChild } from './child.ts';
import { cpuSeconds } from './cpu.ts';
import { percentile, report } from './figure.ts';
import type { CodesWanted, WalletsOpened } from './payments-wallets.ts';

/** Tills that scan at the same time; each waits for its answer before it scans again. */
const levels = [1, 16, 128] as const;
/** Payments and yardstick take turns, so that whatever else the machine does meets both. */
const rounds = 2;
const payMs = 3_000;
const yardstickMs = 2_000;
const warmUpMs = 2_000;
/** Connections are opened before it counts. */
const connectMs = 500;
/** More than are paid in a round. */
const codesEach = 6_000;
const amount = cny(1n);

type Scene = Readonly<{
  qrPay: QrPay;
  wallets: Child;
  postgres: number;
  ask: (outTradeNo: string) => Promise<unknown>;
}>;

/** Calls `act` at so many places at once until the time is over. Gives how long each call took. */
const keepBusy = async (places: number, ms: number, act: () => Promise<unknown>): Promise<number[]> => {
  const took: number[] = [];
  const endsAt = performance.now() + ms;
  const one = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const startedAt = performance.now();
      await act();
      took.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: places }, one));
  return took;
};

const codesFrom = async (wallets: Child): Promise<string[]> => {
  wallets.tell({ codes: codesEach } satisfies CodesWanted);
  return wallets.hear<string[]>();
};

/** From the till's request to the wallet's word, journaled before and after. */
const payWith =
  ({ qrPay }: Scene, codes: string[]) =>
  async (): Promise<void> => {
    const authCode = codes.pop();
    if (authCode === undefined) throw new Error('a round pays no more than there are codes');
    const { state, code } = await qrPay.start({
      requestId: uuidv7(Date.now(), new Uint8Array(randomBytes(10))),
      amount,
      description: '面包',
      place: { tillId: 'till-1' },
      clientIp: '127.0.0.1',
      how: { kind: 'code', authCode },
    });
    if (state !== 'paid') throw new Error(`a payment ended ${state} ${code ?? ''}`);
  };

type Cpu = Readonly<{ shop: number; wallets: number; postgres: number }>;
const cpuOf = ({ wallets, postgres }: Scene): Cpu => {
  const { user, system } = process.cpuUsage();
  return { shop: (user + system) / 1e6, wallets: cpuSeconds(wallets.pid), postgres: cpuSeconds(postgres) };
};

type Round = Readonly<{ paid: number[]; asked: number[]; cpu: Cpu }>;

const playRound = async (scene: Scene, places: number, known: string): Promise<Round> => {
  const codes = await codesFrom(scene.wallets);
  await keepBusy(places, connectMs, () => scene.ask(known));
  const before = cpuOf(scene);
  const paid = await keepBusy(places, payMs, payWith(scene, codes));
  const after = cpuOf(scene);
  const asked = await keepBusy(places, yardstickMs, () => scene.ask(known));
  const cpu = {
    shop: after.shop - before.shop,
    wallets: after.wallets - before.wallets,
    postgres: after.postgres - before.postgres,
  };
  return { paid, asked, cpu };
};

const reportLevel = (places: number, played: readonly Round[]): void => {
  const sum = (value: (round: Round) => number) => played.reduce((total, round) => total + value(round), 0);
  const paid = sum((round) => round.paid.length);
  const perSecond = paid / ((rounds * payMs) / 1_000);
  const yardstick = sum((round) => round.asked.length) / ((rounds * yardstickMs) / 1_000);
  const latencies = played.flatMap((round) => round.paid);
  const name = `payments.${places}`;
  const note = `${places} tills, WeChat Pay by code; the sandbox in a process of its own; all paid`;
  report({ name: `${name}.throughput`, value: perSecond, unit: 'payments/s', note });
  report({ name: `${name}.p50`, value: percentile(latencies, 0.5), unit: 'ms' });
  report({ name: `${name}.p99`, value: percentile(latencies, 0.99), unit: 'ms' });
  for (const part of ['shop', 'wallets', 'postgres'] as const)
    report({ name: `${name}.cpu.${part}`, value: (sum(({ cpu }) => cpu[part]) * 1e6) / paid, unit: 'us/payment' });
  const about = 'signed and verified round trips of the same client and sandbox (a query), in turn with the payments';
  report({ name: `${name}.yardstick`, value: yardstick, unit: 'queries/s', note: about });
  report({ name: `${name}.ratio`, value: perSecond / yardstick, unit: 'x queries' });
};

const play = async (scene: Scene): Promise<void> => {
  const codes = await codesFrom(scene.wallets);
  await keepBusy(16, warmUpMs, payWith(scene, codes));
  const [newest] = (await scene.qrPay.list({ limit: 1 })).payments;
  if (!newest) throw new Error('something was paid');
  for (const places of levels) {
    const played: Round[] = [];
    while (played.length < rounds) played.push(await playRound(scene, places, newest.outTradeNo));
    reportLevel(places, played);
  }
};

/** WeChat lets 33 payment codes a second pass; the sandbox does not mind. */
const rates = { 'code-payment': 1e6 };

const openScene = async (store: Store, postgres: number, wallets: Child): Promise<Scene> => {
  const { account } = await wallets.hear<WalletsOpened>();
  const pay = openWeChatPay({ ...account, rates });
  const channels = [weChatChannel({ pay, notifyUrl: 'http://127.0.0.1:9/' })];
  const clock = () => epochMs(Date.now());
  const qrPay = openQrPay({ store, merchantId: 'M1', channels, clock, log: silentLog() });
  await qrPay.resume();
  return { qrPay, wallets, postgres, ask: (outTradeNo) => pay.query({ outTradeNo }) };
};

/** Payments through client, sandbox and store: the till's request in, paid out, with signatures both ways and both commits. */
export const benchPayments = async (): Promise<void> => {
  const directory = temporaryDirectory();
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres') });
  const store = openStore({ url: server.url });
  const wallets = startChild('payments-wallets.ts');
  try {
    await migrate(store, [migrations]);
    const scene = await openScene(store, server.pid, wallets);
    await play(scene);
    await scene.qrPay.stop();
  } finally {
    await wallets.stop();
    await store.close();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
};
