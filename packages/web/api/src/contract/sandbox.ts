import { z } from 'zod';
import { amountMinor, bilingual } from './common.ts';

// GET /api/sandbox/cards: the deck of test cards lying beside the terminal. No number here is a real card's.
export const sandboxCard = z.object({
  id: z.string(),
  title: bilingual,
  kind: z.enum(['debit', 'credit']),
  maskedPan: z.string(),
  /** `YYMM`, as on the stripe. */
  expiry: z.string(),
  chip: z.boolean(),
  pin: z.string(),
  /** What the account can pay with now, where the issuer tells. */
  availableMinor: amountMinor.optional(),
});
export const sandboxCardsAnswer = z.object({ cards: z.array(sandboxCard) });

// GET /api/sandbox/faults, POST /api/sandbox/faults: ways to break the sandbox network on purpose.
export const sandboxFault = z.object({ id: z.string(), title: bilingual, active: z.boolean() });
export const sandboxFaultsAnswer = z.object({ faults: z.array(sandboxFault) });
export const setFaultRequest = z.object({ id: z.string(), active: z.boolean() });

export type SandboxCardView = z.infer<typeof sandboxCard>;
export type SandboxFault = z.infer<typeof sandboxFault>;
