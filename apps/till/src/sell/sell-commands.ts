import { basketItemOf, type CatalogueItem, type TillRight } from '@zhanggui/api/contract';
import { type Basket, type BasketCommand, changeBasket, type Discount } from '@zhanggui/basket';
import type { Money } from '@zhanggui/money';
import { type Counter, currencyOf, newOpenSale } from '../counter.ts';
import { isFinished } from '../tender/attempt.ts';
import type { LineField, Notice, TillState } from '../till-state.ts';

/** A basket that has been paid in part, or may have been, is not changed any more. */
export const isBasketLocked = ({ sale }: Pick<TillState, 'sale'>): boolean =>
  sale !== undefined && (sale.tenders.length > 0 || (sale.attempt !== null && !isFinished(sale.attempt.state)));

export const hasRight = ({ session }: Pick<TillState, 'session'>, right: TillRight): boolean =>
  session?.rights.includes(right) ?? false;

const rightOf: Partial<Record<BasketCommand['kind'], TillRight>> = {
  discount: 'discount',
  'override-price': 'override-price',
};

/** What a scan may do now: start or go on with a sale, or be refused aloud. */
export const scanPlace = (
  state: Pick<TillState, 'phase' | 'sale' | 'panel'>,
): 'add' | 'payment-open' | 'not-selling' => {
  if (state.phase !== 'selling' || state.panel === 'close-shift' || state.panel === 'z-report') return 'not-selling';
  return isBasketLocked(state) ? 'payment-open' : 'add';
};

const wholeUnitMilli = 1000;

export const sellCommands = (counter: Counter) => {
  const { store, ports, journal, serial } = counter;

  const refuse = (notice: Notice): void => {
    ports.sound('refuse');
    store.setState({ notice });
  };

  const change = async (command: BasketCommand): Promise<void> => {
    const state = store.getState();
    const right = rightOf[command.kind];
    if (isBasketLocked(state)) return refuse({ kind: 'payment-open' });
    if (right && !hasRight(state, right)) return refuse({ kind: 'no-right' });
    const sale = state.sale ?? newOpenSale(counter);
    const outcome = changeBasket(sale.basket, command);
    if (outcome.kind === 'refused') return refuse({ kind: 'refused', reason: outcome.reason });
    const next = { ...sale, basket: outcome.basket };
    await journal.saveOpenSale(next);
    store.setState(({ changed }) => ({
      sale: next,
      notice: undefined,
      done: undefined,
      changed: { lineId: outcome.lineId ?? '', count: changed.count + 1 },
    }));
  };

  const add = async (item: CatalogueItem): Promise<void> => {
    const place = scanPlace(store.getState());
    if (place !== 'add') return refuse({ kind: place });
    const { session } = store.getState();
    await change({
      kind: 'add',
      lineId: counter.newId(),
      item: basketItemOf(item, currencyOf(session)),
      quantityMilli: wholeUnitMilli,
    });
    store.setState(({ panel }) => ({
      panel: panel === 'tender' ? panel : 'goods',
      line: undefined,
      pad: '',
      search: '',
    }));
    ports.sound('scan');
  };

  const restore = async (basket: Basket): Promise<void> => {
    const { sale } = store.getState();
    const next = { ...(sale ?? newOpenSale(counter)), basket };
    await journal.saveOpenSale(next);
    store.setState({ sale: next, notice: undefined });
  };

  return {
    /** Goods by barcode, from a gun or typed. */
    scan: (code: string) =>
      serial(async () => {
        const state = store.getState();
        const place = scanPlace(state);
        if (place !== 'add') return refuse({ kind: place });
        const item = state.catalogue.byBarcode(code);
        return item ? add(item) : refuse({ kind: 'unknown-code', code });
      }),
    addItem: (item: CatalogueItem) => serial(() => add(item)),
    setQuantity: (lineId: string, quantityMilli: number) =>
      serial(() => change({ kind: 'set-quantity', lineId, quantityMilli })),
    setDiscount: (lineId: string, discount: Discount) => serial(() => change({ kind: 'discount', lineId, discount })),
    setPrice: (lineId: string, unitPrice: Money) => serial(() => change({ kind: 'override-price', lineId, unitPrice })),
    setSegment: (segment: string | null) =>
      serial(async () => {
        const sale = store.getState().sale ?? newOpenSale(counter);
        const next = { ...sale, basket: { ...sale.basket, segment } };
        await journal.saveOpenSale(next);
        store.setState({ sale: next });
      }),
    removeLine: (lineId: string) =>
      serial(async () => {
        const basket = store.getState().sale?.basket;
        const line = basket?.lines.find(({ id }) => id === lineId);
        await change({ kind: 'remove', lineId });
        const removed = store.getState().sale?.basket !== basket;
        if (basket && line && removed)
          store.setState({
            notice: { kind: 'removed', name: line.item.name, basket },
            panel: 'goods',
            line: undefined,
          });
      }),
    clear: () =>
      serial(async () => {
        const { sale } = store.getState();
        if (!sale || sale.basket.lines.length === 0) return;
        await change({ kind: 'clear' });
        if (store.getState().sale !== sale)
          store.setState({ notice: { kind: 'cleared', basket: sale.basket }, panel: 'goods', line: undefined });
      }),
    undo: () =>
      serial(async () => {
        const { notice } = store.getState();
        if (notice?.kind === 'removed' || notice?.kind === 'cleared') await restore(notice.basket);
      }),
    openLine: (lineId: string, field: LineField = 'quantity') => {
      if (isBasketLocked(store.getState())) return refuse({ kind: 'payment-open' });
      store.setState({ panel: 'line', line: { lineId, field }, pad: '', notice: undefined });
    },
    showGoods: () => store.setState({ panel: 'goods', line: undefined, pad: '', notice: undefined }),
    search: (search: string) => store.setState({ search, notice: undefined }),
    chooseDepartment: (departmentId: string | null) => store.setState({ departmentId, search: '' }),
    dismissNotice: () => store.setState({ notice: undefined }),
  };
};
