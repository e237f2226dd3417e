import { type Money, money } from '@zhanggui/money';
import { type Basket, basketLinesMax, lineRefusal } from './basket.ts';
import { type PricedLine, priceBasket, priceLine } from './pricing.ts';
import { type CashRounding, settle, type Tender, tenderAmount } from './tender.ts';

/** The money side of a sale, as the till committed it. */
export type SaleFigures = Readonly<{
  lines: readonly PricedLine[];
  total: Money;
  /** What cash rounding added to the total; below zero where it took something off. */
  rounding: Money;
  tenders: readonly Tender[];
  change: Money;
}>;

/** A finished sale. Its identity and its number are made on the till; nobody renumbers it. */
export type Sale = SaleFigures &
  Readonly<{
    id: string;
    shiftId: string;
    staffId: string;
    /** Counts the till's sales without gaps. */
    sequence: number;
    receiptNo: string;
    /** Epoch milliseconds. */
    at: number;
    segment: string | null;
  }>;

/** `place` is a path into the sale: `lines[2].amount`. */
export type SaleFault = Readonly<{ code: SaleFaultCode; place: string }>;
export type SaleFaultCode =
  | 'no-lines'
  | 'too-many-lines'
  | 'line-not-allowed'
  | 'line-figures'
  | 'total'
  | 'rounding'
  | 'change'
  | 'not-paid'
  | 'tender-not-allowed'
  | 'exceeds-due'
  | 'receipt-number';

export type CloseOutcome =
  | Readonly<{ kind: 'closed'; figures: SaleFigures }>
  | Readonly<{ kind: 'refused'; reason: 'empty' | 'not-paid' | 'exceeds-due' }>;

/** `01-000123`: the till's number and its sequence. */
export const receiptNumber = (tillNumber: string, sequence: number): string =>
  `${tillNumber}-${String(sequence).padStart(6, '0')}`;

/** The figures of a basket that has been paid. */
export const closeSale = (basket: Basket, tenders: readonly Tender[], rule: CashRounding): CloseOutcome => {
  const { lines, total } = priceBasket(basket);
  if (lines.length === 0) return { kind: 'refused', reason: 'empty' };
  const { isPaid, paidCashless, rounding, change } = settle(total, tenders, rule);
  if (!isPaid) return { kind: 'refused', reason: 'not-paid' };
  if (paidCashless.minor > total.minor) return { kind: 'refused', reason: 'exceeds-due' };
  return { kind: 'closed', figures: { lines, total, rounding, tenders, change } };
};

/** Everything wrong with a sale's figures: each is computed again, none is corrected. An empty list is a sound sale. */
export const checkSale = (sale: Sale, terms: { tillNumber: string; cashRounding: CashRounding }): SaleFault[] => {
  const { currency } = sale.total;
  const faults: SaleFault[] = sale.lines.flatMap((line, index) => lineFaults(line, `lines[${index}]`, currency));
  if (sale.lines.length === 0) faults.push({ code: 'no-lines', place: 'lines' });
  if (sale.lines.length > basketLinesMax) faults.push({ code: 'too-many-lines', place: 'lines' });
  if (sale.receiptNo !== receiptNumber(terms.tillNumber, sale.sequence))
    faults.push({ code: 'receipt-number', place: 'receiptNo' });
  if (faults.length > 0) return faults;
  const { total } = priceBasket({ currency, lines: sale.lines });
  if (total.minor !== sale.total.minor) faults.push({ code: 'total', place: 'total' });
  return [...faults, ...tenderFaults(sale, total, terms.cashRounding)];
};

const lineFaults = (line: PricedLine, place: string, currency: Money['currency']): SaleFault[] => {
  if (lineRefusal(line, currency)) return [{ code: 'line-not-allowed', place }];
  const again = priceLine(line);
  return (['gross', 'discountAmount', 'amount'] as const)
    .filter((figure) => line[figure].minor !== again[figure].minor)
    .map((figure) => ({ code: 'line-figures', place: `${place}.${figure}` }));
};

const tenderFaults = (sale: Sale, total: Money, rule: CashRounding): SaleFault[] => {
  const zero = money(0n, total.currency);
  const badTender = sale.tenders.findIndex((tender) => {
    const amount = tenderAmount(tender);
    return amount.minor <= zero.minor || amount.currency !== zero.currency;
  });
  if (badTender >= 0) return [{ code: 'tender-not-allowed', place: `tenders[${badTender}]` }];
  const { isPaid, paidCashless, rounding, change } = settle(total, sale.tenders, rule);
  const faults: SaleFault[] = [];
  if (!isPaid) faults.push({ code: 'not-paid', place: 'tenders' });
  if (paidCashless.minor > total.minor) faults.push({ code: 'exceeds-due', place: 'tenders' });
  if (rounding.minor !== sale.rounding.minor) faults.push({ code: 'rounding', place: 'rounding' });
  if (change.minor !== sale.change.minor) faults.push({ code: 'change', place: 'change' });
  return faults;
};
