import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type Alipay, alipayChannel, openAlipay } from '@zhanggui/alipay';
import { fetchSend, type Send } from '@zhanggui/https-call';
import { cny } from '@zhanggui/money';
import { epochMs } from '@zhanggui/time';
import type { BillLine, CodeOrder, PaymentWord, RefundOrder, Told, WalletChannel } from '@zhanggui/wallet-channel';
import { openWorld, password, type World } from '../testing/world.ts';
import { openAlipayFace } from './face.ts';
import type { AlipayMerchant } from './keys.ts';

let world: World<AlipayMerchant>;
let client: Alipay;
let channel: WalletChannel;
let count = 0;
/** What the network does to the next calls: the request or the answer is lost, or the answer is changed. */
let mischief: ('request' | 'answer' | 'signature')[] = [];

const send: Send = async (outgoing) => {
  const trick = mischief.shift();
  if (trick === 'request') throw new Error('lost');
  const answer = await fetchSend(outgoing);
  if (trick === 'answer') throw new Error('lost');
  if (trick !== 'signature') return answer;
  const text = Buffer.from(answer.body).toString().replace('"total_amount":"', '"total_amount":"1');
  return { ...answer, body: Buffer.from(text) };
};

before(async () => {
  world = await openWorld(openAlipayFace);
  const { appId, sellerId, privateKey, alipayPublicKey } = world.merchant;
  const trust = { publicKey: alipayPublicKey };
  const now = () => epochMs(world.now());
  client = openAlipay({ appId, sellerId, privateKey, trust, gateway: `${world.url}/gateway.do`, now, send });
  channel = alipayChannel({ client, notifyUrl: world.notifyUrl });
});
after(() => world.close());
beforeEach(() => {
  count += 1;
});
afterEach(() => {
  mischief = [];
});

const order = (minor = 1_250n): CodeOrder => ({
  outTradeNo: `C20260601${String(count).padStart(4, '0')}`,
  description: '面包/牛奶&鸡蛋',
  total: cny(minor),
  authCode: world.phone.paymentCode('alipay').code,
  storeId: '1',
  deviceId: 'till-1',
  clientIp: '127.0.0.1',
  at: epochMs(world.now()),
});
const paid = (word: PaymentWord): Extract<PaymentWord, { kind: 'paid' }> => {
  assert.ok(word.kind === 'paid', JSON.stringify(word.kind));
  return word;
};
const refundOf = (asked: CodeOrder, walletTradeNo: string, minor: bigint, outRefundNo = 'R1'): RefundOrder => ({
  outRefundNo,
  outTradeNo: asked.outTradeNo,
  walletTradeNo,
  refund: cny(minor),
  total: asked.total,
  at: epochMs(world.now()),
});
const promptId = async (): Promise<string> => (await world.phone.view()).prompt?.orderId ?? '';

test('a code pays: amount, payer and where the money came from', async () => {
  const word = paid(await channel.payByCode(order()));
  assert.equal(word.total.minor, 1_250n);
  assert.equal(word.paidAt, world.now());
  assert.equal(word.funding, 'ALIPAYACCOUNT');
  assert.match(word.payer ?? '', /^2088\d{12}$/);
});

test('the password: awaiting, then paid; or declined, then closed', async () => {
  const asked = order(120_000n);
  assert.equal((await channel.payByCode(asked)).kind, 'awaiting-payer');
  await world.phone.pay({ orderId: await promptId(), password });
  assert.equal((await channel.query(asked)).kind, 'paid');
  count += 1;
  const other = order(120_000n);
  assert.equal((await channel.payByCode(other)).kind, 'awaiting-payer');
  await world.phone.decline(await promptId());
  assert.equal((await channel.query(other)).kind, 'closed');
});

test('a lost answer is queried, never paid again', async () => {
  mischief = ['answer'];
  assert.equal((await channel.payByCode(order())).kind, 'paid');
});

test('an answer that was changed on its way is not believed', async () => {
  mischief = ['signature'];
  assert.equal(paid(await channel.payByCode(order())).total.minor, 1_250n);
});

test('a system error after the money moved is queried', async () => {
  world.faults.set('system-error-after', true);
  assert.equal((await channel.payByCode(order())).kind, 'paid');
});

test('a system error before the money moved stays unknown; there is nothing to reverse', async () => {
  for (const fault of ['system-error', 'bank-error']) {
    count += 1;
    world.faults.set(fault, true);
    const asked = order();
    assert.deepEqual(await channel.payByCode(asked), { kind: 'unknown', reason: 'outcome-unknown' });
    const nothing = await channel.reverse(asked);
    assert.equal(nothing.kind === 'refused' && nothing.code, 'ACQ.TRADE_NOT_EXIST');
    assert.equal((await channel.query(asked)).kind, 'not-found');
  }
});

