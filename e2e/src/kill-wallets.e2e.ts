import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { uuidv7 } from '@zhanggui/ids';
import { type Counter, startCounter } from './counter.ts';
import {
  endOf,
  isOpen,
  openPayer,
  openQrTill,
  type Payer,
  type QrPayment,
  type QrTill,
  type Wallet,
} from './phone-payer.ts';

/** Everything dies at once here: the shop, the wallets' servers, and the phone with them. */
const settings = { ZHANGGUI_QR_POLL_MS: '300', ZHANGGUI_QR_REVERSE_MS: '3000', ZHANGGUI_SANDBOX_PACE: '20' };
const amountMinor = '100';
const wallets = ['wechat', 'alipay', 'unionpay'] as const;

/** What is going on when the server is killed. */
const moments = ['any', 'password-always', 'answer-lost', 'any', 'notify-never', 'system-error-after'] as const;
type Moment = (typeof moments)[number];

let counter: Counter;
/** A server is known by its port: under the same one it takes up at once what it left. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};
before(async () => {
  counter = await startCounter({ settings: { ...settings, ZHANGGUI_HTTP_PORT: String(await freePort()) } });
});
after(() => counter.close());

const newRequestId = () => uuidv7(Date.now(), new Uint8Array(randomBytes(10)));

/** What the till was told of each payment; undefined where it was told of no end. */
type Told = Map<string, string | undefined>;
type Scene = Readonly<{ till: QrTill; payer: Payer; told: Told }>;

const begin = async ({ till, payer }: Scene, requestId: string, count: number): Promise<QrPayment> => {
  const wallet: Wallet = wallets[count % wallets.length] ?? 'wechat';
  if (count % 2 === 0) return till.start({ requestId, amountMinor, authCode: await payer.code(wallet) });
  const shown = await till.start({ requestId, amountMinor, wallet });
  if (shown.qr !== undefined) await payer.scanAndPay(shown.qr);
  return shown;
};

/** Takes payments until the server is gone. */
const sellUntilGone = async (scene: Scene, first: number): Promise<void> => {
  for (let count = first; ; count += 1) {
    const requestId = newRequestId();
    scene.told.set(requestId, undefined);
    try {
      await begin(scene, requestId, count);
      const { prompt } = await scene.payer.view();
      if (prompt) await scene.payer.pay(prompt.orderId);
      scene.told.set(requestId, await endOf(scene.till, requestId));
    } catch {
      return;
    }
  }
};

const killAt = async (moment: Moment, payer: Payer): Promise<void> => {
  await delay(1_000 + Math.random() * 1_000);
  if (moment !== 'any') await payer.fault(moment, true);
  await delay(Math.random() * 250);
  await counter.kill();
};

const endAfterwards = async (till: QrTill, requestId: string): Promise<string> => {
  try {
    const { how, state } = await till.status(requestId);
    // Nobody looks at the code that was shown any more; the payer may have been faster.
    const isShown = how === 'show' && isOpen(state);
    if (isShown && (await till.cancel(requestId)).undoing) return 'given-up';
    return await endOf(till, requestId);
  } catch (error) {
    // The request never reached the server: nobody was asked for money.
    if (error instanceof Error && error.message.includes('404')) return 'never-arrived';
    throw error;
  }
};

test('payments by phone under way when everything is killed are settled by the next start, and nobody pays twice or for nothing', async (t) => {
  const told: Told = new Map();
  const opening = await openPayer(counter.url).balance();
  for (const moment of moments) {
    const till = await openQrTill(counter.url, 'till-1');
    const payer = openPayer(counter.url);
    const selling = [0, 1, 2, 3].map((first) => sellUntilGone({ till, payer, told }, first));
    await killAt(moment, payer);
    await Promise.all(selling);
    counter = await counter.again();
  }
  const till = await openQrTill(counter.url, 'till-1');
  const ends = new Map<string, string>();
  for (const requestId of told.keys()) ends.set(requestId, await endAfterwards(till, requestId));

  for (const [requestId, before] of told)
    if (before !== undefined) assert.equal(ends.get(requestId), before, 'what was acknowledged stays as it was');
  const paid = [...ends.values()].filter((end) => end === 'paid').length;
  assert.ok(paid > 10, `only ${paid} payments were paid`);
  // What was given up and paid meanwhile is on its way back.
  const owed = opening - BigInt(paid) * BigInt(amountMinor);
  let balance = -1n;
  for (let looks = 0; looks < 100 && balance !== owed; looks += 1) {
    await delay(100);
    balance = await openPayer(counter.url).balance();
  }
  assert.equal(balance, owed, 'each paid payment is charged once, and no other');
  const cut = [...told].filter(([, before]) => before === undefined).map(([requestId]) => ends.get(requestId));
  t.diagnostic(`${moments.length} kills, ${paid} paid; cut off and resolved: ${cut.join(', ')}`);
});
