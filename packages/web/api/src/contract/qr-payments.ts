import { z } from 'zod';
import { bilingual, identity, instantMs, positiveMinor, wallet } from './common.ts';

/**
 * `created`: the wallet has not answered yet. `awaiting-payer`: a password is typed, or a shown code waits to be scanned. `unknown`: no
 * answer to be trusted; it is asked about until it has an end. `closed` and `reversed`: nobody was charged.
 */
export const qrPaymentState = z.enum([
  'created',
  'awaiting-payer',
  'paid',
  'closed',
  'reversed',
  'refunding',
  'refunded',
  'unknown',
]);
export const qrPayment = z.object({
  requestId: identity,
  wallet,
  /** `code`: the payer's payment code was scanned. `show`: the payer scans our QR code. */
  how: z.enum(['code', 'show']),
  amountMinor: positiveMinor,
  state: qrPaymentState,
  /** Given up: whatever was or will be charged goes back by itself, and the counter may go on. */
  undoing: z.boolean(),
  /** Our number at the wallet. */
  outTradeNo: z.string(),
  /** The text of the QR code to show, until `expiresAt`. */
  qr: z.string().optional(),
  expiresAt: instantMs.optional(),
  /** Why it was closed, in the wallet's code and words; absent where nobody refused. */
  code: z.string().optional(),
  text: bilingual.optional(),
  walletTradeNo: z.string().optional(),
  payer: z.string().optional(),
  at: instantMs,
});

// POST /api/till/qr-payments: the same requestId again is the same payment.
export const startQrPaymentRequest = z
  .object({
    requestId: identity,
    amountMinor: positiveMinor,
    /** What was scanned from the payer's phone; the server knows whose it is. */
    authCode: z.string().min(1).max(512).optional(),
    /** The wallet whose code is shown. */
    wallet: wallet.optional(),
  })
  .refine(({ authCode, wallet: shown }) => (authCode === undefined) !== (shown === undefined));
// GET /api/till/qr-payments/:requestId: answers at once unless the payment is still in `state`.
export const qrPaymentQuery = z.object({
  state: qrPaymentState.optional(),
  waitMs: z.coerce.number().int().min(0).max(30_000).default(0),
});
// All three, and POST /api/till/qr-payments/:requestId/cancel, answer this.
export const qrPaymentAnswer = z.object({ payment: qrPayment });

export type QrPaymentState = z.infer<typeof qrPaymentState>;
export type QrPayment = z.infer<typeof qrPayment>;
export type StartQrPaymentRequest = z.infer<typeof startQrPaymentRequest>;
