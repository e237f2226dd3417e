import type { Table } from 'dexie';
import type { OutboxEntry, StoredSale, StoredShift } from '../records.ts';

type ResumeTables = Readonly<{
  shifts: Table<StoredShift, string>;
  sales: Table<StoredSale, string>;
  outbox: Table<OutboxEntry, number>;
}>;

const isOfUnknownShift = ({ upload, faults }: StoredSale): boolean =>
  upload === 'kept' && (faults ?? []).some(({ code }) => code === 'shift-unknown');

/** The sale under another shift, waiting to be sent. Nothing else of it changes. */
const underShift = (sale: StoredSale, shiftId: string): StoredSale => ({
  ...sale,
  shiftId,
  document: { ...sale.document, shiftId },
  upload: 'waiting',
  faults: null,
});

/** Sends a kept sale again, under `shiftId` when the shop did not know its own. */
export const sendAgain = async (
  { sales, outbox }: ResumeTables,
  sale: StoredSale,
  shiftId: string | undefined,
): Promise<void> => {
  const home = shiftId !== undefined && isOfUnknownShift(sale) ? shiftId : sale.shiftId;
  await sales.put(underShift(sale, home));
  await outbox.add({ kind: 'sale', id: sale.id, at: sale.document.at });
};

/** A shift opened here that the shop does not have: it refused the opening, or has not got it yet. */
const isStray = (shift: StoredShift, entries: readonly OutboxEntry[], orphans: readonly StoredSale[]): boolean =>
  shift.closed === null ||
  entries.some(({ kind, id }) => kind === 'shift-open' && id === shift.id) ||
  orphans.some(({ shiftId }) => shiftId === shift.id);

/**
 * Goes on with the shop's shift in place of those this browser opened beside it; call inside one transaction.
 * Undefined when this browser has closed the shop's shift and that closing is still on its way.
 */
export const resumeShift = async (tables: ResumeTables, found: StoredShift): Promise<StoredShift | undefined> => {
  const { shifts, sales, outbox } = tables;
  const entries = await outbox.toArray();
  if (entries.some(({ kind, id }) => kind === 'shift-close' && id === found.id)) return undefined;
  const all = await shifts.toArray();
  const mine = all.filter(({ id, tillId }) => tillId === found.tillId && id !== found.id);
  const otherTills = new Set(all.filter(({ tillId }) => tillId !== found.tillId).map(({ id }) => id));
  const orphans = (await sales.where('upload').equals('kept').sortBy('sequence')).filter(
    (sale) => isOfUnknownShift(sale) && !otherTills.has(sale.shiftId),
  );
  const strays = mine.filter((shift) => isStray(shift, entries, orphans));
  for (const sale of orphans) await sendAgain(tables, sale, found.id);
  for (const stray of strays) await replace(tables, stray, found.id);
  const closed = strays.find((stray) => closesLater(stray, entries))?.closed ?? null;
  const shift: StoredShift = { ...found, closed };
  await shifts.put(shift);
  return shift;
};

const closesLater = ({ id }: StoredShift, entries: readonly OutboxEntry[]): boolean =>
  entries.some((entry) => entry.kind === 'shift-close' && entry.id === id);

/** What was to be done under the stray is done under the shop's shift; its opening is not sent any more. */
const replace = async ({ shifts, sales, outbox }: ResumeTables, stray: StoredShift, shiftId: string): Promise<void> => {
  await shifts.delete(stray.id);
  const waiting = (await sales.where('shiftId').equals(stray.id).toArray()).filter(
    ({ upload }) => upload === 'waiting',
  );
  for (const sale of waiting) await sales.put(underShift(sale, shiftId));
  for (const entry of await outbox.toArray()) {
    if (entry.id !== stray.id || entry.position === undefined) continue;
    if (entry.kind === 'shift-open') await outbox.delete(entry.position);
    else await outbox.put({ ...entry, id: shiftId });
  }
};
