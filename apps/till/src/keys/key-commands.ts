import type { TillStore } from '../till-state.ts';
import type { KeyCommand } from './till-keys.ts';
import { lineOfKey } from './till-keys.ts';

/** What a key needs from the till. */
export type KeyTarget = Readonly<{
  store: TillStore;
  startSearch: () => void;
  openLine: (lineId: string, field: 'quantity' | 'price' | 'percent') => void;
  removeLine: (lineId: string) => Promise<void>;
  park: () => Promise<void>;
  showParked: () => void;
  openTender: () => void;
  openPhone: () => void;
  chooseWay: (way: 'any' | 'phone') => void;
  payExactCash: () => Promise<void>;
  showGoods: () => void;
  nextCustomer: () => void;
}>;

const lineFields = { quantity: 'quantity', price: 'price', discount: 'percent' } as const;

/** A key does what its button on the screen does, and nothing where that button is not offered. */
export const pressTillKey = (till: KeyTarget, command: KeyCommand): void => {
  const state = till.store.getState();
  const lineId = lineOfKey(state);
  if (state.phase !== 'selling' || state.panel === 'close-shift' || state.panel === 'z-report') return;
  switch (command) {
    case 'search':
      return state.panel === 'tender' ? undefined : till.startSearch();
    case 'quantity':
    case 'price':
    case 'discount':
      return lineId === undefined || state.panel === 'tender' ? undefined : till.openLine(lineId, lineFields[command]);
    case 'remove':
      return lineId === undefined || state.panel === 'tender' ? undefined : void till.removeLine(lineId);
    case 'park':
      return void till.park();
    case 'recall':
      return till.showParked();
    case 'pay':
      return state.panel === 'done' ? till.nextCustomer() : till.openTender();
    case 'phone':
      return till.openPhone();
    case 'exact':
      return void till.payExactCash();
    case 'back':
      return goBack(till);
  }
};

const goBack = (till: KeyTarget): void => {
  const { panel, way, sale, search } = till.store.getState();
  if (panel === 'done') return till.nextCustomer();
  if (panel === 'tender' && way === 'phone') return till.chooseWay('any');
  if (panel === 'tender' && sale && (sale.tenders.length > 0 || sale.attempt !== null)) return;
  if (search !== '') till.store.setState({ search: '' });
  till.showGoods();
};
