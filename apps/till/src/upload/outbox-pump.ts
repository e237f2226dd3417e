import type { Counter } from '../counter.ts';
import { delivery } from './delivery.ts';

const retryMinMs = 1000;
const retryMaxMs = 30_000;
const heartbeatMs = 10_000;

/** Sends what the shop does not have yet, oldest first, for ever; idempotent by the identities made here. */
export const outboxPump = (counter: Counter) => {
  const { ports, journal, store } = counter;
  const send = delivery(counter);
  let wake: () => void = () => undefined;

  const sleep = (ms: number): Promise<void> =>
    Promise.race([
      ports.wait(ms),
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
    ]);

  const beat = async (): Promise<void> => {
    const reply = await ports.shop.tills();
    store.setState({ connection: reply.kind === 'unreachable' ? 'offline' : 'online' });
  };

  /** Until `isStopped`; between rounds it sleeps, longer after each failure, and wakes at once when kicked. */
  const run = async (isStopped: () => boolean): Promise<void> => {
    let pauseMs = retryMinMs;
    while (!isStopped()) {
      const outbox = await journal.outbox();
      store.setState({ outbox });
      const [first] = outbox;
      const result = first && store.getState().session ? await send(first) : undefined;
      if (result === 'delivered') {
        pauseMs = retryMinMs;
        store.setState({ connection: 'online', needsSignIn: false });
        continue;
      }
      if (result === 'sign-in') store.setState({ needsSignIn: true });
      await beat();
      await sleep(result === undefined ? heartbeatMs : pauseMs);
      pauseMs = Math.min(pauseMs * 2, retryMaxMs);
    }
  };

  return { run, kick: () => wake() };
};
