import { z } from 'zod';

/** An amount as JSON carries it: minor units of the shop's currency in decimal digits, `'1234'` is 12.34 CNY. */
export const amountMinor = z.string().regex(/^(0|-?[1-9]\d{0,14})$/);
/** An amount that is never below zero. */
export const positiveMinor = z.string().regex(/^(0|[1-9]\d{0,14})$/);
/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
export const instantMs = z.int().nonnegative();
export const businessDate = z.iso.date();
/** Thousandths of the unit goods are sold by: one bottle is 1000, 0.350 kg is 350. */
export const quantityMilli = z.int().min(1).max(9_999_999);
/** A text in both languages. */
export const bilingual = z.object({ zh: z.string(), en: z.string() });
/** An identity given by configuration: a till, a terminal, a department. */
export const slug = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
/** An identity made where the thing was born (UUID version 7), so that sending it twice is the same thing. */
export const identity = z.uuid();

/** Whose wallet a payment by QR code comes from. */
export const wallet = z.enum(['wechat', 'alipay', 'unionpay']);

/** What every refusal looks like, whatever the route. */
export const apiError = z.object({
  error: z.object({ code: z.string(), message: bilingual, details: z.unknown().optional() }),
});

export const empty = z.object({});

export type Wallet = z.infer<typeof wallet>;
export type Bilingual = z.infer<typeof bilingual>;
export type ApiError = z.infer<typeof apiError>;