test('silence is unknown; the reversal is asked for again until it is heard', async () => {
  const asked = order();
  mischief = ['answer', 'request', 'answer'];
  assert.deepEqual(await channel.payByCode(asked), { kind: 'unknown', reason: 'outcome-unknown' });
  assert.deepEqual(await channel.reverse(asked), { kind: 'again', reason: 'outcome-unknown' });
  assert.deepEqual(await channel.reverse(asked), { kind: 'reversed' });
  assert.equal((await channel.query(asked)).kind, 'reversed');
});

test('a cancellation that Alipay wants asked for again is asked for again', async () => {
  const asked = order();
  await channel.payByCode(asked);
  world.faults.set('bank-error', true);
  assert.equal((await channel.reverse(asked)).kind, 'again');
  assert.equal((await channel.reverse(asked)).kind, 'reversed');
});

test('refusals carry the code of Alipay', async () => {
  const used = order();
  await channel.payByCode(used);
  count += 1;
  const again = await channel.payByCode({ ...order(), authCode: used.authCode });
  assert.ok(again.kind === 'refused');
  assert.equal(again.code, 'ACQ.PAYMENT_AUTH_CODE_INVALID');
  count += 1;
  world.phone.setPasswordRule('never');
  const tooMuch = await channel.payByCode(order(99_999_999n));
  world.phone.setPasswordRule('over-1000');
  assert.ok(tooMuch.kind === 'refused');
  assert.equal(tooMuch.code, 'ACQ.BUYER_BALANCE_NOT_ENOUGH');
});

test('an order of this number was paid: the query tells, and another amount is an alarm', async () => {
  const asked = order();
  await channel.payByCode(asked);
  assert.equal((await channel.payByCode(asked)).kind, 'paid');
  const other = { ...asked, total: cny(1n) };
  assert.deepEqual(await channel.query(other), { kind: 'unknown', reason: 'other-amount' });
});

test('a shown code: not found until it is scanned, then paid', async () => {
  const asked = { ...order(), expiresAt: epochMs(world.now() + 300_000) };
  const shown = await channel.show(asked);
  assert.ok(shown.kind === 'shown');
  assert.equal((await channel.query(asked)).kind, 'not-found');
  const scanned = world.phone.scan(shown.qr);
  assert.ok(scanned.kind === 'order');
  assert.equal((await channel.query(asked)).kind, 'awaiting-payer');
  await world.phone.pay({ orderId: scanned.orderId });
  assert.equal((await channel.close(asked)).kind, 'paid');
});

test('a shown code is closed whether it was scanned or not', async () => {
  for (const isScanned of [false, true]) {
    count += 1;
    const asked = { ...order(), expiresAt: epochMs(world.now() + 300_000) };
    const shown = await channel.show(asked);
    assert.ok(shown.kind === 'shown');
    if (isScanned) world.phone.scan(shown.qr);
    assert.deepEqual(await channel.close(asked), { kind: 'closed' });
    assert.equal(world.phone.scan(shown.qr).kind, 'refused');
  }
});

