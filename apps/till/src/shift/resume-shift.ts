import type { ShiftView } from '@zhanggui/api/contract';
import type { Counter } from '../counter.ts';
import type { StoredShift } from '../records.ts';

/** A shift as the shop knows it; what this browser does not have is in the totals the shop told. */
const resumed = ({ id, tillId, staffId, openedAt, floatMinor, totals }: ShiftView): StoredShift => ({
  id,
  tillId,
  staffId,
  openedAt,
  floatMinor,
  closed: null,
  report: null,
  heard: totals,
});

/**
 * A till has one open shift, and the shop's counts: a browser that lost its store, or that opened a second one while
 * it could not ask, goes on with the shop's. Its sales that name a shift the shop never got move over and are sent
 * again. False when the shop could not be asked.
 */
export const shiftResumer = ({ ports, journal, store, serial }: Counter) => {
  const take = async (view: ShiftView): Promise<void> => {
    const { session, shift: before } = store.getState();
    if (!session || session.till.id !== view.tillId) return;
    const { shift, keptCount } = await journal.resumeShift(resumed(view));
    if (!shift) return;
    if (shift.closed) return store.setState(({ closedShift }) => ({ keptCount, closedShift: closedShift && shift }));
    const isNews = before?.id !== shift.id;
    store.setState(({ phase, notice }) => ({
      shift,
      keptCount,
      phase: phase === 'no-shift' ? 'selling' : phase,
      notice: isNews ? { kind: 'shift-resumed', shift } : notice,
      ...(isNews && { closedShift: undefined }),
    }));
  };

  return async (): Promise<boolean> => {
    const reply = await ports.shop.currentShift();
    if (reply.kind !== 'answer') return false;
    const { value } = reply;
    if (value) await serial(() => take(value));
    return true;
  };
};
