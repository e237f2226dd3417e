import {
  type CashRounding,
  cashSuggestions,
  priceBasket,
  type Settlement,
  settle,
  type Tender,
  type Wallet,
} from '@zhanggui/basket';
import { addMoney, type Money, money, parseMoney, subtractMoney } from '@zhanggui/money';
import type { ConnectionState } from '@zhanggui/ui';
import type { Attempt, OpenSale } from '../records.ts';
import { isFinished } from './attempt.ts';

type CashlessRefusal = 'none' | 'offline';

/** A key that takes the typed part, else all that is left, without cash. */
type CashlessKey = Readonly<{ amount: Money; isPart: boolean; leftAfter: Money; refusal: CashlessRefusal | undefined }>;

export type TenderView = Readonly<{
  due: Money;
  paid: Money;
  /** Left if the rest is paid in cash, rounded; what the big figure shows. */
  left: Money;
  change: Money;
  tenders: readonly Tender[];
  /** What cash rounding would take off or add to the rest. */
  rounding: Money;
  notes: readonly Money[];
  /** The amount of the pad, else all that is left in cash. */
  cash: Readonly<{ amount: Money; settles: boolean; change: Money; allowed: boolean }>;
  card: CashlessKey;
  phone: CashlessKey & Readonly<{ wallets: readonly Wallet[] }>;
  attempt: Attempt | undefined;
  /** A payment is in flight or unknown: nothing else may be taken. */
  isLocked: boolean;
  /** Nothing to pay: the sale is finished with one key. */
  isFree: boolean;
}>;

type Terms = Readonly<{
  rule: CashRounding;
  pad: string;
  connection: ConnectionState;
  hasTerminal: boolean;
  wallets: readonly Wallet[];
}>;

const paidOf = (standing: Settlement): Money => addMoney(standing.paidCashless, standing.cashReceived);

/** A typed amount beyond what is left can only be cash: the other keys then stay at what is left. */
const cashlessKey = (standing: Settlement, typed: Money | undefined, refusal: CashlessKey['refusal']): CashlessKey => {
  const isPart = typed !== undefined && typed.minor < standing.leftCashless.minor;
  const amount = isPart ? typed : standing.leftCashless;
  return { amount, isPart, leftAfter: subtractMoney(standing.leftCashless, amount), refusal };
};

/** Everything the tender panel shows, from the sale and what the cashier has typed. */
export const tenderView = (sale: OpenSale, terms: Terms): TenderView => {
  const { total } = priceBasket(sale.basket);
  const standing = settle(total, sale.tenders, terms.rule);
  const parsed = terms.pad === '' ? undefined : parseMoney(terms.pad, total.currency);
  const typed = parsed && parsed.minor > 0n ? parsed : undefined;
  const amount = typed ?? standing.leftInCash;
  const after = settle(total, [...sale.tenders, { kind: 'cash', received: amount }], terms.rule);
  const offline = terms.connection === 'offline' ? 'offline' : undefined;
  const isLocked = sale.attempt !== null && !isFinished(sale.attempt);
  return {
    due: total,
    paid: paidOf(standing),
    left: standing.leftInCash,
    change: after.isPaid ? after.change : money(0n, total.currency),
    tenders: sale.tenders,
    rounding: after.rounding,
    notes: cashSuggestions(standing.leftInCash),
    cash: {
      amount,
      settles: after.isPaid,
      change: after.change,
      allowed: !isLocked && !standing.isPaid && amount.minor > 0n,
    },
    card: cashlessKey(standing, typed, terms.hasTerminal ? offline : 'none'),
    phone: {
      ...cashlessKey(standing, typed, terms.wallets.length > 0 ? offline : 'none'),
      wallets: terms.wallets,
    },
    attempt: sale.attempt ?? undefined,
    isLocked,
    isFree: standing.isPaid,
  };
};
