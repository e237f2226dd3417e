import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { type Notification, openWeChatPay, type WeChatPaySettings } from './index.ts';
import {
  apiV3Key,
  type Fault,
  merchantPem,
  platformCertificates,
  publicKeyId,
  type Signing,
  seal,
  signedHeaders,
  startMs,
  wechatKey,
  wechatPem,
} from './testing/fake-wechat.ts';

const { current } = platformCertificates;
const direct = { mode: 'direct', mchid: '1900000001', appid: 'wx0000000000000001' } as const;
const open = (more: Partial<WeChatPaySettings> = {}) =>
  openWeChatPay({
    account: direct,
    certificateSerial: 'MERCHANTSERIAL01',
    privateKey: merchantPem,
    apiV3Key,
    now: () => startMs,
    hosts: [],
    platform: { certificates: [current.pem], publicKeys: { [publicKeyId]: wechatPem } },
    ...more,
  }).notifications;

const paid = {
  appid: direct.appid,
  mchid: direct.mchid,
  out_trade_no: 'order-000001',
  transaction_id: '4200000000202606010000000001',
  trade_type: 'NATIVE',
  trade_state: 'SUCCESS',
  success_time: '2026-06-01T12:00:00+08:00',
  amount: { total: 1250, payer_total: 1250, currency: 'CNY', payer_currency: 'CNY' },
};
const refunded = {
  mchid: direct.mchid,
  out_trade_no: 'order-000001',
  transaction_id: '4200000000202606010000000001',
  out_refund_no: 'refund-1',
  refund_id: '50000000002026060100000001',
  refund_status: 'SUCCESS',
  success_time: '2026-06-01T12:00:00+08:00',
  amount: { total: 1250, refund: 250, payer_total: 1250, payer_refund: 250 },
};

type Sent = Readonly<{
  id?: string;
  event?: string;
  resource?: unknown;
  signing?: Signing;
  sentAtMs?: number;
  fault?: Fault;
}>;
const notice = ({
  id = 'n-1',
  event = 'TRANSACTION.SUCCESS',
  resource = paid,
  signing = current,
  sentAtMs = startMs,
  fault,
}: Sent = {}) => {
  const text = JSON.stringify({
    id,
    create_time: '2026-06-01T12:00:00+08:00',
    event_type: event,
    resource_type: 'encrypt-resource',
    resource: { original_type: 'transaction', ...seal(JSON.stringify(resource), 'transaction') },
  });
  return { headers: new Headers(signedHeaders(text, signing, sentAtMs, fault)), body: Buffer.from(text) };
};
const nothing = (): Promise<void> => Promise.resolve();

test('a payment’s notification is verified, opened and typed', async () => {
  const told = await open().read(notice());
  assert.ok(told.kind === 'paid');
  assert.deepEqual([told.id, told.createdAtMs, told.transaction.total], ['n-1', startMs, cny(12_50n)]);
});

test('either key may sign during migration', async () => {
  const signing = { serial: publicKeyId, privateKey: wechatKey.privateKey };
  assert.equal((await open().read(notice({ signing }))).kind, 'paid');
  assert.equal((await open().read(notice())).kind, 'paid');
});

test('a refund’s notification says how it ended; an event that contradicts its content is refused', async () => {
  const told = await open().read(notice({ event: 'REFUND.SUCCESS', resource: refunded }));
  assert.ok(told.kind === 'refund');
  assert.deepEqual([told.refund.state, told.refund.refund], ['SUCCESS', cny(2_50n)]);
  await assert.rejects(open().read(notice({ event: 'REFUND.CLOSED', resource: refunded })), {
    code: 'answer-malformed',
  });
  const unpaid = { ...paid, trade_state: 'NOTPAY' };
  await assert.rejects(open().read(notice({ resource: unpaid })), { code: 'answer-malformed' });
});

test('a combined payment’s notification has every part, all of them paid', async () => {
  const part = {
    mchid: direct.mchid,
    out_trade_no: 'order-000001',
    trade_state: 'SUCCESS',
    amount: { total_amount: 100 },
  };
  const resource = { combine_mchid: direct.mchid, combine_out_trade_no: 'combine-01', sub_orders: [part, part] };
  const told = await open().read(notice({ resource }));
  assert.ok(told.kind === 'combined');
  assert.deepEqual(told.combined.parts[1]?.total, cny(1_00n));
  const half = { ...resource, sub_orders: [part, { ...part, trade_state: 'NOTPAY' }] };
  await assert.rejects(open().read(notice({ resource: half })), { code: 'answer-malformed' });
  const other = { ...resource, combine_mchid: '1900000002' };
  await assert.rejects(open().read(notice({ resource: other })), { code: 'other-merchant' });
});

