import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fetchSend, type Send } from '@zhanggui/https-call';
import { cny } from '@zhanggui/money';
import { epochMs } from '@zhanggui/time';
import { openUnionPayQr, type UnionPayQr, unionPayQrChannel } from '@zhanggui/unionpay-qr';
import type {
  BillLine,
  CodeOrder,
  PaymentWord,
  RefundOrder,
  RefundWord,
  Told,
  WalletChannel,
} from '@zhanggui/wallet-channel';
import { openWorld, password, type World } from '../testing/world.ts';
import { openUnionPayFace } from './face.ts';
import type { UnionPayMerchant } from './keys.ts';

let world: World<UnionPayMerchant>;
let client: UnionPayQr;
let channel: WalletChannel;
let count = 0;
let mischief: ('request' | 'answer' | 'changed')[] = [];

const send: Send = async (outgoing) => {
  const trick = mischief.shift();
  if (trick === 'request') throw new Error('lost');
  const answer = await fetchSend(outgoing);
  if (trick === 'answer') throw new Error('lost');
  if (trick !== 'changed') return answer;
  return { ...answer, body: Buffer.from(Buffer.from(answer.body).toString().replace('respCode=', 'respCode=0')) };
};

before(async () => {
  world = await openWorld(openUnionPayFace);
  const now = () => epochMs(world.now());
  client = openUnionPayQr({ ...world.merchant, gateway: world.url, files: `${world.url}/unionpay/files`, now, send });
  channel = unionPayQrChannel({ client, notifyUrl: world.notifyUrl });
});
after(() => world.close());
beforeEach(() => {
  count += 1;
});
afterEach(() => {
  mischief = [];
});

const order = (minor = 1_250n): CodeOrder => ({
  outTradeNo: `U20260601${String(count).padStart(4, '0')}`,
  description: '面包',
  total: cny(minor),
  authCode: world.phone.paymentCode('unionpay').code,
  storeId: '1',
  deviceId: '00000001',
  clientIp: '127.0.0.1',
  at: epochMs(world.now()),
});
const paid = (word: PaymentWord): Extract<PaymentWord, { kind: 'paid' }> => {
  assert.ok(word.kind === 'paid', JSON.stringify(word.kind));
  return word;
};
const refundOf = (asked: CodeOrder, walletTradeNo: string, minor: bigint, outRefundNo: string): RefundOrder => ({
  outRefundNo,
  outTradeNo: asked.outTradeNo,
  walletTradeNo,
  refund: cny(minor),
  total: asked.total,
  at: epochMs(world.now()),
});
const settled = async (asked: RefundOrder): Promise<RefundWord> => {
  const until = Date.now() + 5_000;
  for (;;) {
    const word = await channel.queryRefund(asked);
    if (word.kind !== 'refunding' || Date.now() > until) return word;
    await new Promise((done) => setTimeout(done, 5));
  }
};
const promptId = async (): Promise<string> => (await world.phone.view()).prompt?.orderId ?? '';

test('a code pays: taken first, then paid by the query', async () => {
  const word = paid(await channel.payByCode(order()));
  assert.equal(word.total.minor, 1_250n);
  assert.equal(word.paidAt, world.now());
  assert.match(word.walletTradeNo, /^\d{21}$/);
});

test('the password: awaiting, then paid; or declined, then refused', async () => {
  const asked = order(120_000n);
  assert.equal((await channel.payByCode(asked)).kind, 'awaiting-payer');
  await world.phone.pay({ orderId: await promptId(), password });
  assert.equal((await channel.query(asked)).kind, 'paid');
  count += 1;
  const other = order(120_000n);
  await channel.payByCode(other);
  await world.phone.decline(await promptId());
  const word = await channel.query(other);
  assert.ok(word.kind === 'refused');
  assert.equal(word.code, '30');
});

test('a lost answer is queried; a repeated order is the same order', async () => {
  mischief = ['answer'];
  const asked = order();
  assert.equal((await channel.payByCode(asked)).kind, 'paid');
  assert.equal((await channel.payByCode(asked)).kind, 'paid');
});

test('a changed answer and a wrongly signed one are not believed', async () => {
  mischief = ['changed'];
  assert.equal((await channel.payByCode(order())).kind, 'paid');
  count += 1;
  world.faults.set('answer-signature', true);
  assert.equal((await channel.payByCode(order())).kind, 'paid');
});

test('codes that leave the outcome open are queried', async () => {
  world.faults.set('system-error-after', true);
  assert.equal((await channel.payByCode(order())).kind, 'paid');
  for (const fault of ['system-error', 'bank-error']) {
    count += 1;
    world.faults.set(fault, true);
    assert.equal((await channel.payByCode(order())).kind, 'unknown');
  }
});

