import type { Log } from '@zhanggui/telemetry';

/** Delivers stored messages until each is acknowledged. */
export interface Forwarder {
  /** Something has been stored: look now rather than at the next poll. */
  kick(): void;
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>;
}

type Options<Item> = Readonly<{
  pollMs: number;
  log: Log;
  /** Hands out items that are due, each to one caller, and makes them due again later. */
  take: () => Promise<readonly Item[]>;
  /** Sends one item and stores its outcome. Unacknowledged, it simply becomes due again. */
  deliver: (item: Item) => Promise<void>;
}>;

/** The loop of store and forward; what is stored and how it is sent is the owner's. A slow item does not hold up the next ones. */
export const createForwarder = <Item>({ pollMs, log, take, deliver }: Options<Item>): Forwarder => {
  const underWay = new Set<Promise<void>>();
  let looking: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const start = (item: Item): void => {
    const delivery = deliver(item)
      .catch((error: unknown) => log.error({ err: error }, 'store and forward: delivery failed'))
      .finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  };
  const look = async (): Promise<void> => {
    do {
      again = false;
      for (const item of await take()) start(item);
    } while (again && !stopped);
  };
  const kick = (): void => {
    again = true;
    if (stopped || looking) return;
    looking = look()
      .catch((error: unknown) => log.error({ err: error }, 'store and forward: look failed'))
      .finally(() => {
        looking = undefined;
      });
  };
  const timer = setInterval(kick, pollMs);
  timer.unref();
  return {
    kick,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await looking;
      await Promise.all(underWay);
    },
  };
};
