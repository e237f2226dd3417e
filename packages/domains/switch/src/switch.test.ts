import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import { luhnCheckDigit } from '@zhanggui/ids';
import { answerTo, connectMember, type InterchangeMessage, type Member, stampClock } from '@zhanggui/interchange-link';
import { field90 } from '@zhanggui/iso8583';
import { openTestStore, type Store } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { businessDate, epochMs, instantOf, localDateTime } from '@zhanggui/time';
import { migrations, type Switch, startSwitch } from './index.ts';
import { requestKey } from './messages.ts';
import { createRoutes } from './routes.ts';
import { openSettlementDay } from './settlement-day.ts';

const acquirerCode = '48520000';
const issuerCode = '03080000';
const pan = '6225000000000014';

const hsm = openSoftHsm({ lmk: randomBytes(32), store: memoryKeyStore() });
const clock = () => epochMs(Date.now());
const log = silentLog();
const now = stampClock(clock);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const approve = async (message: InterchangeMessage): Promise<InterchangeMessage | undefined> =>
  answerTo(message, { 38: 'A1B2C3', 39: '00' });

/** What reached the issuer, and how it answers next. */
const issuer = { seen: [] as InterchangeMessage[], answer: approve };
const cutOvers: string[] = [];
let database: { store: Store; close: () => Promise<void> };
let centre: Switch;
let acquirerLink: Member;
let issuerLink: Member;

const start = (port = 0): Promise<Switch> =>
  startSwitch({
    store: database.store,
    hsm,
    log,
    metrics: createMetrics(),
    clock,
    settings: {
      host: '127.0.0.1',
      port,
      members: [
        { institution: acquirerCode, zmk: 'centre.a.zmk', roles: ['acquirer'] },
        { institution: issuerCode, zmk: 'centre.i.zmk', roles: ['issuer'] },
      ],
      routes: [
        { bin: '622500', panDigits: 16, issuer: issuerCode },
        { bin: '6226', panDigits: 16, issuer: '99990000' },
      ],
      timers: { issuerMs: 200, adviceRepeatMs: 200, sweepMs: 50 },
    },
  });

const connectAs = (institution: string, zmk: string, onRequest: typeof approve): Member =>
  connectMember({
    institution,
    host: '127.0.0.1',
    port: centre.port,
    hsm,
    zmk,
    log,
    clock,
    timers: { reconnectMinMs: 10, reconnectMaxMs: 50, managementMs: 500 },
    onRequest,
    onCutOver: (mmdd) => cutOvers.push(mmdd),
  });

const connectIssuer = (): Member =>
  connectAs(issuerCode, 'issuer.zmk', (message) => {
    issuer.seen.push(message);
    return issuer.answer(message);
  });

before(async () => {
  database = await openTestStore([migrations]);
  for (const refs of [
    ['acquirer.zmk', 'centre.a.zmk'],
    ['issuer.zmk', 'centre.i.zmk'],
  ]) {
    const components = [randomBytes(16), randomBytes(16)];
    for (const ref of refs) await hsm.importComponents({ ref, use: 'zmk', components });
  }
  centre = await start();
  acquirerLink = connectAs(acquirerCode, 'acquirer.zmk', async () => undefined);
  issuerLink = connectIssuer();
  await Promise.all([acquirerLink.ready(), issuerLink.ready()]);
});
after(async () => {
  await Promise.all([acquirerLink.stop(), issuerLink.stop()]);
  await centre.stop();
  await database.close();
});

let trace = 0;
const sale = (own: InterchangeMessage['fields'] = {}): InterchangeMessage => {
  trace += 1;
  const stan = String(trace).padStart(6, '0');
  return {
    mti: '0200',
    fields: {
      2: pan,
      3: '000000',
      4: '000000001234',
      7: now().mmddhhmmss,
      11: stan,
      12: now().hhmmss,
      13: now().mmdd,
      18: '5411',
      22: '022',
      25: '00',
      32: acquirerCode,
      33: acquirerCode,
      35: `${pan}=30122201234500678`,
      37: `32700000${stan.slice(2)}`,
      41: '00000001',
      42: '898100053110001',
      49: '156',
      60: '000006000300000000001100000',
      ...own,
    },
  };
};
const reversalOfSale = ({ mti, fields }: InterchangeMessage): InterchangeMessage => {
  const { 35: _track, ...kept } = fields;
  const original = {
    mti,
    stan: fields[11] ?? '',
    transmittedAt: fields[7] ?? '',
    acquirer: acquirerCode,
    forwarder: acquirerCode,
  };
  return { mti: '0420', fields: { ...kept, 90: field90.encode(original) } };
};

