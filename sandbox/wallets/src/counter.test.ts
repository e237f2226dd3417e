import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { alipayChannel, openAlipay } from '@zhanggui/alipay';
import { cny } from '@zhanggui/money';
import { migrations, openQrPay, type QrPay, type QrPaymentView } from '@zhanggui/qrpay';
import { openTestStore } from '@zhanggui/store';
import { silentLog } from '@zhanggui/telemetry';
import { type BusinessDate, epochMs } from '@zhanggui/time';
import { openUnionPayQr, unionPayQrChannel } from '@zhanggui/unionpay-qr';
import type { Wallet, WalletChannel } from '@zhanggui/wallet-channel';
import { startWallets, type Wallets } from './server.ts';

/** Noon in Beijing, far from every turn of a day. */
const noon = Date.UTC(2026, 5, 1, 4);
const started = Date.now();
const now = (): number => noon + (Date.now() - started);
const clock = () => epochMs(now());
const timing = { pollMs: 60, reverseAfterMs: 900, reverseNotBeforeMs: 150, showMs: 4_000, repeatMaxMs: 200 };

let wallets: Wallets;
let qrPay: QrPay;
let shop: Server;
let database: Awaited<ReturnType<typeof openTestStore>>;

const channelsOf = (notifyUrl: (wallet: Wallet) => string): WalletChannel[] => {
  const { merchants, url } = wallets;
  const { appId, sellerId, privateKey, alipayPublicKey } = merchants.alipay;
  const trust = { publicKey: alipayPublicKey };
  const alipay = openAlipay({ appId, sellerId, privateKey, trust, gateway: `${url}/gateway.do`, now: clock });
  const files = `${url}/unionpay/files`;
  const unionPay = openUnionPayQr({ ...merchants.unionpay, gateway: url, files, now: clock });
  return [
    alipayChannel({ client: alipay, notifyUrl: notifyUrl('alipay') }),
    unionPayQrChannel({ client: unionPay, notifyUrl: notifyUrl('unionpay') }),
  ];
};

/** The shop's side of notifications: the wallet's name is the path. */
const listenForNotices = async (): Promise<string> => {
  shop = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = new Uint8Array(Buffer.concat(chunks));
      void qrPay
        .notified((request.url ?? '/').slice(1) as Wallet, { headers: new Headers(), body })
        .then((answer) => response.writeHead(answer.status, { ...answer.headers }).end(answer.body));
    });
  });
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
};

before(async () => {
  wallets = await startWallets({ log: silentLog(), now, pace: 30 });
  database = await openTestStore([migrations]);
  const address = await listenForNotices();
  const channels = channelsOf((wallet) => `${address}/${wallet}`);
  qrPay = openQrPay({ store: database.store, merchantId: 'M1', channels, clock, log: silentLog(), timing });
  await qrPay.resume();
});
after(async () => {
  wallets.prove();
  await qrPay.stop();
  shop.closeAllConnections();
  shop.close();
  await wallets.close();
  await database.close();
});

const start = (minor: bigint, how: Parameters<QrPay['start']>[0]['how']): Promise<QrPaymentView> =>
  qrPay.start({
    requestId: randomUUID(),
    amount: cny(minor),
    description: '掌柜便利店 (1/2)',
    place: { tillId: 'till-1' },
    clientIp: '127.0.0.1',
    how,
  });
const byCode = (wallet: Wallet, minor: bigint): Promise<QrPaymentView> =>
  start(minor, { kind: 'code', authCode: wallets.phone.paymentCode(wallet).code });
const until = async (requestId: string, isSo: (view: QrPaymentView) => boolean): Promise<QrPaymentView> => {
  const patience = Date.now() + 10_000;
  for (;;) {
    const view = await qrPay.find(requestId);
    assert.ok(view);
    if (isSo(view) || Date.now() > patience) return view;
    await new Promise((done) => setTimeout(done, 20));
  }
};
const state = async (view: QrPaymentView, wanted: QrPaymentView['state']): Promise<void> =>
  assert.equal((await until(view.requestId, (seen) => seen.state === wanted)).state, wanted);