test('a share’s notification is for the merchant that shares and the one that receives, nobody else', async () => {
  const resource = {
    mchid: '1900000002',
    transaction_id: '42',
    order_id: '3008',
    out_order_no: 'P1',
    receiver: { type: 'MERCHANT_ID', account: direct.mchid, amount: 888, description: '分账' },
    success_time: '2026-06-01T12:00:00+08:00',
  };
  const told = await open().read(notice({ resource }));
  assert.ok(told.kind === 'shared');
  assert.deepEqual([told.share.amount, told.share.outOrderNo, told.share.mchid], [cny(8_88n), 'P1', '1900000002']);
  const others = { ...resource, receiver: { ...resource.receiver, account: '1900000003' } };
  await assert.rejects(open().read(notice({ resource: others })), { code: 'other-merchant' });
});

test('an event nobody knows is opened and handed on', async () => {
  const told = await open().read(notice({ event: 'PAYSCORE.USER_PAID', resource: { a: 1 } }));
  assert.deepEqual(told, {
    id: 'n-1',
    createdAtMs: startMs,
    kind: 'other',
    event: 'PAYSCORE.USER_PAID',
    resource: { a: 1 },
  });
});

test('a notification for another merchant is refused', async () => {
  const stranger = { mchid: '1900000002' };
  await assert.rejects(open().read(notice({ resource: { ...paid, ...stranger } })), { code: 'other-merchant' });
  const refund = notice({ event: 'REFUND.SUCCESS', resource: { ...refunded, ...stranger } });
  await assert.rejects(open().read(refund), { code: 'other-merchant' });
});

test('a partner’s refund notification must name its sub-merchant', async () => {
  const account = { mode: 'partner', spMchid: '1900000001', spAppid: direct.appid, subMchid: '1900000109' } as const;
  const resource = { ...refunded, mchid: undefined, sp_mchid: '1900000001', sub_mchid: '1900000109' };
  const read = (content: object) => open({ account }).read(notice({ event: 'REFUND.SUCCESS', resource: content }));
  assert.equal((await read(resource)).kind, 'refund');
  await assert.rejects(read({ ...resource, sub_mchid: '1900000110' }), { code: 'other-merchant' });
});

for (const [fault, code] of [
  ['probe', 'signature-probe'],
  ['wrong-signature', 'signature-wrong'],
  ['no-signature', 'signature-missing'],
  ['wrong-serial', 'serial-unknown'],
  ['clock-skew', 'clock-skew'],
] as const)
  test(`a notification with ${fault} is answered 401 and not acted upon`, async () => {
    const answer = await open().answer(notice({ fault }), () => assert.fail('acted'));
    assert.deepEqual(answer, { status: 401, body: `{"code":"FAIL","message":"${code}"}` });
  });

test('a recorded notification is refused when it is played again later; WeChat’s own repeat is signed anew and taken', async () => {
  let nowMs = startMs;
  const reader = open({ now: () => nowMs });
  const recorded = notice();
  nowMs += 301_000;
  assert.equal((await reader.answer(recorded, nothing)).status, 401);
  assert.equal((await reader.answer(notice({ sentAtMs: nowMs }), nothing)).status, 204);
});

test('a repeated notification is acted upon once, also while the first is under way', async () => {
  const acted: Notification[] = [];
  const reader = open();
  const act = async (notification: Notification): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    acted.push(notification);
  };
  const answers = await Promise.all([reader.answer(notice(), act), reader.answer(notice(), act)]);
  answers.push(await reader.answer(notice(), act));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [204, 204, 204],
  );
  assert.equal(acted.length, 1);
  await reader.answer(notice({ id: 'n-2' }), act);
  assert.equal(acted.length, 2);
});

test('work that failed is answered 500 and done when WeChat sends again', async () => {
  const reader = open();
  assert.equal((await reader.answer(notice(), () => Promise.reject(new Error('disk')))).status, 500);
  assert.equal((await reader.answer(notice(), nothing)).status, 204);
});

test('work that takes too long is answered 500 in time; it goes on, and the repeat is answered when it is done', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const reader = open();
  let finish = (): void => assert.fail('not started');
  const started = Promise.withResolvers<void>();
  const act = () =>
    new Promise<void>((resolve) => {
      finish = resolve;
      started.resolve();
    });
  const first = reader.answer(notice(), act);
  await started.promise;
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(4_000);
  assert.equal((await first).status, 500);
  const second = reader.answer(notice(), () => assert.fail('acted twice'));
  finish();
  assert.equal((await second).status, 204);
});
