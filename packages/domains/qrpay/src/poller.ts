import { type EpochMs, epochMs } from '@zhanggui/time';
import { workOnPayment } from './payments.ts';
import { workOnRefund } from './refunds.ts';
import { leaseOf, type Room } from './room.ts';

export type SetTimer = (run: () => void, ms: number) => () => void;

export const systemTimer: SetTimer = (run, ms) => {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** How often to look for what other replicas left or changed; what this one knows to be due is done in time. */
const sweepMs = 1_000;
const batchRows = 64;
/** So many wallets' calls at once; the rest stays due. */
const underWayMax = 256;

/** Does what is due: one row to one replica at a time. */
export const createPoller = (room: Room, options: Readonly<{ setTimer: SetTimer; onSweep: () => Promise<void> }>) => {
  const underWay = new Set<Promise<unknown>>();
  let isRunning = false;
  let sweeping: Promise<void> | undefined;
  let wakeAt = Number.POSITIVE_INFINITY;
  let callOff: () => void = () => undefined;
  /** Something fell due while what is due was being looked for. */
  let again = false;

  const wake = (at: number): void => {
    if (!isRunning || at >= wakeAt) return;
    callOff();
    wakeAt = at;
    callOff = options.setTimer(look, Math.max(0, at - room.clock()));
  };
  const look = (): void => {
    wakeAt = Number.POSITIVE_INFINITY;
    again = sweeping !== undefined;
    sweeping ??= sweep()
      .catch((error: unknown) => {
        room.log.error({ err: error }, 'what is due could not be looked for');
        return room.clock() + sweepMs;
      })
      .then((at) => {
        sweeping = undefined;
        wake(again ? room.clock() : at);
      });
  };
  const track = (id: string, work: Promise<unknown>): void => {
    const tracked = work
      .catch((error: unknown) => room.log.error({ err: error, id }, 'work on a payment failed; its lease runs out'))
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  /** Resolves with when to look again. */
  const sweep = async (): Promise<number> => {
    const free = Math.min(batchRows, underWayMax - underWay.size);
    if (free > 0) {
      const payments = await room.journal.take(leaseOf(room), room.clock(), free);
      for (const record of payments) track(record.requestId, workOnPayment(room, record));
      const refunds = await room.journal.takeRefunds(leaseOf(room), room.clock(), free);
      for (const record of refunds) track(record.refundId, workOnRefund(room, record));
      if (Math.max(payments.length, refunds.length) === free) return room.clock();
    }
    await options.onSweep();
    const horizon = room.clock() + sweepMs;
    const due = free > 0 ? await room.journal.nextDue(epochMs(horizon)) : null;
    return Math.max(room.clock() + 1, Math.min(due ?? horizon, horizon));
  };

  return {
    /** Something is due then. */
    due: (at: EpochMs): void => wake(at),
    start: (): void => {
      isRunning = true;
      wake(room.clock());
    },
    stop: async (): Promise<void> => {
      isRunning = false;
      callOff();
      await sweeping;
      await Promise.all(underWay);
    },
  };
};
