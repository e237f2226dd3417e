import { countCash } from '@zhanggui/basket';
import { type Money, money } from '@zhanggui/money';
import { type Counter, currencyOf } from '../counter.ts';
import type { DenominationCount, StoredShift } from '../records.ts';

export const shiftCommands = (
  counter: Counter,
  afterClose: (shift: StoredShift) => void,
  resumeShift: () => Promise<unknown>,
) => {
  const { store, journal, ports, serial, newId } = counter;
  return {
    openShift: async (float: Money) => {
      // The sign-in may have been given while the shop could not say whether a shift is open.
      if (store.getState().connection !== 'offline') await resumeShift();
      await serial(async () => {
        const { session, shift } = store.getState();
        if (!session || shift) return;
        const opened: StoredShift = {
          id: newId(),
          tillId: session.till.id,
          staffId: session.staff.id,
          openedAt: ports.now(),
          floatMinor: String(float.minor),
          closed: null,
          report: null,
        };
        await journal.openShift(opened);
        store.setState({ shift: opened, phase: 'selling', panel: 'goods', pad: '', closedShift: undefined });
        afterClose(opened);
      });
    },
    showCloseShift: () => {
      store.setState({ panel: 'close-shift', line: undefined, done: undefined, notice: undefined });
      // The drawer also holds what another browser took in this shift; offline, what was heard last counts.
      void resumeShift();
    },
    closeShift: (denominations: readonly DenominationCount[], reason: string | null) =>
      serial(async () => {
        const { session, shift } = store.getState();
        if (!shift) return;
        const currency = currencyOf(session);
        const counts = denominations.map(({ valueMinor, count }) => ({
          value: money(BigInt(valueMinor), currency),
          count,
        }));
        const at = ports.now();
        const countedMinor = String(countCash(counts, currency).minor);
        const closed: StoredShift = { ...shift, closed: { at, countedMinor, denominations, reason } };
        await journal.closeShift(closed, at);
        store.setState({ shift: undefined, closedShift: closed, panel: 'z-report' });
        afterClose(closed);
      }),
    leaveReport: () => store.setState({ panel: 'goods', phase: 'no-shift' }),
  };
};