const ask = async (message: InterchangeMessage): Promise<InterchangeMessage> => {
  const outcome = await acquirerLink.request(message, { timeoutMs: 2000 });
  assert.equal(outcome.kind, 'answer');
  return outcome.kind === 'answer' ? outcome.message : message;
};
const codeOf = async (message: InterchangeMessage) => (await ask(message)).fields[39];
const reversalsAtIssuer = (request: InterchangeMessage) =>
  issuer.seen.filter(({ mti, fields }) => mti === '0420' && fields[90]?.slice(4, 10) === request.fields[11]);
const eventually = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  const until = Date.now() + 3000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('it never came to hold');
    await pause(10);
  }
};

test('a sale reaches the issuer of its BIN with the settlement date, and its answer comes back', async () => {
  const request = sale();
  const answer = await ask(request);
  assert.equal(answer.mti, '0210');
  assert.equal(answer.fields[39], '00');
  assert.equal(answer.fields[38], 'A1B2C3');
  assert.equal(answer.fields[15], centre.settlementDate());
  assert.equal(answer.fields[100], issuerCode);
  const forwarded = issuer.seen.at(-1);
  assert.equal(forwarded?.fields[15], centre.settlementDate());
  assert.equal(forwarded?.fields[19], '156');
  assert.equal(forwarded?.fields[37], request.fields[37]);
});

test('a PIN block is translated from the acquirer\u2019s key to the issuer\u2019s; one that opens to nothing is 99', async () => {
  await hsm.generateKey({ ref: 'test.tmk', use: 'tmk', bytes: 16 });
  await hsm.generateKey({ ref: 'test.tpk', use: 'tpk', bytes: 16 });
  const typed = await hsm.encryptPin({ key: 'test.tpk', pin: '123456', pan });
  const block = await hsm.translatePin({ from: 'test.tpk', to: acquirerLink.pinKey(), block: typed, pan });
  assert.equal(await codeOf(sale({ 22: '021', 26: '12', 52: block, 53: '2600000000000000' })), '00');
  const expected = await hsm.translatePin({ from: 'test.tpk', to: issuerLink.pinKey(), block: typed, pan });
  assert.deepEqual(Buffer.from(issuer.seen.at(-1)?.fields[52] ?? []), Buffer.from(expected));
  assert.equal(await codeOf(sale({ 52: new Uint8Array(8).fill(7), 53: '2600000000000000' })), '99');
});

test('the longest BIN of the right length names the issuer', () => {
  const issuerOf = createRoutes([
    { bin: '6225', panDigits: 16, issuer: 'short' },
    { bin: '622500', panDigits: 16, issuer: 'long' },
    { bin: '622500', panDigits: 19, issuer: 'nineteen' },
  ]);
  assert.equal(issuerOf('6225000000000014'), 'long');
  assert.equal(issuerOf('6225010000000012'), 'short');
  assert.equal(issuerOf('6225000000000000001'), 'nineteen');
  assert.equal(issuerOf('4111111111111111'), undefined);
});

test('no issuer is 15, a wrong check digit 14, an issuer that is away 91, a stranger\u2019s forwarder 30', async () => {
  assert.equal(await codeOf(sale({ 2: '4111111111111111' })), '15');
  assert.equal(await codeOf(sale({ 2: '6225000000000015' })), '14');
  assert.equal(await codeOf(sale({ 2: `622600000000001${luhnCheckDigit('622600000000001')}` })), '91');
  const { 37: _rrn, ...fields } = sale().fields;
  assert.equal(await codeOf({ mti: '0200', fields }), '30');
});

