export {
  type Basket,
  type BasketCommand,
  type BasketItem,
  type BasketLine,
  type BasketOutcome,
  type BasketRefusal,
  type Bilingual,
  basketLinesMax,
  changeBasket,
  type Discount,
  emptyBasket,
  quantityMilliMax,
} from './basket.ts';
export { type PricedBasket, type PricedLine, priceBasket, priceLine } from './pricing.ts';
export {
  type CloseOutcome,
  checkSale,
  closeSale,
  receiptNumber,
  type Sale,
  type SaleFault,
  type SaleFaultCode,
  type SaleFigures,
} from './sale.ts';
export {
  type CardTender,
  type CashRounding,
  type CashTender,
  cashSuggestions,
  countCash,
  roundForCash,
  type Settlement,
  settle,
  type Tender,
  type TenderRefusal,
  tenderRefusal,
} from './tender.ts';
