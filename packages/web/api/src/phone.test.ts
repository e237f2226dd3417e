import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type PhoneView, phoneViewAnswer } from './contract.ts';
import { landingPage } from './landing.ts';
import { type Caller, now, openTestApi, type TestApi } from './test-api.ts';
import { type FakeWallets, fakeWallets } from './test-phone.ts';

const root = '/api/sandbox/phone';
const order = {
  orderId: 'o1',
  wallet: 'wechat',
  merchant: '掌柜便利店',
  description: '收银 01-000001',
  amountMinor: '1250',
  needsPassword: true,
} as const;

let api: TestApi;
let wallets: FakeWallets;
let phone: Caller;
let port: number;
let webRoots: { phone: string };
before(async () => {
  wallets = fakeWallets(() => now);
  const folder = await mkdtemp(join(tmpdir(), 'phone-'));
  await writeFile(join(folder, 'index.html'), '<title>phone</title>');
  webRoots = { phone: folder };
  api = await openTestApi({ sandboxWallets: wallets, webRoots });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const bound = api.app.server.address();
  port = typeof bound === 'object' && bound ? bound.port : 0;
  phone = api.as(undefined);
});
after(() => api.close());
beforeEach(() => wallets.change({ history: [], notices: [], prompt: undefined, lockedUntil: undefined }));

const pay = (password?: string) => phone.post(`${root}/pay`, { orderId: 'o1', funding: 'balance', password });
const view = async (): Promise<PhoneView> => phoneViewAnswer.parse((await phone.get(root)).body).view;

test('a shown order is found by pointing at it or by its text, and paid with the password', async () => {
  assert.deepEqual((await phone.get(`${root}/shown`)).body, { order: null });
  wallets.show(order);
  assert.deepEqual((await phone.get(`${root}/shown`)).body, { order });
  const scanned = await phone.post(`${root}/scan`, { text: ' weixin://wxpay/bizpayurl?pr=o1\n' });
  assert.deepEqual(scanned.body, { kind: 'order', ...order });
  const { body } = await pay('123456');
  assert.equal(body['kind'], 'paid');
  const { history, notices } = await view();
  assert.deepEqual([history[0]?.id, history[0]?.amountMinor, notices[0]?.kind], [body['recordId'], '1250', 'paid']);
});

test('what is no code is refused in both languages', async () => {
  const { status, body } = await phone.post(`${root}/scan`, { text: 'https://example.com' });
  assert.deepEqual([status, body['kind']], [200, 'refused']);
  assert.ok((body['text'] as { zh: string; en: string }).en);
});

test('a wrong password says how many tries are left, the third locks, and no answer repeats it', async () => {
  wallets.show(order);
  const answers = [await pay('000000'), await pay('000001'), await pay('000002')];
  assert.deepEqual(
    answers.map(({ body }) => body['triesLeft']),
    [2, 1, 0],
  );
  assert.equal((await view()).lockedUntil, now + 60_000);
  assert.equal((await pay('12345')).status, 400);
  assert.doesNotMatch(JSON.stringify(await pay('secret')), /secret/);
});

test('a payment code comes with its end and the clock it is measured by', async () => {
  const { body } = await phone.post(`${root}/code`, { wallet: 'unionpay' });
  assert.match(String(body['code']), /^62\d{17}$/);
  assert.equal(typeof body['now'], 'number');
  assert.equal((await phone.post(`${root}/code`, { wallet: 'nobody' })).status, 400);
});

test('choosing money, topping up and the password rule show in the view', async () => {
  assert.equal((await phone.post(`${root}/funding`, { wallet: 'alipay', funding: 'credit' })).status, 200);
  assert.equal((await phone.post(`${root}/funding`, { wallet: 'alipay', funding: 'none' })).status, 404);
  const topUp = await phone.post(`${root}/top-up`, { wallet: 'alipay', cardId: 'debit', amountMinor: '10000' });
  assert.deepEqual(topUp.body, { kind: 'done' });
  await phone.post(`${root}/password-rule`, { rule: 'over-1000' });
  const { wallets: states, passwordRule } = await view();
  const alipay = states.find(({ wallet }) => wallet === 'alipay');
  assert.deepEqual([alipay?.funding, alipay?.balanceMinor, passwordRule], ['credit', '45620', 'over-1000']);
});

test('the wallets are broken and mended by name', async () => {
  const broken = await phone.post(`${root}/faults`, { id: 'mute', active: true });
  assert.deepEqual((broken.body['faults'] as { active: boolean }[])[0]?.active, true);
  assert.equal((await phone.post(`${root}/faults`, { id: 'none', active: true })).status, 404);
});

/** The next views of an event stream, none lost between two of them. */
const openEvents = async () => {
  const response = await new Promise<IncomingMessage>((resolve) => get({ port, path: `${root}/events` }, resolve));
  response.setEncoding('utf8');
  const views: PhoneView[] = [];
  let waiting: (() => void) | undefined;
  let rest = '';
  response.on('data', (text: string) => {
    const messages = (rest + text).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages.filter((line) => line.startsWith('data: ')))
      views.push(phoneViewAnswer.parse(JSON.parse(message.slice('data: '.length))).view);
    waiting?.();
  });
  const next = async (): Promise<PhoneView | undefined> => {
    if (views.length === 0) await new Promise<void>((resolve) => (waiting = resolve));
    return views.shift();
  };
  return { response, next };
};

test('an open phone hears of a password prompt and of its end by itself', async () => {
  const { response, next } = await openEvents();
  assert.equal(response.headers['content-type'], 'text/event-stream');
  assert.equal((await next())?.prompt, undefined);
  wallets.pushPrompt(order);
  assert.deepEqual((await next())?.prompt, order);
  await phone.post(`${root}/decline`, { orderId: 'o1' });
  assert.equal((await next())?.prompt, undefined);
  response.destroy();
});

test('however much changes at once, an open phone gets the last of it and not every step', async () => {
  const { response, next } = await openEvents();
  await next();
  for (let step = 1; step <= 200; step += 1) wallets.change({ lockedUntil: now + step });
  let messages = 1;
  while ((await next())?.lockedUntil !== now + 200) messages += 1;
  wallets.pushPrompt(order);
  while ((await next())?.prompt === undefined) messages += 1;
  assert.ok(messages <= 3, `${messages} messages`);
  response.destroy();
});

test('the page at / has a door to the phone, and says how a real phone gets there', async () => {
  const page = await api.app.inject('/');
  assert.match(page.body, /href="\/phone\/"/);
  assert.match(page.body, /ZHANGGUI_HTTP_HOST=0\.0\.0\.0/);
});

test('a server on the network shows the address of the phone as a code', () => {
  const page = landingPage({ faces: ['phone'], logIns: [], networkUrl: 'http://192.168.1.7:8580' });
  assert.match(page, /<svg/);
  assert.match(page, /href="http:\/\/192\.168\.1\.7:8580\/phone\/"/);
});

test('without sandbox wallets there is no phone', async () => {
  const real = await openTestApi({ webRoots });
  assert.equal((await real.as(undefined).get(root)).status, 404);
  assert.equal((await real.app.inject('/phone/')).statusCode, 404);
  assert.doesNotMatch((await real.app.inject('/')).body, /phone/);
  await real.close();
});

test('closing the api lets go of phones that listen', async () => {
  const { response, next } = await openEvents();
  await next();
  const ended = new Promise((resolve) => response.once('end', resolve));
  response.resume();
  await Promise.all([ended, api.app.close()]);
});
