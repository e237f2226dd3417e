import { type Counter, createCounter } from './counter.ts';
import { feedDisplay } from './display/feed-display.ts';
import { pressTillKey } from './keys/key-commands.ts';
import type { KeyCommand } from './keys/till-keys.ts';
import { parkCommands } from './parked/park-commands.ts';
import type { TillPorts } from './ports.ts';
import { printSale } from './receipt/print-sale.ts';
import type { StoredSale } from './records.ts';
import { scanRouter } from './scan/scan-router.ts';
import { basketChanges } from './sell/basket-change.ts';
import { lineCommands } from './sell/line-commands.ts';
import { searchCommands } from './sell/search-commands.ts';
import { sellCommands } from './sell/sell-commands.ts';
import { sessionCommands } from './session/session-commands.ts';
import { shellCommands } from './shell/shell-commands.ts';
import { shiftResumer } from './shift/resume-shift.ts';
import { shiftCommands } from './shift/shift-commands.ts';
import type { Journal } from './store/journal.ts';
import { attemptCommands } from './tender/attempt-commands.ts';
import { attemptDesk } from './tender/attempt-desk.ts';
import { attemptFollower } from './tender/attempt-follower.ts';
import { type SaleKeeper, saleKeeper } from './tender/sale-keeper.ts';
import { cashCommands } from './tender/tender-commands.ts';
import { createTillStore, type TillStore } from './till-state.ts';
import { outboxPump } from './upload/outbox-pump.ts';

/** Cards and phones: one desk, one follower, whichever it is. */
const payments = (counter: Counter, keeper: SaleKeeper) => {
  const desk = attemptDesk(counter.ports);
  const follower = attemptFollower(counter, keeper, desk);
  return { follow: follower.follow, attempts: attemptCommands(counter, keeper, follower, desk) };
};

export type Till = ReturnType<typeof createTill>;

/** The whole till without a screen: state, commands, and what runs behind them. */
export const createTill = (ports: TillPorts, journal: Journal, store: TillStore = createTillStore()) => {
  const counter = createCounter(ports, journal, store);
  const resumeShift = shiftResumer(counter);
  const pump = outboxPump(counter, resumeShift);
  const resumeAndSend = async (): Promise<void> => {
    await resumeShift();
    pump.kick();
  };
  const print = async ({ document }: StoredSale): Promise<void> => {
    const { session } = store.getState();
    if (session) await ports.printer.print(printSale(document, session, ports.locale()));
  };
  const keeper = saleKeeper(counter, (stored) => {
    void print(stored);
    pump.kick();
  });
  const { follow, attempts } = payments(counter, keeper);
  const changes = basketChanges(counter);
  const goods = sellCommands(counter, changes);
  const sell = { ...goods, scan: scanRouter(store, goods.scan, attempts) };
  const session = sessionCommands(counter, resumeAndSend);
  const parked = parkCommands(counter);
  const cash = cashCommands(counter, keeper);
  const stopShowing = feedDisplay(counter);
  let stopped = false;
  const till = {
    ...sell,
    ...lineCommands(counter, changes),
    ...searchCommands(counter, sell),
    ...session,
    ...cash,
    ...attempts,
    ...shiftCommands(counter, pump.kick, resumeAndSend),
    ...parked,
    /** A recalled sale that was paid while it lay aside is finished at once. */
    recall: async (id: string) => {
      await parked.recall(id);
      await cash.finishPaid(id);
    },
    ...shellCommands(counter),
    sendAgain: async (saleId: string) => {
      await counter.serial(async () => {
        const keptCount = await journal.sendAgain(saleId, store.getState().shift?.id);
        store.setState({ keptCount });
      });
      pump.kick();
    },
    printAgain: async () => {
      const { done } = store.getState();
      if (done) await print(done);
    },
    printerState: ports.printer.state,
    ports,
    store,
    journal,
    kick: pump.kick,
    /** Brings back the last state, then goes on asking about open payments and uploading. */
    start: async () => {
      if (!(await session.recover((saleId) => void follow(saleId)))) return;
      void pump.run(() => stopped);
      await session.loadTills();
      if (store.getState().session) await session.refreshCatalogue();
    },
    stop: () => {
      stopped = true;
      stopShowing();
      pump.kick();
    },
  };
  return { ...till, press: (command: KeyCommand) => pressTillKey(till, command) };
};
