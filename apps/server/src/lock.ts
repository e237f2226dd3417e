import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A data folder belongs to one process at a time; the lock of a process that died is taken over. */
export interface Lock {
  release(): void;
}

const isOurs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A process number may have been given to another program since.
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('main.ts');
};

/** Throws when another living process of the project has the folder. */
export const takeLock = (folder: string): Lock => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'zhanggui.pid');
  const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (holder > 0 && holder !== process.pid && isOurs(holder)) {
    throw new Error(`already running as process ${holder} on ${folder}; stop it first, or set ZHANGGUI_DATA_DIR`);
  }
  writeFileSync(file, String(process.pid));
  return { release: () => rmSync(file, { force: true }) };
};