test('refunds: in parts, once each, also when the answer is lost', async () => {
  const asked = order(1_000n);
  const { walletTradeNo } = paid(await channel.payByCode(asked));
  const first = refundOf(asked, walletTradeNo, 400n);
  assert.equal((await channel.queryRefund(first)).kind, 'not-found');
  mischief = ['answer'];
  assert.deepEqual(await channel.refund(first), { kind: 'unknown', reason: 'outcome-unknown' });
  const again = await channel.refund(first);
  assert.ok(again.kind === 'refunded');
  assert.equal(again.refund.minor, 400n);
  assert.equal((await channel.queryRefund(first)).kind, 'refunded');
  const tooMuch = await channel.refund(refundOf(asked, walletTradeNo, 601n, 'R2'));
  assert.ok(tooMuch.kind === 'refused');
  assert.equal(tooMuch.code, 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
  assert.equal((await channel.refund(refundOf(asked, walletTradeNo, 600n, 'R2'))).kind, 'refunded');
  assert.equal((await channel.query(asked)).kind, 'reversed');
});

test('a refund that does not reach the payer is under way', async () => {
  const asked = order();
  const { walletTradeNo } = paid(await channel.payByCode(asked));
  world.faults.set('refund-abnormal', true);
  assert.equal((await channel.refund(refundOf(asked, walletTradeNo, 100n))).kind, 'refunding');
});

/** What is told of the payments and refunds of this test; others may still come. */
const heardUntil = async (names: readonly string[], act: () => Promise<unknown>): Promise<Told[]> => {
  const heard: Told[] = [];
  world.answer((request) =>
    channel.notified(request, async (told) => {
      if (names.includes(told.kind === 'refund' ? told.outRefundNo : told.outTradeNo)) heard.push(told);
    }),
  );
  await act();
  const until = Date.now() + 5_000;
  while (heard.length < names.length && Date.now() < until) await new Promise((done) => setTimeout(done, 5));
  world.answer(() => Promise.resolve({ status: 200, body: 'success' }));
  return heard;
};

test('notifications tell of the payment and of each refund with its own amount', async () => {
  const asked = order(1_000n);
  const heard = await heardUntil([asked.outTradeNo, 'N1', 'N2'], async () => {
    const { walletTradeNo } = paid(await channel.payByCode(asked));
    await channel.refund(refundOf(asked, walletTradeNo, 300n, 'N1'));
    await channel.refund(refundOf(asked, walletTradeNo, 200n, 'N2'));
  });
  const refunds = heard.flatMap((told) =>
    told.kind === 'refund' && told.word.kind === 'refunded' ? [[told.outRefundNo, told.word.refund.minor]] : [],
  );
  assert.deepEqual(
    refunds.toSorted(([one], [other]) => String(one).localeCompare(String(other))),
    [
      ['N1', 300n],
      ['N2', 200n],
    ],
  );
  const payment = heard.find((told) => told.kind === 'payment');
  assert.equal(payment?.outTradeNo, asked.outTradeNo);
});

test('a notification with a wrong signature is refused, and comes again', async () => {
  world.faults.set('notify-signature', true);
  const asked = order();
  const heard = await heardUntil([asked.outTradeNo], () => channel.payByCode(asked));
  assert.equal(heard.length, 1);
});

test('what the merchant could not book is told again', async () => {
  const body = new TextEncoder().encode('sign=AA&sign_type=RSA2&charset=utf-8');
  const forged = await channel.notified({ headers: new Headers(), body }, () => Promise.resolve());
  assert.deepEqual([forged.status, forged.body], [400, 'failure']);
  let seen = 0;
  const asked = order();
  world.answer((request) =>
    channel.notified(request, async (told) => {
      if (told.kind !== 'payment' || told.outTradeNo !== asked.outTradeNo) return;
      seen += 1;
      if (seen === 1) throw new Error('the disk is full');
    }),
  );
  await channel.payByCode(asked);
  const until = Date.now() + 5_000;
  while (seen < 2 && Date.now() < until) await new Promise((done) => setTimeout(done, 5));
  assert.equal(seen, 2);
});

const billOf = async (date = '2026-06-02'): Promise<BillLine[]> => {
  const lines: BillLine[] = [];
  for await (const line of channel.bill(date)) lines.push(line);
  return lines;
};

test('the bill has every payment and refund of the day with its fee, reversals too; planted faults show', async () => {
  world.pass(86_400_000);
  const asked = order(10_000n);
  const { walletTradeNo } = paid(await channel.payByCode(asked));
  world.pass(1_000);
  await channel.refund(refundOf(asked, walletTradeNo, 2_500n));
  world.pass(1_000);
  count += 1;
  const gone = order(700n);
  await channel.payByCode(gone);
  world.pass(1_000);
  await channel.reverse(gone);
  const lines = await billOf();
  assert.deepEqual(
    lines.map(({ kind, outTradeNo, outRefundNo, amount, fee }) => [
      kind,
      outTradeNo,
      outRefundNo,
      amount.minor,
      fee.minor,
    ]),
    [
      ['payment', asked.outTradeNo, null, 10_000n, 60n],
      ['refund', asked.outTradeNo, 'R1', 2_500n, -15n],
      ['payment', gone.outTradeNo, null, 700n, 4n],
      ['refund', gone.outTradeNo, null, 700n, -4n],
    ],
  );
  assert.equal(lines[0]?.walletTradeNo, walletTradeNo);
  for (const [fault, length] of [
    ['bill-missing', 3],
    ['bill-extra', 5],
  ] as const) {
    world.faults.set(fault, true);
    assert.equal((await billOf()).length, length);
    world.faults.set(fault, false);
  }
});

test('a bill of the future does not exist', async () => {
  await assert.rejects(billOf('2026-12-24'), { code: 'refused' });
});

test('too many calls are refused before anything is done', async () => {
  world.faults.set('rate-limit', true);
  const word = await channel.payByCode(order());
  assert.ok(word.kind === 'refused');
  assert.equal(word.code, 'isv.app-call-limited');
  // A code to show may be asked for again; a payment code is good once.
  assert.equal((await channel.show({ ...order(), expiresAt: epochMs(world.now() + 300_000) })).kind, 'unknown');
  world.faults.set('rate-limit', false);
});

test('our own client in certificate mode is understood', async () => {
  const { appId, privateKey, appCertificate, alipayCertificate, rootCertificate: rootCertificates } = world.merchant;
  const trust = { appCertificate, alipayCertificate, rootCertificates };
  const now = () => epochMs(world.now());
  const certified = openAlipay({ appId, privateKey, trust, gateway: `${world.url}/gateway.do`, now });
  const certifiedChannel = alipayChannel({ client: certified });
  assert.equal((await certifiedChannel.payByCode(order())).kind, 'paid');
  count += 1;
  world.faults.set('certificate-rotation', true);
  assert.equal((await certifiedChannel.payByCode(order())).kind, 'paid');
  world.faults.set('certificate-rotation', false);
  count += 1;
  assert.equal((await certifiedChannel.payByCode(order())).kind, 'paid');
});
