import type { Counter } from '../counter.ts';
import type { LineField } from '../till-state.ts';
import { type BasketChanges, isBasketLocked } from './basket-change.ts';
import type { LineChange } from './sell-view.ts';

/** What can be done to one line, and taking it back. */
export const lineCommands = ({ store, serial }: Counter, { change, refuse, restore }: BasketChanges) => {
  const apply = (lineId: string, wanted: LineChange): Promise<string | undefined> => {
    switch (wanted.kind) {
      case 'quantity':
        return change({ kind: 'set-quantity', lineId, quantityMilli: wanted.quantityMilli });
      case 'price':
        return change({ kind: 'override-price', lineId, unitPrice: wanted.unitPrice });
      case 'discount':
        return change({ kind: 'discount', lineId, discount: wanted.discount });
    }
  };
  const atHome = { panel: 'goods', line: undefined, pad: '' } as const;
  return {
    /** Steps of the quantity: the line stays open. */
    setQuantity: (lineId: string, quantityMilli: number) =>
      serial(async () => {
        await apply(lineId, { kind: 'quantity', quantityMilli });
      }),
    /** A change of the pad: done means back to the goods. */
    applyLineChange: (lineId: string, wanted: LineChange) =>
      serial(async () => {
        if ((await apply(lineId, wanted)) !== undefined) store.setState(atHome);
      }),
    removeLine: (lineId: string) =>
      serial(async () => {
        const basket = store.getState().sale?.basket;
        const line = basket?.lines.find(({ id }) => id === lineId);
        if (!basket || !line || (await change({ kind: 'remove', lineId })) === undefined) return;
        store.setState({ ...atHome, notice: { kind: 'removed', name: line.item.name, basket } });
      }),
    clear: () =>
      serial(async () => {
        const basket = store.getState().sale?.basket;
        if (!basket || basket.lines.length === 0 || (await change({ kind: 'clear' })) === undefined) return;
        store.setState({ ...atHome, notice: { kind: 'cleared', basket } });
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
  };
};
