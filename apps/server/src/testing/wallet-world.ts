import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openQrPay, type QrPay } from '@zhanggui/qrpay';
import type { Log } from '@zhanggui/telemetry';
import { type Clock, epochMs } from '@zhanggui/time';
import type { Wallet, WalletChannel } from '@zhanggui/wallet-channel';
import { type FundingCards, startWallets, type Wallets } from '@zhanggui/wallets';
import { sandboxAccounts } from '../wallet-accounts.ts';
import { channelsOf } from '../wallets.ts';
import { type CardWorld, openCardWorld } from './card-world.ts';
import type { Dice } from './dice.ts';
import { createMortal, type Mortal } from './mortal.ts';

/** The shop's payments by QR code at the sandbox wallets, with the issuer's cards behind them, as a server that can be killed. */
export interface WalletWorld {
  readonly cards: CardWorld;
  readonly sandbox: Wallets;
  /** The sandbox's books (SQLite). */
  readonly file: string;
  /** The server of now. */
  qrPay(): QrPay;
  /** As a till asks over the line: undefined when the server was killed meanwhile, once the next one is there. */
  ask<Value>(call: (qrPay: QrPay) => Promise<Value>): Promise<Value | undefined>;
  /** Told of every server that starts. */
  onStart(listener: (qrPay: QrPay) => void): void;
  /** Kills the server at once; the next one starts after a while. */
  crash(downMs: number): Promise<void>;
  close(): Promise<void>;
}

const pace = 20;
/** What is 15 s, 5 s, 30 s and five minutes in a shop. */
const timing = {
  reverseNotBeforeMs: 1_000,
  pollMs: 150,
  reverseAfterMs: 2_500,
  showMs: 5_000,
  repeatMaxMs: 600,
} as const;
/** What a killed server was taking in its last moment may commit after the next one looked: it waits until this is over. */
const leaseMs = 12_000;
/** A second of the world is a second; it is noon in Beijing when it opens, far from every turn of a day. */
const noon = Date.UTC(2026, 5, 1, 4);

/** A bank whose answers, and whose questions, are lost now and then. */
const unreliable = (bank: FundingCards, { next }: Dice): FundingCards => {
  const move = async <Outcome>(ask: () => Promise<Outcome>): Promise<Outcome> => {
    const dice = next();
    if (dice < 0.04) throw new Error('the bank was not reached');
    const outcome = await ask();
    if (dice < 0.1) throw new Error('the answer of the bank was lost');
    return outcome;
  };
  return {
    cards: () => bank.cards(),
    debit: (movement) => move(() => bank.debit(movement)),
    credit: (movement) => move(() => bank.credit(movement)),
  };
};

/** Now and then an answer is slow, so that a notification is there before it. */
const sluggish = (channel: WalletChannel, { next }: Dice): WalletChannel => {
  const slowly = async <Value>(answer: Promise<Value>): Promise<Value> => {
    const value = await answer;
    if (next() < 0.15) await delay(next() * 500);
    return value;
  };
  return {
    ...channel,
    payByCode: (order) => slowly(channel.payByCode(order)),
    query: (order) => slowly(channel.query(order)),
    close: (order) => slowly(channel.close(order)),
    reverse: (order) => slowly(channel.reverse(order)),
    refund: (order) => slowly(channel.refund(order)),
    queryRefund: (order) => slowly(channel.queryRefund(order)),
  };
};

type Life = Readonly<{ mortal: Mortal; qrPay: QrPay }>;

/** Where the wallets call: nobody is there while the server is down. */
const openDoor = async (living: () => Life | undefined): Promise<{ url: string; server: Server }> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const life = living();
      if (!life) return void request.socket.destroy();
      void life.mortal.died.then(() => request.socket.destroy());
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
      life.qrPay
        .notified((request.url ?? '/').slice(1) as Wallet, { headers, body: new Uint8Array(Buffer.concat(chunks)) })
        .then((answer) => response.writeHead(answer.status, { ...answer.headers }).end(answer.body))
        .catch(() => response.writeHead(500).end());
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

type Place = Readonly<{ cards: CardWorld; sandbox: Wallets; url: string; clock: Clock; log: Log; dice: Dice }>;

const liveOn = async ({ cards, sandbox, url, clock, log, dice }: Place): Promise<Life> => {
  const mortal = createMortal(cards.store);
  const { send } = mortal;
  const { wechat, alipay, unionpay } = sandboxAccounts(sandbox);
  const accounts = {
    wechat: wechat && { pay: { ...wechat.pay, now: clock, send } },
    alipay: alipay && { ...alipay, now: clock, send },
    unionpay: unionpay && { ...unionpay, now: clock, send },
    fees: {},
  };
  const channels = channelsOf(accounts, (wallet) => `${url}/${wallet}`).map((channel) => sluggish(channel, dice));
  const { store, setTimer } = mortal;
  const qrPay = openQrPay({ store, merchantId: 'M1', channels, clock, log, timing, setTimer, leaseMs });
  await qrPay.resume();
  return { mortal, qrPay };
};

export const openWalletWorld = async (options: { log: Log; dice: Dice }): Promise<WalletWorld> => {
  const { log, dice } = options;
  const offsetMs = noon - Date.now();
  const clock: Clock = () => epochMs(Date.now() + offsetMs);
  const cards = await openCardWorld({ clock, log });
  const bank = cards.tray.bound;
  if (!bank) throw new Error('the issuer is in this process');
  const file = join(cards.folder, 'sandbox-wallets.sqlite');
  const sandbox = await startWallets({ file, now: clock, pace, log, cards: unreliable(bank, dice) });
  let life: Life | undefined;
  let born = Promise.withResolvers<Life>();
  const listeners: ((qrPay: QrPay) => void)[] = [];
  const door = await openDoor(() => life);
  const start = async (): Promise<void> => {
    life = await liveOn({ cards, sandbox, url: door.url, clock, log, dice });
    for (const listener of listeners) listener(life.qrPay);
    born.resolve(life);
  };
  await start();
  return {
    cards,
    sandbox,
    file,
    qrPay: () => {
      if (!life) throw new Error('the server is down');
      return life.qrPay;
    },
    ask: async (call) => {
      const { mortal, qrPay } = await born.promise;
      const answer = await Promise.race([call(qrPay).then((value) => ({ value })), mortal.died]);
      if (answer) return answer.value;
      await born.promise;
      return undefined;
    },
    onStart: (listener) => {
      listeners.push(listener);
      if (life) listener(life.qrPay);
    },
    crash: async (downMs) => {
      life?.mortal.die();
      life = undefined;
      born = Promise.withResolvers<Life>();
      await delay(downMs);
      await start();
    },
    close: async () => {
      await life?.qrPay.stop();
      door.server.closeAllConnections();
      door.server.close();
      await sandbox.close();
      await cards.close();
    },
  };
};
