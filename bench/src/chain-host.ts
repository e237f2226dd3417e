import { once } from 'node:events';
import { fromHex } from '@zhanggui/bytes';
import { pan } from '@zhanggui/secret';
import { type Hosts, openHosts, openInstitutionHsm, openSandboxBank, readSettings } from '@zhanggui/server';
import { openStore } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';

/** One role of the chain in a process of its own, as institutions have them: opened, furnished, and closed when told. */
export type HostOrder = Readonly<{
  url: string;
  lmk: string;
  settings: Readonly<Record<string, string>>;
  /** What an issuer is furnished with. */
  cards: readonly { accountId: string; pan: string; sequenceNumber: string; expiry: string; serviceCode: string }[];
  /** What an acquirer is furnished with. */
  terminals: readonly { terminalId: string; components: readonly string[] }[];
  merchantId: string;
  pin: string;
}>;
export type HostOpened = Readonly<{ switchPort: number; acquirerPort: number }>;

const holder = 'LOAD';
const name = '压测商户';
const databaseConnections = 8;

const issueCards = async (issuer: Hosts['issuer'], { cards, pin }: HostOrder): Promise<void> => {
  for (const { accountId, ...card } of cards) {
    await issuer?.openAccount({ accountId, kind: 'debit', holder, balanceMinor: 1_000_000_000n });
    await issuer?.issueCard({ ...card, pan: pan(card.pan), accountId, pin });
  }
};

const installTerminals = async (acquirer: Hosts['acquirer'], { terminals, merchantId }: HostOrder): Promise<void> => {
  await acquirer?.registerMerchant({ merchantId, name });
  for (const { terminalId, components } of terminals) {
    const masterKeyComponents = components.map(fromHex);
    await acquirer?.registerTerminal({ terminalId, merchantId, name, mcc: '5411', masterKeyComponents });
  }
};

const serve = async (order: HostOrder): Promise<void> => {
  const clock = () => epochMs(Date.now());
  const store = openStore({ url: order.url, max: databaseConnections });
  const masterKeys = { lmk: fromHex(order.lmk) };
  const settings = readSettings({ ...order.settings });
  const { bank } = await openSandboxBank(store, await openInstitutionHsm(masterKeys, store, 'sandbox'), clock);
  const hosts = await openHosts(
    { store, masterKeys, clock, metrics: createMetrics(), logOf: silentLog, settings },
    bank,
  );
  await issueCards(hosts.issuer, order);
  await installTerminals(hosts.acquirer, order);
  const opened: HostOpened = { switchPort: hosts.switch?.port ?? 0, acquirerPort: hosts.acquirer?.port ?? 0 };
  process.send?.(opened);
  await once(process, 'message');
  await hosts.close();
  await store.close();
  process.disconnect?.();
};

// Whoever started it is gone, or has been told that it is finished.
process.once('disconnect', () => process.exit());
process.once('message', (order: HostOrder) => {
  serve(order).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
