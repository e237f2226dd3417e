import { type CurrencyCode, currencies } from './currencies.ts';

/** An amount in minor units of its currency: 12.34 CNY is `{ minor: 1234n, currency: 'CNY' }`. */
export type Money = Readonly<{ minor: bigint; currency: CurrencyCode }>;
export type Ratio = Readonly<{ numerator: bigint; denominator: bigint }>;
/** How a quotient that is not whole becomes whole; always named by the caller. */
export type Rounding = 'half-even' | 'half-up' | 'down' | 'up';

export const money = (minor: bigint, currency: CurrencyCode): Money => ({ minor, currency });
export const cny = (minor: bigint): Money => money(minor, 'CNY');

const sameCurrency = (left: Money, right: Money): CurrencyCode => {
  if (left.currency !== right.currency) throw new RangeError(`${left.currency} and ${right.currency} do not add up`);
  return left.currency;
};

export const addMoney = (left: Money, right: Money): Money =>
  money(left.minor + right.minor, sameCurrency(left, right));
export const subtractMoney = (left: Money, right: Money): Money =>
  money(left.minor - right.minor, sameCurrency(left, right));
export const sumMoney = (amounts: readonly Money[], currency: CurrencyCode): Money =>
  amounts.reduce(addMoney, money(0n, currency));
export const negateMoney = (amount: Money): Money => money(-amount.minor, amount.currency);

/** Integer quotient under the named rounding; rounds the magnitude, so that -x mirrors x. */
export const divideRounded = (dividend: bigint, divisor: bigint, rounding: Rounding): bigint => {
  if (divisor === 0n) throw new RangeError('division by zero');
  const negative = dividend < 0n !== divisor < 0n;
  const top = dividend < 0n ? -dividend : dividend;
  const bottom = divisor < 0n ? -divisor : divisor;
  const whole = top / bottom;
  const twice = (top % bottom) * 2n;
  const bumps: Record<Rounding, boolean> = {
    down: false,
    up: twice > 0n,
    'half-up': twice >= bottom,
    'half-even': twice > bottom || (twice === bottom && whole % 2n === 1n),
  };
  const magnitude = bumps[rounding] ? whole + 1n : whole;
  return negative ? -magnitude : magnitude;
};

export const scaleMoney = (amount: Money, ratio: Ratio, rounding: Rounding): Money =>
  money(divideRounded(amount.minor * ratio.numerator, ratio.denominator, rounding), amount.currency);

/** Parts in proportion to the weights that add up to the whole; the left-over minor units go to the first parts. */
export const allocateMoney = (amount: Money, weights: readonly bigint[]): Money[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total <= 0n || weights.some((weight) => weight < 0n))
    throw new RangeError('weights are not negative and not all zero');
  const parts = weights.map((weight) => (amount.minor * weight) / total);
  let left = amount.minor - parts.reduce((sum, part) => sum + part, 0n);
  const unit = left < 0n ? -1n : 1n;
  return parts.map((part, index) => {
    const takes = left !== 0n && weights[index] !== 0n;
    if (takes) left -= unit;
    return money(takes ? part + unit : part, amount.currency);
  });
};

export const splitMoney = (amount: Money, count: number): Money[] =>
  allocateMoney(
    amount,
    Array.from({ length: count }, () => 1n),
  );

/** Decimal text with the currency's own number of decimals: `-12.30`. No symbol, no grouping. */
export const decimalText = ({ minor, currency }: Money): string => {
  const digits = currencies[currency].exponent;
  const magnitude = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const cut = magnitude.length - digits;
  return `${minor < 0n ? '-' : ''}${magnitude.slice(0, cut)}${digits > 0 ? `.${magnitude.slice(cut)}` : ''}`;
};

/** Amount of decimal text; undefined when it is not a plain decimal or has too many decimals for the currency. */
export const parseMoney = (text: string, currency: CurrencyCode): Money | undefined => {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  const digits = currencies[currency].exponent;
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  if (!match || fraction.length > digits) return undefined;
  const minor = BigInt(whole + fraction.padEnd(digits, '0'));
  return money(sign === '-' ? -minor : minor, currency);
};

/** ISO 8583 field 4: twelve digits of minor units (n 12). Throws `RangeError` when negative or too large. */
export const amountField = (amount: Money): string => {
  if (amount.minor < 0n || amount.minor > 999_999_999_999n) throw new RangeError('field 4 carries 0 to 999999999999');
  return String(amount.minor).padStart(12, '0');
};
