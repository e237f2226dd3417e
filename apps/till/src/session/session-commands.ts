import { indexCatalogue } from '../catalogue/catalogue-index.ts';
import type { Counter } from '../counter.ts';
import type { Recovered } from '../store/journal.ts';
import { afterReload } from '../tender/attempt.ts';
import type { Phase, TillState } from '../till-state.ts';

const phaseOf = (hasSession: boolean, hasShift: boolean): Phase =>
  !hasSession ? 'signed-out' : hasShift ? 'selling' : 'no-shift';

/** The till as it was before the reload. */
const recoveredState = (kept: Recovered): Partial<TillState> => {
  const openSales = kept.openSales.map((sale) => ({ ...sale, attempt: sale.attempt && afterReload(sale.attempt) }));
  const sale = openSales.find(({ parkedAt }) => parkedAt === null);
  const isPaying = sale !== undefined && (sale.tenders.length > 0 || sale.attempt !== null);
  return {
    phase: phaseOf(kept.session !== undefined, kept.shift !== undefined),
    tillId: kept.tillId,
    session: kept.session?.session,
    shift: kept.shift,
    catalogue: indexCatalogue(kept.catalogue),
    sale,
    parked: openSales.filter(({ parkedAt }) => parkedAt !== null),
    outbox: kept.outbox,
    keptCount: kept.keptCount,
    panel: isPaying ? 'tender' : 'goods',
  };
};

/** `resumeShift` asks the shop for the till's open shift before a second one could be opened. */
export const sessionCommands = ({ store, journal, ports, serial }: Counter, resumeShift: () => Promise<unknown>) => {
  const { shop } = ports;

  const refreshCatalogue = async (): Promise<void> => {
    const reply = await shop.catalogue(store.getState().catalogue.version);
    const catalogue = reply.kind === 'answer' ? reply.value : undefined;
    if (!catalogue) return;
    await serial(() => journal.saveCatalogue(catalogue));
    store.setState({ catalogue: indexCatalogue(catalogue) });
  };

  return {
    refreshCatalogue,
    /** False when the browser does not let the till read its own store: then nothing is sold. */
    recover: async (followPayment: (saleId: string) => void): Promise<boolean> => {
      try {
        const kept = await journal.recover();
        store.setState(recoveredState(kept));
        for (const { id, attempt } of kept.openSales) if (attempt) followPayment(id);
        return true;
      } catch (error) {
        console.error('the till could not read its store', error);
        store.setState({ phase: 'storage-failed' });
        return false;
      }
    },
    loadTills: async () => {
      const reply = await shop.tills();
      store.setState({ connection: reply.kind === 'unreachable' ? 'offline' : 'online' });
      if (reply.kind === 'answer')
        store.setState(({ tillId }) => ({ tills: reply.value, tillId: tillId ?? reply.value[0]?.id }));
    },
    chooseTill: (tillId: string) => store.setState({ tillId }),
    signIn: async (staffNumber: string, pin: string) => {
      const { tillId, busy } = store.getState();
      if (!tillId || busy) return;
      store.setState({ busy: true, notice: undefined });
      const reply = await shop.signIn({ tillId, staffNumber, pin });
      store.setState({ connection: reply.kind === 'unreachable' ? 'offline' : 'online' });
      if (reply.kind === 'refused') store.setState({ notice: { kind: 'server', message: reply.message } });
      if (reply.kind !== 'answer') {
        store.setState({ busy: false });
        return ports.sound('refuse');
      }
      const session = reply.value;
      await serial(async () => {
        await journal.saveSession({ session, signedInAt: ports.now() });
        const shift = await journal.openShiftOf(session.till.id);
        store.setState({ session, shift, needsSignIn: false });
      });
      await resumeShift();
      await serial(async () =>
        store.setState(({ phase, shift }) => ({
          busy: false,
          phase: phase === 'storage-failed' ? phase : phaseOf(true, shift !== undefined),
        })),
      );
      await refreshCatalogue();
    },
    /** Hands the till to the next cashier; what is open, parked or not uploaded stays where it is. */
    signOut: () =>
      serial(async () => {
        await journal.forgetSession();
        store.setState({ session: undefined, phase: 'signed-out', panel: 'goods', line: undefined, notice: undefined });
        void shop.signOut();
      }),
  };
};
