import type { Queryable } from '@zhanggui/store';
import type { BusinessDate } from '@zhanggui/time';
import { jsonText, type ShopContext } from './context.ts';
import { lockTill } from './sales.ts';
import { type ShiftTotals, shiftTotals } from './shift-totals.ts';

export type Shift = Readonly<{
  id: string;
  tillId: string;
  staffId: string;
  openedAt: number;
  floatMinor: bigint;
  totals: ShiftTotals;
}>;
export type ZReport = Shift &
  Readonly<{
    zNumber: number;
    closedAt: number;
    countedMinor: bigint;
    /** Counted - expected when it was counted: above zero is over (长款), below zero short (短款). */
    differenceMinor: bigint;
    reason: string | null;
  }>;

export type OpenShift = Readonly<{ id: string; tillId: string; staffId: string; floatMinor: bigint; at: number }>;
export type CloseShift = Readonly<{
  id: string;
  tillId: string;
  at: number;
  countedMinor: bigint;
  denominations?: readonly { valueMinor: bigint; count: number }[];
  reason?: string;
}>;
export type CashMove = Readonly<{
  id: string;
  shiftId: string;
  tillId: string;
  staffId: string;
  kind: 'in' | 'out';
  amountMinor: bigint;
  reason: string;
  at: number;
}>;

export type OpenShiftOutcome =
  | Readonly<{ kind: 'open'; shift: Shift }>
  | Readonly<{ kind: 'refused'; reason: 'another-shift-open'; shiftId: string }>
  | Readonly<{ kind: 'refused'; reason: 'shift-closed' }>;
export type CloseShiftOutcome =
  | Readonly<{ kind: 'closed'; report: ZReport }>
  | Readonly<{ kind: 'refused'; reason: 'shift-not-found' }>;
export type CashMoveOutcome =
  | Readonly<{ kind: 'moved' }>
  | Readonly<{ kind: 'refused'; reason: 'shift-not-found' | 'shift-closed' }>;

/** Shifts (班次): from the float to the count. Every act may be sent again and happens once. */
export const createShifts = (context: ShopContext) => ({
  open: (order: OpenShift) => openShift(context, order),
  current: (tillId: string) => currentShift(context, tillId),
  moveCash: (move: CashMove) => moveCash(context, move),
  close: (order: CloseShift) => closeShift(context, order),
  reports: (date: BusinessDate | undefined, limit: number) => zReports(context, date, limit),
});

type ShiftRow = {
  shift_id: string;
  till_id: string;
  staff_id: string;
  opened_at: bigint;
  float_minor: bigint;
  closed_at: bigint | null;
  counted_minor: bigint | null;
  expected_minor: bigint | null;
  reason: string | null;
  z_number: number | null;
};

const openShift = ({ store, merchantId }: ShopContext, order: OpenShift): Promise<OpenShiftOutcome> =>
  store.transaction(async (tx) => {
    await lockTill(tx, merchantId, order.tillId);
    const [row] = await tx.query<ShiftRow>(
      `select * from shop.shifts where merchant_id = $1 and (shift_id = $2 or (till_id = $3 and closed_at is null))
       order by (shift_id = $2) desc limit 1`,
      [merchantId, order.id, order.tillId],
    );
    if (row && row.shift_id !== order.id)
      return { kind: 'refused', reason: 'another-shift-open', shiftId: row.shift_id };
    if (row && (row.closed_at !== null || row.till_id !== order.tillId))
      return { kind: 'refused', reason: 'shift-closed' };
    return { kind: 'open', shift: await shiftOf(tx, merchantId, row ?? (await insertShift(tx, merchantId, order))) };
  });

const insertShift = async (tx: Queryable, merchantId: string, order: OpenShift): Promise<ShiftRow> => {
  const [row] = await tx.query<ShiftRow>(
    `insert into shop.shifts (merchant_id, shift_id, till_id, staff_id, opened_at, float_minor)
     values ($1, $2, $3, $4, $5, $6) returning *`,
    [merchantId, order.id, order.tillId, order.staffId, order.at, order.floatMinor],
  );
  if (!row) throw new Error('an insert returns its row');
  return row;
};

