import {
  type Basket,
  type BasketLine,
  type Bilingual,
  changeBasket,
  type Discount,
  type PricedLine,
  priceBasket,
  priceLine,
} from '@zhanggui/basket';
import { type Money, parseMoney } from '@zhanggui/money';
import type { LineField } from '../till-state.ts';
import { basisPointsOfText, percentText, quantityOfText, quantityText } from './quantity.ts';

/** One row of the basket, ready to be drawn. */
export type LineView = Readonly<{
  id: string;
  name: Bilingual;
  unit: Bilingual;
  quantity: string;
  isMany: boolean;
  unitPrice: Money;
  isPriceChanged: boolean;
  gross: Money;
  amount: Money;
  /** Undefined: no discount. */
  discount: Readonly<{ kind: 'percent'; percent: string } | { kind: 'amount'; amount: Money }> | undefined;
}>;

const discountView = ({ discount }: { discount: Discount }): LineView['discount'] => {
  switch (discount.kind) {
    case 'none':
      return undefined;
    case 'amount':
      return { kind: 'amount', amount: discount.amount };
    case 'percent':
      return { kind: 'percent', percent: percentText(discount.basisPoints) };
  }
};

export const lineView = (line: BasketLine): LineView => {
  const { gross, amount } = priceLine(line);
  return {
    id: line.id,
    name: line.item.name,
    unit: line.item.unit.name,
    quantity: quantityText(line.quantityMilli, line.item.weighed),
    isMany: line.quantityMilli !== 1000,
    unitPrice: line.unitPrice,
    isPriceChanged: line.unitPrice.minor !== line.item.price.minor,
    gross,
    amount,
    discount: discountView(line),
  };
};

export type TotalView = Readonly<{
  pieceCount: number;
  gross: Money;
  discountAmount: Money;
  hasDiscount: boolean;
  total: Money;
  canPay: boolean;
}>;

export const totalView = (basket: Basket): TotalView => {
  const { pieceCount, gross, discountAmount, total } = priceBasket(basket);
  const canPay = basket.lines.length > 0;
  return { pieceCount, gross, discountAmount, hasDiscount: discountAmount.minor > 0n, total, canPay };
};

/** Pieces of one kind of goods in the basket, for the badge on its tile; each weighing counts as one. */
export const piecesByItem = (basket: Basket | undefined): ReadonlyMap<string, string> => {
  const groups = Map.groupBy(basket?.lines ?? [], ({ item }) => item.id);
  return new Map(
    [...groups].map(([id, lines]) => {
      const isWeighed = lines[0]?.item.weighed ?? false;
      const milli = lines.reduce((sum, line) => sum + line.quantityMilli, 0);
      return [id, isWeighed ? String(lines.length) : quantityText(milli, false)];
    }),
  );
};

/** What the pad's digits would do to a line; undefined while they mean nothing yet. */
export type LineChange =
  | Readonly<{ kind: 'quantity'; quantityMilli: number }>
  | Readonly<{ kind: 'discount'; discount: Discount }>
  | Readonly<{ kind: 'price'; unitPrice: Money }>;

export const lineChange = (line: BasketLine, field: LineField, pad: string): LineChange | undefined => {
  const { currency } = line.unitPrice;
  const amount = pad === '' ? undefined : parseMoney(pad, currency);
  switch (field) {
    case 'quantity': {
      const quantityMilli = quantityOfText(pad);
      return quantityMilli === undefined ? undefined : { kind: 'quantity', quantityMilli };
    }
    case 'percent': {
      const basisPoints = basisPointsOfText(pad);
      return basisPoints === undefined ? undefined : { kind: 'discount', discount: { kind: 'percent', basisPoints } };
    }
    case 'amount':
      return amount && amount.minor > 0n ? { kind: 'discount', discount: { kind: 'amount', amount } } : undefined;
    case 'price':
      return amount && { kind: 'price', unitPrice: amount };
  }
};

/** The line as it would become; undefined where the core would refuse it. */
export const lineAfter = (basket: Basket, line: BasketLine, change: LineChange): PricedLine | undefined => {
  const lineId = line.id;
  const outcome =
    change.kind === 'quantity'
      ? changeBasket(basket, { kind: 'set-quantity', lineId, quantityMilli: change.quantityMilli })
      : change.kind === 'price'
        ? changeBasket(basket, { kind: 'override-price', lineId, unitPrice: change.unitPrice })
        : changeBasket(basket, { kind: 'discount', lineId, discount: change.discount });
  if (outcome.kind === 'refused') return undefined;
  const changed = outcome.basket.lines.find(({ id }) => id === lineId);
  return changed && priceLine(changed);
};

/** Decimals each field of the pad takes. */
export const padLimits = (field: LineField, weighed: boolean) =>
  field === 'quantity'
    ? { wholeDigitsMax: 4, decimals: weighed ? 3 : 0 }
    : field === 'percent'
      ? { wholeDigitsMax: 3, decimals: 2 }
      : { wholeDigitsMax: 6, decimals: 2 };

/** One step up or down in whole units; never below one piece or to nothing. */
export const stepQuantity = (quantityMilli: number, step: 1 | -1): number | undefined => {
  const next = quantityMilli + step * 1000;
  return next > 0 ? next : undefined;
};
