import type { BasketItem, CashRounding, Discount, PricedLine, Sale, Tender } from '@zhanggui/basket';
import { type CurrencyCode, type Money, money } from '@zhanggui/money';
import type { CatalogueItem, Sale as SaleDocument, TillSettings } from './till.ts';

/** Goods of the catalogue as the basket takes them. */
export const basketItemOf = (item: CatalogueItem, currency: CurrencyCode): BasketItem => ({
  id: item.id,
  barcode: item.barcode,
  name: item.name,
  unit: item.unit,
  weighed: item.weighed,
  departmentId: item.departmentId,
  price: money(BigInt(item.priceMinor), currency),
});

export const cashRoundingOf = ({ cashRounding }: TillSettings): CashRounding =>
  cashRounding && { unitMinor: BigInt(cashRounding.unitMinor), rounding: cashRounding.rounding };

/** A finished sale as it travels; `saleOf` of it is the same sale. */
export const saleDocument = (sale: Sale): SaleDocument => ({
  id: sale.id,
  shiftId: sale.shiftId,
  staffId: sale.staffId,
  sequence: sale.sequence,
  receiptNo: sale.receiptNo,
  at: sale.at,
  segment: sale.segment,
  lines: sale.lines.map(lineDocument),
  totalMinor: minorText(sale.total),
  roundingMinor: minorText(sale.rounding),
  tenders: sale.tenders.map(tenderDocument),
  changeMinor: minorText(sale.change),
});

export const saleOf = (document: SaleDocument, currency: CurrencyCode): Sale => ({
  id: document.id,
  shiftId: document.shiftId,
  staffId: document.staffId,
  sequence: document.sequence,
  receiptNo: document.receiptNo,
  at: document.at,
  segment: document.segment,
  lines: document.lines.map((line, index) => lineOf(line, index, currency)),
  total: amountOf(document.totalMinor, currency),
  rounding: amountOf(document.roundingMinor, currency),
  tenders: document.tenders.map((tender) => tenderOf(tender, currency)),
  change: amountOf(document.changeMinor, currency),
});

const minorText = ({ minor }: Money): string => String(minor);
const amountOf = (text: string, currency: CurrencyCode): Money => money(BigInt(text), currency);

const lineDocument = (line: PricedLine): SaleDocument['lines'][number] => ({
  itemId: line.item.id,
  barcode: line.item.barcode,
  name: line.item.name,
  unit: line.item.unit,
  weighed: line.item.weighed,
  departmentId: line.item.departmentId,
  listPriceMinor: minorText(line.item.price),
  unitPriceMinor: minorText(line.unitPrice),
  quantityMilli: line.quantityMilli,
  discount:
    line.discount.kind === 'amount'
      ? { kind: 'amount', amountMinor: minorText(line.discount.amount) }
      : { ...line.discount },
  grossMinor: minorText(line.gross),
  discountMinor: minorText(line.discountAmount),
  amountMinor: minorText(line.amount),
});

const lineOf = (line: SaleDocument['lines'][number], index: number, currency: CurrencyCode): PricedLine => ({
  id: String(index),
  item: {
    id: line.itemId,
    barcode: line.barcode,
    name: line.name,
    unit: line.unit,
    weighed: line.weighed,
    departmentId: line.departmentId,
    price: amountOf(line.listPriceMinor, currency),
  },
  unitPrice: amountOf(line.unitPriceMinor, currency),
  quantityMilli: line.quantityMilli,
  discount: discountOf(line.discount, currency),
  gross: amountOf(line.grossMinor, currency),
  discountAmount: amountOf(line.discountMinor, currency),
  amount: amountOf(line.amountMinor, currency),
});

const discountOf = (discount: SaleDocument['lines'][number]['discount'], currency: CurrencyCode): Discount =>
  discount.kind === 'amount' ? { kind: 'amount', amount: amountOf(discount.amountMinor, currency) } : discount;

const tenderDocument = (tender: Tender): SaleDocument['tenders'][number] => {
  if (tender.kind === 'cash') return { kind: 'cash', receivedMinor: minorText(tender.received) };
  const { amount, ...rest } = tender;
  return { ...rest, amountMinor: minorText(amount) };
};

const tenderOf = (tender: SaleDocument['tenders'][number], currency: CurrencyCode): Tender => {
  if (tender.kind === 'cash') return { kind: 'cash', received: amountOf(tender.receivedMinor, currency) };
  const { amountMinor, ...rest } = tender;
  return { ...rest, amount: amountOf(amountMinor, currency) };
};
