import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory } from '@zhanggui/store';

/** A server started the way `npm start` starts it, on free ports and a folder of its own. */
export interface Counter {
  readonly url: string;
  readonly folder: string;
  output(): string;
  /** kill -9: nothing is told, nothing is saved. */
  kill(): Promise<void>;
  /** Ctrl-C. */
  close(): Promise<void>;
  /** The same folder, once more. */
  again(): Promise<Counter>;
}

const root = join(import.meta.dirname, '..', '..');

type Options = { folder?: string; settings?: Record<string, string> };

const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
};

const untilOpen = async (child: ChildProcess, output: () => string): Promise<string> => {
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    const url = /(http:\/\/127\.0\.0\.1:\d+)\/till\//.exec(output())?.[1];
    if (url && output().includes('Ctrl-C')) return url;
    if (child.exitCode !== null) throw new Error(`the server ended: ${output()}`);
    await delay(100);
  }
  throw new Error(`the server did not open within two minutes: ${output()}`);
};

export const startCounter = async (options: Options = {}): Promise<Counter> => {
  const folder = options.folder ?? temporaryDirectory();
  const settings = {
    ZHANGGUI_DATA_DIR: folder,
    ZHANGGUI_HTTP_PORT: '0',
    ZHANGGUI_ACQUIRER_PORT: '0',
    ZHANGGUI_SWITCH_PORT: '0',
    ZHANGGUI_SANDBOX_WALLETS_PORT: '0',
    ZHANGGUI_SANDBOX_WALLETS_TLS_PORT: '0',
    ...options.settings,
  };
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'apps/server/src/main.ts')],
    {
      cwd: root,
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const gather = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  const url = await untilOpen(child, () => output);
  return {
    url,
    folder,
    output: () => output,
    kill: () => ended(child, 'SIGKILL'),
    close: () => ended(child, 'SIGINT'),
    again: () => startCounter({ ...options, folder }),
  };
};
