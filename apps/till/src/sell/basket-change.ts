import type { TillRight } from '@zhanggui/api/contract';
import { type Basket, type BasketCommand, changeBasket } from '@zhanggui/basket';
import { type Counter, newOpenSale } from '../counter.ts';
import { isFinished } from '../tender/attempt.ts';
import type { Notice, TillState } from '../till-state.ts';

/** A basket that has been paid in part, or may have been, is not changed any more. */
export const isBasketLocked = ({ sale }: Pick<TillState, 'sale'>): boolean =>
  sale !== undefined && (sale.tenders.length > 0 || (sale.attempt !== null && !isFinished(sale.attempt)));

export const hasRight = ({ session }: Pick<TillState, 'session'>, right: TillRight): boolean =>
  session?.rights.includes(right) ?? false;

const rightOf: Partial<Record<BasketCommand['kind'], TillRight>> = {
  discount: 'discount',
  'override-price': 'override-price',
};

export type BasketChanges = ReturnType<typeof basketChanges>;

/** The one road by which the open basket changes: allowed, then stored, then shown. */
export const basketChanges = (counter: Counter) => {
  const { store, ports, journal } = counter;

  const refuse = (notice: Notice): undefined => {
    ports.sound('refuse');
    store.setState({ notice });
  };

  /** The line made or changed; undefined where the command was refused. */
  const change = async (command: BasketCommand): Promise<string | undefined> => {
    const state = store.getState();
    const right = rightOf[command.kind];
    if (isBasketLocked(state)) return refuse({ kind: 'payment-open' });
    if (right && !hasRight(state, right)) return refuse({ kind: 'no-right' });
    const sale = state.sale ?? newOpenSale(counter);
    const outcome = changeBasket(sale.basket, command);
    if (outcome.kind === 'refused') return refuse({ kind: 'refused', reason: outcome.reason });
    // An attempt that ended without money belongs to the basket as it was.
    const next = { ...sale, basket: outcome.basket, attempt: null };
    await journal.saveOpenSale(next);
    const lineId = outcome.lineId ?? '';
    store.setState(({ changed }) => ({
      sale: next,
      notice: undefined,
      done: undefined,
      changed: { lineId, count: changed.count + 1 },
    }));
    return lineId;
  };

  /** Puts a whole basket back, as undo does. */
  const restore = async (basket: Basket): Promise<void> => {
    const state = store.getState();
    if (isBasketLocked(state)) return refuse({ kind: 'payment-open' });
    const next = { ...(state.sale ?? newOpenSale(counter)), basket };
    await journal.saveOpenSale(next);
    store.setState({ sale: next, notice: undefined });
  };

  return { refuse, change, restore };
};
