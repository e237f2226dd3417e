import type { TillSession } from '@zhanggui/api/contract';
import type { Counter } from '../counter.ts';
import type { Reply } from '../ports.ts';
import type { OutboxEntry } from '../records.ts';
import { delivery } from './delivery.ts';

const retryMinMs = 1000;
const retryMaxMs = 30_000;
const heartbeatMs = 10_000;

/** Sends what the shop does not have yet, oldest first, for ever; idempotent by the identities made here. */
export const outboxPump = (counter: Counter, resumeShift: () => Promise<boolean>) => {
  const { ports, journal, store } = counter;
  const send = delivery(counter, resumeShift);
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

  /** Two browsers counting the receipts of one till would give the same number twice: this one stops and says why. */
  const lock = (session: TillSession): Promise<void> =>
    counter.serial(async () => {
      if (store.getState().session !== session) return;
      await journal.forgetSession();
      store.setState({ session: undefined, phase: 'signed-out', notice: { kind: 'signed-out-elsewhere' } });
    });

  const heard = ({ kind }: Reply<unknown>): void =>
    store.setState({ connection: kind === 'unreachable' ? 'offline' : 'online' });

  /** The shop may open or close a wallet while the cashier is signed in. */
  const takeWallets = (wallets: TillSession['wallets']): void => {
    const { session } = store.getState();
    if (session && String(session.wallets) !== String(wallets)) store.setState({ session: { ...session, wallets } });
  };

  const beat = async (): Promise<void> => {
    const { session } = store.getState();
    if (!session) return heard(await ports.shop.tills());
    const reply = await ports.shop.session();
    heard(reply);
    if (reply.kind === 'refused' && reply.status === 401) await lock(session);
    if (reply.kind === 'answer') takeWallets(reply.value.wallets);
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
