import { basketItemOf, type CatalogueItem } from '@zhanggui/api/contract';
import { type Counter, currencyOf, newOpenSale } from '../counter.ts';
import type { TillState } from '../till-state.ts';
import { type BasketChanges, isBasketLocked } from './basket-change.ts';

/** What a scan may do now: start or go on with a sale, or be refused aloud. */
const scanPlace = (state: Pick<TillState, 'phase' | 'sale' | 'panel'>): 'add' | 'payment-open' | 'not-selling' => {
  if (state.phase !== 'selling' || state.panel === 'close-shift' || state.panel === 'z-report') return 'not-selling';
  return isBasketLocked(state) ? 'payment-open' : 'add';
};

const wholeUnitMilli = 1000;

/**
 * Goods of a code. When the computer was too busy, the first keys of a burst may have gone to the search box or the
 * number pad as if typed: head and tail together are then tried as the code, and only a whole match counts.
 */
const itemOfScan = ({ catalogue, search, pad }: TillState, code: string): CatalogueItem | undefined =>
  catalogue.byBarcode(code) ?? catalogue.byBarcode(search.trim() + code) ?? catalogue.byBarcode(pad + code);

/** Goods into the basket: by scan, by tile, by search. */
export const sellCommands = (counter: Counter, { change, refuse }: BasketChanges) => {
  const { store, ports, journal, serial } = counter;

  const add = async (item: CatalogueItem): Promise<void> => {
    const { session } = store.getState();
    const lineId = await change({
      kind: 'add',
      lineId: counter.newId(),
      item: basketItemOf(item, currencyOf(session)),
      quantityMilli: wholeUnitMilli,
    });
    if (lineId === undefined) return;
    ports.sound('scan');
    // What is sold by weight asks for its weight at once; the next scan does not wait for the answer.
    if (item.weighed) store.setState({ panel: 'line', line: { lineId, field: 'quantity' }, pad: '', search: '' });
    else
      store.setState(({ panel }) => ({
        panel: panel === 'tender' ? panel : 'goods',
        line: undefined,
        pad: '',
        search: '',
      }));
  };

  const addWhereAllowed = (find: (state: TillState) => CatalogueItem | undefined, code: string): Promise<void> =>
    serial(async () => {
      const state = store.getState();
      const place = scanPlace(state);
      if (place !== 'add') return refuse({ kind: place });
      const item = find(state);
      return item ? add(item) : refuse({ kind: 'unknown-code', code });
    });

  return {
    /** Goods by barcode, from a gun or typed. */
    scan: (code: string) => addWhereAllowed((state) => itemOfScan(state, code), code),
    addItem: (item: CatalogueItem) => addWhereAllowed(() => item, item.barcode),
    setSegment: (segment: string | null) =>
      serial(async () => {
        const sale = store.getState().sale ?? newOpenSale(counter);
        const next = { ...sale, basket: { ...sale.basket, segment } };
        await journal.saveOpenSale(next);
        store.setState({ sale: next });
      }),
    showGoods: () => store.setState({ panel: 'goods', line: undefined, pad: '', notice: undefined }),
    dismissNotice: () => store.setState({ notice: undefined }),
  };
};