const currentShift = async ({ store, merchantId }: ShopContext, tillId: string): Promise<Shift | undefined> => {
  const [row] = await store.query<ShiftRow>(
    'select * from shop.shifts where merchant_id = $1 and till_id = $2 and closed_at is null',
    [merchantId, tillId],
  );
  return row && shiftOf(store, merchantId, row);
};

const findShift = async (
  tx: Queryable,
  merchantId: string,
  { id, tillId }: { id: string; tillId: string },
): Promise<ShiftRow | undefined> => {
  const [row] = await tx.query<ShiftRow>(
    'select * from shop.shifts where merchant_id = $1 and shift_id = $2 and till_id = $3',
    [merchantId, id, tillId],
  );
  return row;
};

const moveCash = ({ store, merchantId }: ShopContext, move: CashMove): Promise<CashMoveOutcome> =>
  store.transaction(async (tx) => {
    await lockTill(tx, merchantId, move.tillId);
    const row = await findShift(tx, merchantId, { id: move.shiftId, tillId: move.tillId });
    if (!row) return { kind: 'refused', reason: 'shift-not-found' };
    if (row.closed_at !== null) return { kind: 'refused', reason: 'shift-closed' };
    await tx.query(
      `insert into shop.cash_moves (merchant_id, move_id, shift_id, staff_id, kind, amount_minor, reason, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      [merchantId, move.id, move.shiftId, move.staffId, move.kind, move.amountMinor, move.reason, move.at],
    );
    return { kind: 'moved' };
  });

const closeShift = ({ store, merchantId }: ShopContext, order: CloseShift): Promise<CloseShiftOutcome> =>
  store.transaction(async (tx) => {
    await lockTill(tx, merchantId, order.tillId);
    const row = await findShift(tx, merchantId, order);
    if (!row) return { kind: 'refused', reason: 'shift-not-found' };
    const closed = row.closed_at === null ? await drawZ(tx, merchantId, row, order) : row;
    return { kind: 'closed', report: await zReportOf(tx, merchantId, closed) };
  });

const drawZ = async (tx: Queryable, merchantId: string, row: ShiftRow, order: CloseShift): Promise<ShiftRow> => {
  const { totals } = await shiftOf(tx, merchantId, row);
  const [till] = await tx.query<{ last_z_number: number }>(
    'update shop.tills set last_z_number = last_z_number + 1 where merchant_id = $1 and till_id = $2 returning last_z_number',
    [merchantId, order.tillId],
  );
  const [closed] = await tx.query<ShiftRow>(
    `update shop.shifts set closed_at = $3, counted_minor = $4, expected_minor = $5, denominations = $6, reason = $7, z_number = $8
     where merchant_id = $1 and shift_id = $2 returning *`,
    [
      merchantId,
      order.id,
      order.at,
      order.countedMinor,
      totals.expectedCashMinor,
      order.denominations ? jsonText(order.denominations) : null,
      order.reason ?? null,
      till?.last_z_number,
    ],
  );
  return closed ?? row;
};

const zReports = async (
  { store, merchantId }: ShopContext,
  date: BusinessDate | undefined,
  limit: number,
): Promise<ZReport[]> => {
  const rows = await store.query<ShiftRow>(
    `select * from shop.shifts where merchant_id = $1 and closed_at is not null
       and ($2::date is null or (to_timestamp(closed_at / 1000.0) at time zone 'Asia/Shanghai')::date = $2)
     order by closed_at desc limit $3`,
    [merchantId, date ?? null, limit],
  );
  return Promise.all(rows.map((row) => zReportOf(store, merchantId, row)));
};

const zReportOf = async (tx: Queryable, merchantId: string, row: ShiftRow): Promise<ZReport> => ({
  ...(await shiftOf(tx, merchantId, row)),
  zNumber: row.z_number ?? 0,
  closedAt: Number(row.closed_at),
  countedMinor: row.counted_minor ?? 0n,
  differenceMinor: (row.counted_minor ?? 0n) - (row.expected_minor ?? 0n),
  reason: row.reason,
});

const shiftOf = async (tx: Queryable, merchantId: string, row: ShiftRow): Promise<Shift> => ({
  id: row.shift_id,
  tillId: row.till_id,
  staffId: row.staff_id,
  openedAt: Number(row.opened_at),
  floatMinor: row.float_minor,
  totals: await shiftTotals(tx, merchantId, { shiftId: row.shift_id, floatMinor: row.float_minor }),
});
