import { type Core, findOrder, lockOf, orderById, setState, tradeNoOf } from './core.ts';
import type { CloseOutcome, CreateOutcome, NewOrder, Order, OrderName, OrderWay } from './words.ts';

type ToInsert = NewOrder & Readonly<{ way: OrderWay; link?: string }>;

export const insertOrder = (core: Core, order: ToInsert): Order => {
  const at = core.now();
  const serial = core.serial();
  const id = `o${serial}`;
  core.store.run(
    `insert into orders (id, wallet, merchant_no, out_trade_no, trade_no, way, state, minor, description, terms, memo, link, freezes,
       created_at, expires_at, asked_at, paid_at, ended_at, consumer_id, funding, fee_minor, refunded_minor)
     values (:id, :wallet, :merchantNo, :outTradeNo, :tradeNo, :way, 'not-paid', :amountMinor, :description, :terms, :memo, :link,
       :freezes, :at, :expiresAt, :at, null, null, null, null, 0, 0)`,
    {
      id,
      wallet: order.wallet,
      merchantNo: order.merchantNo,
      outTradeNo: order.outTradeNo,
      tradeNo: tradeNoOf(order.wallet, at, serial),
      way: order.way,
      amountMinor: order.amountMinor,
      description: order.description,
      terms: order.terms,
      memo: order.memo,
      link: order.link ?? null,
      freezes: order.freezes ? 1 : 0,
      at,
      expiresAt: order.expiresAt,
    },
  );
  const made = orderById(core, id);
  if (!made) throw new Error('an order that was written is there');
  return made;
};

export const createOrder = (
  core: Core,
  order: NewOrder & Readonly<{ way: 'shown' | 'page'; link?: string }>,
): CreateOutcome => {
  const known = findOrder(core, order);
  if (!known) return { kind: 'created', order: insertOrder(core, order) };
  if (known.state === 'paid' || known.state === 'reversed' || known.state === 'paying')
    return { kind: 'refused', reason: known.state, order: known };
  if (known.state !== 'not-paid') return { kind: 'refused', reason: 'closed', order: known };
  if (known.terms !== order.terms || known.way !== order.way)
    return { kind: 'refused', reason: 'other-terms', order: known };
  return { kind: 'same', order: known };
};

export const close = (core: Core, name: OrderName): Promise<CloseOutcome> => {
  const known = findOrder(core, name);
  if (!known) return Promise.resolve({ kind: 'refused', reason: 'not-found' });
  return core.locked(lockOf(known), async () => {
    const order = orderById(core, known.id) ?? known;
    if (order.way === 'code') return { kind: 'refused', reason: 'must-reverse' };
    switch (order.state) {
      case 'paid':
        return { kind: 'refused', reason: 'paid' };
      case 'reversed':
        return { kind: 'refused', reason: 'reversed' };
      case 'closed':
      case 'failed':
        return { kind: 'closed', order };
      case 'not-paid':
      case 'paying':
        return { kind: 'closed', order: setState(core, order, 'closed', core.now()) };
    }
  });
};
