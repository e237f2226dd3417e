/** ISO 4217: alphabetic code to numeric code, number of decimals, symbol. Add a row to support a currency. */
export const currencies = {
  CNY: { numeric: '156', exponent: 2, symbol: '¥' },
  HKD: { numeric: '344', exponent: 2, symbol: 'HK$' },
  JPY: { numeric: '392', exponent: 0, symbol: 'JP¥' },
  KWD: { numeric: '414', exponent: 3, symbol: 'KD' },
  USD: { numeric: '840', exponent: 2, symbol: 'US$' },
  EUR: { numeric: '978', exponent: 2, symbol: '€' },
} as const satisfies Record<string, { numeric: string; exponent: number; symbol: string }>;

export type CurrencyCode = keyof typeof currencies;
