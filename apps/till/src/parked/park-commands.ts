import type { Counter } from '../counter.ts';
import type { OpenSale } from '../records.ts';
import { isFinished } from '../tender/attempt.ts';

/** A sale whose payment nobody knows the end of; it may be set aside, but not thrown away. */
export const isUnresolved = ({ attempt }: OpenSale): boolean => attempt !== null && !isFinished(attempt);

export const parkCommands = ({ store, journal, ports, serial }: Counter) => {
  const park = async (): Promise<void> => {
    const { sale, parked } = store.getState();
    if (!sale || sale.basket.lines.length === 0) return;
    const aside: OpenSale = { ...sale, parkedAt: ports.now() };
    await journal.saveOpenSale(aside);
    store.setState({ sale: undefined, parked: [...parked, aside], panel: 'goods', line: undefined, notice: undefined });
  };
  return {
    park: () => serial(park),
    recall: (id: string) =>
      serial(async () => {
        if ((store.getState().sale?.basket.lines.length ?? 0) > 0) await park();
        const { parked, sale: empty } = store.getState();
        const sale = parked.find((candidate) => candidate.id === id);
        if (!sale) return;
        const back: OpenSale = { ...sale, parkedAt: null };
        await journal.saveOpenSale(back);
        if (empty) await journal.dropOpenSale(empty.id);
        const hasPayment = back.tenders.length > 0 || back.attempt !== null;
        store.setState({
          sale: back,
          done: undefined,
          parked: parked.filter((candidate) => candidate.id !== id),
          panel: hasPayment ? 'tender' : 'goods',
        });
      }),
    /** Only a sale nobody has paid for, not even in part, can be dropped. */
    drop: (id: string) =>
      serial(async () => {
        const { parked } = store.getState();
        const sale = parked.find((candidate) => candidate.id === id);
        if (!sale || sale.tenders.length > 0 || isUnresolved(sale)) return;
        await journal.dropOpenSale(id);
        store.setState({ parked: parked.filter((candidate) => candidate.id !== id) });
      }),
    showParked: () => store.setState({ panel: 'parked', line: undefined }),
  };
};
