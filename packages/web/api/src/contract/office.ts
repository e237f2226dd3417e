import { z } from 'zod';
import { amountMinor, bilingual, businessDate, identity, instantMs, positiveMinor, slug } from './common.ts';
import { saleState } from './terminal.ts';
import { catalogueItem, department, sale, saleFault, staffSummary, tenderKind, zReport } from './till.ts';

// POST /api/office/sign-in; GET /api/office/session answers the same while the cookie lasts.
export const officeSignInRequest = z.object({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(200),
});
export const officeSession = z.object({
  staff: staffSummary,
  shop: z.object({ id: slug, name: bilingual }),
  currency: z.string(),
  /** The shop's business date now; `today` opens on it. */
  businessDate,
});

// GET /api/office/today?date=YYYY-MM-DD
export const todayQuery = z.object({ date: businessDate.optional() });
/** One bar of a picture: this day beside the same weekday last week. */
export const reportRow = z.object({
  key: z.string(),
  name: bilingual,
  count: z.int(),
  amountMinor,
  lastWeekCount: z.int(),
  lastWeekMinor: amountMinor,
});
export const reportTotals = z.object({
  saleCount: z.int(),
  amountMinor,
  discountMinor: amountMinor,
  roundingMinor: amountMinor,
  averageMinor: amountMinor,
});
export const todayAnswer = z.object({
  date: businessDate,
  comparedWith: businessDate,
  asOf: instantMs,
  totals: reportTotals,
  /** The compared day up to the same time of day when `date` is still running; else the whole day. */
  lastWeekToNow: reportTotals,
  lastWeek: reportTotals,
  /** 24 rows, key `00` to `23`: the wall-clock hour. */
  byHour: z.array(reportRow),
  byDepartment: z.array(reportRow),
  byCashier: z.array(reportRow),
  /** Key is the segment's id; sales without one are key `none`. */
  bySegment: z.array(reportRow),
  byTender: z.array(reportRow),
});

/** Newest first; `before` is the `next` of the page before. */
export const pageQuery = z.object({
  date: businessDate.optional(),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
// GET /api/office/sales
export const saleRow = z.object({
  id: identity,
  receiptNo: z.string(),
  at: instantMs,
  tillId: slug,
  cashier: bilingual,
  segment: slug.nullable(),
  lineCount: z.int(),
  amountMinor,
  tenders: z.array(tenderKind),
});
export const salesAnswer = z.object({ sales: z.array(saleRow), next: z.string().nullable() });
// GET /api/office/sales/:id
export const saleAnswer = z.object({ sale });
// GET /api/office/kept-sales: uploads the server could not accept, with the reasons.
export const keptSale = z.object({
  id: identity,
  tillId: slug,
  keptAt: instantMs,
  faults: z.array(saleFault),
  document: z.unknown(),
});
export const keptSalesAnswer = z.object({ sales: z.array(keptSale) });
// GET /api/office/shifts
export const shiftsAnswer = z.object({ shifts: z.array(zReport) });

// GET /api/office/payments
export const paymentRow = z.object({
  /** The till's sale request. */
  id: identity,
  at: instantMs,
  terminalId: z.string(),
  amountMinor: positiveMinor,
  state: saleState,
  code: z.string().nullable(),
  text: bilingual.nullable(),
  maskedPan: z.string().nullable(),
  entryMode: z.string().nullable(),
  rrn: z.string().nullable(),
  authCode: z.string().nullable(),
  batch: z.string().nullable(),
  stan: z.string().nullable(),
  /** Approved, then voided at the terminal (消费撤销): the cardholder has the money back. */
  voided: z.boolean(),
  /** The sale it paid for, once uploaded. */
  saleId: identity.nullable(),
  receiptNo: z.string().nullable(),
});
export const paymentsAnswer = z.object({ payments: z.array(paymentRow), next: z.string().nullable() });
// GET /api/office/payments/:id/journey
export const hop = z.object({
  role: z.string(),
  at: instantMs,
  mti: z.string(),
  /** Response code this hop gave; null while it has none. */
  code: z.string().nullable(),
  /** What that code means, in words; absent while there is none. */
  codeText: bilingual.optional(),
  latencyMs: z.number().nullable(),
  note: z.string().optional(),
  /** Part of the void (消费撤销) that gave the payment back later. */
  voiding: z.boolean().optional(),
});
export const journeyAnswer = z.object({ payment: paymentRow, hops: z.array(hop) });

// GET /api/office/goods
export const goodsQuery = z.object({
  /** Part of a name, pinyin initials, or a barcode. */
  search: z.string().max(64).optional(),
  departmentId: slug.optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const goodsAnswer = z.object({
  items: z.array(catalogueItem),
  departments: z.array(department),
  total: z.int(),
});
// POST /api/office/goods/import: all rows or none.
export const importGoodsRequest = z.object({
  csv: z.string().max(8_000_000),
  /** Only say what would happen. */
  dryRun: z.boolean().default(false),
});
export const importRowError = z.object({
  /** As a spreadsheet counts: the header is row 1. */
  row: z.int().positive(),
  column: z.string(),
  code: z.string(),
  message: bilingual,
});
export const importGoodsAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.enum(['imported', 'checked']),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    departmentsCreated: z.int(),
  }),
  z.object({ status: z.literal('rejected'), errorCount: z.int(), errors: z.array(importRowError) }),
]);

export type OfficeSession = z.infer<typeof officeSession>;
export type ReportRow = z.infer<typeof reportRow>;
export type ReportTotals = z.infer<typeof reportTotals>;
export type Today = z.infer<typeof todayAnswer>;
export type SaleRow = z.infer<typeof saleRow>;
export type KeptSale = z.infer<typeof keptSale>;
export type PaymentRow = z.infer<typeof paymentRow>;
export type Hop = z.infer<typeof hop>;
export type JourneyAnswer = z.infer<typeof journeyAnswer>;
export type ImportRowError = z.infer<typeof importRowError>;
export type ImportGoodsAnswer = z.infer<typeof importGoodsAnswer>;
