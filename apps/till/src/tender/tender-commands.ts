import { tenderRefusal } from '@zhanggui/basket';
import { decimalText, type Money } from '@zhanggui/money';
import type { Counter } from '../counter.ts';
import type { CardAttempt, OpenSale } from '../records.ts';
import { afterInquiry, isFinished } from './attempt.ts';
import type { CardFollower } from './card-follower.ts';
import type { SaleKeeper } from './sale-keeper.ts';

/** One payment at a time: nothing else is taken while a card payment has no end. */
const isPaying = (sale: OpenSale): boolean => sale.attempt !== null && !isFinished(sale.attempt.state);

/** Cash in, cash back, and sales that are paid without either. */
export const cashCommands = ({ store, ports, serial }: Counter, { standing, keep, find, finishIfPaid }: SaleKeeper) => {
  const take = async (received: Money): Promise<void> => {
    const { sale } = store.getState();
    if (!sale || isPaying(sale)) return;
    const reason = tenderRefusal(standing(sale), { kind: 'cash', received });
    if (reason) {
      ports.sound('refuse');
      return store.setState({ notice: { kind: 'refused', reason } });
    }
    const next: OpenSale = { ...sale, tenders: [...sale.tenders, { kind: 'cash', received }], attempt: null };
    await keep(next);
    store.setState({ pad: '', notice: undefined });
    await finishIfPaid(next);
  };
  return {
    /** Opens the tender panel; a second press changes nothing. */
    openTender: () => {
      const { sale, panel } = store.getState();
      if (sale && sale.basket.lines.length > 0 && panel !== 'tender')
        store.setState({ panel: 'tender', line: undefined, pad: '', notice: undefined });
    },
    typeAmount: (amount: Money) => store.setState({ pad: decimalText(amount), padOffered: true, notice: undefined }),
    payCash: (received: Money) => serial(() => take(received)),
    payExactCash: () =>
      serial(async () => {
        const { sale } = store.getState();
        if (!sale || isPaying(sale)) return;
        const { isPaid, leftInCash } = standing(sale);
        await (isPaid ? finishIfPaid(sale) : take(leftInCash));
      }),
    /** A sale with nothing left to pay: given away, or paid by card while it lay aside. */
    finishPaid: (saleId: string) =>
      serial(async () => {
        const sale = find(saleId);
        if (sale && !isPaying(sale)) await finishIfPaid(sale);
      }),
    /** Gives cash back before the sale is finished; a card payment is voided at the terminal instead. */
    takeBackCash: (index: number) =>
      serial(async () => {
        const { sale } = store.getState();
        if (!sale || isPaying(sale) || sale.tenders[index]?.kind !== 'cash') return;
        await keep({ ...sale, tenders: sale.tenders.filter((_, place) => place !== index) });
      }),
    nextCustomer: () =>
      store.setState({ done: undefined, panel: 'goods', pad: '', notice: undefined, search: '', departmentId: null }),
  };
};

/** Card payments through the terminal: stored first, asked for under one number, never asked for twice. */
export const cardCommands = (counter: Counter, { standing, keep }: SaleKeeper, { follow, record }: CardFollower) => {
  const { store, ports, serial } = counter;

  const begin = async (amount: Money): Promise<void> => {
    const { sale, session } = store.getState();
    const terminalId = session?.terminalId;
    if (!sale || !terminalId || isPaying(sale)) return;
    const requestId = counter.newId();
    const reason = tenderRefusal(standing(sale), { kind: 'card', amount, terminalId, requestId });
    if (reason) return store.setState({ notice: { kind: 'refused', reason } });
    const begun = { requestId, terminalId, amount, startedAt: ports.now(), state: 'asking' } as const;
    await keep({ ...sale, attempt: { ...begun, code: null, text: null, trace: {} } });
    store.setState({ pad: '', notice: undefined, panel: 'tender' });
  };

  const withAttempt = async (run: (sale: OpenSale, attempt: CardAttempt) => Promise<void>): Promise<void> => {
    const { sale } = store.getState();
    if (sale?.attempt) await run(sale, sale.attempt);
  };

  return {
    payCard: async (amount: Money) => {
      await serial(() => begin(amount));
      const { sale } = store.getState();
      if (sale) await follow(sale.id);
    },
    cancelCard: () =>
      withAttempt(async (sale, attempt) => {
        const reply = await ports.terminal.cancelSale(attempt.terminalId, attempt.requestId);
        if (reply.kind === 'answer') await record(sale.id, afterInquiry(attempt, reply));
      }),
    askAgain: () =>
      withAttempt(async (sale, attempt) => {
        const reply = await ports.terminal.saleStatus(attempt.terminalId, attempt.requestId, { waitMs: 0 });
        await record(sale.id, afterInquiry(attempt, reply));
        await follow(sale.id);
      }),
  };
};
