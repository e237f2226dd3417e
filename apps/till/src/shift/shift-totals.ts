import type { Sale as SaleDocument, ShiftTotals } from '@zhanggui/api/contract';
import { type Bilingual, tenderWay, tenderWays } from '@zhanggui/basket';
import { addMoney, type CurrencyCode, type Money, money, subtractMoney, sumMoney } from '@zhanggui/money';
import type { DenominationCount, StoredSale, StoredShift } from '../records.ts';

type Names = (departmentId: string) => Bilingual | undefined;

const amountsOf =
  (currency: CurrencyCode) =>
  (texts: readonly string[]): Money =>
    sumMoney(
      texts.map((text) => money(BigInt(text), currency)),
      currency,
    );

type Sum = ReturnType<typeof amountsOf>;

/** Cards always have a row, a wallet once it has paid. */
const cashlessRows = (sales: readonly SaleDocument[], sum: Sum): ShiftTotals['byTender'] => {
  const taken = sales.flatMap(({ tenders }) => tenders.flatMap((tender) => (tender.kind === 'cash' ? [] : [tender])));
  return tenderWays.flatMap((kind) => {
    const texts = taken.filter((tender) => tenderWay(tender) === kind).map(({ amountMinor }) => amountMinor);
    const isShown = kind === 'card' || texts.length > 0;
    return isShown && kind !== 'cash' ? [{ kind, count: texts.length, amountMinor: String(sum(texts).minor) }] : [];
  });
};

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
    byTender: [{ kind: 'cash', count: cashSales.length, amountMinor: minor(cashKept) }, ...cashlessRows(sales, sum)],
    byDepartment,
    cashInMinor: '0',
    cashOutMinor: '0',
    expectedCashMinor: minor(addMoney(sum([floatMinor]), cashKept)),
    firstReceiptNo: sales.at(0)?.receiptNo ?? null,
    lastReceiptNo: sales.at(-1)?.receiptNo ?? null,
  };
};

const sumTexts = (...texts: readonly string[]): string => String(texts.reduce((sum, text) => sum + BigInt(text), 0n));

const sequenceOf = (receiptNo: string | null): number => Number(receiptNo?.split('-').at(-1) ?? 0);

/** A sale of this browser that the totals heard from the server cannot have counted yet. */
const isUnheard = (heard: ShiftTotals, { sequence, upload }: StoredSale): boolean =>
  upload === 'kept' || sequence > sequenceOf(heard.lastReceiptNo);

const addByTender = (one: ShiftTotals, two: ShiftTotals): ShiftTotals['byTender'] =>
  tenderWays.flatMap((kind) => {
    const rows = [...one.byTender, ...two.byTender].filter((row) => row.kind === kind);
    const count = rows.reduce((sum, row) => sum + row.count, 0);
    return rows.length === 0 ? [] : [{ kind, count, amountMinor: sumTexts(...rows.map((row) => row.amountMinor)) }];
  });

const addByDepartment = (one: ShiftTotals, two: ShiftTotals): ShiftTotals['byDepartment'] =>
  [...Map.groupBy([...one.byDepartment, ...two.byDepartment], ({ departmentId }) => departmentId).values()].flatMap(
    ([first, ...rest]) =>
      first
        ? [{ ...first, amountMinor: sumTexts(first.amountMinor, ...rest.map(({ amountMinor }) => amountMinor)) }]
        : [],
  );

const addTotals = (heard: ShiftTotals, own: ShiftTotals): ShiftTotals => ({
  saleCount: heard.saleCount + own.saleCount,
  totalMinor: sumTexts(heard.totalMinor, own.totalMinor),
  discountMinor: sumTexts(heard.discountMinor, own.discountMinor),
  roundingMinor: sumTexts(heard.roundingMinor, own.roundingMinor),
  byTender: addByTender(heard, own),
  byDepartment: addByDepartment(heard, own),
  cashInMinor: sumTexts(heard.cashInMinor, own.cashInMinor),
  cashOutMinor: sumTexts(heard.cashOutMinor, own.cashOutMinor),
  expectedCashMinor: sumTexts(heard.expectedCashMinor, own.expectedCashMinor),
  firstReceiptNo: heard.firstReceiptNo ?? own.firstReceiptNo,
  lastReceiptNo: own.lastReceiptNo ?? heard.lastReceiptNo,
});

/** What the shift took: what the server told of it, and on top the sales of this browser the server had not got then. */
export const totalsOfShift = (
  { floatMinor, heard }: StoredShift,
  sales: readonly StoredSale[],
  currency: CurrencyCode,
  nameOf: Names,
): ShiftTotals => {
  const documents = (some: readonly StoredSale[]) => some.map(({ document }) => document);
  if (!heard) return shiftTotals(floatMinor, documents(sales), currency, nameOf);
  const unheard = sales.filter((sale) => isUnheard(heard, sale));
  return addTotals(heard, shiftTotals('0', documents(unheard), currency, nameOf));
};

/** Counted - expected: above zero is over (长款), below is short (短款). */
export const drawerDifference = (counted: Money, totals: ShiftTotals): Money =>
  subtractMoney(counted, money(BigInt(totals.expectedCashMinor), counted.currency));

/** Amount of one row of the count. */
export const rowAmount = ({ valueMinor, count }: DenominationCount, currency: CurrencyCode): Money =>
  money(BigInt(valueMinor) * BigInt(count), currency);
