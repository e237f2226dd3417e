import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { type CertificateName, keySigner, x509Certificate } from '@zhanggui/card-crypto';
import { AnswerTooLong, type Outgoing, type Send } from '@zhanggui/https-call';
import { cny, money } from '@zhanggui/money';
import { epochMs } from '@zhanggui/time';
import { writeZip } from '@zhanggui/zip';
import fc from 'fast-check';
import {
  openUnionPayQr,
  type SettlementRow,
  UnionPayError,
  type UnionPayErrorCode,
  unionPayCodes,
  unionPayQrChannel,
  zmLengths,
  zmPlaces,
} from './index.ts';
import { decodeForm, type Fields, isSignatureOf, signatureOf } from './message.ts';

const nowMs = epochMs(Date.UTC(2026, 5, 1, 4));
const span = { fromMs: nowMs - 86_400_000, untilMs: nowMs + 86_400_000 };
type Party = Readonly<{ name: CertificateName; privateKey: KeyObject; publicKey: KeyObject }>;
const party = (commonName: string): Party => ({
  name: { country: 'CN', commonName },
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
});
const certified = (
  of: Party,
  by: Party,
  over: Readonly<{ authority?: boolean; fromMs?: number; untilMs?: number }> = {},
): string =>
  x509Certificate({
    serial: '0A',
    subject: of.name,
    issuer: by.name,
    publicKey: new Uint8Array(of.publicKey.export({ type: 'spki', format: 'der' })),
    signer: keySigner(by.privateKey),
    ...span,
    ...over,
  });

const owner = '中国银联股份有限公司';
const root = party('root');
const middle = party('middle');
const unionPay = party(`041@8310000000083040@${owner}@00000001`);
const merchant = party('merchant');
const authorities = [certified(root, root, { authority: true }), certified(middle, root, { authority: true })];
const signPubKeyCert = certified(unionPay, middle);
const merId = '777290000000001';

const saying =
  (fields: Fields, certificate = signPubKeyCert, key = unionPay.privateKey): Send =>
  ({ body }) => {
    const { orderId = '', txnTime = '' } = decodeForm(String(body));
    const unsigned = {
      merId,
      orderId,
      txnTime,
      respCode: '00',
      respMsg: '成功',
      signPubKeyCert: certificate,
      ...fields,
    };
    const answer = { ...unsigned, signature: signatureOf(unsigned, key) };
    const text = Object.entries(answer)
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    return Promise.resolve({ status: 200, headers: new Headers(), body: Buffer.from(text) });
  };
const settings = {
  merId,
  certificate: certified(merchant, middle),
  privateKey: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  authorities,
  now: () => nowMs,
};
const clientOf = (send: Send) => openUnionPayQr({ ...settings, send });
const name = { orderId: 'S20260601', at: nowMs };
const order = { ...name, total: cny(1_250n), qrNo: '6212345678901234567' };
const throws = (act: () => Promise<unknown>, code: UnionPayErrorCode) =>
  assert.rejects(act, { name: 'UnionPayError', code });

test('a request is signed over the hash of its fields and names our certificate', async () => {
  const sent: Outgoing[] = [];
  const send: Send = (outgoing) => {
    sent.push(outgoing);
    return saying({})(outgoing);
  };
  await clientOf(send).payByCode({ ...order, terminalId: '00000001', notifyUrl: 'https://shop.example/notify' });
  const fields = decodeForm(String(sent[0]?.body));
  assert.equal(sent[0]?.url, 'https://gateway.95516.com/gateway/api/backTransReq.do');
  assert.equal(fields.certId, '10');
  assert.equal(fields.txnTime, '20260601120000');
  assert.equal(fields.txnAmt, '1250');
  assert.equal(isSignatureOf(fields, fields.signature ?? '', merchant.publicKey), true);
  assert.equal(createPrivateKey(settings.privateKey).type, 'private');
});

test('what the network does is told apart', async () => {
  const failing =
    (fault: Error): Send =>
    () =>
      Promise.reject(fault);
  const refused = Object.assign(new Error('refused'), { syscall: 'connect' });
  await throws(() => clientOf(failing(refused)).payByCode(order), 'not-sent');
  await throws(() => clientOf(failing(new Error('reset'))).payByCode(order), 'outcome-unknown');
  await throws(() => clientOf(failing(new AnswerTooLong(1))).payByCode(order), 'answer-malformed');
  const saysText =
    (body: string, status: number): Send =>
    () =>
      Promise.resolve({ status, headers: new Headers(), body: Buffer.from(body) });
  await throws(() => clientOf(saysText('', 502)).payByCode(order), 'outcome-unknown');
  await throws(() => clientOf(saysText('<html>', 200)).payByCode(order), 'answer-malformed');
  await throws(() => clientOf(saysText('respCode=00', 200)).payByCode(order), 'signature-missing');
});

