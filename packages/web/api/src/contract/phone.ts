import { z } from 'zod';
import { bilingual, instantMs, positiveMinor, wallet } from './common.ts';
import { sandboxFaultsAnswer, setFaultRequest } from './sandbox.ts';

// /api/sandbox/phone/*: a consumer's phone with the sandbox wallets. No session: it is a toy, and the sandbox alone has it.
/** `balance`, or the id of one of the wallet's cards. */
export const phoneFunding = z.string().min(1).max(64);
/** When the wallet asks for the six-digit password; a wrong one counts whatever the rule. */
export const passwordRule = z.enum(['always', 'over-1000', 'never']);

export const phoneCard = z.object({ id: z.string(), title: bilingual, maskedPan: z.string() });
export const phoneWalletState = z.object({
  wallet,
  balanceMinor: positiveMinor,
  cards: z.array(phoneCard),
  funding: phoneFunding,
});
/** An order somebody asks to be paid: scanned by the phone, or pushed to it because its code was scanned. */
export const phoneOrder = z.object({
  orderId: z.string(),
  wallet,
  merchant: z.string(),
  description: z.string(),
  amountMinor: positiveMinor,
  needsPassword: z.boolean(),
});
export const phoneRecord = z.object({
  id: z.string(),
  /** A top-up is money of a card that became balance. */
  kind: z.enum(['payment', 'refund', 'top-up']),
  wallet,
  at: instantMs,
  /** The merchant, or the card of a top-up. */
  title: z.string(),
  description: z.string(),
  amountMinor: positiveMinor,
  /** Of a payment: what came back so far. */
  refundedMinor: positiveMinor,
  /** `returned`: all of it went back. */
  state: z.enum(['done', 'under-way', 'failed', 'returned']),
  /** What it was paid from, or where it went back to, as words. */
  funding: bilingual,
  /** The wallet's number and the merchant's, for a complaint. */
  walletTradeNo: z.string().optional(),
  outTradeNo: z.string().optional(),
});
/** Something the wallet tells by itself; `recordId` leads to the history. */
export const phoneNotice = z.object({
  id: z.string(),
  at: instantMs,
  kind: z.enum(['paid', 'refused', 'refund', 'reversed']),
  wallet,
  text: bilingual,
  amountMinor: positiveMinor.optional(),
  recordId: z.string().optional(),
});
export const phoneView = z.object({
  consumer: z.object({ name: bilingual }),
  wallets: z.array(phoneWalletState).min(1),
  passwordRule,
  /** Until then no password is taken. */
  lockedUntil: instantMs.optional(),
  /** A code payment that waits for the password. */
  prompt: phoneOrder.optional(),
  /** Both newest first. */
  history: z.array(phoneRecord),
  notices: z.array(phoneNotice),
  /** The server's clock; a phone's own may be wrong. */
  now: instantMs,
});

// GET /api/sandbox/phone, and every message of GET /api/sandbox/phone/events (server-sent events).
export const phoneViewAnswer = z.object({ view: phoneView });
// POST …/code: a payment code (付款码), good once and for a minute.
export const phoneCodeRequest = z.object({ wallet });
export const phoneCodeAnswer = z.object({ code: z.string(), expiresAt: instantMs, now: instantMs });
const phoneRefusal = z.object({ kind: z.literal('refused'), code: z.string(), text: bilingual });
// POST …/scan: the text of a QR code.
export const phoneScanRequest = z.object({ text: z.string().min(1).max(2048) });
export const phoneScanAnswer = z.discriminatedUnion('kind', [
  phoneOrder.extend({ kind: z.literal('order') }),
  phoneRefusal,
]);
// GET …/shown: the newest order somebody shows as a QR code and nobody has paid, as if it were scanned.
export const phoneShownAnswer = z.object({ order: phoneOrder.nullable() });
// POST …/pay: `password` may be left out where the order needs none.
export const phonePayRequest = z.object({
  orderId: z.string().min(1).max(128),
  password: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  funding: phoneFunding,
});
/** `triesLeft` after a wrong password; at none the wallet takes no password until the view's `lockedUntil`. */
export const phonePayAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('paid'), recordId: z.string() }),
  phoneRefusal.extend({ triesLeft: z.int().nonnegative().optional() }),
]);
// POST …/decline; answers the view.
export const phoneDeclineRequest = z.object({ orderId: z.string().min(1).max(128) });
// POST …/funding, POST …/password-rule; both answer the view.
export const phoneFundingRequest = z.object({ wallet, funding: phoneFunding });
export const phonePasswordRuleRequest = z.object({ rule: passwordRule });
// POST …/top-up: money of a card becomes balance.
export const phoneTopUpRequest = z.object({
  wallet,
  cardId: z.string().min(1).max(64),
  amountMinor: z.string().regex(/^[1-9]\d{0,9}$/),
});
export const phoneTopUpAnswer = z.discriminatedUnion('kind', [z.object({ kind: z.literal('done') }), phoneRefusal]);
// GET, POST …/faults: what can go wrong between a merchant and the wallets.
export const phoneFaultsAnswer = sandboxFaultsAnswer;
export const setPhoneFaultRequest = setFaultRequest;

export type PasswordRule = z.infer<typeof passwordRule>;
export type PhoneCard = z.infer<typeof phoneCard>;
export type PhoneWalletState = z.infer<typeof phoneWalletState>;
export type PhoneOrder = z.infer<typeof phoneOrder>;
export type PhoneRecord = z.infer<typeof phoneRecord>;
export type PhoneNotice = z.infer<typeof phoneNotice>;
export type PhoneView = z.infer<typeof phoneView>;
export type PhoneCodeAnswer = z.infer<typeof phoneCodeAnswer>;
export type PhoneScanAnswer = z.infer<typeof phoneScanAnswer>;
export type PhonePayAnswer = z.infer<typeof phonePayAnswer>;
export type PhoneTopUpAnswer = z.infer<typeof phoneTopUpAnswer>;
