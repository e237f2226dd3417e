import type { Sale as SaleDocument, ShiftTotals } from '@zhanggui/api/contract';
import type { Bilingual } from '@zhanggui/basket';
import { addMoney, type CurrencyCode, type Money, money, subtractMoney, sumMoney } from '@zhanggui/money';
import type { DenominationCount } from '../records.ts';

type Names = (departmentId: string) => Bilingual | undefined;

const amountsOf =
  (currency: CurrencyCode) =>
  (texts: readonly string[]): Money =>
    sumMoney(
      texts.map((text) => money(BigInt(text), currency)),
      currency,
    );

/** What a shift took, from the till's own sales; the shop computes the same from the uploaded ones. */
export const shiftTotals = (
  floatMinor: string,
  sales: readonly SaleDocument[],
  currency: CurrencyCode,
  nameOf: Names,
): ShiftTotals => {
  const sum = amountsOf(currency);
  const minor = (amount: Money): string => String(amount.minor);
  const lines = sales.flatMap((sale) => sale.lines);
  const cash = sales.flatMap((sale) =>
    sale.tenders.flatMap((tender) => (tender.kind === 'cash' ? [tender.receivedMinor] : [])),
  );
  const cards = sales.flatMap((sale) =>
    sale.tenders.flatMap((tender) => (tender.kind === 'card' ? [tender.amountMinor] : [])),
  );
  const cashKept = subtractMoney(sum(cash), sum(sales.map(({ changeMinor }) => changeMinor)));
  const cashSales = sales.filter(({ tenders }) => tenders.some(({ kind }) => kind === 'cash'));
  const byDepartment = [...Map.groupBy(lines, ({ departmentId }) => departmentId)].map(([departmentId, group]) => ({
    departmentId,
    name: nameOf(departmentId) ?? { zh: departmentId, en: departmentId },
    amountMinor: minor(sum(group.map(({ amountMinor }) => amountMinor))),
  }));
  return {
    saleCount: sales.length,
    totalMinor: minor(sum(sales.map(({ totalMinor }) => totalMinor))),
    discountMinor: minor(sum(lines.map(({ discountMinor }) => discountMinor))),
    roundingMinor: minor(sum(sales.map(({ roundingMinor }) => roundingMinor))),
    byTender: [
      { kind: 'cash', count: cashSales.length, amountMinor: minor(cashKept) },
      { kind: 'card', count: cards.length, amountMinor: minor(sum(cards)) },
    ],
    byDepartment,
    cashInMinor: '0',
    cashOutMinor: '0',
    expectedCashMinor: minor(addMoney(sum([floatMinor]), cashKept)),
    firstReceiptNo: sales.at(0)?.receiptNo ?? null,
    lastReceiptNo: sales.at(-1)?.receiptNo ?? null,
  };
};

/** Counted - expected: above zero is over (长款), below is short (短款). */
export const drawerDifference = (counted: Money, totals: ShiftTotals): Money =>
  subtractMoney(counted, money(BigInt(totals.expectedCashMinor), counted.currency));

/** Amount of one row of the count. */
export const rowAmount = ({ valueMinor, count }: DenominationCount, currency: CurrencyCode): Money =>
  money(BigInt(valueMinor) * BigInt(count), currency);
