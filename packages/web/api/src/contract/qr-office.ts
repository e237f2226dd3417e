import { z } from 'zod';
import { amountMinor, bilingual, businessDate, identity, instantMs, positiveMinor, slug, wallet } from './common.ts';
import { pageQuery } from './office.ts';
import { qrPayment, qrPaymentState } from './qr-payments.ts';

/**
 * `late-money`: paid after it had ended; it goes back by itself. `other-amount`: the wallet named another amount. `undone`: the wallet took
 * back what had been paid, and nobody here asked for it.
 */
export const qrAlarm = z.enum(['late-money', 'other-amount', 'undone']);
export const qrPaymentRow = qrPayment.extend({
  description: z.string(),
  /** What has gone back. */
  refundedMinor: positiveMinor,
  alarm: qrAlarm.optional(),
  /** The bank or balance it came from, in the wallet's words. */
  funding: z.string().optional(),
  paidAt: instantMs.optional(),
  endedAt: instantMs.optional(),
  place: z.object({ tillId: slug.optional(), terminalId: slug.optional() }),
  /** The sale it paid for, once that is uploaded. */
  saleId: identity.nullable(),
  receiptNo: z.string().nullable(),
});
/**
 * `created`: journaled, the wallet has not answered. `undeliverable`: the payer's account does not take it, and the wallet keeps the money
 * until a card is named. `refused`: nothing went back.
 */
export const qrRefundState = z.enum(['created', 'refunding', 'undeliverable', 'refunded', 'refused', 'unknown']);
export const qrRefund = z.object({
  refundId: identity,
  outRefundNo: z.string(),
  amountMinor: positiveMinor,
  state: qrRefundState,
  reason: z.string(),
  /** Who asked for it. */
  by: z.string(),
  code: z.string().optional(),
  text: bilingual.optional(),
  walletRefundNo: z.string().optional(),
  at: instantMs,
  endedAt: instantMs.optional(),
});

// GET /api/office/qr-payments
export const qrPaymentsQuery = pageQuery.extend({ wallet: wallet.optional(), state: qrPaymentState.optional() });
export const qrPaymentsAnswer = z.object({ payments: z.array(qrPaymentRow), next: z.string().nullable() });
// GET /api/office/qr-payments/:id; POST …/refunds answers the same.
export const qrPaymentDetail = z.object({ payment: qrPaymentRow, refunds: z.array(qrRefund) });
// POST /api/office/qr-payments/:id/refunds: the same refundId again is the same refund.
export const qrRefundRequest = z.object({
  refundId: identity,
  amountMinor: positiveMinor,
  reason: z.string().trim().min(1).max(80),
});

// POST /api/office/qr-payments/:id/refunds/:refundId/card: an undeliverable refund to a card of the payer; answers the detail.
export const qrRefundToCardRequest = z.object({
  /** WeChat's name of the bank and the card's kind, such as ICBC_DEBIT. */
  bank: z.string().regex(/^[A-Z0-9_]{1,16}$/),
  cardNumber: z.string().regex(/^\d{12,19}$/),
  holder: z.string().trim().min(1).max(60),
});

const billSums = z.object({ paymentsMinor: positiveMinor, refundsMinor: positiveMinor, feesMinor: amountMinor });
export const differenceKind = z.enum(['missing-here', 'missing-there', 'amount', 'fee']);
/** A day's bill of a wallet beside our books. */
export const reconciliation = z.object({
  wallet,
  date: businessDate,
  at: instantMs,
  runs: z.int(),
  lines: z.int(),
  agreed: z.int(),
  ours: billSums,
  theirs: billSums,
  /** Differences nobody has worked off, and all of them by kind. */
  open: z.int(),
  differences: z.record(differenceKind, z.int()),
});
const differenceSide = z.object({ amountMinor: positiveMinor, feeMinor: amountMinor, at: instantMs });
export const difference = z.object({
  id: z.string(),
  wallet,
  date: businessDate,
  kind: differenceKind,
  line: z.enum(['payment', 'refund']),
  outTradeNo: z.string(),
  outRefundNo: z.string().optional(),
  /** Our payment, if we know one of this number. */
  requestId: identity.optional(),
  here: differenceSide.optional(),
  there: differenceSide.optional(),
  by: z.string().optional(),
  note: z.string().optional(),
  settledAt: instantMs.optional(),
  isGone: z.boolean(),
});

// GET /api/office/reconciliations; newest day first. `wallets` are those whose bills can be had.
export const reconciliationsQuery = pageQuery.omit({ date: true });
export const reconciliationsAnswer = z.object({
  wallets: z.array(wallet),
  reconciliations: z.array(reconciliation),
  next: z.string().nullable(),
});
// POST /api/office/reconciliations: fetches the bill and compares it; again updates it.
export const reconcileRequest = z.object({ wallet, date: businessDate });
export const reconcileAnswer = z.object({ reconciliation });
// GET /api/office/differences
export const differencesQuery = pageQuery.extend({
  wallet: wallet.optional(),
  open: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});
export const differencesAnswer = z.object({ differences: z.array(difference), next: z.string().nullable() });
// POST /api/office/differences/:id/settle
export const settleDifferenceRequest = z.object({ note: z.string().trim().min(1).max(200) });
export const settleDifferenceAnswer = z.object({ difference });

export type QrPaymentRow = z.infer<typeof qrPaymentRow>;
export type QrPaymentDetail = z.infer<typeof qrPaymentDetail>;
export type QrRefund = z.infer<typeof qrRefund>;
export type Reconciliation = z.infer<typeof reconciliation>;
export type Difference = z.infer<typeof difference>;
export type DifferenceKind = z.infer<typeof differenceKind>;
