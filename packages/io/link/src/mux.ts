/** The platform's timers, or a test's own. */
export type Timers = { set(run: () => void, delayMs: number): unknown; clear(handle: unknown): void };

export type MuxOutcome<Answer> =
  | { readonly kind: 'answer'; readonly value: Answer }
  | { readonly kind: 'timeout' }
  /** Nothing left this process: the link refused, the table is full, or a request of this key is under way. */
  | { readonly kind: 'not-sent' };

export type MuxOptions<Key = never, Answer = never> = {
  readonly timers?: Timers;
  /** Requests that may wait for an answer at once. 10 000 unless stated. */
  readonly pendingMax?: number;
  /** Told of an answer that nobody waits for: it is late, or was never asked for. */
  readonly onLate?: (key: Key, value: Answer) => void;
};

/** Requests waiting for answers that are found by content, not by the connection they come on. */
export type Mux<Key, Answer> = {
  readonly pending: number;
  /** Sends, and waits for `settle` with the same key. Never rejects, unless `send` throws. */
  request(key: Key, send: () => boolean, timeoutMs: number): Promise<MuxOutcome<Answer>>;
  /** False when nobody waits for this key: the answer is late, or no request asked for it. */
  settle(key: Key, value: Answer): boolean;
  /** Lets every request under way time out at once. */
  close(): void;
};

const PENDING_MAX = 10_000;

const platformTimers: Timers = {
  set: (run, delayMs) => setTimeout(run, delayMs),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

export const createMux = <Key, Answer>(options: MuxOptions<Key, Answer> = {}): Mux<Key, Answer> => {
  const { timers = platformTimers, pendingMax = PENDING_MAX, onLate } = options;
  type Waiting = { readonly timer: unknown; resolve(outcome: MuxOutcome<Answer>): void };
  const table = new Map<Key, Waiting>();

  const finish = (key: Key, outcome: MuxOutcome<Answer>): boolean => {
    const waiting = table.get(key);
    if (waiting === undefined) return false;
    table.delete(key);
    timers.clear(waiting.timer);
    waiting.resolve(outcome);
    return true;
  };

  const request = async (key: Key, send: () => boolean, timeoutMs: number): Promise<MuxOutcome<Answer>> => {
    if (table.has(key) || table.size >= pendingMax) return { kind: 'not-sent' };
    const { promise, resolve } = Promise.withResolvers<MuxOutcome<Answer>>();
    const timer = timers.set(() => finish(key, { kind: 'timeout' }), timeoutMs);
    table.set(key, { timer, resolve });
    try {
      if (!send()) finish(key, { kind: 'not-sent' });
    } catch (error) {
      finish(key, { kind: 'not-sent' });
      throw error;
    }
    return promise;
  };

  return {
    get pending() {
      return table.size;
    },
    request,
    settle(key, value) {
      const isAwaited = finish(key, { kind: 'answer', value });
      if (!isAwaited) onLate?.(key, value);
      return isAwaited;
    },
    close() {
      for (const key of table.keys()) finish(key, { kind: 'timeout' });
    },
  };
};