test('refusals carry the code of UnionPay, also when they are asked about later', async () => {
  const used = order();
  await channel.payByCode(used);
  count += 1;
  const again = await channel.payByCode({ ...order(), authCode: used.authCode });
  assert.ok(again.kind === 'refused');
  assert.equal(again.code, '30');
  count += 1;
  const asked = order(4_999_999n);
  world.phone.setPasswordRule('never');
  const poor = await channel.payByCode(asked);
  world.phone.setPasswordRule('over-1000');
  assert.ok(poor.kind === 'refused');
  assert.equal(poor.code, '64');
  const later = await channel.query(asked);
  assert.ok(later.kind === 'refused');
  assert.equal(later.code, '64');
  count += 1;
  const over = await channel.payByCode(order(5_000_001n));
  assert.ok(over.kind === 'refused');
  assert.equal(over.code, '33');
});

test('another amount, or another time, is another order', async () => {
  const asked = order();
  await channel.payByCode(asked);
  assert.deepEqual(await channel.query({ ...asked, total: cny(1n) }), { kind: 'unknown', reason: 'other-amount' });
  assert.equal((await channel.query({ ...asked, at: epochMs(asked.at + 1_000) })).kind, 'not-found');
});

test('a reversal gives everything back, once and however often; an unknown order has nothing to reverse', async () => {
  const asked = order();
  mischief = ['answer', 'answer'];
  assert.equal((await channel.payByCode(asked)).kind, 'unknown');
  mischief = ['answer'];
  assert.equal((await channel.reverse(asked)).kind, 'again');
  assert.deepEqual(await channel.reverse(asked), { kind: 'reversed' });
  assert.equal((await channel.query(asked)).kind, 'reversed');
  count += 1;
  const none = await channel.reverse(order());
  assert.ok(none.kind === 'refused');
  assert.equal(none.code, '35');
});

test('a shown code: not found until it is scanned, then paid, and ended by its own time', async () => {
  const asked = { ...order(), expiresAt: epochMs(world.now() + 300_000) };
  const shown = await channel.show(asked);
  assert.ok(shown.kind === 'shown');
  assert.match(shown.qr, /^https:\/\/qr\.95516\.com\/00010001\/\d{32}$/);
  assert.equal((await channel.query(asked)).kind, 'not-found');
  assert.equal((await channel.close(asked)).kind, 'not-paid');
  const scanned = world.phone.scan(shown.qr);
  assert.ok(scanned.kind === 'order');
  await world.phone.pay({ orderId: scanned.orderId });
  assert.equal((await channel.close(asked)).kind, 'paid');
  count += 1;
  const late = { ...order(), expiresAt: epochMs(world.now() + 300_000) };
  const unpaid = await channel.show(late);
  world.pass(301_000);
  assert.equal(unpaid.kind === 'shown' && world.phone.scan(unpaid.qr).kind, 'refused');
  assert.deepEqual(await channel.close(late), { kind: 'closed' });
});

test('a shown code has ended at its time also for a process that did not show it, or never heard that it was', async () => {
  const asked = { ...order(), expiresAt: epochMs(world.now() + 300_000) };
  mischief = ['answer'];
  assert.equal((await channel.show(asked)).kind, 'unknown');
  const another = unionPayQrChannel({ client, notifyUrl: world.notifyUrl });
  assert.equal((await another.close(asked)).kind, 'not-paid');
  world.pass(301_000);
  assert.deepEqual(await another.close(asked), { kind: 'closed' });
  assert.deepEqual(await channel.close(asked), { kind: 'closed' });
  const { expiresAt: _, ...nameless } = asked;
  assert.equal((await another.close(nameless)).kind, 'not-paid');
});

test('too many calls at once is no refusal of a refund or a reversal: each is asked for again', async () => {
  const asked = order(1_000n);
  const { walletTradeNo } = paid(await channel.payByCode(asked));
  const wanted = refundOf(asked, walletTradeNo, 400n, 'R000000009');
  world.faults.set('rate-limit', true);
  assert.deepEqual(await channel.refund(wanted), { kind: 'unknown', reason: '37' });
  assert.deepEqual(await channel.reverse(asked), { kind: 'again', reason: '37' });
  world.faults.set('rate-limit', false);
  assert.equal((await channel.refund(wanted)).kind, 'refunding');
  assert.equal((await settled(wanted)).kind, 'refunded');
});

