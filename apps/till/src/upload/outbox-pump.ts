import type { Counter } from '../counter.ts';
import type { Reply } from '../ports.ts';
import type { OutboxEntry, StoredSale, StoredShift, UploadFaults } from '../records.ts';

const retryMinMs = 1000;
const retryMaxMs = 30_000;
const heartbeatMs = 10_000;

/** What an upload came to: done with, to be sent again, or waiting for a PIN. */
type Delivery = 'delivered' | 'later' | 'sign-in';

const faultOf = ({ code, message }: Extract<Reply<unknown>, { kind: 'refused' }>): UploadFaults => [
  { code, place: '', message },
];

/** A no that would stay a no: the row is kept and shown, and the rows behind it go on. */
const isFinal = (reply: Reply<unknown>): reply is Extract<Reply<unknown>, { kind: 'refused' }> =>
  reply.kind === 'refused' && [400, 404, 409, 413, 422].includes(reply.status);

const troubleOf = (reply: Reply<unknown>): Delivery =>
  reply.kind === 'refused' && (reply.status === 401 || reply.status === 403) ? 'sign-in' : 'later';

/** Sends what the shop does not have yet, oldest first, for ever; idempotent by the identities made here. */
export const outboxPump = ({ ports, journal, store }: Counter) => {
  const { shop } = ports;

  const sendSale = async (entry: OutboxEntry, stored: StoredSale): Promise<Delivery> => {
    const reply = await shop.uploadSale(stored.document);
    const settled: StoredSale | undefined =
      reply.kind === 'answer'
        ? reply.value.status === 'accepted'
          ? { ...stored, upload: 'accepted' }
          : { ...stored, upload: 'kept', faults: reply.value.faults }
        : isFinal(reply)
          ? { ...stored, upload: 'kept', faults: faultOf(reply) }
          : undefined;
    if (!settled) return troubleOf(reply);
    await journal.settleUpload(entry, { sale: settled });
    if (settled.upload === 'kept') store.setState(({ keptCount }) => ({ keptCount: keptCount + 1 }));
    return 'delivered';
  };

  const sendShift = async (entry: OutboxEntry, shift: StoredShift): Promise<Delivery> => {
    const { closed } = shift;
    const reply =
      entry.kind === 'shift-open' || !closed
        ? await shop.openShift({ id: shift.id, floatMinor: shift.floatMinor, at: shift.openedAt })
        : await shop.closeShift(shift.id, {
            at: closed.at,
            countedMinor: closed.countedMinor,
            denominations: closed.denominations.map((row) => ({ ...row })),
            ...(closed.reason === null ? {} : { reason: closed.reason }),
          });
    if (reply.kind !== 'answer' && !isFinal(reply)) return troubleOf(reply);
    if (isFinal(reply)) store.setState({ notice: { kind: 'server', message: reply.message } });
    const report = reply.kind === 'answer' && entry.kind === 'shift-close' ? reply.value : undefined;
    const next =
      report && 'zNumber' in Object(report) ? { ...shift, report: report as StoredShift['report'] } : undefined;
    await journal.settleUpload(entry, { shift: next });
    if (next && store.getState().closedShift?.id === next.id) store.setState({ closedShift: next });
    return 'delivered';
  };

  const send = async (entry: OutboxEntry): Promise<Delivery> => {
    if (entry.kind === 'sale') {
      const stored = await journal.sale(entry.id);
      return stored ? sendSale(entry, stored) : 'delivered';
    }
    const shift = await journal.shift(entry.id);
    return shift ? sendShift(entry, shift) : 'delivered';
  };

  let wake: () => void = () => undefined;
  const sleep = (ms: number): Promise<void> =>
    Promise.race([
      ports.wait(ms),
      new Promise<void>((resolve) => {
        wake = resolve;
      }),
    ]);

  const beat = async (): Promise<void> => {
    const reply = await shop.tills();
    store.setState({ connection: reply.kind === 'unreachable' ? 'offline' : 'online' });
  };

  const run = async (isStopped: () => boolean): Promise<void> => {
    let pauseMs = retryMinMs;
    while (!isStopped()) {
      const outbox = await journal.outbox();
      store.setState({ outbox });
      const [first] = outbox;
      const delivery: Delivery | undefined = first && store.getState().session ? await send(first) : undefined;
      if (delivery === 'delivered') {
        pauseMs = retryMinMs;
        store.setState({ connection: 'online', needsSignIn: false });
        continue;
      }
      if (delivery === 'sign-in') store.setState({ needsSignIn: true });
      await beat();
      await sleep(delivery === undefined ? heartbeatMs : pauseMs);
      pauseMs = Math.min(pauseMs * 2, retryMaxMs);
    }
  };

  return { run, kick: () => wake() };
};
