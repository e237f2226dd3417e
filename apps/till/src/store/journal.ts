import type { Catalogue, CatalogueItem, Department, TillSession } from '@zhanggui/api/contract';
import { Dexie, type Table } from 'dexie';
import type { Attempt, OpenSale, OutboxEntry, StoredSale, StoredSession, StoredShift } from '../records.ts';
import { resumeShift, sendAgain } from './resume.ts';

type NoteValues = {
  session: StoredSession;
  catalogue: { version: string; departments: readonly Department[] };
  sequence: { tillId: string; next: number };
  till: string;
};
type Note = { [Key in keyof NoteValues]: { key: Key; value: NoteValues[Key] } }[keyof NoteValues];

class TillDatabase extends Dexie {
  declare notes: Table<Note, string>;
  declare items: Table<CatalogueItem, string>;
  declare openSales: Table<OpenSale, string>;
  declare sales: Table<StoredSale, string>;
  declare shifts: Table<StoredShift, string>;
  declare outbox: Table<OutboxEntry, number>;

  constructor(name: string) {
    super(name);
    this.version(1).stores({
      notes: '&key',
      items: '&id',
      openSales: '&id',
      sales: '&id, shiftId, upload',
      shifts: '&id',
      outbox: '++position',
    });
    // Until version 2 there was no payment but by card, and no session that named wallets.
    this.version(2).upgrade(async (upgrade) => {
      await upgrade.table('openSales').toCollection().modify(nameAttempt);
      await upgrade.table('notes').where('key').equals('session').modify(nameWallets);
    });
  }
}

const nameAttempt = (sale: { attempt: Partial<Attempt> | null }): void => {
  if (sale.attempt) sale.attempt = { kind: 'card', ...sale.attempt } as Attempt;
};
const nameWallets = ({ value }: { value: { session: Partial<TillSession> } }): void => {
  value.session.wallets ??= [];
};

export type Recovered = Readonly<{
  tillId: string | undefined;
  session: StoredSession | undefined;
  catalogue: Catalogue | undefined;
  openSales: readonly OpenSale[];
  shift: StoredShift | undefined;
  outbox: readonly OutboxEntry[];
  keptCount: number;
}>;

/** The till's durable memory (IndexedDB). Every method resolves after its transaction is committed, or throws. */
export type Journal = ReturnType<typeof openJournal>;

/** Opens the database of this name, creating it at first. Throws when the browser refuses to store. */
export const openJournal = (name = 'zhanggui-till') => {
  const db = new TillDatabase(name);
  return {
    recover: () => recover(db),
    rememberTill: (tillId: string) => db.notes.put({ key: 'till', value: tillId }),
    saveSession: (session: StoredSession) => saveSession(db, session),
    forgetSession: () => db.notes.delete('session'),
    saveCatalogue: (catalogue: Catalogue) => saveCatalogue(db, catalogue),
    saveOpenSale: (sale: OpenSale) => commit(db, [db.openSales], () => db.openSales.put(sale)),
    dropOpenSale: (id: string) => commit(db, [db.openSales], () => db.openSales.delete(id)),
    finishSale: (openSaleId: string, make: (sequence: number) => StoredSale) => finishSale(db, openSaleId, make),
    openShift: (shift: StoredShift) =>
      commit(db, [db.shifts, db.outbox], async () => {
        await db.shifts.put(shift);
        await db.outbox.add({ kind: 'shift-open', id: shift.id, at: shift.openedAt });
      }),
    closeShift: (shift: StoredShift, at: number) =>
      commit(db, [db.shifts, db.outbox], async () => {
        await db.shifts.put(shift);
        await db.outbox.add({ kind: 'shift-close', id: shift.id, at });
      }),
    openShiftOf: async (tillId: string) => (await db.shifts.toArray()).find((shift) => isOpenAt(shift, tillId)),
    /** Goes on with the shop's open shift; `shift` is undefined when its closing is on its way from here. */
    resumeShift: (found: StoredShift) =>
      db.transaction('rw', [db.shifts, db.sales, db.outbox], async () => {
        const shift = await resumeShift(db, found);
        return { shift, keptCount: await db.sales.where('upload').equals('kept').count() };
      }),
    /** Queues a kept sale once more, under `shiftId` when the shop did not know its shift; gives how many stay kept. */
    sendAgain: (saleId: string, shiftId: string | undefined) =>
      db.transaction('rw', [db.sales, db.outbox, db.shifts], async () => {
        const sale = await db.sales.get(saleId);
        if (sale?.upload === 'kept') await sendAgain(db, sale, shiftId);
        return db.sales.where('upload').equals('kept').count();
      }),
    shift: (id: string) => db.shifts.get(id),
    sale: (id: string) => db.sales.get(id),
    salesOfShift: (shiftId: string) => db.sales.where('shiftId').equals(shiftId).sortBy('sequence'),
    outbox: () => db.outbox.orderBy('position').toArray(),
    keptSales: () => db.sales.where('upload').equals('kept').toArray(),
    settleUpload: (entry: OutboxEntry, result: { sale?: StoredSale; shift?: StoredShift }) =>
      commit(db, [db.outbox, db.sales, db.shifts], async () => {
        if (result.sale) await db.sales.put(result.sale);
        if (result.shift) await db.shifts.put(result.shift);
        if (entry.position !== undefined) await db.outbox.delete(entry.position);
      }),
    close: () => db.close(),
    destroy: () => db.delete(),
  };
};

