import { isEnded } from '@zhanggui/qr-payment';
import { startPayment } from './payments.ts';
import type { PaymentRecord } from './records.ts';
import type { Room } from './room.ts';
import type { StartRequest } from './views.ts';

type Start = Readonly<{
  answer: Promise<PaymentRecord>;
  whole: Promise<PaymentRecord>;
  end: (record: PaymentRecord) => void;
}>;

/** Payments that begin here and now. */
export const createStarts = (room: Room) => {
  const underWay = new Map<string, Start>();
  return {
    /**
     * The payment after the wallet's first word, which may be its notification: a slow answer does not keep the counter from what is
     * known. Asked for twice at once, both get that word.
     */
    start: (request: StartRequest): Promise<PaymentRecord> => {
      const id = request.requestId.toLowerCase();
      const asked = underWay.get(id);
      if (asked) return asked.answer.then(() => startPayment(room, request));
      const { promise: ended, resolve: end } = Promise.withResolvers<PaymentRecord>();
      const whole = startPayment(room, request).finally(() => underWay.delete(id));
      const answer = Promise.race([whole, ended]);
      underWay.set(id, { answer, whole, end });
      return answer;
    },
    changed: (after: PaymentRecord): void => {
      if (isEnded(after.payment)) underWay.get(after.requestId)?.end(after);
    },
    /** When the wallets have answered all that was asked of them. */
    settled: async (): Promise<void> => {
      await Promise.allSettled([...underWay.values()].map(({ whole }) => whole));
    },
  };
};
