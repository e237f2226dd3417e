import { fetchSend, type Send } from '@zhanggui/https-call';
import type { QrPayOptions } from '@zhanggui/qrpay';
import type { Queryable, Store } from '@zhanggui/store';

type Arms = Readonly<{ store: Store; send: Send; setTimer: NonNullable<QrPayOptions['setTimer']> }>;

export type Mortal = Arms &
  Readonly<{
    /** As kill -9: from now on nothing leaves, and nothing that comes back is heard. */
    die(): void;
    died: Promise<void>;
  }>;

/** A process's hold on the world, until it is killed. A transaction that is cut in two is rolled back. */
export const createMortal = (given: Store): Mortal => {
  let isDead = false;
  const death = Promise.withResolvers<void>();
  const never = new Promise<never>(() => undefined);
  const living = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    if (isDead) return never;
    try {
      const value = await act();
      return isDead ? await never : value;
    } catch (error) {
      if (isDead) return never;
      throw error;
    }
  };
  const untilDeath = (tx: Queryable): Queryable => ({
    query: (statement, values) =>
      isDead ? Promise.reject(new Error('the process was killed')) : tx.query(statement, values),
  });
  return {
    store: {
      url: given.url,
      query: (statement, values) => living(() => given.query(statement, values)),
      transaction: (run) => living(() => given.transaction((tx) => run(untilDeath(tx)))),
      close: () => given.close(),
    },
    send: (outgoing) => living(() => fetchSend(outgoing)),
    setTimer: (run, ms) => {
      const timer = setTimeout(() => {
        if (!isDead) run();
      }, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
    die: () => {
      isDead = true;
      death.resolve();
    },
    died: death.promise,
  };
};