test('refunds: taken, then done; in parts; never more than was paid', async () => {
  const asked = order(1_000n);
  const { walletTradeNo } = paid(await channel.payByCode(asked));
  const first = refundOf(asked, walletTradeNo, 400n, 'R000000001');
  assert.equal((await channel.queryRefund(first)).kind, 'not-found');
  assert.equal((await channel.refund(first)).kind, 'refunding');
  const done = await settled(first);
  assert.ok(done.kind === 'refunded');
  assert.equal(done.refund.minor, 400n);
  assert.equal((await channel.refund(first)).kind, 'refunded');
  const tooMuch = await channel.refund(refundOf(asked, walletTradeNo, 601n, 'R000000002'));
  assert.ok(tooMuch.kind === 'refused');
  assert.equal(tooMuch.code, '36');
  await channel.refund(refundOf(asked, walletTradeNo, 600n, 'R000000003'));
  assert.equal((await channel.query(asked)).kind, 'paid');
});

test('a void gives the whole back on the same clearing day only', async () => {
  const asked = order(800n);
  const { walletTradeNo: originalQueryId } = paid(await channel.payByCode(asked));
  const taken = { orderId: 'V000000001', at: epochMs(world.now()), total: asked.total, originalQueryId };
  await assert.rejects(client.void({ ...taken, total: cny(1n) }), {
    code: 'refused',
    unionPay: { code: '36', text: '与原交易信息不符[3600000]' },
  });
  await client.void(taken);
  assert.equal((await client.query(taken))?.meaning, 'done');
  const again = client.void({ ...taken, orderId: 'V000000002' });
  await assert.rejects(again, {
    code: 'refused',
    unionPay: { code: '45', text: '原交易已被成功退货或已被成功撤销[4500000]' },
  });
});

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
  world.answer(() => Promise.resolve({ status: 200, body: 'ok' }));
  return heard;
};

test('notifications of payments and refunds are verified and heard', async () => {
  const asked = order(1_000n);
  const heard = await heardUntil([asked.outTradeNo, 'N000000001'], async () => {
    const { walletTradeNo } = paid(await channel.payByCode(asked));
    await channel.refund(refundOf(asked, walletTradeNo, 300n, 'N000000001'));
  });
  assert.deepEqual(
    heard.map(({ kind, word }) => [kind, word.kind]),
    [
      ['payment', 'paid'],
      ['refund', 'refunded'],
    ],
  );
});

test('a wrongly signed notification is refused and comes again; a forged one is refused', async () => {
  world.faults.set('notify-signature', true);
  const asked = order();
  assert.equal((await heardUntil([asked.outTradeNo], () => channel.payByCode(asked))).length, 1);
  const body = new TextEncoder().encode('orderId=U1&respCode=00&signature=AA');
  const forged = await channel.notified({ headers: new Headers(), body }, () => Promise.resolve());
  assert.equal(forged.status, 400);
});

const fileOf = async (date: string): Promise<BillLine[]> => {
  const lines: BillLine[] = [];
  for await (const line of channel.bill(date)) lines.push(line);
  return lines;
};

test('the file of a clearing day has payments and refunds with their fees, and nothing of what was reversed', async () => {
  world.pass(12 * 3_600_000);
  const asked = order(10_000n);
  const { walletTradeNo } = paid(await channel.payByCode(asked));
  world.pass(1_000);
  const refund = refundOf(asked, walletTradeNo, 2_500n, 'F000000001');
  await channel.refund(refund);
  await settled(refund);
  count += 1;
  const gone = order(700n);
  await channel.payByCode(gone);
  await channel.reverse(gone);
  const lines = await fileOf('2026-06-02');
  assert.deepEqual(lines, [
    {
      kind: 'payment',
      outTradeNo: asked.outTradeNo,
      outRefundNo: null,
      walletTradeNo,
      amount: cny(10_000n),
      fee: cny(60n),
      at: asked.at,
    },
    {
      kind: 'refund',
      outTradeNo: asked.outTradeNo,
      outRefundNo: 'F000000001',
      walletTradeNo,
      amount: cny(2_500n),
      fee: cny(-15n),
      at: refund.at,
    },
  ]);
  world.faults.set('bill-fee', true);
  assert.equal((await fileOf('2026-06-02')).length, 2);
  world.faults.set('bill-fee', false);
  assert.deepEqual(await fileOf('2026-05-01'), []);
});

test('after 23:00 the day is another: no reversal, but a refund', async () => {
  const asked = order();
  const { walletTradeNo } = paid(await channel.payByCode(asked));
  world.pass(24 * 3_600_000);
  const late = await channel.reverse(asked);
  assert.ok(late.kind === 'refused');
  assert.equal(late.code, '39');
  await assert.rejects(client.reverse({ orderId: asked.outTradeNo, at: asked.at }), { code: 'refused' });
  const refund = refundOf(asked, walletTradeNo, asked.total.minor, 'L000000001');
  await channel.refund(refund);
  assert.equal((await settled(refund)).kind, 'refunded');
});