/** One read-write transaction; it resolves when the browser has committed it. */
const commit = async (db: TillDatabase, tables: Table[], run: () => PromiseLike<unknown>): Promise<void> => {
  await db.transaction('rw', tables, async () => {
    await run();
  });
};

const isOpenAt = ({ closed, tillId }: StoredShift, atTill: string | undefined): boolean =>
  closed === null && tillId === atTill;

const recover = async (db: TillDatabase): Promise<Recovered> => {
  const [notes, items, openSales, shifts, outbox, keptCount] = await Promise.all([
    db.notes.toArray(),
    db.items.toArray(),
    db.openSales.toArray(),
    db.shifts.toArray(),
    db.outbox.orderBy('position').toArray(),
    db.sales.where('upload').equals('kept').count(),
  ]);
  const note = <Key extends keyof NoteValues>(key: Key) =>
    notes.find((kept) => kept.key === key)?.value as NoteValues[Key] | undefined;
  const head = note('catalogue');
  return {
    tillId: note('till'),
    session: note('session'),
    catalogue: head && { version: head.version, departments: [...head.departments], items },
    openSales,
    shift: shifts.find((shift) => isOpenAt(shift, note('till'))),
    outbox,
    keptCount,
  };
};

const saveSession = (db: TillDatabase, stored: StoredSession): Promise<void> =>
  commit(db, [db.notes], async () => {
    const { till } = stored.session;
    const known = await db.notes.get('sequence');
    const mine = known?.key === 'sequence' && known.value.tillId === till.id ? known.value.next : 1;
    await db.notes.put({ key: 'session', value: stored });
    await db.notes.put({ key: 'till', value: till.id });
    // The till's own counter wins when it is ahead: the server may not have the last sales yet.
    await db.notes.put({ key: 'sequence', value: { tillId: till.id, next: Math.max(mine, till.nextSequence) } });
  });

const saveCatalogue = (db: TillDatabase, { version, departments, items }: Catalogue): Promise<void> =>
  commit(db, [db.notes, db.items], async () => {
    await db.items.clear();
    await db.items.bulkPut(items);
    await db.notes.put({ key: 'catalogue', value: { version, departments } });
  });

/** Takes the next number, stores the sale, queues its upload and clears the screen's copy: all of it or nothing. */
const finishSale = async (
  db: TillDatabase,
  openSaleId: string,
  make: (sequence: number) => StoredSale,
): Promise<StoredSale> => {
  const tables = [db.notes, db.sales, db.openSales, db.outbox];
  return db.transaction('rw', tables, async () => {
    const counter = await db.notes.get('sequence');
    if (counter?.key !== 'sequence') throw new RangeError('a till sells only after it has signed in');
    const stored = make(counter.value.next);
    await db.notes.put({ key: 'sequence', value: { ...counter.value, next: counter.value.next + 1 } });
    await db.sales.add(stored);
    await db.openSales.delete(openSaleId);
    await db.outbox.add({ kind: 'sale', id: stored.id, at: stored.document.at });
    return stored;
  });
};
