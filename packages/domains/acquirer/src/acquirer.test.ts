import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerTo } from '@zhanggui/interchange-link';
import { unionPayPos } from '@zhanggui/iso8583';
import { maskPan } from '@zhanggui/secret';
import type { PosMessage } from './pos.ts';
import {
  balanceRequest,
  card,
  echoRequest,
  reversalRequest,
  saleRequest,
  signInRequest,
  voidRequest,
} from './testing/requests.ts';
import { pause } from './testing/test-terminal.ts';
import { approve, eventually, institution, startWorld, type World } from './testing/world.ts';

let world: World;
before(async () => {
  world = await startWorld({ switchMs: 300, adviceRepeatMs: 200, sweepMs: 50, drainMs: 50 });
});
after(() => world.close());

const present = (message: PosMessage): number[] => Object.keys({ ...message.fields }).map(Number);
const reversals = (stan: string | undefined) =>
  world.script.seen.filter(({ mti, fields }) => mti === '0420' && fields[90]?.slice(4, 10) === stan);

test('before it signs in a terminal is told to (A0), a stranger is told 97, a wrong merchant 03', async () => {
  const { terminal } = world;
  const unsigned = unionPayPos.encode({
    ...saleRequest(),
    fields: { ...saleRequest().fields, 64: new Uint8Array(8) },
  });
  terminal.sendBody(unsigned);
  assert.equal((await terminal.nextAnswer()).fields[39], 'A0');
  assert.equal((await terminal.request(signInRequest('99999999'))).fields[39], '97');
  assert.equal((await terminal.request(signInRequest('00000001', '000000000000000'))).fields[39], '03');
});

test('signing in gives keys under the master key, the batch and the time', async () => {
  const answer = await world.terminal.signIn();
  assert.equal(answer.mti, '0810');
  assert.deepEqual(present(answer), [11, 12, 13, 32, 37, 39, 41, 42, 60, 62]);
  assert.equal(answer.fields[39], '00');
  assert.equal(answer.fields[60], '00000001003');
  assert.equal(answer.fields[62]?.length, 40);
});

test('an echo is answered without a MAC', async () => {
  const { terminal } = world;
  const answer = await terminal.request(echoRequest());
  assert.equal(answer.mti, '0830');
  assert.equal(answer.fields[39], '00');
});

test('a sale goes to the centre in its dialect and comes back with a MAC and the fields an answer has', async () => {
  const { terminal } = world;
  const { seen } = world.script;
  const block = await terminal.pinBlock('123456', card.pan);
  const answer = await terminal.request(saleRequest({ 22: '021', 26: '12', 52: block, 53: '2600000000000000' }));
  assert.equal(answer.mti, '0210');
  assert.equal(answer.fields[39], '00');
  assert.deepEqual(present(answer), [2, 3, 4, 11, 12, 13, 14, 15, 25, 32, 37, 38, 39, 41, 42, 44, 49, 60, 63, 64]);
  assert.equal(await terminal.isSigned(), true);
  assert.equal(answer.fields[2], card.pan);
  assert.equal(answer.fields[44], '03080000   48520000   ');
  const upstream = seen.at(-1);
  assert.equal(upstream?.fields[2], card.pan);
  assert.equal(upstream?.fields[14], '3012');
  assert.equal(upstream?.fields[18], '5411');
  assert.equal(upstream?.fields[33], institution);
  assert.equal(upstream?.fields[37], answer.fields[37]);
  assert.equal(upstream?.fields[53], '2600000000000000');
  assert.match(upstream?.fields[60] ?? '', /^\d{27}$/);
  assert.notDeepEqual(upstream?.fields[52], block);
});

test('a refusal comes back with its code and without a MAC', async () => {
  const { terminal, script } = world;
  script.answer = async (message) => answerTo(message, { 15: '0512', 39: '51', 100: '03080000' });
  const answer = await terminal.request(saleRequest());
  script.answer = approve;
  assert.equal(answer.fields[39], '51');
  assert.equal(answer.fields[64], undefined);
});

test('what the centre says about our own link is not what the terminal is told', async () => {
  const { terminal, script } = world;
  script.answer = async (message) => answerTo(message, { 39: 'A0' });
  assert.equal((await terminal.request(saleRequest())).fields[39], 'A7');
  script.answer = approve;
});

test('a balance inquiry asks the centre with 30 and brings the balance', async () => {
  const { terminal } = world;
  const { seen } = world.script;
  const answer = await terminal.request(balanceRequest());
  assert.equal(answer.fields[39], '00');
  assert.equal(answer.fields[54], '1002156C000000100000');
  assert.equal(answer.fields[15], undefined);
  assert.equal(seen.at(-1)?.fields[3], '300000');
});

