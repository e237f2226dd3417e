import { priceBasket, settle } from '@zhanggui/basket';
import { decimalText, type Money } from '@zhanggui/money';
import { type PadKey, pressKey } from '@zhanggui/ui/keys';
import { cashRuleOf, createCounter } from './counter.ts';
import { parkCommands } from './parked/park-commands.ts';
import type { TillPorts } from './ports.ts';
import { printSale } from './receipt/print-sale.ts';
import { sellCommands } from './sell/sell-commands.ts';
import type { LineChange } from './sell/sell-view.ts';
import { sessionCommands } from './session/session-commands.ts';
import { shiftCommands } from './shift/shift-commands.ts';
import type { Journal } from './store/journal.ts';
import { tenderCommands } from './tender/tender-commands.ts';
import { createTillStore, type TillStore } from './till-state.ts';
import { outboxPump } from './upload/outbox-pump.ts';

const padMax = { wholeDigitsMax: 6, decimals: 3 };

export type Till = ReturnType<typeof createTill>;

/** The whole till without a screen: state, commands, and what runs behind them. */
export const createTill = (ports: TillPorts, journal: Journal, store: TillStore = createTillStore()) => {
  const counter = createCounter(ports, journal, store);
  const pump = outboxPump(counter);
  const session = sessionCommands(counter);
  const sell = sellCommands(counter);
  const tender = tenderCommands(counter, (stored) => {
    const { session: signedIn } = store.getState();
    if (signedIn) void ports.printer.print(printSale(stored.document, signedIn, ports.locale()));
    pump.kick();
  });
  const shift = shiftCommands(counter, pump.kick);
  const parked = parkCommands(counter);
  let stopped = false;
  return {
    ...sell,
    ...session,
    ...tender,
    ...shift,
    ...parked,
    /** A recalled sale that was paid while it lay aside is finished at once. */
    recall: async (id: string) => {
      await parked.recall(id);
      await tender.finishRecalled(id);
    },
    /** Enter in the search box: a barcode typed by hand, else the first hit. */
    takeFirstHit: () => {
      const { search, catalogue } = store.getState();
      const [first] = search === '' ? [] : catalogue.search(search, 1);
      if (first) return sell.addItem(first);
      return search === '' ? Promise.resolve() : sell.scan(search);
    },
    startSearch: () => {
      store.setState({ panel: 'goods', line: undefined, notice: undefined, search: '' });
      ports.focusSearch();
    },
    /** Characters typed by hand with no field under them go to the number pad that shows, or begin a search. */
    typed: (text: string) => {
      const { panel, phase, pad, search } = store.getState();
      if (phase !== 'selling') return;
      if (panel === 'tender' || panel === 'line') {
        const digits = text.replace(/[^0-9.]/g, '');
        store.setState({ pad: Array.from(digits).reduce((sum, key) => pressKey(sum, key as PadKey, padMax), pad) });
      } else if (panel === 'goods' && text.trim() !== '') {
        store.setState({ search: search + text });
        ports.focusSearch();
      }
    },
    typeAmount: (amount: Money) => store.setState({ pad: decimalText(amount), notice: undefined }),
    payExactCash: async () => {
      const { sale, session: signedIn } = store.getState();
      if (!sale) return;
      const { leftInCash, isPaid } = settle(priceBasket(sale.basket).total, sale.tenders, cashRuleOf(signedIn));
      await (isPaid ? tender.finishFree() : tender.payCash(leftInCash));
    },
    applyLineChange: async (lineId: string, change: LineChange) => {
      if (change.kind === 'quantity') await sell.setQuantity(lineId, change.quantityMilli);
      else if (change.kind === 'price') await sell.setPrice(lineId, change.unitPrice);
      else await sell.setDiscount(lineId, change.discount);
      if (store.getState().notice === undefined) sell.showGoods();
    },
    printAgain: async () => {
      const { done, session: signedIn } = store.getState();
      if (done && signedIn) await ports.printer.print(printSale(done.document, signedIn, ports.locale()));
    },
    printerState: ports.printer.state,
    setPad: (pad: string) => store.setState({ pad, notice: undefined }),
    showUploads: () => store.setState({ panel: 'uploads', line: undefined }),
    store,
    journal,
    kick: pump.kick,
    /** Brings back the last state, then goes on asking about open payments and uploading. */
    start: async () => {
      try {
        const openSales = await session.recover();
        for (const sale of openSales) if (sale.attempt) void tender.follow(sale.id);
      } catch (error) {
        console.error('the till could not read its store', error);
        store.setState({ phase: 'storage-failed' });
        return;
      }
      void pump.run(() => stopped);
      await session.loadTills();
      if (store.getState().session) await session.refreshCatalogue();
    },
    stop: () => {
      stopped = true;
      pump.kick();
    },
  };
};
