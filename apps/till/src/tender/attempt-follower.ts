import type { Counter } from '../counter.ts';
import type { Attempt, OpenSale } from '../records.ts';
import { afterInquiry, afterStart, isFinished, isPaid, isSettled, tenderOf } from './attempt.ts';
import type { AttemptDesk } from './attempt-desk.ts';
import type { SaleKeeper } from './sale-keeper.ts';

const longPollMs = 25_000;
const pauseMs = 2000;

export type AttemptFollower = ReturnType<typeof attemptFollower>;

/** Asks about a payment until it is settled, under the same number each time; it outlives screens and reloads. */
export const attemptFollower = (
  { ports, store, serial }: Counter,
  { find, keep, finishIfPaid }: SaleKeeper,
  desk: AttemptDesk,
) => {
  const followed = new Set<string>();

  /** Why a scan was refused during the payment is no longer true after it. */
  const forgetRefusedScans = (): void => {
    const { notice } = store.getState();
    if (notice?.kind === 'payment-open' || notice?.kind === 'code-while-paying') store.setState({ notice: undefined });
  };

  const record = (saleId: string, attempt: Attempt): Promise<void> =>
    serial(async () => {
      const sale = find(saleId);
      const known = sale?.attempt;
      if (!sale || known?.requestId !== attempt.requestId) return;
      // An end stays an end: a slower answer to an earlier question does not undo it, and what was given up never pays.
      if (isSettled(known) || (isFinished(known) && (isPaid(attempt) || !isFinished(attempt)))) return;
      const next: OpenSale = isPaid(attempt)
        ? { ...sale, attempt: null, tenders: [...sale.tenders, tenderOf(attempt)] }
        : { ...sale, attempt };
      await keep(next);
      if (isFinished(attempt)) forgetRefusedScans();
      if (isPaid(attempt)) store.setState({ way: 'any' });
      if (isPaid(attempt)) await finishIfPaid(next);
      else if (isFinished(attempt) && !isFinished(known)) ports.sound('refuse');
    });

  const askOnce = async (attempt: Attempt): Promise<Attempt> =>
    attempt.state === 'asking'
      ? afterStart(attempt, await desk.start(attempt), ports.now())
      : afterInquiry(attempt, await desk.ask(attempt, longPollMs));

  const follow = async (saleId: string): Promise<void> => {
    const requestId = find(saleId)?.attempt?.requestId;
    if (requestId === undefined || followed.has(requestId)) return;
    followed.add(requestId);
    for (;;) {
      const attempt = find(saleId)?.attempt;
      if (!attempt || attempt.requestId !== requestId || isSettled(attempt)) break;
      const askedAt = ports.now();
      const next = await askOnce(attempt);
      await record(saleId, next);
      if (next.state === attempt.state && ports.now() - askedAt < pauseMs) await ports.wait(pauseMs);
    }
    followed.delete(requestId);
  };

  return { follow, record };
};
