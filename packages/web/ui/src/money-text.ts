import { type CurrencyCode, currencies, decimalText, type Money, money } from '@zhanggui/money';

const minus = '\u2212';

export type MoneyTextOptions = {
  /** Leave the symbol out where a table's header already names the currency. */
  readonly symbol?: boolean;
  /** Write the plus of a positive amount, for differences. */
  readonly plus?: boolean;
};

/** An amount as people read it: `¥1,234.50`, `−¥0.05`. The sign comes first, thousands are grouped by commas. */
export const moneyText = (value: Money, { symbol = true, plus = false }: MoneyTextOptions = {}): string => {
  const plain = decimalText({ ...value, minor: value.minor < 0n ? -value.minor : value.minor });
  const [whole = '', fraction] = plain.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value.minor < 0n ? minus : plus && value.minor > 0n ? '+' : '';
  return `${sign}${symbol ? currencies[value.currency].symbol : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
};

/** A count or quantity as people read it, with the true minus sign. */
export const numberText = (text: string): string => text.replace(/^-/, minus);

/**
 * Money of the wire's minor-unit string. Throws `SyntaxError` when it is not a whole number.
 */
export const moneyOfMinor = (minor: string, currency: CurrencyCode = 'CNY'): Money => money(BigInt(minor), currency);

/** Height of a bar or point for an amount, in major units; labels and tooltips use `moneyText`, never this number. */
export const plotHeight = (value: Money): number => Number(value.minor) / 10 ** currencies[value.currency].exponent;
