import { createCounter } from './counter.ts';
import { pressTillKey } from './keys/key-commands.ts';
import type { KeyCommand } from './keys/till-keys.ts';
import { parkCommands } from './parked/park-commands.ts';
import type { TillPorts } from './ports.ts';
import { printSale } from './receipt/print-sale.ts';
import type { StoredSale } from './records.ts';
import { basketChanges } from './sell/basket-change.ts';
import { lineCommands } from './sell/line-commands.ts';
import { searchCommands } from './sell/search-commands.ts';
import { sellCommands } from './sell/sell-commands.ts';
import { sessionCommands } from './session/session-commands.ts';
import { shiftResumer } from './shift/resume-shift.ts';
import { shiftCommands } from './shift/shift-commands.ts';
import type { Journal } from './store/journal.ts';
import { cardFollower } from './tender/card-follower.ts';
import { saleKeeper } from './tender/sale-keeper.ts';
import { cardCommands, cashCommands } from './tender/tender-commands.ts';
import { createTillStore, type TillStore } from './till-state.ts';
import { outboxPump } from './upload/outbox-pump.ts';

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
  const follower = cardFollower(counter, keeper);
  const changes = basketChanges(counter);
  const sell = sellCommands(counter, changes);
  const session = sessionCommands(counter, resumeAndSend);
  const parked = parkCommands(counter);
  const cash = cashCommands(counter, keeper);
  let stopped = false;
  const till = {
    ...sell,
    ...lineCommands(counter, changes),
    ...searchCommands(counter, sell),
    ...session,
    ...cash,
    ...cardCommands(counter, keeper, follower),
    ...shiftCommands(counter, pump.kick, resumeAndSend),
    ...parked,
    /** A recalled sale that was paid while it lay aside is finished at once. */
    recall: async (id: string) => {
      await parked.recall(id);
      await cash.finishPaid(id);
    },
    swap: () => store.setState(({ showsBasket }) => ({ showsBasket: !showsBasket })),
    showUploads: () => store.setState({ panel: 'uploads', line: undefined }),
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
      if (!(await session.recover((saleId) => void follower.follow(saleId)))) return;
      void pump.run(() => stopped);
      await session.loadTills();
      if (store.getState().session) await session.refreshCatalogue();
    },
    stop: () => {
      stopped = true;
      pump.kick();
    },
  };
  return { ...till, press: (command: KeyCommand) => pressTillKey(till, command) };
};
