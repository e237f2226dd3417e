export { failedAttemptsMax } from './attempts.ts';
export type { ShopContext } from './context.ts';
export type { Catalogue, Department, GoodsSearch, Item } from './goods.ts';
export { goodsColumns } from './goods-columns.ts';
export type { ImportOutcome } from './goods-import.ts';
export type { GoodsFault } from './goods-list.ts';
export type { CardPayment, PaymentOfSale, PaymentState } from './payments.ts';
export {
  type Face,
  mayDo,
  type Right,
  type Role,
  rightsOf,
  type Session,
  type SignInOutcome,
  type Staff,
  sessionMs,
} from './people.ts';
export type { Place, Till } from './place.ts';
export type { DayReport, ReportRow, ReportTotals } from './reports.ts';
export { type UploadFault, type UploadFaultCode } from './sale-faults.ts';
export type { KeptSale, Page, SaleSummary, UploadOutcome } from './sales.ts';
export type { ShopSetup } from './setup.ts';
export type { ShiftTotals } from './shift-totals.ts';
export type {
  CashMove,
  CashMoveOutcome,
  CloseShift,
  CloseShiftOutcome,
  OpenShift,
  OpenShiftOutcome,
  Shift,
  ZReport,
} from './shifts.ts';
export { openShop, type Shop, shopMigrations } from './shop.ts';
export { type UnitId, units } from './units.ts';
