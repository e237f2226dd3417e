import { saleDocument } from '@zhanggui/api/contract';
import { closeSale, priceBasket, receiptNumber, type Settlement, settle } from '@zhanggui/basket';
import { type Counter, cashRuleOf } from '../counter.ts';
import type { OpenSale, StoredSale } from '../records.ts';

/** What else happens when a sale is finished: paper, upload. */
export type AfterSale = (stored: StoredSale) => void;
export type SaleKeeper = ReturnType<typeof saleKeeper>;

/** Open sales, on the screen or parked, and the moment one is finished. */
export const saleKeeper = ({ store, journal, ports }: Counter, afterSale: AfterSale) => {
  const standing = (sale: OpenSale): Settlement =>
    settle(priceBasket(sale.basket).total, sale.tenders, cashRuleOf(store.getState().session));

  const find = (saleId: string): OpenSale | undefined => {
    const { sale, parked } = store.getState();
    return sale?.id === saleId ? sale : parked.find(({ id }) => id === saleId);
  };

  const keep = async (sale: OpenSale): Promise<void> => {
    await journal.saveOpenSale(sale);
    const { sale: current, parked } = store.getState();
    if (current?.id === sale.id) store.setState({ sale });
    else store.setState({ parked: parked.map((aside) => (aside.id === sale.id ? sale : aside)) });
  };

  const finish = async (sale: OpenSale): Promise<void> => {
    const { session, shift } = store.getState();
    const closed = closeSale(sale.basket, sale.tenders, cashRuleOf(session));
    if (closed.kind === 'refused' || !session || !shift) return;
    const head = { id: sale.id, shiftId: shift.id, staffId: session.staff.id, at: ports.now() };
    const stored = await journal.finishSale(sale.id, (sequence) => {
      const receiptNo = receiptNumber(session.till.number, sequence);
      const document = saleDocument({ ...closed.figures, ...head, sequence, receiptNo, segment: sale.basket.segment });
      return { id: sale.id, shiftId: shift.id, sequence, document, upload: 'waiting', faults: null };
    });
    store.setState({ sale: undefined, done: stored, panel: 'done', pad: '', notice: undefined });
    ports.sound('paid');
    afterSale(stored);
  };

  const finishIfPaid = async (sale: OpenSale): Promise<void> => {
    if (standing(sale).isPaid && sale.parkedAt === null) await finish(sale);
  };

  return { standing, find, keep, finishIfPaid };
};
