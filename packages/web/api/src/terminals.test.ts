import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { WebSocket } from 'ws';
import { type Caller, fakeCard, newId, openTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let cashier: Caller;
before(async () => {
  api = await openTestApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
});
after(() => api.close());
beforeEach(async () => {
  cashier = await api.signIn('1001', '1234');
});

const sales = '/api/terminals/00000001/sales';
const start = (requestId: string, amountMinor = '1234') => cashier.post(sales, { requestId, amountMinor });
const stateOf = ({ body }: { body: Record<string, unknown> }) => (body['sale'] as { state: string }).state;

test('a till starts a sale on its own terminal; the same request is the same sale', async () => {
  const requestId = newId();
  const first = await start(requestId);
  assert.deepEqual([first.status, stateOf(first)], [200, 'waiting-card']);
  assert.deepEqual((await start(requestId)).body, first.body);
  assert.equal((await start(requestId, '1235')).status, 409);
  assert.equal((await start(newId(), '0')).status, 400);
});

test('a till reaches no other terminal, and nobody reaches one without signing in', async () => {
  const other = await api.signIn('1001', '1234', 'till-2');
  const sale = { requestId: newId(), amountMinor: '1' };
  assert.equal((await other.post(sales, sale)).status, 403);
  assert.equal((await cashier.post('/api/terminals/00000009/sales', sale)).status, 403);
  assert.equal((await api.as(undefined).post(sales, sale)).status, 401);
});

test('a waiting till hears of a change at once, and of no change when its time is over', async () => {
  const requestId = newId();
  await start(requestId);
  const url = `${sales}/${requestId}?state=waiting-card`;
  const waiting = cashier.get(`${url}&waitMs=20000`);
  setTimeout(() => api.terminal.say({ state: 'approved', code: '00', stan: '000001' }), 50);
  assert.equal(stateOf(await waiting), 'approved');
  assert.equal(stateOf(await cashier.get(`${url}&waitMs=20000`)), 'approved');
  const same = await cashier.get(`${sales}/${requestId}?state=approved&waitMs=30`);
  assert.equal(stateOf(same), 'approved');
  assert.equal((await cashier.get(`${sales}/${newId()}`)).status, 404);
});

test('a cancelled sale says so', async () => {
  const requestId = newId();
  await start(requestId);
  assert.equal(stateOf(await cashier.post(`${sales}/${requestId}/cancel`)), 'cancelled');
});

test('the office sees every payment at its latest word, with its journey', async () => {
  const requestId = newId();
  await start(requestId);
  api.terminal.say({ state: 'unknown', stan: '000007', text: { zh: '结果未知', en: 'Result unknown' } });
  api.terminal.say({ state: 'approved' });
  api.terminal.say({ voidedBy: newId() });
  const owner = await api.signInOffice();
  await start(requestId);
  const { body } = await owner.get('/api/office/payments');
  const payments = body['payments'] as { id: string; state: string; voided: boolean; saleId: string | null }[];
  const payment = payments.find(({ id }) => id === requestId);
  assert.deepEqual([payment?.state, payment?.voided, payment?.saleId], ['approved', true, null]);
  const journey = await owner.get(`/api/office/payments/${requestId}/journey`);
  assert.deepEqual((journey.body['hops'] as { note: string }[])[0]?.note, '00000001 000007');
  assert.equal((await owner.get(`/api/office/payments/${newId()}/journey`)).status, 404);
});

const address = () => {
  const bound = api.app.server.address();
  return typeof bound === 'object' && bound ? `127.0.0.1:${bound.port}` : '';
};
type Message = { view: { screen: string } } | { error: { code: string } };
/** The next messages of a socket, none lost between two of them. */
const messages = (socket: WebSocket, count: number): Promise<(string | undefined)[]> =>
  new Promise((resolve) => {
    const received: string[] = [];
    const take = (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      received.push('view' in message ? message.view.screen : message.error.code);
      if (received.length < count) return;
      socket.off('message', take);
      resolve(received);
    };
    socket.on('message', take);
  });

test('the face sees the whole view at once and after every key; a card goes in by its name', async () => {
  const socket = new WebSocket(`ws://${address()}/api/terminals/00000001/face`);
  assert.deepEqual(await messages(socket, 1), ['idle']);
  const answers = messages(socket, 4);
  for (const command of [
    { kind: 'key', key: 'confirm' },
    { kind: 'insert', cardId: 'debit' },
    { kind: 'insert', cardId: 'none' },
    { kind: 'key', key: 'F13' },
  ])
    socket.send(JSON.stringify(command));
  assert.deepEqual(await answers, ['processing', 'processing', 'card-not-found', 'invalid-request']);
  assert.deepEqual(api.terminal.commands, [
    { kind: 'key', key: 'confirm' },
    { kind: 'insert', card: fakeCard },
  ]);
  socket.close();
  await once(socket, 'close');
});

test('a page of another site gets no face', async () => {
  const socket = new WebSocket(`ws://${address()}/api/terminals/00000001/face`, {
    origin: 'https://elsewhere.example',
  });
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /403/);
});

test('the sandbox shows its cards and switches its faults', async () => {
  const caller = api.as(undefined);
  const { body } = await caller.get('/api/sandbox/cards');
  assert.equal((body['cards'] as unknown[]).length, 1);
  const faults = await caller.post('/api/sandbox/faults', { id: 'mute', active: true });
  assert.deepEqual((faults.body['faults'] as { active: boolean }[])[0]?.active, true);
  assert.equal((await caller.post('/api/sandbox/faults', { id: 'none', active: true })).status, 404);
});

test('outside the sandbox there are no cards, no faults and no face', async () => {
  const real = await openTestApi({ sandbox: undefined });
  await real.app.listen({ host: '127.0.0.1', port: 0 });
  assert.equal((await real.as(undefined).get('/api/sandbox/cards')).status, 404);
  const bound = real.app.server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/terminals/00000001/face`);
  const [error] = (await once(socket, 'error')) as [Error];
  assert.match(error.message, /404/);
  await real.close();
});

test('closing the api lets go of tills that wait', async () => {
  const requestId = newId();
  await start(requestId);
  const waiting = cashier.get(`${sales}/${requestId}?state=waiting-card&waitMs=30000`);
  setTimeout(() => void api.app.close(), 50);
  assert.equal(stateOf(await waiting), 'waiting-card');
});