test('a signature counts when an authority of ours stands behind its certificate, in time, and it is UnionPay’s', async () => {
  await clientOf(saying({})).payByCode(order);
  await throws(() => clientOf(saying({}, signPubKeyCert, merchant.privateKey)).payByCode(order), 'signature-wrong');
  const stranger = party(`041@1@${owner}@2`);
  const other = party(`041@1@别的公司@2`);
  const cases: readonly (readonly [string, Party])[] = [
    [certified(stranger, stranger), stranger],
    [certified(other, middle), other],
    [certified(unionPay, middle, { untilMs: nowMs - 1_000 }), unionPay],
    [certified(unionPay, middle, { fromMs: nowMs + 1_000 }), unionPay],
    ['no certificate', unionPay],
  ];
  for (const [certificate, { privateKey }] of cases)
    await throws(() => clientOf(saying({}, certificate, privateKey)).payByCode(order), 'certificate-untrusted');
});

test('an answer about somebody or something else is an alarm', async () => {
  await throws(() => clientOf(saying({ merId: '777290000000002' })).payByCode(order), 'other-merchant');
  await throws(() => clientOf(saying({ orderId: 'S20260602' })).payByCode(order), 'other-order');
  await throws(() => clientOf(saying({ txnTime: '20260601120001' })).payByCode(order), 'other-order');
  const done = { origRespCode: '00', queryId: '202606011200000000001', txnAmt: '1250', currencyCode: '156' };
  const asking = (fields: Fields) => () => clientOf(saying({ ...done, ...fields })).query(name, order.total);
  assert.equal((await asking({})())?.meaning, 'done');
  await throws(asking({ txnAmt: '1249' }), 'other-amount');
  await throws(asking({ currencyCode: '840' }), 'other-currency');
  await throws(asking({ queryId: '' }), 'answer-malformed');
  await throws(asking({ origRespCode: '' }), 'answer-malformed');
});

test('every code means one thing: done, pending, refused …', async () => {
  for (const [respCode, { meaning, zh, en }] of Object.entries(unionPayCodes)) {
    assert.ok(zh.length > 0 && en.length > 0);
    const paying = () => clientOf(saying({ respCode, respMsg: zh })).payByCode(order);
    if (meaning === 'done' || meaning === 'pending') await paying();
    else await assert.rejects(paying, { code: 'refused', unionPay: { code: respCode, text: zh } });
  }
  await throws(() => clientOf(saying({ respCode: 'ZZ' })).payByCode(order), 'refused');
  assert.equal(await clientOf(saying({ respCode: '34' })).query(name), undefined);
  await throws(() => clientOf(saying({ respCode: '06' })).query(name), 'outcome-unknown');
  assert.equal(await clientOf(saying({ respCode: '46' })).reverse(name), 'reversed');
  assert.equal(await clientOf(saying({ respCode: '05' })).reverse(name), 'pending');
});

test('nothing leaves that UnionPay would refuse for its form; a channel throws it too', async () => {
  const client = clientOf(() => assert.fail('nothing leaves'));
  const malformed = 'request-malformed';
  await throws(() => client.payByCode({ ...order, qrNo: '130000000000000001' }), malformed);
  await throws(() => client.payByCode({ ...order, orderId: 'S-20260601' }), malformed);
  await throws(() => client.payByCode({ ...order, total: cny(0n) }), malformed);
  await throws(() => client.payByCode({ ...order, total: money(1n, 'USD') }), malformed);
  await throws(() => client.refund({ ...order, originalQueryId: '1' }), malformed);
  await throws(() => client.settlementFile('0601'), malformed);
  assert.throws(() => openUnionPayQr({ ...settings, authorities: [] }), { code: malformed, place: 'authorities' });
  const shown = {
    outTradeNo: 'S20260601',
    description: 'x',
    total: cny(1n),
    at: nowMs,
    expiresAt: epochMs(nowMs + 7_200_001),
  };
  await throws(() => unionPayQrChannel({ client }).show(shown), malformed);
});

test('a code at its end that somebody is paying is not closed before the clearing day has turned', async () => {
  const shown = { outTradeNo: name.orderId, total: order.total, at: nowMs, expiresAt: epochMs(nowMs + 300_000) };
  const closedAt = async (ms: number, origRespCode: string) => {
    const settled = { origRespCode, txnType: '01', txnAmt: '1250' };
    const send = saying(origRespCode === '34' ? { respCode: '34' } : settled);
    const client = openUnionPayQr({ ...settings, send, now: () => epochMs(ms) });
    return (await unionPayQrChannel({ client }).close(shown)).kind;
  };
  const [after, nextDay] = [nowMs + 300_001, nowMs + 86_400_000];
  assert.equal(await closedAt(nowMs + 299_999, '34'), 'not-paid');
  assert.equal(await closedAt(after, '34'), 'closed');
  for (const pending of ['03', '04', '05']) {
    assert.equal(await closedAt(after, pending), 'awaiting-payer');
    assert.equal(await closedAt(nextDay, pending), 'closed');
  }
});

test('a payment that UnionPay took too late is no refusal: the card was charged', async () => {
  const send = saying({ origRespCode: '42', txnType: '01', txnAmt: '1250' });
  const asked = { outTradeNo: name.orderId, total: order.total, at: nowMs };
  assert.equal((await unionPayQrChannel({ client: clientOf(send) }).query(asked)).kind, 'awaiting-payer');
});

