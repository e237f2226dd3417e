import { type Bilingual, type PricedLine, priceBasket, settle, type Wallet } from '@zhanggui/basket';
import { addMoney, type Money } from '@zhanggui/money';
import { cashRuleOf, currencyOf } from '../counter.ts';
import type { Attempt, OpenSale } from '../records.ts';
import { quantityText } from '../sell/quantity.ts';
import { isFinished } from '../tender/attempt.ts';
import { doneView } from '../tender/done-view.ts';
import type { TillState } from '../till-state.ts';

/** What the customer may know: no cost, no staff words, no codes of hosts. Whole each time, so that a window opened late is right. */
export type DisplaySnapshot = Readonly<{ shop: Bilingual | null; sandbox: boolean; scene: DisplayScene }>;

export type DisplayLine = Readonly<{
  id: string;
  name: Bilingual;
  quantity: string;
  unit: Bilingual;
  unitPrice: Money;
  discount: Money;
  amount: Money;
}>;

/** What the customer is asked to do. */
export type DisplayAsk =
  | Readonly<{ kind: 'scan'; wallet: Wallet; amount: Money; qr: string; expiresAt: number | null }>
  | Readonly<{ kind: 'present'; amount: Money }>
  | Readonly<{ kind: 'password'; wallet: Wallet; amount: Money }>
  | Readonly<{ kind: 'card'; amount: Money }>
  | Readonly<{ kind: 'wait'; amount: Money }>
  /** A payment that ended without money; the next one can begin. */
  | Readonly<{ kind: 'unpaid'; amount: Money }>;

export type DisplayScene =
  | Readonly<{ kind: 'idle' }>
  | Readonly<{
      kind: 'sale';
      lines: readonly DisplayLine[];
      /** The line that changed last, to be shown. */
      changedId: string;
      pieceCount: number;
      total: Money;
      discount: Money;
      paid: Money;
      left: Money;
      ask: DisplayAsk | null;
    }>
  | Readonly<{ kind: 'done'; change: Money; hasChange: boolean; received: Money }>;

const seen = ['session', 'phase', 'sale', 'done', 'panel', 'way', 'changed'] as const satisfies (keyof TillState)[];
type Seen = Pick<TillState, (typeof seen)[number]>;

/** Whether anything changed that the customer sees: not every key of the cashier's pad is sent. */
export const isSeen = (state: Seen, before: Seen): boolean => seen.some((key) => state[key] !== before[key]);

const lineOf = (line: PricedLine): DisplayLine => ({
  id: line.id,
  name: line.item.name,
  quantity: quantityText(line.quantityMilli, line.item.weighed),
  unit: line.item.unit.name,
  unitPrice: line.unitPrice,
  discount: line.discountAmount,
  amount: line.amount,
});

const askOfAttempt = (attempt: Attempt): DisplayAsk => {
  const { amount } = attempt;
  if (attempt.state !== 'awaiting-payer')
    return attempt.state === 'waiting-card' || attempt.state === 'processing'
      ? { kind: 'card', amount }
      : { kind: 'wait', amount };
  const { wallet, how, qr, expiresAt } = attempt;
  if (how === 'code') return { kind: 'password', wallet, amount };
  return qr === null ? { kind: 'wait', amount } : { kind: 'scan', wallet, amount, qr, expiresAt };
};

const askOf = ({ panel, way }: Seen, sale: OpenSale, left: Money): DisplayAsk | null => {
  const { attempt } = sale;
  if (attempt) return isFinished(attempt) ? { kind: 'unpaid', amount: attempt.amount } : askOfAttempt(attempt);
  return panel === 'tender' && way === 'phone' ? { kind: 'present', amount: left } : null;
};

const saleScene = (state: Seen, sale: OpenSale): DisplayScene => {
  const { lines, total, pieceCount, discountAmount } = priceBasket(sale.basket);
  const standing = settle(total, sale.tenders, cashRuleOf(state.session));
  return {
    kind: 'sale',
    lines: lines.map(lineOf),
    changedId: state.changed.lineId,
    pieceCount,
    total,
    discount: discountAmount,
    paid: addMoney(standing.paidCashless, standing.cashReceived),
    left: standing.leftCashless,
    ask: askOf(state, sale, standing.leftCashless),
  };
};

const sceneOf = (state: Seen): DisplayScene => {
  const { session, phase, sale, done, panel } = state;
  if (phase !== 'selling') return { kind: 'idle' };
  if (panel === 'done' && done) {
    const { change, hasChange, received } = doneView(done, currencyOf(session));
    return { kind: 'done', change, hasChange, received };
  }
  return sale && sale.basket.lines.length > 0 ? saleScene(state, sale) : { kind: 'idle' };
};

export const displaySnapshot = (state: Seen): DisplaySnapshot => ({
  shop: state.session?.shop.name ?? null,
  sandbox: state.session?.settings.sandbox ?? false,
  scene: sceneOf(state),
});
