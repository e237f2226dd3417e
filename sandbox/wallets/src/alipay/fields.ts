import { z } from 'zod';
import type { Call } from './room.ts';

const amount = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^\d{1,9}(?:\.\d{1,2})?$/.test(text))
  .transform((text) => {
    const [whole = '0', fraction = ''] = text.split('.');
    return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
  })
  .refine((minor) => minor > 0n);

const outTradeNo = z.string().regex(/^\w{1,64}$/);

export const orderShape = z.object({
  out_trade_no: outTradeNo,
  total_amount: amount,
  subject: z.string().regex(/^[^/=&]{1,256}$/),
  store_id: z.string().max(32).optional(),
  terminal_id: z.string().max(32).optional(),
  timeout_express: z
    .string()
    .regex(/^\d{1,5}[mhdc]$/)
    .optional(),
  time_expire: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    .optional(),
});
const faceToken = /^fp[0-9A-Za-z]{33}$/;
/** Which scene it is decides what the code looks like. */
export const codeShape = orderShape
  .extend({
    scene: z.enum(['bar_code', 'security_code']).default('bar_code'),
    auth_code: z.string().regex(/^(?:\d{16,28}|fp[0-9A-Za-z]{33})$/),
  })
  .refine(({ scene, auth_code: code }) => (scene === 'security_code') === faceToken.test(code));
export const nameShape = z
  .object({ out_trade_no: outTradeNo.optional(), trade_no: z.string().optional() })
  .refine((name) => name.out_trade_no !== undefined || name.trade_no !== undefined);
export const refundShape = nameShape.and(
  z.object({
    refund_amount: amount,
    out_request_no: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional(),
    refund_reason: z.string().max(256).optional(),
  }),
);
export const refundQueryShape = nameShape.and(z.object({ out_request_no: z.string().min(1) }));
export const billShape = z.object({
  bill_type: z.literal('trade'),
  bill_date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
});

export const fieldsOf = <Output>(shape: z.ZodType<Output>, { content }: Call): Output | undefined =>
  shape.safeParse(content).data;

const minute = 60_000;
const unitMs: Readonly<Record<string, number>> = { m: minute, h: 60 * minute, d: 1_440 * minute, c: 1_440 * minute };
/** A code of 当面付 ends after two hours when nobody says when. */
const defaultMs = 120 * minute;

export const expiryOf = (order: z.output<typeof orderShape>, now: number): number => {
  if (order.time_expire) return Date.parse(`${order.time_expire.replace(' ', 'T')}+08:00`);
  if (!order.timeout_express) return now + defaultMs;
  return now + Number(order.timeout_express.slice(0, -1)) * (unitMs[order.timeout_express.slice(-1)] ?? minute);
};
