import { fork } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CardOrder, issueCard, panOf, type SandboxCard } from '@zhanggui/bank';
import { hex, xor } from '@zhanggui/bytes';
import { pan } from '@zhanggui/secret';
import {
  allMigrations,
  type Ground,
  type Hosts,
  openHosts,
  openInstitutionHsm,
  openSandboxBank,
  readSettings,
} from '@zhanggui/server';
import { migrate, openStore, startEmbeddedPostgres, temporaryDirectory } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { epochMs, isoFields, wallClock } from '@zhanggui/time';
import type { LoadOrder, LoadResult } from './chain-load.ts';
import { percentile, report } from './figure.ts';
import type { LoadTerminal } from './load-terminal.ts';
import { measureTpcB, prepareTpcB } from './pgbench.ts';

/** Terminals selling at the same time; each waits for its answer before it sells again. */
const terminalCount = 128;
const measureSeconds = 10;
const warmUpSeconds = 3;
const salesEach = 1000;
const merchantId = '922290054110001';

const clock = () => epochMs(Date.now());

type Bank = Awaited<ReturnType<typeof openSandboxBank>>['bank'];

const openCards = async (bank: Bank, hosts: Hosts): Promise<SandboxCard[]> => {
  const template: Omit<CardOrder, 'id' | 'pan'> = {
    expiry: '4912',
    cardholder: 'LOAD',
    kind: 'debit',
    label: { zh: '压测', en: 'Load' },
  };
  const cards = await Promise.all(
    Array.from({ length: terminalCount }, (_, index) =>
      issueCard(bank, { ...template, id: `load-${index}`, pan: panOf('debit', 1000 + index) }),
    ),
  );
  for (const card of cards) {
    await hosts.issuer?.openAccount({
      accountId: card.id,
      kind: 'debit',
      holder: 'LOAD',
      balanceMinor: 1_000_000_000n,
    });
    await hosts.issuer?.issueCard({
      pan: pan(card.pan),
      accountId: card.id,
      sequenceNumber: card.psn,
      expiry: card.expiry,
      serviceCode: '620',
      pin: '123456',
    });
  }
  return cards;
};

const installTerminals = async (hosts: Hosts, bank: Bank, cards: readonly SandboxCard[]): Promise<LoadTerminal[]> => {
  await hosts.acquirer?.registerMerchant({ merchantId, name: '压测商户' });
  const terminals: LoadTerminal[] = [];
  for (const [index, card] of cards.entries()) {
    const terminalId = String(10_000_000 + index);
    const components = [new Uint8Array(randomBytes(16)), new Uint8Array(randomBytes(16))] as const;
    await hosts.acquirer?.registerTerminal({
      terminalId,
      merchantId,
      name: '压测商户',
      mcc: '5411',
      masterKeyComponents: components,
    });
    const { psn, expiry } = card;
    const track2 = card.track2.replace(`${expiry}520`, `${expiry}620`);
    terminals.push({
      terminalId,
      merchantId,
      masterKey: hex(xor(...components)),
      card: { pan: card.pan, psn, expiry, track2, mdk: bank.keys.mdkAc },
    });
  }
  return terminals;
};

const runLoad = async (order: LoadOrder): Promise<LoadResult> => {
  const child = fork(join(import.meta.dirname, 'chain-load.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  child.send(order);
  const [result] = (await once(child, 'message')) as [LoadResult];
  return result;
};

/** Every approved sale is in the books once: what left the load's accounts is what arrived at the settlement account. */
const proveBooks = async (hosts: Hosts): Promise<void> => {
  const books = await hosts.issuer?.books();
  if (books && books.sumMinor !== 0n) throw new Error(`the books do not balance: ${books.sumMinor}`);
};

const openGround = async (directory: string, url: string): Promise<Ground> => {
  const store = openStore({ url, max: 24 });
  await migrate(store, allMigrations);
  const settings = readSettings({
    ZHANGGUI_DATA_DIR: directory,
    ZHANGGUI_SWITCH_PORT: '0',
    ZHANGGUI_ACQUIRER_PORT: '0',
  });
  return { store, lmk: new Uint8Array(randomBytes(32)), clock, metrics: createMetrics(), logOf: silentLog, settings };
};

const sell = async (ground: Ground): Promise<LoadResult> => {
  const vault = await openSandboxBank(ground.store, openInstitutionHsm(ground.lmk, ground.store, 'sandbox'), clock);
  const hosts = await openHosts(ground, vault.bank);
  try {
    const terminals = await installTerminals(hosts, vault.bank, await openCards(vault.bank, hosts));
    const date = isoFields(wallClock(clock())).yymmdd;
    const result = await runLoad({
      port: hosts.acquirer?.port ?? 0,
      terminals,
      salesEach,
      seconds: measureSeconds,
      warmUpSeconds,
      date,
    });
    await proveBooks(hosts);
    return result;
  } finally {
    await hosts.close();
  }
};

const reportChain = (result: LoadResult, yardstick: ReturnType<typeof measureTpcB>): void => {
  const perSecond = result.approved / result.seconds;
  const refused = Object.entries(result.other).map(([code, count]) => `${count} × ${code}`);
  report({
    name: 'chain.throughput',
    value: perSecond,
    unit: 'authorisations/s',
    note: refused.length > 0 ? `not approved: ${refused.join(', ')}` : `${terminalCount} terminals, all approved`,
  });
  report({ name: 'chain.p50', value: percentile(result.latenciesMs, 0.5), unit: 'ms' });
  report({ name: 'chain.p99', value: percentile(result.latenciesMs, 0.99), unit: 'ms' });
  report({
    name: 'tpcb.throughput',
    value: yardstick.transactionsPerSecond,
    unit: 'transactions/s',
    note: 'pgbench TPC-B, scale 10, 16 clients, prepared',
  });
  report({ name: 'chain.ratio', value: perSecond / yardstick.transactionsPerSecond, unit: 'x TPC-B' });
};

/** Whole-chain authorisations: terminal frame in, 0210 out, durable at acquirer, switch and issuer, beside pgbench on the same server. */
export const benchChain = async (): Promise<void> => {
  const directory = temporaryDirectory();
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres') });
  try {
    const yardstickUrl = server.url.replace(/\/[^/]*$/, '/postgres');
    prepareTpcB(yardstickUrl);
    const ground = await openGround(directory, server.url);
    const result = await sell(ground).finally(() => ground.store.close());
    reportChain(result, measureTpcB(yardstickUrl, measureSeconds));
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
};
