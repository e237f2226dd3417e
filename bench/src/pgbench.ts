import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

/** Transactions per second of PostgreSQL's own bench, the yardstick beside every figure that ends in a commit. */
export type Yardstick = Readonly<{ transactionsPerSecond: number; latencyMs: number }>;

const installed = (): string | undefined =>
  ['/usr/bin/pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench')].find((path) => existsSync(path));

const requirePgbench = (): string => {
  if (!installed() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql-contrib'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const path = installed();
  if (!path) throw new Error('the yardstick needs pgbench (Debian: apt install postgresql-contrib)');
  return path;
};

const run = (path: string, args: readonly string[], url: string): string => {
  const result = spawnSync(path, [...args, url], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`pgbench failed: ${result.stderr}`);
  return result.stdout;
};

/** TPC-B-like, scale 10, 16 clients, prepared statements. `url` names a database the bench may fill. */
export const prepareTpcB = (url: string): void => void run(requirePgbench(), ['-i', '-q', '-s', '10'], url);

export const measureTpcB = (url: string, seconds: number): Yardstick => {
  const text = run(requirePgbench(), ['-c', '16', '-j', '2', '-M', 'prepared', '-T', String(seconds), '-n'], url);
  const figure = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return { transactionsPerSecond: figure(/^tps = ([\d.]+)/m), latencyMs: figure(/^latency average = ([\d.]+)/m) };
};
