import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { apiErrors } from './index.ts';
import { openTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
before(async () => {
  const root = await mkdtemp(join(tmpdir(), 'faces-'));
  await mkdir(join(root, 'assets'));
  await writeFile(join(root, 'index.html'), '<title>till</title>');
  await writeFile(join(root, 'assets', 'a-1234.js'), 'export {}');
  const logIns = [{ face: 'till', text: { zh: '工号 1001', en: 'Number <1001>' } }] as const;
  api = await openTestApi({ webRoots: { till: root, office: join(root, 'nowhere') }, logIns });
});
after(() => api.close());

test('every error code is documented with its status and words, and no other', async () => {
  const document = await readFile(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
  const rows = Object.entries(apiErrors).map(([code, { status, zh, en }]) => `| ${code} | ${status} | ${zh} | ${en} |`);
  assert.deepEqual(
    document.split('\n').filter((line) => /^\| [a-z-]+ \| \d/.test(line)),
    rows,
  );
});

test('the page at / offers the faces that are built, with the sandbox log-ins, and no script', async () => {
  const page = await api.app.inject('/');
  assert.match(page.body, /href="\/till\/"/);
  assert.doesNotMatch(page.body, /href="\/office\/"|<script/);
  assert.match(page.body, /Number &#60;1001&#62;/);
  assert.match(String(page.headers['content-security-policy']), /script-src 'self'/);
});

test('a face is served under its path: deep links are the app, missing files are not', async () => {
  assert.equal((await api.app.inject('/till')).headers.location, '/till/');
  const index = await api.app.inject('/till/');
  assert.deepEqual([index.statusCode, index.headers['cache-control']], [200, 'no-cache']);
  assert.match((await api.app.inject('/till/shift?x=1.2')).body, /till/);
  const asset = await api.app.inject('/till/assets/a-1234.js');
  assert.match(String(asset.headers['cache-control']), /immutable/);
  assert.equal((await api.app.inject('/till/assets/gone.js')).statusCode, 404);
});

test('every refusal has the same shape and never repeats what was sent', async () => {
  const caller = api.as(undefined);
  const notFound = await caller.get('/api/nothing');
  assert.deepEqual(notFound.body['error'], {
    code: 'not-found',
    message: { zh: '没有找到', en: 'Not found' },
  });
  const invalid = await caller.post('/api/till/sign-in', { tillId: 'till-1', staffNumber: '1001', pin: 'secret!' });
  assert.equal(invalid.status, 400);
  assert.doesNotMatch(JSON.stringify(invalid.body), /secret/);
  assert.match(JSON.stringify(invalid.body), /\/pin/);
  const broken = await api.app.inject({
    method: 'POST',
    url: '/api/till/sign-in',
    headers: { 'content-type': 'application/json' },
    payload: '{',
  });
  assert.equal(broken.json<{ error: { code: string } }>().error.code, 'invalid-request');
});

test('health, readiness and figures are told', async () => {
  const caller = api.as(undefined);
  assert.equal((await caller.get('/healthz')).status, 200);
  const ready = await caller.get('/readyz');
  assert.deepEqual([ready.status, ready.body['parts']], [503, { acquirer: true, switch: false }]);
  assert.match((await api.app.inject('/metrics')).body, /zhanggui_http_request_seconds/);
});

test('sign-in answers a cookie scripts cannot read, and the same session after a reload', async () => {
  const response = await api.app.inject({
    method: 'POST',
    url: '/api/till/sign-in',
    payload: { tillId: 'till-1', staffNumber: '1001', pin: '1234' },
  });
  assert.equal(response.statusCode, 200);
  assert.match(String(response.headers['set-cookie']), /HttpOnly; SameSite=Strict/);
  const session = response.json<Record<string, unknown>>();
  assert.equal(session['terminalId'], '00000001');
  assert.deepEqual(session['rights'], ['sell', 'discount', 'close-shift']);
  const caller = api.as(String(response.headers['set-cookie']).split(';')[0]);
  assert.deepEqual((await caller.get('/api/till/session')).body, session);
  await caller.post('/api/till/sign-out');
  assert.equal((await caller.get('/api/till/session')).status, 401);
});

test('a refused sign-in speaks of what that face asked for', async () => {
  const message = async (url: string, claim: object) => {
    const { body } = await api.as(undefined).post(url, claim);
    return (body['error'] as { message: unknown }).message;
  };
  assert.deepEqual(await message('/api/office/sign-in', { username: 'nobody', password: 'x' }), {
    zh: '用户名或密码不对',
    en: 'User name or password is wrong',
  });
  assert.deepEqual(await message('/api/till/sign-in', { tillId: 'till-1', staffNumber: '77', pin: '0000' }), {
    zh: '工号或密码不对',
    en: 'Staff number or PIN is wrong',
  });
});

test('a session opens its own face only', async () => {
  const cashier = await api.signIn('1001', '1234');
  const owner = await api.signInOffice();
  assert.equal((await owner.get('/api/office/session')).body['businessDate'], '2026-03-09');
  assert.equal((await cashier.get('/api/office/today')).status, 401);
  assert.equal((await owner.get('/api/till/catalogue')).status, 401);
  assert.equal((await api.as(undefined).get('/api/office/goods')).status, 401);
});

test('sign-ins from one address are limited', async () => {
  const limited = await openTestApi({ signInPerMinute: 2 });
  const guess = () => limited.as(undefined).post('/api/office/sign-in', { username: 'nobody', password: 'x' });
  const statuses = [await guess(), await guess(), await guess()].map(({ status }) => status);
  await limited.close();
  assert.deepEqual(statuses, [401, 401, 429]);
});