test('a request sent again is done once and gets the same answer', async () => {
  const { terminal } = world;
  const { seen } = world.script;
  const request = saleRequest();
  const first = await terminal.request(request);
  const sent = seen.length;
  const again = await terminal.request(request);
  assert.deepEqual({ ...again.fields }, { ...first.fields });
  assert.equal(seen.length, sent);
});

test('another transaction under a number that was used is 94, and never gets the answer of the first', async () => {
  const { terminal } = world;
  const request = saleRequest();
  await terminal.request(request);
  const other = { mti: '0200', fields: { ...request.fields, 4: '000000009999' } };
  assert.equal((await terminal.request(other)).fields[39], '94');
});

test('a request sent again while it is under way is done once and answered twice', async () => {
  const { terminal } = world;
  const { seen } = world.script;
  const body = await terminal.signed(saleRequest());
  const sent = seen.length;
  terminal.sendBody(body);
  terminal.sendBody(body);
  const answers = [await terminal.nextAnswer(), await terminal.nextAnswer()];
  assert.deepEqual(
    answers.map(({ fields }) => fields[39]),
    ['00', '00'],
  );
  assert.equal(seen.length, sent + 1);
});

test('a message that cannot be read is answered 30 with what could be read', async () => {
  const { terminal } = world;
  const body = await terminal.signed(saleRequest({ 11: '000777' }));
  terminal.sendBody(body.subarray(0, body.length - 30));
  const answer = await terminal.nextAnswer();
  assert.equal(answer.fields[39], '30');
  assert.equal(answer.fields[11], '000777');
});

test('a wrong MAC is A0, a batch that is not ours 77, a kind we do not know 40, no amount 13, a mistyped card 14', async () => {
  const { terminal } = world;
  const body = await terminal.signed(saleRequest());
  body.set([0x30, 0x30], body.length - 2);
  terminal.sendBody(body);
  assert.equal((await terminal.nextAnswer()).fields[39], 'A0');
  const code = async (own: PosMessage['fields']) => (await terminal.request(saleRequest(own))).fields[39];
  assert.equal(await code({ 60: '22000002000601' }), '77');
  assert.equal(await code({ 25: '99' }), '40');
  assert.equal(await code({ 53: '2610000000000000' }), '40');
  assert.equal(await code({ 4: '000000000000' }), '13');
  assert.equal(await code({ 35: '6225000000000015=30122201234500678' }), '14');
});

test('a PIN block made with another key is 99', async () => {
  const { terminal } = world;
  const answer = await terminal.request(
    saleRequest({ 22: '021', 26: '12', 52: new Uint8Array(8).fill(0x5a), 53: '2600000000000000' }),
  );
  assert.equal(answer.fields[39], '99');
});

test('a sale is voided once; the void points at it by field 90 and carries its authorisation code', async () => {
  const { terminal } = world;
  const { seen } = world.script;
  const request = saleRequest();
  const sale = await terminal.request(request);
  const upstreamSale = seen.at(-1);
  const voided = await terminal.request(voidRequest(sale));
  assert.equal(voided.fields[39], '00');
  assert.notEqual(voided.fields[37], sale.fields[37]);
  const upstream = seen.at(-1);
  assert.equal(upstream?.fields[3], '200000');
  assert.equal(upstream?.fields[38], 'A1B2C3');
  assert.equal(
    upstream?.fields[90],
    `0200${upstreamSale?.fields[11]}${upstreamSale?.fields[7]}${`000${institution}`.repeat(2)}`,
  );
  assert.equal((await terminal.request(voidRequest(sale))).fields[39], '12');
});

test('a void needs its original (25), the same amount (64); refused by the issuer it leaves the sale to be voided', async () => {
  const { terminal, script } = world;
  const sale = await terminal.request(saleRequest());
  const code = async (own: PosMessage['fields']) => (await terminal.request(voidRequest(sale, own))).fields[39];
  assert.equal(await code({ 61: '000001999999' }), '25');
  assert.equal(await code({ 37: '000000000000' }), '25');
  assert.equal(await code({ 4: '000000000001' }), '64');
  script.answer = async (message) => answerTo(message, { 39: '96' });
  assert.equal(await code({}), '96');
  script.answer = approve;
  assert.equal(await code({ 22: '012', 35: undefined }), '00');
});

test('no answer in time: 98 to the terminal, and a reversal to the centre until it acknowledges', async () => {
  const { terminal, script } = world;
  const { seen } = script;
  let acknowledge = false;
  script.answer = async (message) => {
    if (message.mti === '0200') return undefined;
    return acknowledge ? answerTo(message, { 39: '00' }) : undefined;
  };
  const answer = await terminal.request(saleRequest());
  assert.equal(answer.fields[39], '98');
  const stan = seen.findLast(({ mti }) => mti === '0200')?.fields[11];
  await eventually(() => reversals(stan).length >= 2);
  acknowledge = true;
  await eventually(async () => {
    const [row] = await world.store.query<{ state: string }>('select state from acquirer.advices where stan = $1', [
      answer.fields[11],
    ]);
    return row?.state === 'done';
  });
  const [first, second] = reversals(stan);
  assert.equal(first?.fields[7], second?.fields[7]);
  assert.equal(first?.fields[37], answer.fields[37]);
  assert.equal(first?.fields[60]?.slice(0, 4), '4351');
  assert.equal(first?.fields[35], undefined);
  script.answer = approve;
});

