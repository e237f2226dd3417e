import { availableAccount, consumerAccount, feeAccount, frozenAccount, outside } from './accounts.ts';
import type { Core } from './core.ts';
import { numberOf } from './store.ts';
import type { Movement, Order } from './words.ts';

const half = 5_000n;
const whole = 10_000n;

const basisPoints = (core: Core, { wallet, merchantNo }: Order): bigint => {
  const row = core.store.row(
    'select fee_basis_points from merchants where wallet = :wallet and merchant_no = :merchantNo',
    { wallet, merchantNo },
  );
  return BigInt(row ? numberOf(row, 'fee_basis_points') : 0);
};

/** What the merchant pays for a payment of this amount, half a fen up. */
const feeOf = (core: Core, order: Order, amountMinor: bigint): bigint =>
  (amountMinor * basisPoints(core, order) + half) / whole;

/** What comes back of the fee with a refund, rounded as the fee itself: over many refunds a fen may be won or lost. */
export const feeBack = feeOf;

export const payerAccount = (order: Order): string =>
  order.funding === 'balance' && order.consumerId !== null ? consumerAccount(order.consumerId, order.wallet) : outside;

/**
 * The payer's money to the merchant, the merchant's fee to the wallet; the order is paid, or nothing happened. `from`: where the
 * payer's money already is.
 */
export const settle = (
  core: Core,
  order: Order,
  payer: Readonly<{ consumerId: string; funding: string }>,
  from?: string,
): Order | undefined =>
  core.store.atomically(() => {
    const paid: Order = {
      ...order,
      ...payer,
      state: 'paid',
      paidAt: core.now(),
      feeMinor: feeOf(core, order, order.amountMinor),
    };
    const to = order.freezes ? frozenAccount(order.id) : availableAccount(order);
    const common = { orderId: order.id };
    const outcome = core.ledger.move([
      {
        ...common,
        id: `${order.id}/pay`,
        from: from ?? payerAccount(paid),
        to,
        amountMinor: order.amountMinor,
        why: 'payment',
      },
      {
        ...common,
        id: `${order.id}/fee`,
        from: to,
        to: feeAccount(order.wallet),
        amountMinor: paid.feeMinor,
        why: 'fee',
      },
    ]);
    if (outcome !== 'moved') return undefined;
    core.store.run(
      `update orders set state = 'paid', paid_at = :paidAt, consumer_id = :consumerId, funding = :funding, fee_minor = :feeMinor
       where id = :id`,
      {
        paidAt: paid.paidAt,
        consumerId: paid.consumerId,
        funding: paid.funding,
        feeMinor: paid.feeMinor,
        id: order.id,
      },
    );
    return paid;
  });

type Return = Readonly<{ id: string; amountMinor: bigint; feeMinor: bigint; to: string; why: string }>;

const returning = (order: Order, account: string, back: Return): Movement[] => [
  {
    id: `${back.id}/fee`,
    from: feeAccount(order.wallet),
    to: account,
    amountMinor: back.feeMinor,
    why: 'fee-back',
    orderId: order.id,
  },
  { id: back.id, from: account, to: back.to, amountMinor: back.amountMinor, why: back.why, orderId: order.id },
];

/** From what is frozen of the order when that is enough, else from what the merchant has. */
export const takeBack = (core: Core, order: Order, back: Return): boolean => {
  const isFrozen = core.ledger.balance(frozenAccount(order.id)) + back.feeMinor >= back.amountMinor;
  const account = isFrozen ? frozenAccount(order.id) : availableAccount(order);
  return core.ledger.move(returning(order, account, back)) !== 'not-enough';
};
