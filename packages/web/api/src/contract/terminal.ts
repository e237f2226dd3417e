import type { Receipt } from '@zhanggui/receipt';
import type { TerminalView } from '@zhanggui/terminal';
import { z } from 'zod';
import { bilingual, identity, instantMs, positiveMinor } from './common.ts';

/** `unknown` is no answer yet with a reversal pending; it becomes `reversed`: the cardholder was not charged. */
export const saleState = z.enum([
  'waiting-card',
  'processing',
  'approved',
  'declined',
  'cancelled',
  'unknown',
  'reversed',
]);
export const saleStatus = z.object({
  requestId: identity,
  amountMinor: positiveMinor,
  state: saleState,
  /** Response code (field 39) of the host, once there is one. */
  code: z.string().optional(),
  text: bilingual.optional(),
  stan: z.string().optional(),
  batch: z.string().optional(),
  rrn: z.string().optional(),
  authCode: z.string().optional(),
  maskedPan: z.string().optional(),
  entryMode: z.enum(['insert', 'swipe', 'tap', 'manual']).optional(),
  /** The request that voided this sale at the terminal (消费撤销). */
  voidedBy: z.string().optional(),
  cardholderSlip: z.custom<Receipt>().optional(),
  merchantSlip: z.custom<Receipt>().optional(),
  at: instantMs,
});

// POST /api/terminals/:terminalId/sales: the same requestId again is the same sale.
export const startCardSaleRequest = z.object({ requestId: identity, amountMinor: positiveMinor });
// GET /api/terminals/:terminalId/sales/:requestId: answers at once unless the sale is still in `state`.
export const saleStatusQuery = z.object({
  state: saleState.optional(),
  waitMs: z.coerce.number().int().min(0).max(30_000).default(0),
});
// All three, and POST /api/terminals/:terminalId/sales/:requestId/cancel, answer this.
export const saleStatusAnswer = z.object({ sale: saleStatus });

// WS /api/terminals/:terminalId/face
export const faceKey = z.enum([
  ...(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const),
  ...(['cancel', 'clear', 'confirm', 'menu', 'up', 'down'] as const),
]);
export const faceCommand = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('key'), key: faceKey }),
  z.object({ kind: z.literal('insert'), cardId: z.string() }),
  z.object({ kind: z.literal('swipe'), cardId: z.string() }),
  z.object({ kind: z.literal('scan'), text: z.string().min(1).max(1024) }),
  z.object({ kind: z.literal('remove-card') }),
  z.object({ kind: z.literal('tear-paper') }),
  z.object({ kind: z.literal('choose'), item: z.string() }),
]);
/** The server sends the whole view at every change; a face that opens anew is right at once. */
export const faceMessage = z.union([
  z.object({ view: z.custom<TerminalView>((value) => value !== undefined) }),
  z.object({ error: z.object({ code: z.string(), message: bilingual }) }),
]);

export type SaleState = z.infer<typeof saleState>;
export type SaleStatusView = z.infer<typeof saleStatus>;
export type StartCardSaleRequest = z.infer<typeof startCardSaleRequest>;
export type FaceCommand = z.infer<typeof faceCommand>;
export type FaceMessage = z.infer<typeof faceMessage>;
