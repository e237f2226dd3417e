import type { Counter } from '../counter.ts';
import type { OutboxEntry } from '../records.ts';
import { delivery } from './delivery.ts';

const retryMinMs = 1000;
const retryMaxMs = 30_000;
const heartbeatMs = 10_000;

/** Sends what the shop does not have yet, oldest first, for ever; idempotent by the identities made here. */
export const outboxPump = (counter: Counter) => {
  const { ports, journal, store } = counter;
  const send = delivery(counter);
  let wake: () => void = () => undefined;
  let isKicked = false;

  /** A kick that came while something was being sent is not lost: the next sleep ends at once. */
  const sleep = async (ms: number): Promise<void> => {
    const kicked = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (!isKicked) await Promise.race([ports.wait(ms), kicked]);
    isKicked = false;
  };

  const show = async (): Promise<readonly OutboxEntry[]> => {
    const outbox = await journal.outbox();
    store.setState({ outbox });
    return outbox;
  };

  const kick = (): void => {
    isKicked = true;
    wake();
    void show();
  };

  const beat = async (): Promise<void> => {
    const reply = await ports.shop.tills();
    store.setState({ connection: reply.kind === 'unreachable' ? 'offline' : 'online' });
  };

  /** Until `isStopped`; between rounds it sleeps, longer after each failure, and wakes at once when kicked. */
  const run = async (isStopped: () => boolean): Promise<void> => {
    let pauseMs = retryMinMs;
    while (!isStopped()) {
      const [first] = await show();
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

  return { run, kick };
};
