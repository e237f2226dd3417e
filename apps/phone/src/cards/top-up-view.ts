import { cny, type Money, parseMoney } from '@zhanggui/money';

/** Offered with one tap. */
export const topUpOffers: readonly Money[] = [cny(100_00n), cny(500_00n), cny(1_000_00n)];

export const topUpLimits = { wholeDigitsMax: 5, decimals: 2 };

/** The typed amount, once it is one; `12.` is on its way to being one and counts as 12. */
export const typedAmount = (text: string): Money | undefined => {
  const amount = parseMoney(text.replace(/\.$/, ''), 'CNY');
  return amount && amount.minor > 0n ? amount : undefined;
};
