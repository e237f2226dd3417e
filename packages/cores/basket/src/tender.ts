import {
  addMoney,
  type CurrencyCode,
  divideRounded,
  type Money,
  money,
  type Rounding,
  subtractMoney,
  sumMoney,
} from '@zhanggui/money';

/** Cash is paid in multiples of `unitMinor` (抹零); null: to the last minor unit. */
export type CashRounding = Readonly<{ unitMinor: bigint; rounding: Rounding }> | null;

export type CashTender = Readonly<{ kind: 'cash'; received: Money }>;
export type CardTender = Readonly<{
  kind: 'card';
  amount: Money;
  terminalId: string;
  /** The sale request the terminal answered. */
  requestId: string;
  batch?: string;
  stan?: string;
  rrn?: string;
  authCode?: string;
  maskedPan?: string;
}>;
/** Whose wallet a QR payment came from. */
export type Wallet = 'wechat' | 'alipay' | 'unionpay';
export type WalletTender = Readonly<{
  kind: 'wallet';
  wallet: Wallet;
  amount: Money;
  /** The till's payment request; leads to the payment. */
  requestId: string;
  /** Our number at the wallet, and the wallet's own. */
  outTradeNo?: string;
  walletTradeNo?: string;
  /** The wallet's number of who paid, never a name. */
  payer?: string;
}>;
export type Tender = CashTender | CardTender | WalletTender;

/** How money came in, as reports count it: every wallet is a way of its own. */
export const tenderWays = ['cash', 'card', 'wechat', 'alipay', 'unionpay'] as const;
export type TenderWay = (typeof tenderWays)[number];
export const tenderWay = (
  tender: Readonly<{ kind: 'cash' | 'card' } | { kind: 'wallet'; wallet: Wallet }>,
): TenderWay => (tender.kind === 'wallet' ? tender.wallet : tender.kind);

/** What was handed over or charged. */
export const tenderAmount = (tender: Tender): Money => (tender.kind === 'cash' ? tender.received : tender.amount);

/** Where a payment stands. Paid means: cards + wallets + cash received - change = total + rounding. */
export type Settlement = Readonly<{
  total: Money;
  /** By cards and wallets: to the last minor unit, and never more than was due. */
  paidCashless: Money;
  cashReceived: Money;
  /** What cash rounding adds to the total; zero until cash is part of it. */
  rounding: Money;
  /** Still due if the rest is paid by card or wallet. */
  leftCashless: Money;
  /** Still due if the rest is paid in cash: rounded. */
  leftInCash: Money;
  change: Money;
  /** Cash the drawer keeps. */
  cashKept: Money;
  isPaid: boolean;
}>;

const atLeastZero = (amount: Money): Money => (amount.minor < 0n ? money(0n, amount.currency) : amount);

/** What is paid in cash for an amount. */
export const roundForCash = (amount: Money, rule: CashRounding): Money =>
  rule === null
    ? amount
    : money(divideRounded(amount.minor, rule.unitMinor, rule.rounding) * rule.unitMinor, amount.currency);

/** Adds up the tenders against a total. Only the part left to cash is rounded, and only cash gives change. */
export const settle = (total: Money, tenders: readonly Tender[], rule: CashRounding): Settlement => {
  const sum = (amounts: Money[]) => sumMoney(amounts, total.currency);
  const paidCashless = sum(tenders.flatMap((tender) => (tender.kind === 'cash' ? [] : [tender.amount])));
  const cashReceived = sum(tenders.flatMap((tender) => (tender.kind === 'cash' ? [tender.received] : [])));
  const cashShare = subtractMoney(total, paidCashless);
  const cashDue = roundForCash(atLeastZero(cashShare), rule);
  const hasCash = tenders.some(({ kind }) => kind === 'cash');
  const isPaid = cashShare.minor <= 0n || (hasCash && cashReceived.minor >= cashDue.minor);
  const change = hasCash ? atLeastZero(subtractMoney(cashReceived, cashDue)) : money(0n, total.currency);
  return {
    total,
    paidCashless,
    cashReceived,
    rounding: hasCash ? subtractMoney(cashDue, atLeastZero(cashShare)) : money(0n, total.currency),
    leftCashless: isPaid ? money(0n, total.currency) : atLeastZero(subtractMoney(cashShare, cashReceived)),
    leftInCash: isPaid ? money(0n, total.currency) : atLeastZero(subtractMoney(cashDue, cashReceived)),
    change,
    cashKept: subtractMoney(cashReceived, change),
    isPaid,
  };
};

export type TenderRefusal = 'nothing-due' | 'not-positive' | 'exceeds-due' | 'other-currency';

/** Why a tender cannot be taken now, if anything: cards and wallets never pay more than is due, because they give no change. */
export const tenderRefusal = (standing: Settlement, tender: Tender): TenderRefusal | undefined => {
  const amount = tenderAmount(tender);
  if (amount.currency !== standing.total.currency) return 'other-currency';
  if (amount.minor <= 0n) return 'not-positive';
  if (standing.isPaid) return 'nothing-due';
  return tender.kind !== 'cash' && amount.minor > standing.leftCashless.minor ? 'exceeds-due' : undefined;
};

/** Amounts a customer is likely to hand over: exactly, then the next multiple of each step (10, 50 and 100 yuan). */
export const cashSuggestions = (due: Money, stepsMinor: readonly bigint[] = [10_00n, 50_00n, 100_00n]): Money[] => {
  const rounded = stepsMinor.map((step) => divideRounded(due.minor, step, 'up') * step);
  const distinct = [...new Set([due.minor, ...rounded])].sort((left, right) => (left < right ? -1 : 1));
  return distinct.map((minor) => money(minor, due.currency));
};

/** What a drawer holds by its count of notes and coins. */
export const countCash = (counts: readonly { value: Money; count: number }[], currency: CurrencyCode): Money =>
  counts.reduce(
    (sum, { value, count }) => addMoney(sum, money(value.minor * BigInt(count), value.currency)),
    money(0n, currency),
  );