type Cells = Partial<Record<keyof typeof zmPlaces, string>>;
const lineOf = (over: Cells = {}): string => {
  const cells = zmLengths.map((length) => ' '.repeat(length));
  const values: Cells = {
    sentAt: '1231235959',
    amount: '000000001250',
    queryId: '202606011200000000001',
    orderId: 'S20260601',
    fee: 'D000000000008',
    txnType: '01',
    merId,
    ...over,
  };
  for (const [key, value] of Object.entries(values)) {
    const place = zmPlaces[key as keyof typeof zmPlaces];
    cells[place] = value.padEnd(zmLengths[place]);
  }
  return cells.join(' ');
};
const filing = (text: string, date = '2027-01-01', over: Fields = {}) => {
  const archive = writeZip([{ name: `INN26123188ZM_${merId}`, bytes: Buffer.from(text, 'latin1') }]);
  const fileContent = deflateSync(archive).toString('base64');
  const settleDate = date.slice(5).replace('-', '');
  return async () => {
    const rows: SettlementRow[] = [];
    const file = await clientOf(saying({ settleDate, fileContent, ...over })).settlementFile(date);
    for await (const row of file) rows.push(row);
    return rows;
  };
};

test('a settlement file has as long as a long file takes', async () => {
  const waits: number[] = [];
  const send: Send = (outgoing) => {
    waits.push(outgoing.timeoutMs);
    return saying({ settleDate: '0101', fileContent: 'x' })(outgoing);
  };
  await clientOf(send)
    .query({ orderId: 'S20260601', at: nowMs })
    .catch(() => undefined);
  await clientOf(send)
    .settlementFile('2027-01-01')
    .catch(() => undefined);
  assert.deepEqual(waits, [20_000, 900_000]);
});

test('the settlement file is read by its places, its year by its day', async () => {
  const [row] = await filing(`${lineOf()}\r\n`)();
  assert.deepEqual(row, {
    kind: 'payment',
    orderId: 'S20260601',
    originalOrderId: null,
    queryId: '202606011200000000001',
    originalQueryId: null,
    amount: cny(1_250n),
    fee: cny(8n),
    at: Date.UTC(2026, 11, 31, 15, 59, 59),
  });
  const [refund] = await filing(lineOf({ txnType: '04', fee: 'C000000000008', originalOrderId: 'S20260531' }))();
  assert.deepEqual([refund?.kind, refund?.fee.minor, refund?.originalOrderId], ['refund', -8n, 'S20260531']);
});

test('a file that is broken, or another’s, is refused', async () => {
  const cells: readonly Cells[] = [
    { amount: '1' },
    { fee: 'X000000000008' },
    { txnType: '99' },
    { sentAt: '1' },
    { sentAt: '1331235959' },
  ];
  for (const over of cells) await throws(filing(lineOf(over)), 'bill-malformed');
  await throws(filing('short'), 'bill-malformed');
  await throws(filing(' '.repeat(1_000_000)), 'bill-malformed');
  await throws(filing('', '2027-01-01', { fileContent: 'AAAA' }), 'bill-malformed');
  await throws(filing('', '2027-01-01', { fileContent: '' }), 'bill-malformed');
  await throws(filing('', '2027-01-01', { settleDate: '0102' }), 'other-order');
  await throws(filing(lineOf({ merId: '777290000000002' })), 'other-merchant');
});

test('a notification that is not about a payment or a refund is refused by the channel', async () => {
  const channel = unionPayQrChannel({ client: clientOf(saying({})) });
  const unsigned = {
    merId,
    respCode: '00',
    orderId: 'S20260601',
    txnType: '77',
    txnAmt: '1',
    queryId: '1',
    signPubKeyCert,
  };
  const form = new URLSearchParams({ ...unsigned, signature: signatureOf(unsigned, unionPay.privateKey) });
  const request = { headers: new Headers(), body: Buffer.from(form.toString()) };
  const answer = await channel.notified(request, () => Promise.resolve());
  assert.deepEqual([answer.status, answer.body], [400, 'failure']);
});

test('whatever comes back, what is thrown is a UnionPayError', async () => {
  const right = Buffer.from(
    (await saying({})({ body: 'orderId=S20260601&txnTime=20260601120000' } as Outgoing)).body,
  ).toString();
  const damaged = fc.tuple(fc.nat(right.length), fc.nat(right.length), fc.string({ maxLength: 5 }));
  const texts = fc.oneof(
    fc.string(),
    damaged.map(([from, to, text]) => right.slice(0, from) + text + right.slice(to)),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const client = clientOf(() => Promise.resolve({ status: 200, headers: new Headers(), body: Buffer.from(text) }));
      for (const act of [() => client.payByCode(order), async () => client.readNotification(Buffer.from(text))])
        await act().catch((error: unknown) => assert.ok(error instanceof UnionPayError, String(error)));
    }),
    { numRuns: 300 },
  );
});