const withFault = async <T>(id: string, act: () => Promise<T>): Promise<T> => {
  wallets.faults.set(id, true);
  const result = await act();
  wallets.faults.set(id, false);
  return result;
};
const refund = (requestId: string, minor: bigint) =>
  qrPay.refund({ refundId: randomUUID(), requestId, amount: cny(minor), reason: '退货', by: 'staff-1' });

for (const wallet of ['alipay', 'unionpay'] as const) {
  test(`${wallet}: a code pays at once, also when the answer is lost`, async () => {
    assert.equal((await byCode(wallet, 12_50n)).state, 'paid');
    const lost = await withFault('answer-lost', () => byCode(wallet, 8_00n));
    await state(lost, 'paid');
  });

  test(`${wallet}: the password is waited for; nobody types it, and it is reversed`, async () => {
    const asked = await byCode(wallet, 1_200_00n);
    assert.equal(asked.state, 'awaiting-payer');
    const orderId = (await wallets.phone.view()).prompt?.orderId ?? '';
    assert.equal((await wallets.phone.pay({ orderId, password: '123456' })).kind, 'paid');
    await state(asked, 'paid');
    const alone = await byCode(wallet, 1_100_00n);
    await state(alone, 'reversed');
    assert.equal((await wallets.phone.view()).prompt, undefined);
  });

  test(`${wallet}: a payment that was made and never heard of is reversed, and nobody has paid`, async () => {
    const before = (await wallets.phone.view()).wallets.find((one) => one.wallet === wallet)?.balanceMinor;
    const silent = await withFault('rate-limit', () => byCode(wallet, 5_00n));
    await state(silent, 'closed');
    const broken = await withFault('system-error', () => byCode(wallet, 5_00n));
    const end = await until(broken.requestId, ({ endedAt }) => endedAt !== undefined);
    assert.ok(end.state === 'reversed' || end.state === 'closed');
    const later = (await wallets.phone.view()).wallets.find((one) => one.wallet === wallet)?.balanceMinor;
    assert.equal(later, before);
  });

  test(`${wallet}: a shown code is scanned and paid, with or without a notification`, async () => {
    for (const fault of ['', 'notify-never']) {
      wallets.faults.set(fault, true);
      const shown = await start(6_00n, { kind: 'show', wallet });
      const scanned = wallets.phone.scan(shown.qr ?? '');
      assert.ok(scanned.kind === 'order', scanned.kind);
      await wallets.phone.pay({ orderId: scanned.orderId });
      await state(shown, 'paid');
      wallets.faults.set(fault, false);
    }
  });

  test(`${wallet}: a shown code that nobody scans ends without money`, async () => {
    const shown = await start(7_00n, { kind: 'show', wallet });
    const given = await qrPay.cancel(shown.requestId);
    assert.ok(given.state === 'closed' || given.undoing);
    await state(shown, 'closed');
  });

  test(`${wallet}: refunds in parts, until all went back`, async () => {
    const paid = await byCode(wallet, 10_00n);
    await refund(paid.requestId, 4_00n);
    await until(paid.requestId, ({ refunded }) => refunded.minor === 4_00n);
    await refund(paid.requestId, 6_00n);
    await state(paid, 'refunded');
    await assert.rejects(refund(paid.requestId, 1n));
  });

  test(`${wallet}: the day's bill agrees; a planted difference is found`, async () => {
    const date = '2026-06-01' as BusinessDate;
    const agreed = await qrPay.reconcile({ wallet, date });
    assert.deepEqual(agreed.differences, { 'missing-here': 0, 'missing-there': 0, amount: 0, fee: 0 });
    assert.equal(agreed.lines, agreed.agreed);
    assert.ok(agreed.lines >= 7);
    const planted = await withFault('bill-amount', () => qrPay.reconcile({ wallet, date }));
    assert.equal(planted.differences.amount, 1);
    await withFault('bill-missing', () => qrPay.reconcile({ wallet, date }));
    const { differences } = await qrPay.differences({ wallet, date, limit: 10 });
    assert.ok(differences.some(({ kind }) => kind === 'missing-there'));
  });
}
