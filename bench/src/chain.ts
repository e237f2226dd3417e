import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { issueCard, panOf, type SandboxBank, type SandboxCard } from '@zhanggui/bank';
import { hex, xor } from '@zhanggui/bytes';
import { allMigrations, openInstitutionHsm, openSandboxBank } from '@zhanggui/server';
import {
  type EmbeddedPostgres,
  migrate,
  openStore,
  type Store,
  startEmbeddedPostgres,
  temporaryDirectory,
} from '@zhanggui/store';
import { epochMs, isoFields, wallClock } from '@zhanggui/time';
import type { HostOpened, HostOrder } from './chain-host.ts';
import type { LoadOrder, LoadResult, LoadRound } from './chain-load.ts';
import { type Child, startChild } from './child.ts';
import { cpuSeconds } from './cpu.ts';
import { percentile, report } from './figure.ts';
import type { LoadTerminal } from './load-terminal.ts';
import { measureTpcB, prepareTpcB, type Yardstick } from './pgbench.ts';

/** Terminals selling at the same time; each waits for its answer before it sells again. */
const terminalCount = 512;
const salesEach = 250;
const warmUpSeconds = 5;
/** Chain and yardstick take turns, so that whatever else the machine does meets both. */
const rounds = 3;
const roundSeconds = 5;
const merchantId = '922290054110001';
const pin = '123456';
const serviceCode = '620';

const clock = () => epochMs(Date.now());

const makeCards = (bank: SandboxBank): Promise<SandboxCard[]> =>
  Promise.all(
    Array.from({ length: terminalCount }, (_, index) =>
      issueCard(bank, {
        id: `load-${index}`,
        pan: panOf('debit', 1000 + index),
        expiry: '4912',
        cardholder: 'LOAD',
        kind: 'debit',
        label: { zh: '压测', en: 'Load' },
      }),
    ),
  );

/** A terminal with its card, as the load sees it and as the hosts are told of it. */
const placeOf = (bank: SandboxBank, { id, pan, psn, expiry, track2 }: SandboxCard, index: number) => {
  const components = [new Uint8Array(randomBytes(16)), new Uint8Array(randomBytes(16))] as const;
  const terminalId = String(10_000_000 + index);
  const load: LoadTerminal = {
    terminalId,
    merchantId,
    masterKey: hex(xor(...components)),
    card: {
      pan,
      psn,
      expiry,
      track2: track2.replace(`${expiry}520`, `${expiry}${serviceCode}`),
      mdk: bank.keys.mdkAc,
    },
  };
  return {
    load,
    card: { accountId: id, pan, sequenceNumber: psn, expiry, serviceCode },
    terminal: { terminalId, components: components.map(hex) },
  };
};

type Chain = Readonly<{ hosts: readonly Child[]; load: Child; postgres: number }>;

/** The three roles one after the other, because each calls the one before; then the load. */
const startChain = async (url: string, postgres: number, store: Store, directory: string): Promise<Chain> => {
  const lmk = new Uint8Array(randomBytes(32));
  const { bank } = await openSandboxBank(store, await openInstitutionHsm({ lmk }, store, 'sandbox'), clock);
  const places = (await makeCards(bank)).map((card, index) => placeOf(bank, card, index));
  const furniture = { cards: places.map(({ card }) => card), terminals: places.map(({ terminal }) => terminal) };
  const hosts: Child[] = [];
  const open = async (role: string, ports: Record<string, string>): Promise<HostOpened> => {
    const host = startChild('chain-host.ts');
    hosts.push(host);
    const settings = { ZHANGGUI_DATA_DIR: directory, ZHANGGUI_ROLES: role, ZHANGGUI_SANDBOX: 'false', ...ports };
    host.tell({ url, lmk: hex(lmk), merchantId, pin, ...furniture, settings } satisfies HostOrder);
    return host.hear<HostOpened>();
  };
  const { switchPort } = await open('switch', { ZHANGGUI_SWITCH_PORT: '0' });
  const towardsSwitch = { ZHANGGUI_SWITCH_PORT: String(switchPort) };
  await open('issuer', towardsSwitch);
  const { acquirerPort: port } = await open('acquirer', { ...towardsSwitch, ZHANGGUI_ACQUIRER_PORT: '0' });
  const load = startChild('chain-load.ts');
  const date = isoFields(wallClock(clock())).yymmdd;
  load.tell({
    port,
    terminals: places.map(({ load: terminal }) => terminal),
    salesEach,
    date,
    pin,
  } satisfies LoadOrder);
  await load.hear<'ready'>();
  return { hosts, load, postgres };
};

