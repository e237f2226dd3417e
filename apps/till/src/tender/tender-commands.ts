import { tenderRefusal } from '@zhanggui/basket';
import { decimalText, type Money } from '@zhanggui/money';
import type { Counter } from '../counter.ts';
import type { OpenSale } from '../records.ts';
import { isFinished } from './attempt.ts';
import type { SaleKeeper } from './sale-keeper.ts';

/** One payment at a time: nothing else is taken while a card or a phone has no end. */
export const isPaying = (sale: OpenSale): boolean => sale.attempt !== null && !isFinished(sale.attempt);

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
        store.setState({ panel: 'tender', way: 'any', line: undefined, pad: '', notice: undefined });
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
    /** A sale with nothing left to pay: given away, or paid while it lay aside. */
    finishPaid: (saleId: string) =>
      serial(async () => {
        const sale = find(saleId);
        if (sale && !isPaying(sale)) await finishIfPaid(sale);
      }),
    /** Gives cash back before the sale is finished; cards and wallets get theirs back by a void or a refund. */
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
