import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';
import { silentLog } from '@zhanggui/telemetry';
import { startWallets, type Wallets } from '../index.ts';

export type Told = Readonly<{ path: string; headers: Readonly<Record<string, string>>; body: string }>;

/** The sandbox wallets over HTTP and HTTPS on the real clock, compressed, and a merchant's address that hears notifications. */
export type Desk = Readonly<{
  wallets: Wallets;
  told: Told[];
  notifyUrl(name: string): string;
  /** The notification under this name, when it has come. */
  heard(name: string): Promise<Told>;
  /** The consumer scans and pays. */
  scanAndPay(link: string): Promise<string>;
  close(): Promise<void>;
}>;

const waitMs = 5;
const triesMax = 600;

export const openDesk = async (): Promise<Desk> => {
  const wallets = await startWallets({ log: silentLog(), pace: 1000 });
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
      );
      told.push({ path: request.url ?? '', headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    wallets,
    told,
    notifyUrl: (name) => `${origin}/${name}`,
    async heard(name) {
      for (let tries = 0; tries < triesMax; tries += 1) {
        const found = told.find(({ path }) => path === `/${name}`);
        if (found) return found;
        await rest(waitMs);
      }
      throw new Error(`nothing was told to ${name}`);
    },
    async scanAndPay(link) {
      const scanned = wallets.phone.scan(link);
      if (scanned.kind === 'refused') return scanned.code;
      const paid = await wallets.phone.pay({ orderId: scanned.orderId, password: '123456', funding: 'balance' });
      return paid.kind === 'paid' ? 'paid' : paid.code;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await wallets.close();
    },
  };
};