const stopChain = async ({ hosts, load }: Chain): Promise<void> => {
  await load.stop();
  for (const host of hosts.toReversed()) await host.stop();
};

type Cpu = Readonly<{ hosts: number; postgres: number }>;

const cpuOf = ({ hosts, postgres }: Chain): Cpu => ({
  hosts: hosts.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
  postgres: cpuSeconds(postgres),
});

type Round = Readonly<{ sold: LoadResult; cpu: Cpu; yardstick: Yardstick }>;

const sell = (load: Child, seconds: number): Promise<LoadResult> => {
  load.tell({ seconds } satisfies LoadRound);
  return load.hear<LoadResult>();
};

const playRound = async (chain: Chain, yardstickUrl: string): Promise<Round> => {
  const before = cpuOf(chain);
  const sold = await sell(chain.load, roundSeconds);
  const after = cpuOf(chain);
  const cpu = { hosts: after.hosts - before.hosts, postgres: after.postgres - before.postgres };
  return { sold, cpu, yardstick: measureTpcB(yardstickUrl, roundSeconds) };
};

/** Money is neither made nor lost: all accounts together come to nothing, and each is what its transfers say. */
const proveBooks = async (store: Store): Promise<void> => {
  const [books] = await store.query<{ sum: string; unproven: bigint }>(
    'select sum(credits_posted - debits_posted)::text as sum, count(*) filter (where not is_proven) as unproven from ledger.proof',
  );
  if (books?.sum !== '0' || books.unproven !== 0n) throw new Error('the books do not balance');
};

const noteOf = (results: readonly LoadResult[]): string => {
  const setting = `${terminalCount} terminals, acquirer, switch and issuer in a process each`;
  const refused = results.flatMap(({ other }) => Object.entries(other)).map(([code, count]) => `${count} × ${code}`);
  return refused.length > 0 ? `${setting}; not approved: ${refused.join(', ')}` : `${setting}; all approved`;
};

const reportChain = (played: readonly Round[]): void => {
  const mean = (value: (round: Round) => number) =>
    played.reduce((sum, round) => sum + value(round), 0) / played.length;
  const approved = mean(({ sold }) => sold.approved);
  const chain = approved / roundSeconds;
  const tpcB = mean(({ yardstick }) => yardstick.transactionsPerSecond);
  const latenciesMs = played.flatMap(({ sold }) => sold.latenciesMs);
  const cpu = (seconds: number) => ({ value: (seconds * 1e6) / approved, unit: 'us/authorisation' });
  const note = noteOf(played.map(({ sold }) => sold));
  report({ name: 'chain.throughput', value: chain, unit: 'authorisations/s', note });
  report({ name: 'chain.p50', value: percentile(latenciesMs, 0.5), unit: 'ms' });
  report({ name: 'chain.p99', value: percentile(latenciesMs, 0.99), unit: 'ms' });
  report({ name: 'chain.cpu.hosts', ...cpu(mean((round) => round.cpu.hosts)) });
  report({ name: 'chain.cpu.postgres', ...cpu(mean((round) => round.cpu.postgres)) });
  const yardstick = `pgbench TPC-B, scale 10, 16 clients, prepared; ${rounds} rounds in turn with the chain`;
  report({ name: 'tpcb.throughput', value: tpcB, unit: 'transactions/s', note: yardstick });
  report({ name: 'chain.ratio', value: chain / tpcB, unit: 'x TPC-B' });
};

const playAll = async (server: EmbeddedPostgres, directory: string): Promise<Round[]> => {
  const yardstickUrl = server.url.replace(/\/[^/]*$/, '/postgres');
  prepareTpcB(yardstickUrl);
  const store = openStore({ url: server.url });
  try {
    await migrate(store, allMigrations);
    const chain = await startChain(server.url, server.pid, store, directory);
    const played: Round[] = [];
    try {
      await sell(chain.load, warmUpSeconds);
      while (played.length < rounds) played.push(await playRound(chain, yardstickUrl));
    } finally {
      await stopChain(chain);
    }
    await proveBooks(store);
    return played;
  } finally {
    await store.close();
  }
};

/** Whole-chain authorisations: terminal frame in, 0210 out, durable at acquirer, switch and issuer, beside pgbench on the same server. */
export const benchChain = async (): Promise<void> => {
  const directory = temporaryDirectory();
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres') });
  try {
    reportChain(await playAll(server, directory));
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
};