test('an unanswered balance inquiry is not reversed', async () => {
  const { terminal, script } = world;
  const { seen } = script;
  script.answer = async () => undefined;
  assert.equal((await terminal.request(balanceRequest())).fields[39], '98');
  script.answer = approve;
  await pause(120);
  assert.deepEqual(reversals(seen.at(-1)?.fields[11]), []);
});

test('a reversal by the terminal is one reversal however often it comes', async () => {
  const { terminal } = world;
  const { seen } = world.script;
  const request = saleRequest();
  const sale = await terminal.request(request);
  const stan = seen.at(-1)?.fields[11];
  const answers = [await terminal.request(reversalRequest(request)), await terminal.request(reversalRequest(request))];
  for (const answer of answers) {
    assert.equal(answer.mti, '0410');
    assert.equal(answer.fields[39], '00');
    assert.equal(answer.fields[37], sale.fields[37]);
    assert.equal(answer.fields[2], card.pan);
  }
  assert.equal(await terminal.isSigned(), true);
  await eventually(() => reversals(stan).length === 1);
  assert.equal((await terminal.request(voidRequest(sale))).fields[39], '25');
});

test('a reversal that comes before its request wins: the request is refused and never forwarded', async () => {
  const { terminal } = world;
  const { seen } = world.script;
  const request = saleRequest();
  assert.equal((await terminal.request(reversalRequest(request))).fields[39], '00');
  const sent = seen.length;
  assert.equal((await terminal.request(request)).fields[39], '12');
  assert.equal(seen.length, sent);
});

test('a request reversed while it is under way gets no answer, and its approval is undone', async () => {
  const { terminal, script } = world;
  const { seen } = script;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  script.answer = async (message) => {
    if (message.mti === '0200') await held;
    return approve(message);
  };
  const request = saleRequest();
  terminal.sendBody(await terminal.signed(request));
  await eventually(() => seen.at(-1)?.mti === '0200');
  const stan = seen.at(-1)?.fields[11];
  assert.equal((await terminal.request(reversalRequest(request))).mti, '0410');
  release();
  await assert.rejects(terminal.nextAnswer(200), /no answer/);
  await eventually(() => reversals(stan).length === 1);
  script.answer = approve;
});

test('a stop settles what still waits for the centre: refused, and reversed by the next run', async () => {
  const { terminal, script } = world;
  const { seen } = script;
  script.answer = async (message) => (message.mti === '0200' ? undefined : approve(message));
  terminal.sendBody(await terminal.signed(saleRequest()));
  await eventually(() => seen.at(-1)?.mti === '0200');
  const stan = seen.at(-1)?.fields[11];
  await world.restart();
  assert.equal((await terminal.nextAnswer()).fields[39], '98');
  await eventually(() => reversals(stan).length === 1);
  script.answer = approve;
});

test('what a crash left without an answer is reversed at the next start, and its repeat gets 98', async () => {
  const { terminal, script, store } = world;
  const request = saleRequest();
  await terminal.request(request);
  const stan = script.seen.at(-1)?.fields[11];
  await world.restart(() =>
    store.query(
      `update acquirer.transactions set code = null, auth_code = null, answer = null, answered_at = null where stan = $1`,
      [request.fields[11]],
    ),
  );
  await eventually(() => reversals(stan).length === 1);
  assert.equal((await terminal.request(request)).fields[39], '98');
});

test('the journey of a transaction shows its request, its reversal and what the centre said', async () => {
  const { terminal, acquirer } = world;
  const request = saleRequest();
  await terminal.request(request);
  await terminal.request(reversalRequest(request, '96'));
  const key = { terminalId: terminal.terminalId, batch: '000001', stan: request.fields[11] ?? '' };
  await eventually(async () => (await acquirer.journey(key))?.hops.at(-1)?.code === '00');
  const journey = await acquirer.journey(key);
  assert.deepEqual(
    journey?.hops.map(({ mti, code, note }) => `${mti} ${code} ${note}`),
    ['0200 00 sale', '0400 00 96', '0420 00 96'],
  );
});

test('the journal holds no card number, track or PIN block in clear', async () => {
  const rows = await world.store.query('select t::text as line from acquirer.transactions t');
  const text = JSON.stringify(rows);
  assert.ok(text.includes(maskPan(card.pan)));
  assert.ok(!text.includes(card.pan) && !text.includes(Buffer.from(card.pan).toString('hex')));
});
