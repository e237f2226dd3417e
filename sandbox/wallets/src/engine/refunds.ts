import { outside, refundAccount } from './accounts.ts';
import { type Core, dayOf, findOrder, lockOf, orderById, refundOf } from './core.ts';
import { feeBack, payerAccount, takeBack } from './money.ts';
import { textOf } from './store.ts';
import type { MerchantName, NewRefund, Order, Refund, RefundOutcome, RefundState } from './words.ts';

const refundsMax = 50;
const yearMs = 365 * 24 * 3_600_000;
/** How long the wallet takes, at a pace of 1. */
const takesMs = 3_000;
/** After a card's bank did not answer. */
const againMs = 30_000;

const refundById = (core: Core, id: string): Refund | undefined => {
  const row = core.store.row('select * from refunds where id = :id', { id });
  return row && refundOf(row);
};

export const refundsOf = (core: Core, orderId: string): readonly Refund[] =>
  core.store.rows('select * from refunds where order_id = :orderId order by created_at, id', { orderId }).map(refundOf);

export type RefundName = MerchantName & (Readonly<{ outRefundNo: string }> | Readonly<{ refundNo: string }>);

export const findRefund = (core: Core, name: RefundName): Refund | undefined => {
  const { wallet, merchantNo } = name;
  const where = 'select * from refunds where wallet = :wallet and merchant_no = :merchantNo and ';
  const row =
    'outRefundNo' in name
      ? core.store.row(`${where} out_refund_no = :outRefundNo`, { wallet, merchantNo, outRefundNo: name.outRefundNo })
      : core.store.row(`${where} refund_no = :refundNo`, { wallet, merchantNo, refundNo: name.refundNo });
  return row && refundOf(row);
};

type Refused = Extract<RefundOutcome, { kind: 'refused' }>['reason'];

const refusalOf = (core: Core, order: Order, wanted: NewRefund): Refused | undefined => {
  if (order.state !== 'paid') return 'not-paid';
  if (wanted.totalMinor !== undefined && wanted.totalMinor !== order.amountMinor) return 'other-total';
  if (order.refundedMinor + wanted.amountMinor > order.amountMinor) return 'exceeds';
  if (core.now() > (order.paidAt ?? 0) + yearMs) return 'too-late';
  if (refundsOf(core, order.id).length >= refundsMax) return 'too-many';
  return undefined;
};

const insertRefund = (core: Core, order: Order, wanted: NewRefund): Refund | undefined =>
  core.store.atomically(() => {
    const serial = core.serial();
    const id = `r${serial}`;
    const feeMinor = feeBack(core, order, wanted.amountMinor);
    const { amountMinor } = wanted;
    if (!takeBack(core, order, { id: `${id}/take`, amountMinor, feeMinor, to: refundAccount(id), why: 'refund' }))
      return undefined;
    core.store.run(
      `insert into refunds (id, order_id, wallet, merchant_no, out_refund_no, refund_no, minor, state, terms, memo, funding,
         created_at, done_at, fee_minor, is_lost)
       values (:id, :orderId, :wallet, :merchantNo, :outRefundNo, :refundNo, :minor, 'processing', :terms, :memo, :funding,
         :at, null, :feeMinor, :isLost)`,
      {
        id,
        orderId: order.id,
        wallet: order.wallet,
        merchantNo: order.merchantNo,
        outRefundNo: wanted.outRefundNo,
        refundNo: refundNoOf(core.now(), serial),
        minor: amountMinor,
        terms: wanted.terms,
        memo: wanted.memo,
        funding: order.funding ?? 'balance',
        at: core.now(),
        feeMinor,
        isLost: core.faults.take('refund-abnormal') ? 1 : 0,
      },
    );
    core.store.run('update orders set refunded_minor = refunded_minor + :minor where id = :id', {
      minor: amountMinor,
      id: order.id,
    });
    return refundById(core, id);
  });

const refundNoOf = (at: number, serial: bigint): string =>
  `50300${String(serial).slice(-6).padStart(6, '0')}${dayOf(at)}${String(serial).padStart(10, '0').slice(-10)}`;

const setRefund = (core: Core, refund: Refund, state: RefundState, doneAt: number | null): Refund => {
  core.store.run('update refunds set state = :state, done_at = :doneAt where id = :id', {
    state,
    doneAt,
    id: refund.id,
  });
  return { ...refund, state, doneAt };
};

