import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of the bench, told and heard by messages. */
export interface Child {
  readonly pid: number;
  tell(message: object | string): void;
  /** What it says next. Rejects when it ends instead. */
  hear<Message>(): Promise<Message>;
  /** Asks it to stop. Resolves when it has ended. */
  stop(): Promise<void>;
}

const nextMessage = async (process: ChildProcess, file: string): Promise<unknown> => {
  const settled = new AbortController();
  const { signal } = settled;
  const ended = once(process, 'exit', { signal }).then(([code]) => {
    throw new Error(`${file} ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(process, 'message', { signal }), ended]);
    return message;
  } finally {
    ended.catch(() => undefined); // called off, or already thrown by the race
    settled.abort();
  }
};

/** Starts a file of this folder. */
export const startChild = (file: string): Child => {
  const process = fork(join(import.meta.dirname, file), { execArgv: ['--disable-warning=ExperimentalWarning'] });
  return {
    pid: process.pid ?? 0,
    tell: (message) => void process.send(message),
    hear: async <Message>() => (await nextMessage(process, file)) as Message,
    stop: async () => {
      if (process.exitCode !== null) return;
      const ended = once(process, 'exit');
      if (process.connected) process.send('stop');
      await ended;
    },
  };
};
