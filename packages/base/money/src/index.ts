export { type CurrencyCode, currencies } from './currencies.ts';
export {
  addMoney,
  allocateMoney,
  amountField,
  cny,
  decimalText,
  divideRounded,
  type Money,
  money,
  negateMoney,
  parseMoney,
  type Ratio,
  type Rounding,
  scaleMoney,
  splitMoney,
  subtractMoney,
  sumMoney,
} from './money.ts';
