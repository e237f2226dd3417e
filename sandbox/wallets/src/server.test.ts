import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { codeOrder, nativeOrder, number, openSandbox } from './testing/sandbox.ts';
import { until } from './testing/until.ts';

const inFolder = async (work: (file: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'wallets-'));
  try {
    await work(join(folder, 'wallets.sqlite'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test('after a restart the merchants have the same keys, and orders, refunds and balances go on', () =>
  inFolder(async (file) => {
    const before = await openSandbox({ file, pace: 30 });
    const { merchants } = before.wallets;
    const outTradeNo = number();
    await before.pay().payByCode(codeOrder(outTradeNo, before.code(), cny(9_00n)));
    const order = { outRefundNo: 'R-1', original: { outTradeNo }, refund: cny(1_00n), total: cny(9_00n) };
    assert.equal((await before.pay().refund(order)).state, 'PROCESSING');
    await before.close();
    const after = await openSandbox({ file, pace: 1_000 });
    assert.deepEqual(after.wallets.merchants, merchants);
    assert.equal((await after.pay().query({ outTradeNo })).state, 'REFUND');
    await until(async () => (await after.pay().queryRefund('R-1')).state === 'SUCCESS');
    await after.close();
  }));

test('a notification nobody took goes on after a restart', () =>
  inFolder(async (file) => {
    let status = 500;
    const { promise, resolve } = Promise.withResolvers<void>();
    const shop = createServer((request, response) => {
      request.resume();
      response.writeHead(status).end();
      if (status === 204) resolve();
    });
    await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done));
    const notifyUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/notify`;
    const before = await openSandbox({ file, pace: 100 });
    const { codeUrl } = await before.pay().native(nativeOrder(number(), cny(1_00n), notifyUrl));
    const seen = before.wallets.phone.scan(codeUrl);
    assert.ok(seen.kind === 'order');
    await before.wallets.phone.pay({ orderId: seen.orderId });
    await before.close();
    status = 204;
    const after = await openSandbox({ file, pace: 100 });
    await promise;
    await after.close();
    shop.close();
  }));

test('a path of no wallet is 404, a fault of no name is none', async () => {
  const sandbox = await openSandbox();
  assert.equal((await fetch(`${sandbox.wallets.url}/nothing`)).status, 404);
  assert.equal(sandbox.wallets.faults.set('no-fault', true), false);
  await sandbox.close();
});

test('many payments at once are one each', async () => {
  const sandbox = await openSandbox();
  const pay = sandbox.pay();
  const outcomes: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const code = sandbox.code();
    const outTradeNo = number();
    const twice = await Promise.all([
      pay.payByCode(codeOrder(outTradeNo, code, cny(1_00n))),
      pay.payByCode(codeOrder(outTradeNo, code, cny(1_00n))),
    ]);
    outcomes.push(...twice.map(({ kind }) => kind));
  }
  assert.deepEqual(new Set(outcomes), new Set(['paid']));
  const { wallets } = await sandbox.wallets.phone.view();
  assert.equal(wallets[0]?.balanceMinor, 500_000n - 20n * 100n);
  await sandbox.close();
});