test('a request sent again is forwarded once and gets the stored answer', async () => {
  const request = sale();
  const first = await ask(request);
  const forwarded = issuer.seen.length;
  const again = await ask(request);
  assert.equal(issuer.seen.length, forwarded);
  assert.deepEqual({ ...again.fields }, { ...first.fields });
});

test('another request under a key that was used is 94', async () => {
  const request = sale();
  await ask(request);
  assert.equal(await codeOf({ mti: '0200', fields: { ...request.fields, 4: '000000009999' } }), '94');
});

test('no answer in time: 98 to the acquirer, and a reversal to the issuer until it acknowledges', async () => {
  const request = sale();
  let acknowledge = false;
  issuer.answer = async (message) =>
    message.mti === '0420' && acknowledge ? answerTo(message, { 39: '00' }) : undefined;
  assert.equal(await codeOf(request), '98');
  await eventually(() => reversalsAtIssuer(request).length >= 2);
  acknowledge = true;
  await eventually(async () => (await centre.journey(request.fields[37] ?? '')).at(-1)?.code === '00');
  const [first, second] = reversalsAtIssuer(request);
  assert.equal(first?.fields[7], second?.fields[7]);
  assert.equal(first?.fields[15], centre.settlementDate());
  assert.equal(first?.fields[35], undefined);
  issuer.answer = approve;
  const told = (await centre.journey(request.fields[37] ?? '')).map(({ mti, code, note }) => `${mti} ${code} ${note}`);
  assert.deepEqual(told, ['0200 98 undefined', `0420 00 to ${issuerCode}`]);
});

test('an unanswered inquiry is not reversed', async () => {
  const request = sale({ 3: '300000', 4: undefined });
  issuer.answer = async () => undefined;
  assert.equal(await codeOf(request), '98');
  issuer.answer = approve;
  await pause(120);
  assert.deepEqual(reversalsAtIssuer(request), []);
});

test('a late approval stays undone; a late refusal calls the reversal off', async () => {
  const request = sale();
  issuer.answer = async (message) => {
    if (message.mti === '0420') return undefined;
    await pause(250);
    return answerTo(message, { 39: '51' });
  };
  assert.equal(await codeOf(request), '98');
  await eventually(async () => {
    const [row] = await database.store.query<{ state: string }>(
      'select a.state from switch.advices a join switch.transactions t using (key) where t.rrn = $1',
      [request.fields[37]],
    );
    return row?.state === 'cancelled';
  });
  assert.equal((await centre.journey(request.fields[37] ?? '')).at(0)?.note, 'late 51');
  issuer.answer = approve;
});

test('an acquirer\u2019s reversal is acknowledged at once and reaches the issuer once, however often it comes', async () => {
  const request = sale();
  await ask(request);
  assert.equal(await codeOf(reversalOfSale(request)), '00');
  const again = reversalOfSale(request);
  assert.equal(await codeOf({ ...again, fields: { ...again.fields, 7: '0101000000' } }), '00');
  await eventually(() => reversalsAtIssuer(request).length === 1);
  await pause(300);
  assert.equal(reversalsAtIssuer(request).length, 1);
});

test('a reversal that comes before its request wins', async () => {
  const request = sale();
  const forwarded = issuer.seen.length;
  assert.equal(await codeOf(reversalOfSale(request)), '00');
  assert.equal(await codeOf(request), '12');
  assert.equal(issuer.seen.length, forwarded);
});

test('a member reverses what it forwarded itself, and nothing else', async () => {
  const request = sale();
  const reversal = reversalOfSale(request);
  const foreign = field90.encode({
    mti: '0200',
    stan: '000001',
    transmittedAt: '0511234203',
    acquirer: '1',
    forwarder: '12345678',
  });
  assert.equal(await codeOf({ ...reversal, fields: { ...reversal.fields, 90: foreign } }), '30');
});

