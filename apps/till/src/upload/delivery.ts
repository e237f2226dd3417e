import type { Counter } from '../counter.ts';
import type { Reply } from '../ports.ts';
import type { OutboxEntry, StoredSale, StoredShift } from '../records.ts';

/** What an upload came to: done with, to be sent again, or waiting for a PIN. */
export type Delivery = 'delivered' | 'later' | 'sign-in';

type Refusal = Extract<Reply<unknown>, { kind: 'refused' }>;

/** A no that would stay a no: the row is kept and shown, and the rows behind it go on. */
const isFinal = (reply: Reply<unknown>): reply is Refusal =>
  reply.kind === 'refused' && [400, 404, 409, 413, 422].includes(reply.status);

const troubleOf = (reply: Reply<unknown>): Delivery =>
  reply.kind === 'refused' && (reply.status === 401 || reply.status === 403) ? 'sign-in' : 'later';

const uploadedSale = (
  stored: StoredSale,
  reply: Awaited<ReturnType<Counter['ports']['shop']['uploadSale']>>,
): StoredSale | undefined => {
  if (isFinal(reply)) {
    const { code, message } = reply;
    return { ...stored, upload: 'kept', faults: [{ code, place: '', message }] };
  }
  if (reply.kind !== 'answer') return undefined;
  return reply.value.status === 'accepted'
    ? { ...stored, upload: 'accepted' }
    : { ...stored, upload: 'kept', faults: reply.value.faults };
};

/** Sends one entry of the outbox. Nothing is dropped: what the shop refuses for good is kept with the reason. */
export const delivery = ({ ports, journal, store }: Counter, resumeShift: () => Promise<boolean>) => {
  const { shop } = ports;

  const sendSale = async (entry: OutboxEntry, stored: StoredSale): Promise<Delivery> => {
    const reply = await shop.uploadSale(stored.document);
    const sale = uploadedSale(stored, reply);
    if (!sale) return troubleOf(reply);
    await journal.settleUpload(entry, { sale });
    if (sale.upload === 'kept') store.setState(({ keptCount }) => ({ keptCount: keptCount + 1 }));
    return 'delivered';
  };

  const settleShift = async (
    entry: OutboxEntry,
    shift: StoredShift,
    reply: Reply<StoredShift['report']>,
  ): Promise<Delivery> => {
    if (reply.kind !== 'answer' && !isFinal(reply)) return troubleOf(reply);
    if (reply.kind === 'refused') store.setState({ notice: { kind: 'server', message: reply.message } });
    const closed = reply.kind === 'answer' && reply.value ? { ...shift, report: reply.value } : undefined;
    await journal.settleUpload(entry, { shift: closed });
    if (closed && store.getState().closedShift?.id === closed.id) store.setState({ closedShift: closed });
    return 'delivered';
  };

  const sendOpening = async (entry: OutboxEntry, shift: StoredShift): Promise<Delivery> => {
    const reply = await shop.openShift({ id: shift.id, floatMinor: shift.floatMinor, at: shift.openedAt });
    // The shop's shift takes the place of this one, and the entry leaves the outbox with it.
    if (reply.kind === 'refused' && reply.code === 'another-shift-open')
      return (await resumeShift()) && !(await journal.shift(entry.id)) ? 'delivered' : 'later';
    return settleShift(entry, shift, reply.kind === 'answer' ? { kind: 'answer', value: null } : reply);
  };

  const sendClosing = async (entry: OutboxEntry, shift: StoredShift): Promise<Delivery> => {
    if (!shift.closed) return 'delivered';
    const { at, countedMinor, denominations, reason } = shift.closed;
    const counts = denominations.map((row) => ({ ...row }));
    const request = { at, countedMinor, denominations: counts, ...(reason !== null && { reason }) };
    return settleShift(entry, shift, await shop.closeShift(shift.id, request));
  };

  return async (entry: OutboxEntry): Promise<Delivery> => {
    if (entry.kind === 'sale') {
      const stored = await journal.sale(entry.id);
      return stored ? sendSale(entry, stored) : 'delivered';
    }
    const shift = await journal.shift(entry.id);
    if (!shift) return 'delivered';
    return entry.kind === 'shift-open' ? sendOpening(entry, shift) : sendClosing(entry, shift);
  };
};
