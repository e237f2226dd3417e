import { type Sale as SaleDocument, saleOf, type TillSession } from '@zhanggui/api/contract';
import { layout, type PrintedRow, type Receipt, saleReceipt, toEscPos } from '@zhanggui/receipt';
import { epochMs, wallClock } from '@zhanggui/time';
import type { Locale } from '@zhanggui/ui/texts';
import { currencyOf } from '../counter.ts';
import { quantityText } from '../sell/quantity.ts';

const receiptOf = (document: SaleDocument, session: TillSession, locale: Locale): Receipt => {
  const sale = saleOf(document, currencyOf(session));
  return saleReceipt({
    locale,
    shopName: session.shop.name[locale],
    address: session.shop.address[locale],
    phone: session.shop.phone,
    till: session.till.name[locale],
    cashier: session.staff.name[locale],
    receiptNo: document.receiptNo,
    at: wallClock(epochMs(document.at)),
    lines: sale.lines.map((line) => ({
      name: line.item.name[locale],
      quantity: quantityText(line.quantityMilli, line.item.weighed),
      unit: line.item.unit.name[locale],
      unitPrice: line.unitPrice,
      amount: line.amount,
      discount: line.discountAmount,
    })),
    total: sale.total,
    rounding: sale.rounding,
    tenders: sale.tenders,
    change: sale.change,
    sandbox: session.settings.sandbox,
  });
};

/** The receipt row by row, as the printer will set it. */
export const receiptRows = (document: SaleDocument, session: TillSession, locale: Locale): PrintedRow[] =>
  layout(receiptOf(document, session, locale), { columns: session.settings.receiptColumns });

/** The receipt as ESC/POS bytes. */
export const printSale = (document: SaleDocument, session: TillSession, locale: Locale): Uint8Array =>
  toEscPos(receiptOf(document, session, locale), { columns: session.settings.receiptColumns });
