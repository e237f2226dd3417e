import { tenderWays } from '@zhanggui/basket';
import { z } from 'zod';
import { amountMinor, bilingual, identity, instantMs, positiveMinor, quantityMilli, slug, wallet } from './common.ts';

// GET /api/till/tills: the list a till shows before anybody signs in.
export const tillSummary = z.object({ id: slug, name: bilingual });
export const tillsAnswer = z.object({ tills: z.array(tillSummary) });

// POST /api/till/sign-in
export const tillSignInRequest = z.object({
  tillId: slug,
  staffNumber: z.string().regex(/^\d{1,8}$/),
  pin: z.string().regex(/^\d{4,8}$/),
});

export const tillRight = z.enum(['sell', 'discount', 'override-price', 'close-shift', 'cash-move']);
export const staffSummary = z.object({
  id: slug,
  number: z.string(),
  name: bilingual,
  role: z.enum(['cashier', 'manager', 'owner']),
});
export const roundingName = z.enum(['half-even', 'half-up', 'down', 'up']);
/** Cash is paid in multiples of `unitMinor`; `null` means to the last minor unit. */
export const cashRounding = z.object({ unitMinor: positiveMinor, rounding: roundingName }).nullable();

export const tillSettings = z.object({
  currency: z.enum(['CNY', 'HKD', 'JPY', 'KWD', 'USD', 'EUR']),
  cashRounding,
  /** Notes and coins the drawer holds, largest first: the rows of the count at the end of a shift. */
  denominationsMinor: z.array(positiveMinor),
  /** 客层: who bought, by the cashier's eye; one key each. */
  segments: z.array(z.object({ id: slug, name: bilingual })),
  receiptColumns: z.int(),
  sandbox: z.boolean(),
});

// GET /api/till/session answers the same while the cookie lasts, so that a reload needs no PIN.
export const tillSession = z.object({
  staff: staffSummary,
  rights: z.array(tillRight),
  till: tillSummary.extend({
    /** Leads the receipt number: receipt 000123 of till 01 is `01-000123`. */
    number: z.string(),
    /** The sequence the next sale takes, as far as the server knows; the till's own counter wins when it is ahead. */
    nextSequence: z.int().positive(),
  }),
  shop: z.object({ id: slug, name: bilingual, address: bilingual, phone: z.string() }),
  terminalId: z.string().nullable(),
  /** Wallets the shop takes; empty: none. A till of an earlier session heard of none. */
  wallets: z.array(wallet).default([]),
  settings: tillSettings,
});

// GET /api/till/catalogue; `version` is also the ETag.
export const unit = z.object({ id: slug, name: bilingual });
export const department = z.object({ id: slug, name: bilingual });
export const catalogueItem = z.object({
  id: slug,
  barcode: z.string(),
  name: bilingual,
  /** First letters of the Chinese name in pinyin, lower case: 康师傅红烧牛肉面 is `ksfhsnrm`. */
  initials: z.string(),
  unit,
  /** Sold by weight: the quantity is thousandths of the unit, and two lines of it never merge. */
  weighed: z.boolean(),
  priceMinor: positiveMinor,
  departmentId: slug,
});
export const catalogueAnswer = z.object({
  version: z.string(),
  departments: z.array(department),
  items: z.array(catalogueItem),
});

// POST /api/till/shifts
export const openShiftRequest = z.object({ id: identity, floatMinor: positiveMinor, at: instantMs });
export const tenderKind = z.enum(tenderWays);
/** What a shift took so far (X), or took in all (Z). */
export const shiftTotals = z.object({
  saleCount: z.int(),
  totalMinor: amountMinor,
  discountMinor: amountMinor,
  roundingMinor: amountMinor,
  byTender: z.array(z.object({ kind: tenderKind, count: z.int(), amountMinor })),
  byDepartment: z.array(z.object({ departmentId: slug, name: bilingual, amountMinor })),
  cashInMinor: amountMinor,
  cashOutMinor: amountMinor,
  /** Float + cash taken + cash in - cash out: what the drawer should hold. */
  expectedCashMinor: amountMinor,
  firstReceiptNo: z.string().nullable(),
  lastReceiptNo: z.string().nullable(),
});
export const shiftView = z.object({
  id: identity,
  tillId: slug,
  staffId: slug,
  openedAt: instantMs,
  floatMinor: positiveMinor,
  totals: shiftTotals,
});
export const openShiftAnswer = z.object({ shift: shiftView });
// GET /api/till/shift
export const currentShiftAnswer = z.object({ shift: shiftView.nullable() });

