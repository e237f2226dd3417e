import { cashRoundingOf, type TillSession } from '@zhanggui/api/contract';
import { type CashRounding, emptyBasket } from '@zhanggui/basket';
import { uuidv7 } from '@zhanggui/ids';
import type { CurrencyCode } from '@zhanggui/money';
import type { TillPorts } from './ports.ts';
import type { OpenSale } from './records.ts';
import type { Journal } from './store/journal.ts';
import type { TillStore } from './till-state.ts';

/** What every job's commands work with. */
export type Counter = Readonly<{
  ports: TillPorts;
  journal: Journal;
  store: TillStore;
  newId: () => string;
  /**
   * Runs one command after the other, in the order given: a scan never overtakes a scan. A failing store stops
   * selling, because going on would promise what is not kept.
   */
  serial: (run: () => Promise<void>) => Promise<void>;
}>;

export const createCounter = (ports: TillPorts, journal: Journal, store: TillStore): Counter => {
  let last: Promise<void> = Promise.resolve();
  const serial = (run: () => Promise<void>): Promise<void> => {
    last = last.then(run).catch((error: unknown) => {
      console.error('the till could not store', error);
      store.setState({ phase: 'storage-failed' });
    });
    return last;
  };
  return { ports, journal, store, serial, newId: () => uuidv7(ports.now(), ports.random(10)) };
};

const noSession: Pick<TillSession['settings'], 'currency' | 'cashRounding'> = { currency: 'CNY', cashRounding: null };

export const currencyOf = (session: TillSession | undefined): CurrencyCode => (session?.settings ?? noSession).currency;
export const cashRuleOf = (session: TillSession | undefined): CashRounding =>
  session ? cashRoundingOf(session.settings) : null;

export const newOpenSale = ({ ports, store, newId }: Counter): OpenSale => ({
  id: newId(),
  openedAt: ports.now(),
  parkedAt: null,
  basket: emptyBasket(currencyOf(store.getState().session)),
  tenders: [],
  attempt: null,
});