test('what a reversal owes an issuer that is away is delivered when it is back', async () => {
  const request = sale();
  await ask(request);
  await issuerLink.stop();
  assert.equal(await codeOf(sale()), '91');
  assert.equal(await codeOf(reversalOfSale(request)), '00');
  issuerLink = connectIssuer();
  await issuerLink.ready();
  await eventually(() => reversalsAtIssuer(request).length === 1);
});

/** Stops the centre and starts it again on the same port and database. */
const restart = async (meanwhile?: () => Promise<unknown>): Promise<void> => {
  const { port } = centre;
  await centre.stop();
  await meanwhile?.();
  centre = await start(port);
  await Promise.all([acquirerLink.ready(), issuerLink.ready()]);
};

test('a stop settles what still waits for an issuer: refused, and reversed by the next run', async () => {
  const request = sale();
  issuer.answer = async (message) => (message.mti === '0420' ? approve(message) : undefined);
  const lost = acquirerLink.request(request, { timeoutMs: 100 });
  await eventually(() => issuer.seen.at(-1)?.fields[11] === request.fields[11]);
  await restart();
  assert.equal((await lost).kind, 'timeout');
  await eventually(() => reversalsAtIssuer(request).length === 1);
  issuer.answer = approve;
  assert.equal(await codeOf(request), '98');
});

test('what a crash left without an answer is reversed at the next start, and its repeat gets 98', async () => {
  const request = sale();
  await ask(request);
  await restart(() =>
    database.store.query(
      'update switch.transactions set code = null, answer = null, answered_at = null where rrn = $1',
      [request.fields[37]],
    ),
  );
  await eventually(() => reversalsAtIssuer(request).length === 1);
  assert.equal(await codeOf(request), '98');
});

test('the settlement day turns at the cut-over, once, and does not go back with the clock', async () => {
  let time = instantOf(localDateTime('2026-05-11T22:59:59'));
  const options = { store: database.store, clock: () => time, centre: 'test', cutOver: '23:00', graceMs: 60_000 };
  const day = await openSettlementDay(options);
  assert.equal(day.mmdd(), '0511');
  assert.equal(await day.turn(), undefined);
  time = instantOf(localDateTime('2026-05-11T23:00:00'));
  assert.equal(await day.turn(), '0512');
  assert.equal(await day.turn(), undefined);
  assert.deepEqual(day.open(), ['0512', '0511']);
  time = instantOf(localDateTime('2026-05-11T23:02:00'));
  assert.deepEqual(day.open(), ['0512']);
  time = instantOf(localDateTime('2026-05-10T12:00:00'));
  assert.equal((await openSettlementDay(options)).mmdd(), '0512');
});

test('a day that turned while the centre was down leaves what was under way time to be reversed', async () => {
  let time = instantOf(localDateTime('2026-05-11T22:59:59'));
  const options = { store: database.store, clock: () => time, centre: 'down', cutOver: '23:00', graceMs: 60_000 };
  await openSettlementDay(options);
  time = instantOf(localDateTime('2026-05-12T08:00:00'));
  assert.deepEqual((await openSettlementDay(options)).open(), ['0512', '0511']);
  time = instantOf(localDateTime('2026-05-12T08:00:30'));
  assert.deepEqual((await openSettlementDay(options)).open(), ['0512', '0511'], 'also after another restart');
  time = instantOf(localDateTime('2026-05-12T08:01:00'));
  assert.deepEqual((await openSettlementDay(options)).open(), ['0512']);
});

test('the key of a request has the year of its transmission time on both sides of the new year', () => {
  const part = { forwarder: acquirerCode, transmittedAt: '1231235959', stan: '000001' };
  assert.equal(requestKey(part, businessDate('2027-01-01')), `${acquirerCode}.20261231235959.000001`);
  const after = { ...part, transmittedAt: '0101000000' };
  assert.equal(requestKey(after, businessDate('2026-12-31')), `${acquirerCode}.20270101000000.000001`);
});

test('the journal holds no card number in clear', async () => {
  const text = JSON.stringify(await database.store.query('select t::text as line from switch.transactions t'));
  assert.ok(text.includes('622500******0014'));
  assert.ok(!text.includes(pan) && !text.includes(Buffer.from(pan).toString('hex')));
});