// POST /api/till/shifts/:id/close
export const closeShiftRequest = z.object({
  at: instantMs,
  countedMinor: positiveMinor,
  denominations: z.array(z.object({ valueMinor: positiveMinor, count: z.int().nonnegative() })).optional(),
  /** Why the drawer holds more or less than expected. */
  reason: z.string().max(200).optional(),
});
export const zReport = shiftView.extend({
  /** Counts the closes of this till: 1, 2, 3. */
  zNumber: z.int().positive(),
  closedAt: instantMs,
  countedMinor: positiveMinor,
  /** Counted - expected: above zero is over (长款), below zero is short (短款). */
  differenceMinor: amountMinor,
  reason: z.string().nullable(),
});
export const closeShiftAnswer = z.object({ report: zReport });

// POST /api/till/cash-moves
export const cashMoveRequest = z.object({
  id: identity,
  shiftId: identity,
  kind: z.enum(['in', 'out']),
  amountMinor: positiveMinor,
  reason: z.string().min(1).max(200),
  at: instantMs,
});

/** A discount on one line; a percentage is in basis points, 1500 takes 15 % off. */
export const lineDiscount = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('amount'), amountMinor: positiveMinor }),
  z.object({ kind: z.literal('percent'), basisPoints: z.int().min(1).max(10_000) }),
]);
export const saleLine = z.object({
  itemId: slug,
  barcode: z.string(),
  name: bilingual,
  unit,
  weighed: z.boolean(),
  departmentId: slug,
  /** The catalogue's price; differs from `unitPriceMinor` where the cashier overrode it. */
  listPriceMinor: positiveMinor,
  unitPriceMinor: positiveMinor,
  quantityMilli,
  discount: lineDiscount,
  grossMinor: positiveMinor,
  discountMinor: positiveMinor,
  amountMinor: positiveMinor,
});
export const saleTender = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cash'), receivedMinor: positiveMinor }),
  z.object({
    kind: z.literal('card'),
    amountMinor: positiveMinor,
    terminalId: z.string(),
    /** The sale request the terminal answered; leads to the payment's journey. */
    requestId: identity,
    batch: z.string().optional(),
    stan: z.string().optional(),
    rrn: z.string().optional(),
    authCode: z.string().optional(),
    maskedPan: z.string().optional(),
  }),
  z.object({
    kind: z.literal('wallet'),
    wallet,
    amountMinor: positiveMinor,
    /** The till's payment request; leads to the payment. */
    requestId: identity,
    outTradeNo: z.string().optional(),
    walletTradeNo: z.string().optional(),
    payer: z.string().optional(),
  }),
]);
/** A sale as the till committed it. The server computes every figure again and never changes one. */
export const sale = z.object({
  id: identity,
  shiftId: identity,
  staffId: slug,
  /** Counts this till's sales without gaps; `receiptNo` is the till's number and this, `01-000123`. */
  sequence: z.int().positive(),
  receiptNo: z.string(),
  at: instantMs,
  segment: slug.nullable(),
  lines: z.array(saleLine).min(1).max(500),
  totalMinor: positiveMinor,
  /** What cash rounding (抹零) added to the total, or took from it. */
  roundingMinor: amountMinor,
  tenders: z.array(saleTender).max(20),
  changeMinor: positiveMinor,
});

// POST /api/till/sales: the same identity uploaded again gets the same answer.
export const uploadSaleRequest = z.object({ sale });
export const saleFault = z.object({ code: z.string(), place: z.string(), message: bilingual });
export const uploadSaleAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), saleId: identity, receiptNo: z.string() }),
  /** The server keeps the sale aside with the reasons, for a person to settle; the till may stop sending it. */
  z.object({ status: z.literal('kept'), saleId: identity, faults: z.array(saleFault).min(1) }),
]);

export type TillSummary = z.infer<typeof tillSummary>;
export type TillSignInRequest = z.infer<typeof tillSignInRequest>;
export type TillSession = z.infer<typeof tillSession>;
export type TillRight = z.infer<typeof tillRight>;
export type TillSettings = z.infer<typeof tillSettings>;
export type Department = z.infer<typeof department>;
export type CatalogueItem = z.infer<typeof catalogueItem>;
export type Catalogue = z.infer<typeof catalogueAnswer>;
export type OpenShiftRequest = z.infer<typeof openShiftRequest>;
export type ShiftTotals = z.infer<typeof shiftTotals>;
export type ShiftView = z.infer<typeof shiftView>;
export type CloseShiftRequest = z.infer<typeof closeShiftRequest>;
export type ZReport = z.infer<typeof zReport>;
export type CashMoveRequest = z.infer<typeof cashMoveRequest>;
export type LineDiscount = z.infer<typeof lineDiscount>;
export type SaleLine = z.infer<typeof saleLine>;
export type SaleTender = z.infer<typeof saleTender>;
export type Sale = z.infer<typeof sale>;
export type UploadSaleAnswer = z.infer<typeof uploadSaleAnswer>;
