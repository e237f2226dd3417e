import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ascii } from '@zhanggui/bytes';
import { memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import { connect, FRAMINGS, type Listener, listen } from '@zhanggui/link';
import { silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import {
  answerTo,
  type Centre,
  connectMember,
  type InterchangeMessage,
  isAnswer,
  listenCentre,
  type Member,
  messageKey,
} from './index.ts';

const institution = '92010000';
const hsm = openSoftHsm({ lmk: randomBytes(32), store: memoryKeyStore() });
const clock = () => epochMs(Date.now());
const log = silentLog();

const approve = async (message: InterchangeMessage) => answerTo(message, { 39: '00' });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the other side of the link received, and how it answers next. */
const atCentre: { seen: InterchangeMessage[]; answer: typeof approve } = { seen: [], answer: approve };
let centre: Centre;
let member: Member;
let line: Listener;
const late: InterchangeMessage[] = [];

const zmk = { member: 'test.member.zmk', centre: 'test.centre.zmk', stranger: 'test.stranger.zmk' };

const startMember = (port: number, zmkRef = zmk.member) =>
  connectMember({
    institution,
    host: '127.0.0.1',
    port,
    hsm,
    zmk: zmkRef,
    log,
    clock,
    timers: { reconnectMinMs: 20, reconnectMaxMs: 100, managementMs: 500 },
    onRequest: async (message) => answerTo(message, { 38: 'A1B2C3', 39: '00' }),
    onLate: (message) => late.push(message),
  });

const startCentre = (port = 0) =>
  listenCentre({
    host: '127.0.0.1',
    port,
    hsm,
    members: [{ institution, zmk: zmk.centre }],
    log,
    clock,
    timers: { managementMs: 500 },
    onRequest: async (from, message) => {
      assert.equal(from, institution);
      atCentre.seen.push(message);
      return atCentre.answer(message);
    },
  });

before(async () => {
  const components = [randomBytes(16), randomBytes(16)];
  for (const ref of [zmk.member, zmk.centre]) await hsm.importComponents({ ref, use: 'zmk', components });
  await hsm.importComponents({ ref: zmk.stranger, use: 'zmk', components: [randomBytes(16), randomBytes(16)] });
  centre = await startCentre();
  line = await startLine(() => centre.port);
  member = startMember(line.port);
  await member.ready();
});
after(async () => {
  await member.stop();
  await line.close();
  await centre.close();
});

/** A line between the two ends that damages the MAC of one kind of message. */
const damage: { mti: string | undefined } = { mti: undefined };
const damaged = (frame: Uint8Array): Uint8Array => {
  if (ascii(frame.subarray(46, 50)) !== damage.mti) return frame;
  const copy = Uint8Array.from(frame);
  copy[copy.length - 1] = copy.at(-1) === 0x30 ? 0x31 : 0x30;
  return copy;
};
const startLine = (target: () => number) =>
  listen({
    host: '127.0.0.1',
    port: 0,
    framing: FRAMINGS.ascii4,
    onConnection: (near) => {
      const waiting: Uint8Array[] = [];
      const far = connect({
        host: '127.0.0.1',
        port: target(),
        framing: FRAMINGS.ascii4,
        reconnect: { minMs: 10, maxMs: 10 },
        onFrame: (frame) => near.send(damaged(frame)),
        onState: (state) => {
          if (state === 'connected') for (const frame of waiting.splice(0)) far.send(frame);
        },
      });
      near.onFrame((frame) => {
        if (!far.send(damaged(frame))) waiting.push(frame);
      });
      near.onClose(() => void far.close());
    },
  });

let trace = 0;
const sale = (): InterchangeMessage => {
  trace += 1;
  return {
    mti: '0200',
    fields: {
      2: '6225000000000014',
      3: '000000',
      4: '000000010000',
      7: '0511234203',
      11: String(trace).padStart(6, '0'),
      32: institution,
      33: institution,
      41: '00000001',
      42: '898100053110001',
      49: '156',
    },
  };
};

test('an answer is matched to its request by content', () => {
  const request = sale();
  const answer = answerTo(request, { 39: '00' });
  assert.equal(answer.mti, '0210');
  assert.ok(isAnswer(answer.mti) && !isAnswer(request.mti));
  assert.equal(messageKey(answer), messageKey(request));
  assert.notEqual(messageKey({ ...request, mti: '0420' }), messageKey(request));
});

test('a member that signed on holds the same working keys as the centre', async () => {
  assert.equal(centre.isReady(institution), true);
  const [pinAtCentre = ''] = centre.pinKeys(institution);
  assert.equal((await hsm.keyInfo(member.pinKey()))?.kcv, (await hsm.keyInfo(pinAtCentre))?.kcv);
});

test('a request goes to the centre with a MAC and its answer comes back', async () => {
  const outcome = await member.request(sale(), { timeoutMs: 1000 });
  assert.equal(outcome.kind, 'answer');
  assert.equal(outcome.kind === 'answer' && outcome.message.fields[39], '00');
  assert.match(atCentre.seen.at(-1)?.fields[128] ?? '', /^[0-9A-F]{8}$/);
});

test('the centre asks a member, too', async () => {
  const outcome = await centre.request(institution, sale(), { timeoutMs: 1000 });
  assert.equal(outcome.kind === 'answer' && outcome.message.fields[38], 'A1B2C3');
});

test('a request that is not answered in time times out, and its answer is late', async () => {
  const request = sale();
  atCentre.answer = async (message) => {
    await pause(100);
    return answerTo(message, { 39: '00' });
  };
  assert.deepEqual(await member.request(request, { timeoutMs: 50 }), { kind: 'timeout' });
  await pause(100);
  assert.deepEqual(late.map(messageKey), [messageKey(request)]);
  atCentre.answer = approve;
});

test('a request with a bad MAC is answered A0, an answer with a bad MAC counts as none; new keys follow', async () => {
  const key = member.pinKey();
  damage.mti = '0200';
  const refused = await member.request(sale(), { timeoutMs: 1000 });
  assert.equal(refused.kind === 'answer' && refused.message.fields[39], 'A0');
  damage.mti = '0210';
  assert.deepEqual(await member.request(sale(), { timeoutMs: 1000 }), { kind: 'bad-mac' });
  damage.mti = undefined;
  // Trouble with MACs makes the link ask for new keys by itself.
  while (member.pinKey() === key) await pause(10);
  await member.renewKeys();
});

test('keys renewed in mid-traffic lose no request', async () => {
  const before = member.pinKey();
  const outcomes = await Promise.all([
    ...Array.from({ length: 50 }, () => member.request(sale(), { timeoutMs: 2000 })),
    member.renewKeys(),
    ...Array.from({ length: 50 }, () => centre.request(institution, sale(), { timeoutMs: 2000 })),
  ]);
  assert.notEqual(member.pinKey(), before);
  for (const outcome of outcomes) if (outcome) assert.equal(outcome.kind, 'answer');
});

test('a cut-over is announced to members signed on', async () => {
  await centre.announceCutOver('1123');
  assert.equal(member.state, 'ready');
});

test('a link that broke signs on again with fresh keys', async () => {
  const direct = startMember(centre.port);
  await direct.ready();
  const { port } = centre;
  const key = direct.pinKey();
  await centre.close();
  assert.deepEqual(await direct.request(sale(), { timeoutMs: 100 }), { kind: 'unavailable' });
  centre = await startCentre(port);
  await direct.ready();
  assert.notEqual(direct.pinKey(), key);
  assert.equal((await direct.request(sale(), { timeoutMs: 1000 })).kind, 'answer');
  await direct.stop();
});

test('a member whose key differs from the centre’s never gets ready, and its requests are sent back', async () => {
  await member.stop();
  const wrong = startMember(centre.port, zmk.stranger);
  await pause(700);
  assert.notEqual(wrong.state, 'ready');
  assert.equal(centre.isReady(institution), false);
  await wrong.stop();
});
