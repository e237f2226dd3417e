import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { AnswerTooLong, fetchSend } from '@zhanggui/https-call';
import { selfSigned } from './testing/certificate.ts';
import { certificateSend, overHosts } from './transport.ts';

const identity = (serial: string) => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const cert = selfSigned({ serial, ...keys, fromMs: Date.now() - 86_400_000, untilMs: Date.now() + 86_400_000 });
  return { cert, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
};
const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const outgoing = {
  method: 'POST',
  headers: { 'Content-Type': 'text/xml' },
  body: '<xml></xml>',
  timeoutMs: 2_000,
  bytesMax: 100,
} as const;

test('the merchant’s certificate stands in the TLS handshake; without it the server does not answer', async (t) => {
  const [host, merchant] = [identity('11'), identity('22')];
  const options = { ...host, ca: merchant.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (request, response) => {
    const serial = request.socket instanceof TLSSocket ? request.socket.getPeerCertificate().serialNumber : '';
    request.pipe(response.writeHead(200, { 'X-Serial': serial }));
  });
  const url = `https://127.0.0.1:${await listening(server)}/secapi/pay/reverse`;
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { status, headers, body } = await certificateSend({ ...merchant, ca: host.cert })({ ...outgoing, url });
  assert.deepEqual([status, headers.get('X-Serial'), Buffer.from(body).toString()], [200, '22', '<xml></xml>']);
  await assert.rejects(certificateSend({ ...identity('33'), ca: host.cert })({ ...outgoing, url }));
  await assert.rejects(certificateSend(merchant)({ ...outgoing, url }), 'a server nobody vouches for');
});

test('a host that does not answer in time leaves the outcome unknown, and a call that may be repeated goes on', async (t) => {
  const server = createPlainServer(() => undefined);
  const silent = `http://127.0.0.1:${await listening(server)}`;
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const attempt = async (host: string): Promise<string> => {
    if (host !== silent) return host;
    await fetchSend({ ...outgoing, url: host, timeoutMs: 30 });
    return assert.fail('answered');
  };
  const hosts = [silent, 'standby'];
  assert.equal(await overHosts({ hosts, repeatable: true, place: 'query' }, attempt), 'standby');
  const once = overHosts({ hosts, repeatable: false, place: 'codepay' }, attempt);
  await assert.rejects(once, { code: 'outcome-unknown', place: 'codepay' });
});

test('an answer that is too long is no answer anybody can read, and no host is asked for it again', async () => {
  let asked = 0;
  const attempt = (): Promise<never> => {
    asked += 1;
    return Promise.reject(new AnswerTooLong(100));
  };
  const calls = overHosts({ hosts: ['first', 'standby'], repeatable: true, place: 'query' }, attempt);
  await assert.rejects(calls, { code: 'answer-malformed', place: 'query' });
  assert.equal(asked, 1);
});