const tell = (core: Core, refund: Refund): Refund => {
  const order = orderById(core, refund.orderId);
  if (order) core.emit({ kind: 'refund', refund, order });
  return refund;
};

const isLost = (core: Core, { id }: Refund): boolean =>
  core.store.row('select 1 as found from refunds where id = :id and is_lost = 1', { id }) !== undefined;

/** The money reaches the payer, or cannot; what is on the way is paid to a card before it is written. */
const complete = async (core: Core, refund: Refund, order: Order, isRedirected = false): Promise<Refund> => {
  if (!isRedirected && isLost(core, refund)) return tell(core, setRefund(core, refund, 'abnormal', null));
  const isCard = refund.funding !== 'balance' && !isRedirected;
  if (isCard) {
    const credit = { cardId: refund.funding, amountMinor: refund.amountMinor, id: refund.id };
    const outcome = await core.cards.credit(credit).catch(() => undefined);
    if (!outcome) return refund;
    if (outcome.kind === 'refused') return tell(core, setRefund(core, refund, 'abnormal', null));
  }
  const done = core.store.atomically(() => {
    const { id, amountMinor } = refund;
    const to = isRedirected ? outside : payerAccount(order);
    core.ledger.move([{ id: `${id}/pay`, from: refundAccount(id), to, amountMinor, why: 'refund', orderId: order.id }]);
    return setRefund(core, refund, 'done', core.now());
  });
  return tell(core, done);
};

export type RefundDesk = Readonly<{
  refund(wanted: NewRefund): Promise<RefundOutcome>;
  redirect(refundId: string): Promise<Refund | undefined>;
  /** Refunds that a restart interrupted go on. */
  resume(): void;
  close(): Promise<void>;
}>;

export const createRefundDesk = (core: Core, onFault: (error: unknown) => void): RefundDesk => {
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<unknown>>();

  const finish = async (id: string): Promise<Refund | undefined> => {
    const known = refundById(core, id);
    const order = known && orderById(core, known.orderId);
    if (!order) return undefined;
    return core.locked(lockOf(order), async () => {
      const refund = refundById(core, id);
      if (refund?.state !== 'processing') return refund;
      const ended = await complete(core, refund, order);
      if (ended.state === 'processing') later(id, againMs);
      return ended;
    });
  };
  const later = (id: string, waitMs = takesMs): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const work = finish(id)
        .catch(onFault)
        .finally(() => underWay.delete(work));
      underWay.add(work);
    }, waitMs / core.pace);
    timers.add(timer);
    timer.unref();
  };
  const start = async (wanted: NewRefund, order: Order): Promise<RefundOutcome> => {
    const { wallet, merchantNo } = wanted.order;
    const known = findRefund(core, { wallet, merchantNo, outRefundNo: wanted.outRefundNo });
    if (known) {
      const isSame =
        known.orderId === order.id && known.terms === wanted.terms && known.amountMinor === wanted.amountMinor;
      return isSame ? { kind: 'same', refund: known, order } : { kind: 'refused', reason: 'other-terms' };
    }
    const reason = refusalOf(core, order, wanted);
    if (reason) return { kind: 'refused', reason };
    const refund = insertRefund(core, order, wanted);
    if (!refund) return { kind: 'refused', reason: 'not-enough' };
    const settled = wanted.isInstant ? await complete(core, refund, order) : tell(core, refund);
    if (!wanted.isInstant) later(refund.id);
    else if (settled.state === 'processing') later(refund.id, againMs);
    return { kind: 'accepted', refund: settled, order: orderById(core, order.id) ?? order };
  };
  const redirect = async (refundId: string): Promise<Refund | undefined> => {
    const refund = refundById(core, refundId);
    const order = refund && orderById(core, refund.orderId);
    if (!refund || !order || refund.state !== 'abnormal') return undefined;
    return core.locked(lockOf(order), () => complete(core, refund, order, true));
  };
  return {
    refund: async (wanted) => {
      const order = findOrder(core, wanted.order);
      if (!order) return { kind: 'refused', reason: 'not-found' };
      return core.locked(lockOf(order), () => start(wanted, orderById(core, order.id) ?? order));
    },
    redirect,
    resume: () => {
      for (const row of core.store.rows(`select id from refunds where state = 'processing'`)) later(textOf(row, 'id'));
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
};
