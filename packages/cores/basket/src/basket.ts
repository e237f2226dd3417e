import type { CurrencyCode, Money } from '@zhanggui/money';
import { lineGross } from './pricing.ts';

export type Bilingual = Readonly<{ zh: string; en: string }>;

/** Goods as the basket needs them; `price` is for one unit. */
export type BasketItem = Readonly<{
  id: string;
  barcode: string;
  name: Bilingual;
  unit: Readonly<{ id: string; name: Bilingual }>;
  /** Sold by weight: any quantity, and every weighing is a line of its own. */
  weighed: boolean;
  departmentId: string;
  price: Money;
}>;

/** A percentage is in basis points: 1500 takes 15 % off. */
export type Discount =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'amount'; amount: Money }>
  | Readonly<{ kind: 'percent'; basisPoints: number }>;

export type BasketLine = Readonly<{
  id: string;
  item: BasketItem;
  /** Differs from `item.price` where somebody overrode it. */
  unitPrice: Money;
  /** Thousandths of the item's unit: two bottles are 2000, 0.350 kg is 350. */
  quantityMilli: number;
  discount: Discount;
}>;

/** What is being bought. Plain data: it survives a structured clone, so the till can store it after every command. */
export type Basket = Readonly<{
  currency: CurrencyCode;
  lines: readonly BasketLine[];
  /** 客层: who is buying, by the cashier's eye. */
  segment: string | null;
}>;

export type BasketCommand =
  /** `lineId` names the line if one is made; goods already there unchanged gain the quantity instead. */
  | Readonly<{ kind: 'add'; lineId: string; item: BasketItem; quantityMilli: number }>
  | Readonly<{ kind: 'set-quantity'; lineId: string; quantityMilli: number }>
  | Readonly<{ kind: 'discount'; lineId: string; discount: Discount }>
  | Readonly<{ kind: 'override-price'; lineId: string; unitPrice: Money }>
  | Readonly<{ kind: 'remove'; lineId: string }>
  | Readonly<{ kind: 'set-segment'; segment: string | null }>
  | Readonly<{ kind: 'clear' }>;

export type BasketRefusal =
  | 'line-not-found'
  | 'quantity-out-of-range'
  | 'quantity-not-whole'
  | 'discount-out-of-range'
  | 'price-out-of-range'
  | 'other-currency'
  | 'basket-full';

/** `lineId` is the line the command made or changed. */
export type BasketOutcome =
  | Readonly<{ kind: 'changed'; basket: Basket; lineId?: string }>
  | Readonly<{ kind: 'refused'; reason: BasketRefusal }>;

export const quantityMilliMax = 9_999_999;
export const basketLinesMax = 500;
const unitPriceMinorMax = 99_999_999n;

export const emptyBasket = (currency: CurrencyCode): Basket => ({ currency, lines: [], segment: null });

/** The basket after a command, or why the command cannot be. */
export const changeBasket = (basket: Basket, command: BasketCommand): BasketOutcome => {
  switch (command.kind) {
    case 'add':
      return addItem(basket, command);
    case 'set-quantity':
      return changeLine(basket, command.lineId, (line) => ({ ...line, quantityMilli: command.quantityMilli }));
    case 'discount':
      return changeLine(basket, command.lineId, (line) => ({ ...line, discount: command.discount }));
    case 'override-price':
      return changeLine(basket, command.lineId, (line) => ({ ...line, unitPrice: command.unitPrice }));
    case 'remove':
      return removeLine(basket, command.lineId);
    case 'set-segment':
      return { kind: 'changed', basket: { ...basket, segment: command.segment } };
    case 'clear':
      return { kind: 'changed', basket: emptyBasket(basket.currency) };
  }
};

/** What forbids a line, if anything; the same rule for a line in the making and for a line in an uploaded sale. */
export const lineRefusal = (line: BasketLine, currency: CurrencyCode): BasketRefusal | undefined => {
  const { quantityMilli, unitPrice, discount } = line;
  if (unitPrice.currency !== currency || (discount.kind === 'amount' && discount.amount.currency !== currency))
    return 'other-currency';
  if (!Number.isSafeInteger(quantityMilli) || quantityMilli < 1 || quantityMilli > quantityMilliMax)
    return 'quantity-out-of-range';
  if (!line.item.weighed && quantityMilli % 1000 !== 0) return 'quantity-not-whole';
  if (unitPrice.minor < 0n || unitPrice.minor > unitPriceMinorMax) return 'price-out-of-range';
  return isDiscountInRange(line) ? undefined : 'discount-out-of-range';
};

const isDiscountInRange = (line: BasketLine): boolean => {
  const { discount } = line;
  switch (discount.kind) {
    case 'none':
      return true;
    case 'amount':
      return discount.amount.minor > 0n && discount.amount.minor <= lineGross(line).minor;
    case 'percent':
      return Number.isInteger(discount.basisPoints) && discount.basisPoints >= 1 && discount.basisPoints <= 10_000;
  }
};

const addItem = (basket: Basket, { lineId, item, quantityMilli }: BasketCommand & { kind: 'add' }): BasketOutcome => {
  const twin = item.weighed ? undefined : basket.lines.findLast((line) => isUntouched(line, item));
  if (twin)
    return changeLine(basket, twin.id, (line) => ({ ...line, quantityMilli: line.quantityMilli + quantityMilli }));
  if (basket.lines.length >= basketLinesMax) return { kind: 'refused', reason: 'basket-full' };
  const line: BasketLine = { id: lineId, item, unitPrice: item.price, quantityMilli, discount: { kind: 'none' } };
  const reason = lineRefusal(line, basket.currency);
  return reason
    ? { kind: 'refused', reason }
    : { kind: 'changed', basket: { ...basket, lines: [...basket.lines, line] }, lineId };
};

const isUntouched = (line: BasketLine, item: BasketItem): boolean =>
  line.item.id === item.id && line.unitPrice.minor === item.price.minor && line.discount.kind === 'none';

const changeLine = (basket: Basket, lineId: string, change: (line: BasketLine) => BasketLine): BasketOutcome => {
  const line = basket.lines.find(({ id }) => id === lineId);
  if (!line) return { kind: 'refused', reason: 'line-not-found' };
  const changed = change(line);
  const reason = lineRefusal(changed, basket.currency);
  if (reason) return { kind: 'refused', reason };
  return { kind: 'changed', basket: { ...basket, lines: basket.lines.map((l) => (l === line ? changed : l)) }, lineId };
};

const removeLine = (basket: Basket, lineId: string): BasketOutcome => {
  const lines = basket.lines.filter(({ id }) => id !== lineId);
  return lines.length === basket.lines.length
    ? { kind: 'refused', reason: 'line-not-found' }
    : { kind: 'changed', basket: { ...basket, lines } };
};
