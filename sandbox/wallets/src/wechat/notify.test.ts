import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { cny } from '@zhanggui/money';
import type { Notification } from '@zhanggui/wechatpay';
import { codeOrder, nativeOrder, number, openSandbox, type Sandbox } from '../testing/sandbox.ts';

type Arrived = Readonly<{ headers: Headers; body: Uint8Array; atMs: number }>;

let sandbox: Sandbox;
let shop: Server;
let notifyUrl = '';
let arrived: Arrived[] = [];
/** What the merchant answers. */
let status = 204;

const bodyOf = async (request: IncomingMessage): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
};
const receive = async (request: IncomingMessage): Promise<void> => {
  const body = await bodyOf(request);
  const headers = new Headers(
    Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  arrived.push({ headers, body, atMs: performance.now() });
};

before(async () => {
  sandbox = await openSandbox({ pace: 1_000 });
  shop = createServer((request, response) => {
    receive(request).then(() => response.writeHead(status).end(), assert.ifError);
  });
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done));
  notifyUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/api/wallets/wechat/notify`;
});
afterEach(() => {
  arrived = [];
  status = 204;
  for (const { id } of sandbox.wallets.faults.list()) sandbox.wallets.faults.set(id, false);
});
after(async () => {
  await sandbox.close();
  shop.closeAllConnections();
  shop.close();
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const until = async (count: number): Promise<void> => {
  for (let waited = 0; arrived.length < count && waited < 4_000; waited += 5) await pause(5);
  assert.ok(arrived.length >= count, `${arrived.length} of ${count} came`);
};
const bought = async (): Promise<string> => {
  const { phone } = sandbox.wallets;
  const outTradeNo = number();
  const { codeUrl } = await sandbox.pay().native(nativeOrder(outTradeNo, cny(12_00n), notifyUrl));
  const seen = phone.scan(codeUrl);
  assert.ok(seen.kind === 'order');
  await phone.pay({ orderId: seen.orderId });
  return outTradeNo;
};
const read = (request: Arrived | undefined): Promise<Notification> => {
  assert.ok(request);
  return sandbox.pay().notifications.read(request);
};
const numbers = (told: readonly Notification[]): unknown[] =>
  told.map((one) => (one.kind === 'paid' ? one.transaction.outTradeNo : one.kind));

test('a payment is told once to whom it is accepted, signed and sealed', async () => {
  const outTradeNo = await bought();
  await until(1);
  const told = await read(arrived[0]);
  assert.ok(told.kind === 'paid');
  assert.deepEqual([told.transaction.outTradeNo, told.transaction.total], [outTradeNo, cny(12_00n)]);
  assert.ok(
    !Buffer.from(arrived[0]?.body ?? [])
      .toString()
      .includes(outTradeNo),
  );
  await pause(60);
  assert.equal(arrived.length, 1);
});

test('what is not accepted comes again after 15 s, 15 s, 30 s and 3 minutes, with the same id and a new signature', async () => {
  status = 500;
  await bought();
  await until(5);
  status = 204;
  const told = await Promise.all(arrived.slice(0, 5).map(read));
  assert.equal(new Set(told.map(({ id }) => id)).size, 1);
  const signatures = arrived.slice(0, 5).map(({ headers }) => headers.get('Wechatpay-Signature'));
  assert.equal(new Set(signatures).size, 5);
  const waits = arrived.slice(1, 5).map(({ atMs }, index) => atMs - (arrived[index]?.atMs ?? 0));
  for (const [index, leastMs] of [15, 15, 30, 180].entries())
    assert.ok((waits[index] ?? 0) >= leastMs - 2, `${waits.map(Math.round)}`);
  await until(6);
  await pause(100);
  assert.equal(arrived.length, 6);
});

test('a refund is told when it has arrived, and when it cannot', async () => {
  const outTradeNo = await bought();
  await until(1);
  const refund = (outRefundNo: string, fen: bigint) =>
    sandbox.pay().refund({ outRefundNo, original: { outTradeNo }, refund: cny(fen), total: cny(12_00n), notifyUrl });
  await refund(`${outTradeNo}-1`, 2_00n);
  await until(2);
  sandbox.wallets.faults.set('refund-abnormal', true);
  await refund(`${outTradeNo}-2`, 1_00n);
  await until(3);
  const told = await Promise.all(arrived.slice(1).map(read));
  assert.deepEqual(
    told.map((one) => one.kind === 'refund' && [one.refund.outRefundNo, one.refund.state]),
    [
      [`${outTradeNo}-1`, 'SUCCESS'],
      [`${outTradeNo}-2`, 'ABNORMAL'],
    ],
  );
});

test('a code payment is told to nobody', async () => {
  await sandbox.pay().payByCode(codeOrder(number(), sandbox.code()));
  await pause(60);
  assert.equal(arrived.length, 0);
});

test('notify-never: nothing comes; when it is switched off the schedule goes on', async () => {
  sandbox.wallets.faults.set('notify-never', true);
  await bought();
  await pause(40);
  assert.equal(arrived.length, 0);
  sandbox.wallets.faults.set('notify-never', false);
  await until(1);
});

test('notify-twice: an accepted one comes again, with the same id', async () => {
  sandbox.wallets.faults.set('notify-twice', true);
  await bought();
  await until(2);
  const [first, second] = await Promise.all(arrived.map(read));
  assert.equal(first?.id, second?.id);
});

test('notify-order: the later payment is told first', async () => {
  sandbox.wallets.faults.set('notify-order', true);
  const first = await bought();
  const second = await bought();
  await until(2);
  assert.deepEqual(numbers(await Promise.all(arrived.map(read))), [second, first]);
});

test('notify-delay: it comes a compressed minute late', async () => {
  sandbox.wallets.faults.set('notify-delay', true);
  await bought();
  await pause(40);
  assert.equal(arrived.length, 0);
  await until(1);
});

for (const [fault, code] of [
  ['notify-signature', 'signature-wrong'],
  ['notify-signtest', 'signature-probe'],
] as const)
  test(`${fault}: our client refuses it (${code}), and takes the next`, async () => {
    status = 401;
    sandbox.wallets.faults.set(fault, true);
    await bought();
    await until(1);
    status = 204;
    await assert.rejects(read(arrived[0]), { code });
    await until(2);
    assert.equal((await read(arrived.at(-1))).kind, 'paid');
  });
