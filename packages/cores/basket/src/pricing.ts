import { type Money, money, scaleMoney, subtractMoney, sumMoney } from '@zhanggui/money';
import type { Basket, BasketLine } from './basket.ts';

/** A line with its figures: `gross` = price x quantity, `amount` = gross - discount. */
export type PricedLine = BasketLine & Readonly<{ gross: Money; discountAmount: Money; amount: Money }>;

export type PricedBasket = Readonly<{
  lines: readonly PricedLine[];
  /** Pieces in the basket; one weighing counts as one. */
  pieceCount: number;
  gross: Money;
  discountAmount: Money;
  total: Money;
}>;

/** Price x quantity to the whole minor unit, a half going up as on any shop receipt (四舍五入). */
export const lineGross = ({ unitPrice, quantityMilli }: Pick<BasketLine, 'unitPrice' | 'quantityMilli'>): Money =>
  scaleMoney(unitPrice, { numerator: BigInt(quantityMilli), denominator: 1000n }, 'half-up');

const discountOf = ({ discount }: BasketLine, gross: Money): Money => {
  switch (discount.kind) {
    case 'none':
      return money(0n, gross.currency);
    case 'amount':
      return discount.amount;
    case 'percent':
      return scaleMoney(gross, { numerator: BigInt(discount.basisPoints), denominator: 10_000n }, 'half-up');
  }
};

export const priceLine = (line: BasketLine): PricedLine => {
  const gross = lineGross(line);
  const discountAmount = discountOf(line, gross);
  return { ...line, gross, discountAmount, amount: subtractMoney(gross, discountAmount) };
};

export const priceBasket = (basket: Pick<Basket, 'currency' | 'lines'>): PricedBasket => {
  const lines = basket.lines.map(priceLine);
  const sum = (amounts: Money[]) => sumMoney(amounts, basket.currency);
  return {
    lines,
    pieceCount: lines.reduce((count, { item, quantityMilli }) => count + (item.weighed ? 1 : quantityMilli / 1000), 0),
    gross: sum(lines.map(({ gross }) => gross)),
    discountAmount: sum(lines.map(({ discountAmount }) => discountAmount)),
    total: sum(lines.map(({ amount }) => amount)),
  };
};
