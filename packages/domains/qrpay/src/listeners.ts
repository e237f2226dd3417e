import { isEnded } from '@zhanggui/qr-payment';
import type { PaymentRecord } from './records.ts';
import type { Room } from './room.ts';
import { paymentView } from './view-of.ts';
import type { QrPaymentView } from './views.ts';

type Listener = (view: QrPaymentView) => void;
type Watched = { version: number; until: number };

/** Somebody who asked about a payment is told of it for so long, also when another replica changes it. */
const watchMs = 900_000;
const watchedMax = 1_000;

/** Tells who listens of every commit, and counts and logs what it means. */
export const createListeners = (room: Room) => {
  const listeners = new Set<Listener>();
  const watched = new Map<string, Watched>();

  const note = ({ requestId, payment, version }: PaymentRecord): void => {
    if (isEnded(payment)) watched.delete(requestId);
    else if (watched.has(requestId) || watched.size < watchedMax)
      watched.set(requestId, { version, until: room.clock() + watchMs });
  };
  const tell = (record: PaymentRecord): void => {
    const view = paymentView(record);
    for (const listener of listeners) {
      try {
        listener(view);
      } catch (error) {
        room.log.error({ err: error }, 'a listener of payments failed');
      }
    }
  };
  return {
    listen: (listener: Listener): (() => void) => {
      const own: Listener = (view) => listener(view);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    /** What a caller is about to see. */
    watch: (record: PaymentRecord): QrPaymentView => {
      note(record);
      return paymentView(record);
    },
    changed: (before: PaymentRecord | undefined, after: PaymentRecord): void => {
      if (watched.has(after.requestId)) note(after);
      record(room, before, after);
      tell(after);
    },
    /** Looks for what other replicas changed of what is watched here. */
    catchUp: async (): Promise<void> => {
      for (const [id, { until }] of watched) if (until <= room.clock()) watched.delete(id);
      if (watched.size === 0 || listeners.size === 0) return;
      const versions = await room.journal.versions([...watched.keys()]);
      for (const { id, version } of versions) {
        if (version <= (watched.get(id)?.version ?? version)) continue;
        const found = await room.journal.find(id);
        if (!found) continue;
        note(found);
        tell(found);
      }
    },
  };
};

/** Figures and log lines of a change. */
const record = ({ figures, log }: Room, before: PaymentRecord | undefined, after: PaymentRecord): void => {
  const { wallet, requestId, payment } = after;
  const { how, state, alarm, endedAt, askedAt } = payment;
  const wasEnded = before !== undefined && isEnded(before.payment);
  if (!wasEnded && isEnded(payment)) {
    figures.ends.add({ wallet, how, state });
    figures.seconds.observe(((endedAt ?? askedAt) - askedAt) / 1000, { wallet, how });
    log.info({ wallet, requestId, how, state, code: payment.refusal?.code }, 'a payment ended');
  }
  if (alarm && alarm !== before?.payment.alarm) {
    figures.alarms.add({ wallet, alarm });
    log.error({ wallet, requestId, state, alarm }, 'a payment needs a look');
  }
};
