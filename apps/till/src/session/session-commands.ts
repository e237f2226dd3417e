import type { Counter } from '../counter.ts';
import { indexCatalogue } from '../catalogue/catalogue-index.ts';
import { afterReload } from '../tender/attempt.ts';

export const sessionCommands = ({ store, journal, ports, serial }: Counter) => {
  const { shop } = ports;

  const refreshCatalogue = async (): Promise<void> => {
    const reply = await shop.catalogue(store.getState().catalogue.version);
    if (reply.kind !== 'answer' || !reply.value) return;
    await journal.saveCatalogue(reply.value);
    store.setState({ catalogue: indexCatalogue(reply.value) });
  };

  const phaseOf = (hasSession: boolean, hasShift: boolean) =>
    !hasSession ? 'signed-out' : hasShift ? 'selling' : 'no-shift';

  return {
    /** Everything as it was before the reload; throws when the browser does not store. */
    recover: async () => {
      const kept = await journal.recover();
      const openSales = kept.openSales.map((sale) => ({ ...sale, attempt: sale.attempt && afterReload(sale.attempt) }));
      const sale = openSales.find(({ parkedAt }) => parkedAt === null);
      const isPaying = sale !== undefined && (sale.tenders.length > 0 || sale.attempt !== null);
      store.setState({
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
      });
      return openSales;
    },
    loadTills: async () => {
      const reply = await shop.tills();
      store.setState({ connection: reply.kind === 'unreachable' ? 'offline' : 'online' });
      if (reply.kind !== 'answer') return;
      store.setState(({ tillId }) => ({ tills: reply.value, tillId: tillId ?? reply.value[0]?.id }));
    },
    chooseTill: (tillId: string) => store.setState({ tillId }),
    signIn: async (staffNumber: string, pin: string) => {
      const { tillId } = store.getState();
      if (!tillId || store.getState().busy) return;
      store.setState({ busy: true, notice: undefined });
      const reply = await shop.signIn({ tillId, staffNumber, pin });
      store.setState({ busy: false, connection: reply.kind === 'unreachable' ? 'offline' : 'online' });
      if (reply.kind === 'unreachable') return;
      if (reply.kind === 'refused') {
        ports.sound('refuse');
        store.setState({ notice: { kind: 'server', message: reply.message } });
        return;
      }
      await serial(async () => {
        await journal.saveSession({ session: reply.value, signedInAt: ports.now() });
        const { shift } = store.getState();
        store.setState({ session: reply.value, needsSignIn: false, phase: phaseOf(true, shift !== undefined) });
      });
      await refreshCatalogue();
    },
    refreshCatalogue,
    /** Hands the till to the next cashier; what is open, parked or not uploaded stays where it is. */
    signOut: () =>
      serial(async () => {
        await journal.forgetSession();
        store.setState({ session: undefined, phase: 'signed-out', panel: 'goods', line: undefined, notice: undefined });
        void shop.signOut();
      }),
  };
};
