import type { Counter } from '../counter.ts';
import type { CardAttempt, OpenSale } from '../records.ts';
import { afterInquiry, afterStart, cardTenderOf, isFinished } from './attempt.ts';
import type { SaleKeeper } from './sale-keeper.ts';

const longPollMs = 25_000;
const pauseMs = 2000;

export type CardFollower = ReturnType<typeof cardFollower>;

/** Asks about a card payment until it is settled, under the same number each time; it outlives screens and reloads. */
export const cardFollower = ({ ports, serial }: Counter, { find, keep, finishIfPaid }: SaleKeeper) => {
  const followed = new Set<string>();

  const record = (saleId: string, attempt: CardAttempt): Promise<void> =>
    serial(async () => {
      const sale = find(saleId);
      if (sale?.attempt?.requestId !== attempt.requestId) return;
      const approved = attempt.state === 'approved';
      const next: OpenSale = approved
        ? { ...sale, attempt: null, tenders: [...sale.tenders, cardTenderOf(attempt)] }
        : { ...sale, attempt };
      await keep(next);
      if (approved) await finishIfPaid(next);
      else if (isFinished(attempt.state)) ports.sound('refuse');
    });

  const askOnce = async (attempt: CardAttempt): Promise<CardAttempt> => {
    const { requestId, terminalId, amount, state } = attempt;
    if (state === 'asking') {
      const reply = await ports.terminal.startSale(terminalId, { requestId, amountMinor: String(amount.minor) });
      return afterStart(attempt, reply, ports.now());
    }
    const knownState = state === 'not-sent' || state === 'refused' ? undefined : state;
    const wait = { knownState, waitMs: longPollMs };
    return afterInquiry(attempt, await ports.terminal.saleStatus(terminalId, requestId, wait));
  };

  const follow = async (saleId: string): Promise<void> => {
    const requestId = find(saleId)?.attempt?.requestId;
    if (requestId === undefined || followed.has(requestId)) return;
    followed.add(requestId);
    for (;;) {
      const attempt = find(saleId)?.attempt;
      if (!attempt || attempt.requestId !== requestId || isFinished(attempt.state)) break;
      const askedAt = ports.now();
      const next = await askOnce(attempt);
      await record(saleId, next);
      if (next.state === attempt.state && ports.now() - askedAt < pauseMs) await ports.wait(pauseMs);
    }
    followed.delete(requestId);
  };

  return { follow, record };
};
