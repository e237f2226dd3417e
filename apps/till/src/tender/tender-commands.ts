import { saleDocument } from '@zhanggui/api/contract';
import {
  closeSale,
  priceBasket,
  receiptNumber,
  type Settlement,
  settle,
  type Tender,
  tenderRefusal,
} from '@zhanggui/basket';
import type { Money } from '@zhanggui/money';
import { type Counter, cashRuleOf } from '../counter.ts';
import type { CardAttempt, OpenSale, StoredSale } from '../records.ts';
import { afterInquiry, afterStart, cardTenderOf, isFinished } from './attempt.ts';

const longPollMs = 25_000;
const pauseMs = 2000;

/** What else happens when a sale is finished: paper, upload. */
export type AfterSale = (stored: StoredSale) => void;

export const tenderCommands = (counter: Counter, afterSale: AfterSale) => {
  const { store, journal, ports, serial } = counter;

  const standing = (sale: OpenSale): Settlement =>
    settle(priceBasket(sale.basket).total, sale.tenders, cashRuleOf(store.getState().session));

  const finish = async (sale: OpenSale): Promise<void> => {
    const { session, shift } = store.getState();
    const closed = closeSale(sale.basket, sale.tenders, cashRuleOf(session));
    if (closed.kind === 'refused' || !session || !shift) return;
    const at = ports.now();
    const stored = await journal.finishSale(sale.id, (sequence) => ({
      id: sale.id,
      shiftId: shift.id,
      sequence,
      document: saleDocument({
        ...closed.figures,
        id: sale.id,
        shiftId: shift.id,
        staffId: session.staff.id,
        sequence,
        receiptNo: receiptNumber(session.till.number, sequence),
        at,
        segment: sale.basket.segment,
      }),
      upload: 'waiting',
      faults: null,
    }));
    store.setState({ sale: undefined, done: stored, panel: 'done', pad: '', notice: undefined });
    ports.sound('paid');
    afterSale(stored);
  };

  /** Stores a sale wherever it is, on the screen or parked. */
  const keep = async (sale: OpenSale): Promise<void> => {
    await journal.saveOpenSale(sale);
    const { sale: current, parked } = store.getState();
    if (current?.id === sale.id) store.setState({ sale });
    else store.setState({ parked: parked.map((aside) => (aside.id === sale.id ? sale : aside)) });
  };

  const find = (saleId: string): OpenSale | undefined => {
    const { sale, parked } = store.getState();
    return sale?.id === saleId ? sale : parked.find(({ id }) => id === saleId);
  };

  const finishIfPaid = async (sale: OpenSale): Promise<void> => {
    if (standing(sale).isPaid && sale.parkedAt === null) await finish(sale);
  };

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
    return afterInquiry(
      attempt,
      await ports.terminal.saleStatus(terminalId, requestId, { knownState, waitMs: longPollMs }),
    );
  };

  const followed = new Set<string>();
  /** Asks about an attempt until it is settled; the same number each time, one follower per attempt. */
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

  const take = async (tender: Tender): Promise<void> => {
    const { sale } = store.getState();
    if (!sale || (sale.attempt && !isFinished(sale.attempt.state))) return;
    const reason = tenderRefusal(standing(sale), tender);
    if (reason) {
      ports.sound('refuse');
      store.setState({ notice: { kind: 'refused', reason } });
      return;
    }
    const next: OpenSale = { ...sale, tenders: [...sale.tenders, tender], attempt: null };
    await keep(next);
    store.setState({ pad: '', notice: undefined });
    await finishIfPaid(next);
  };

  const startCard = async (amount: Money): Promise<void> => {
    const { sale, session } = store.getState();
    const terminalId = session?.terminalId;
    if (!sale || !terminalId || (sale.attempt && !isFinished(sale.attempt.state))) return;
    const requestId = counter.newId();
    const reason = tenderRefusal(standing(sale), { kind: 'card', amount, terminalId, requestId });
    if (reason) return store.setState({ notice: { kind: 'refused', reason } });
    const attempt: CardAttempt = {
      requestId,
      terminalId,
      amount,
      startedAt: ports.now(),
      state: 'asking',
      code: null,
      text: null,
      trace: {},
    };
    await keep({ ...sale, attempt });
    store.setState({ pad: '', notice: undefined, panel: 'tender' });
  };

  return {
    /** Opens the tender panel; a second press changes nothing. */
    openTender: () => {
      const { sale } = store.getState();
      if (sale && sale.basket.lines.length > 0)
        store.setState({ panel: 'tender', line: undefined, pad: '', notice: undefined });
    },
    payCash: (received: Money) => serial(() => take({ kind: 'cash', received })),
    /** A sale with nothing to pay: every line is given away. */
    finishFree: () =>
      serial(async () => {
        const { sale } = store.getState();
        if (sale) await finishIfPaid(sale);
      }),
    payCard: async (amount: Money) => {
      await serial(() => startCard(amount));
      const { sale } = store.getState();
      if (sale) await follow(sale.id);
    },
    cancelCard: async () => {
      const { sale } = store.getState();
      if (!sale?.attempt) return;
      const { attempt } = sale;
      const reply = await ports.terminal.cancelSale(attempt.terminalId, attempt.requestId);
      if (reply.kind === 'answer') await record(sale.id, afterInquiry(attempt, reply));
    },
    askAgain: async () => {
      const { sale } = store.getState();
      if (!sale?.attempt) return;
      const { attempt } = sale;
      const reply = await ports.terminal.saleStatus(attempt.terminalId, attempt.requestId, { waitMs: 0 });
      await record(sale.id, afterInquiry(attempt, reply));
      await follow(sale.id);
    },
    /** Gives cash back before the sale is finished. A card payment cannot be taken out here: it is voided at the terminal. */
    takeBackCash: (index: number) =>
      serial(async () => {
        const { sale } = store.getState();
        if (sale?.tenders[index]?.kind !== 'cash') return;
        await keep({ ...sale, tenders: sale.tenders.filter((_, place) => place !== index) });
      }),
    nextCustomer: () =>
      store.setState({ done: undefined, panel: 'goods', pad: '', notice: undefined, search: '', departmentId: null }),
    follow,
    finishRecalled: (saleId: string) =>
      serial(async () => {
        const sale = find(saleId);
        if (sale) await finishIfPaid(sale);
      }),
  };
};
