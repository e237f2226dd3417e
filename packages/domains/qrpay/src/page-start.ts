import { QrPayError } from './qrpay-error.ts';
import { dayOf } from './routing.ts';

const day = String.raw`\d{4}-\d\d-\d\d`;
const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** By what each list is in order. */
const starts = {
  payments: new RegExp(String.raw`^(\d{1,15})\.(${id})$`),
  reconciliations: new RegExp(String.raw`^(${day})\.(wechat|alipay|unionpay)$`),
  differences: new RegExp(String.raw`^(${day})\.(${id})$`),
} as const;

/** The two parts of where a page begins, which is the `next` of the page before; none for the first. Throws `request-malformed`. */
export const pageStart = (list: keyof typeof starts, before: string | undefined): readonly [string?, string?] => {
  if (before === undefined) return [];
  const [, first, second] = starts[list].exec(before) ?? [];
  if (first === undefined) throw new QrPayError('request-malformed', 'before');
  return [list === 'payments' ? first : dayOf(first, 'before'), second];
};
