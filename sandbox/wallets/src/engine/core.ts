import { epochMs, wallClock } from '@zhanggui/time';
import type { FundingCards } from '../cards.ts';
import type { Faults } from '../faults.ts';
import type { Ledger } from './ledger.ts';
import { minorOf, numberOf, numberOrNull, type Row, type Store, textOf, textOrNull } from './store.ts';
import type { EngineEvent, Order, OrderName, OrderState, OrderWay, Refund, RefundState, Wallet } from './words.ts';

/** What the parts of the engine share. */
export type Core = Readonly<{
  store: Store;
  ledger: Ledger;
  cards: FundingCards;
  faults: Faults;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  serial: () => bigint;
  emit: (event: EngineEvent) => void;
  /** One thing after the other for one order. */
  locked: <T>(order: string, work: () => Promise<T>) => Promise<T>;
  /** Divides the times the sandbox waits by itself. */
  pace: number;
}>;

export const createLocks = (): Core['locked'] => {
  const last = new Map<string, Promise<unknown>>();
  return (order, work) => {
    const before = last.get(order) ?? Promise.resolve();
    const turn = before.then(work, work);
    const settled = turn.catch(() => undefined).finally(() => last.get(order) === settled && last.delete(order));
    last.set(order, settled);
    return turn;
  };
};

export const lockOf = ({
  wallet,
  merchantNo,
  outTradeNo,
}: Pick<Order, 'wallet' | 'merchantNo' | 'outTradeNo'>): string => `${wallet}/${merchantNo}/${outTradeNo}`;

export const digits = (core: Pick<Core, 'random'>, count: number): string =>
  Array.from(core.random(count), (byte) => byte % 10).join('');

const timeOf = (at: number): string => wallClock(epochMs(at)).replaceAll(/\D/g, '');
/** yyyyMMdd in Beijing, as it stands in the wallets' numbers. */
export const dayOf = (at: number): string => timeOf(at).slice(0, 8);

/** Numbers as long and as dated as each wallet's own. */
export const tradeNoOf = (wallet: Wallet, at: number, serial: bigint): string => {
  const tail = String(serial);
  switch (wallet) {
    case 'wechat':
      return `4200${tail.slice(-6).padStart(6, '0')}${dayOf(at)}${tail.padStart(10, '0').slice(-10)}`;
    case 'alipay':
      return `${dayOf(at)}22001${tail.padStart(15, '0').slice(-15)}`;
    case 'unionpay':
      return `${timeOf(at)}${tail.padStart(7, '0').slice(-7)}`;
  }
};

export const orderOf = (row: Row): Order => ({
  id: textOf(row, 'id'),
  wallet: textOf(row, 'wallet') as Wallet,
  merchantNo: textOf(row, 'merchant_no'),
  outTradeNo: textOf(row, 'out_trade_no'),
  tradeNo: textOf(row, 'trade_no'),
  way: textOf(row, 'way') as OrderWay,
  state: textOf(row, 'state') as OrderState,
  amountMinor: minorOf(row, 'minor'),
  description: textOf(row, 'description'),
  terms: textOf(row, 'terms'),
  memo: textOf(row, 'memo'),
  link: textOrNull(row, 'link'),
  freezes: numberOf(row, 'freezes') === 1,
  createdAt: numberOf(row, 'created_at'),
  expiresAt: numberOf(row, 'expires_at'),
  askedAt: numberOf(row, 'asked_at'),
  paidAt: numberOrNull(row, 'paid_at'),
  endedAt: numberOrNull(row, 'ended_at'),
  consumerId: textOrNull(row, 'consumer_id'),
  funding: textOrNull(row, 'funding'),
  feeMinor: minorOf(row, 'fee_minor'),
  refundedMinor: minorOf(row, 'refunded_minor'),
});

export const refundOf = (row: Row): Refund => ({
  id: textOf(row, 'id'),
  orderId: textOf(row, 'order_id'),
  wallet: textOf(row, 'wallet') as Wallet,
  merchantNo: textOf(row, 'merchant_no'),
  outRefundNo: textOf(row, 'out_refund_no'),
  refundNo: textOf(row, 'refund_no'),
  amountMinor: minorOf(row, 'minor'),
  state: textOf(row, 'state') as RefundState,
  terms: textOf(row, 'terms'),
  memo: textOf(row, 'memo'),
  funding: textOf(row, 'funding'),
  createdAt: numberOf(row, 'created_at'),
  doneAt: numberOrNull(row, 'done_at'),
  feeMinor: minorOf(row, 'fee_minor'),
});

/** An order nobody paid in time is over by itself: seen whenever it is looked at. */
const inTime = (core: Core, order: Order): Order => {
  if (core.now() < order.expiresAt) return order;
  if (order.state === 'not-paid') return setState(core, order, 'closed', order.expiresAt);
  if (order.state === 'paying') return setState(core, order, 'failed', order.expiresAt);
  return order;
};

export const setState = (core: Core, order: Order, state: OrderState, endedAt: number | null): Order => {
  core.store.run('update orders set state = :state, ended_at = :endedAt where id = :id', {
    state,
    endedAt,
    id: order.id,
  });
  const changed = { ...order, state, endedAt };
  core.emit({ kind: 'order', order: changed });
  return changed;
};

export const orderById = (core: Core, id: string): Order | undefined => {
  const row = core.store.row('select * from orders where id = :id', { id });
  return row ? inTime(core, orderOf(row)) : undefined;
};

export const orderByLink = (core: Core, link: string): Order | undefined => {
  const row = core.store.row('select * from orders where link = :link', { link });
  return row ? inTime(core, orderOf(row)) : undefined;
};

export const findOrder = (core: Core, name: OrderName): Order | undefined => {
  const { wallet, merchantNo } = name;
  const row =
    'outTradeNo' in name
      ? core.store.row(
          'select * from orders where wallet = :wallet and merchant_no = :merchantNo and out_trade_no = :outTradeNo',
          { wallet, merchantNo, outTradeNo: name.outTradeNo },
        )
      : core.store.row(
          'select * from orders where wallet = :wallet and merchant_no = :merchantNo and trade_no = :tradeNo',
          {
            wallet,
            merchantNo,
            tradeNo: name.tradeNo,
          },
        );
  return row ? inTime(core, orderOf(row)) : undefined;
};
