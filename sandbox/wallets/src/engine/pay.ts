import { chargeCard, returnCharges } from './charges.ts';
import { checkPassword, consumerById, fundingOf, isPasswordAsked, needsPassword, useCode } from './consumers.ts';
import { type Core, findOrder, lockOf, orderById, setState } from './core.ts';
import { payerAccount, settle, takeBack } from './money.ts';
import { insertOrder } from './orders.ts';
import type { CodePayOutcome, ConfirmOutcome, NewOrder, Order, OrderName, ReverseOutcome } from './words.ts';

type Payer = Readonly<{ consumerId: string; funding: string }>;
type Charged =
  | Readonly<{ kind: 'paid'; order: Order }>
  | Readonly<{ kind: 'refused'; reason: 'not-enough' | 'card-refused' | 'card-unknown' }>;

const chargeBalance = (core: Core, order: Order, payer: Payer): Charged => {
  const paid = settle(core, order, payer);
  return paid ? { kind: 'paid', order: paid } : { kind: 'refused', reason: 'not-enough' };
};

const payFromCard = async (core: Core, order: Order, payer: Payer): Promise<Charged> => {
  const cards = await core.cards.cards();
  if (!cards.some(({ id }) => id === payer.funding)) return { kind: 'refused', reason: 'card-unknown' };
  const { consumerId, funding: cardId } = payer;
  const wanted = { orderId: order.id, consumerId, cardId, amountMinor: order.amountMinor };
  const charged = await chargeCard(core, wanted, () => settle(core, order, payer));
  if (charged.kind === 'booked') return { kind: 'paid', order: charged.booked };
  return { kind: 'refused', reason: charged.code === '51' ? 'not-enough' : 'card-refused' };
};

const charge = async (core: Core, order: Order, payer: Payer): Promise<Charged> => {
  const charged = await (payer.funding === 'balance'
    ? chargeBalance(core, order, payer)
    : payFromCard(core, order, payer));
  if (charged.kind === 'paid') core.emit({ kind: 'order', order: charged.order });
  return charged;
};

/** A number that was used before: what became of it decides. */
const knownOrder = (known: Order, order: NewOrder): CodePayOutcome | undefined => {
  if (known.terms !== order.terms || known.way !== 'code')
    return { kind: 'refused', reason: 'other-terms', order: known };
  switch (known.state) {
    case 'paid':
    case 'closed':
    case 'reversed':
      return { kind: 'refused', reason: known.state, order: known };
    case 'paying':
      return { kind: 'paying', order: known };
    case 'not-paid':
    case 'failed':
      return undefined;
  }
};

const startPaying = (core: Core, order: Order): Order => {
  core.store.run(`update orders set state = 'paying' where id = :id`, { id: order.id });
  const paying: Order = { ...order, state: 'paying' };
  core.emit({ kind: 'order', order: paying });
  return paying;
};

type Attempt = NewOrder & Readonly<{ authCode: string }>;
type Begun = CodePayOutcome | Readonly<{ kind: 'charge'; order: Order; payer: Payer }>;

/** Everything up to the charge: one transaction. The code is used by it, whatever comes of it. */
const beginPayment = (core: Core, wanted: Attempt): Begun => {
  const known = findOrder(core, wanted);
  const settled = known && knownOrder(known, wanted);
  if (settled) return settled;
  const use = useCode(core, wanted.wallet, wanted.authCode, wanted.outTradeNo);
  if (use.kind === 'refused') return { ...use, order: known };
  const { consumerId } = use;
  if (known && known.consumerId !== null && known.consumerId !== consumerId)
    return { kind: 'refused', reason: 'other-payer', order: known };
  const made = known ? setState(core, known, 'not-paid', null) : insertOrder(core, { ...wanted, way: 'code' });
  const consumer = consumerById(core, consumerId);
  if (!consumer) return { kind: 'refused', reason: 'code-unknown', order: made };
  const askedAt = core.now();
  core.store.run('update orders set consumer_id = :consumerId, asked_at = :askedAt where id = :id', {
    consumerId,
    askedAt,
    id: made.id,
  });
  const order = { ...made, consumerId, askedAt };
  if (core.faults.take('payer-frozen')) return { kind: 'refused', reason: 'account-frozen', order };
  if (needsPassword(core, consumer, order)) return { kind: 'paying', order: startPaying(core, order) };
  return { kind: 'charge', order, payer: { consumerId, funding: fundingOf(core, consumerId, order.wallet) } };
};

const payOrder = async (core: Core, wanted: Attempt): Promise<CodePayOutcome> => {
  const begun = core.store.atomically(() => beginPayment(core, wanted));
  if (begun.kind !== 'charge') return begun;
  const { order, payer } = begun;
  const charged = await charge(core, order, payer);
  if (charged.kind === 'paid') return charged;
  const reason = charged.reason === 'card-unknown' ? 'card-refused' : charged.reason;
  core.emit({ kind: 'refused', consumerId: payer.consumerId, order, reason });
  return { kind: 'refused', reason, order };
};

export const payByCode = (core: Core, order: Attempt): Promise<CodePayOutcome> =>
  core.locked(lockOf(order), () => payOrder(core, order));

type Confirmation = Readonly<{ consumerId: string; orderId: string; password?: string; funding?: string }>;

/** A code payment that waits always wants it; a scanned order as the consumer's rule says. */
const passwordRefusal = (
  core: Core,
  order: Order,
  { consumerId, password }: Pick<Confirmation, 'consumerId' | 'password'>,
): ConfirmOutcome | undefined => {
  const consumer = consumerById(core, consumerId);
  if (!consumer) return { kind: 'refused', reason: 'not-found' };
  if (password !== undefined) {
    const check = checkPassword(core, consumerId, password);
    return check.kind === 'right' ? undefined : { kind: 'refused', reason: check.kind, triesLeft: check.triesLeft };
  }
  return isPasswordAsked(consumer, order) ? { kind: 'refused', reason: 'password-needed' } : undefined;
};

const confirmOrder = async (
  core: Core,
  { consumerId, orderId, password, funding }: Confirmation,
): Promise<ConfirmOutcome> => {
  const order = orderById(core, orderId);
  if (!order) return { kind: 'refused', reason: 'not-found' };
  if (order.state === 'paid' || order.state === 'reversed') return { kind: 'refused', reason: order.state };
  const isOpen = order.way === 'code' ? order.state === 'paying' : order.state === 'not-paid';
  if (!isOpen) return { kind: 'refused', reason: 'closed' };
  const refusal = passwordRefusal(core, order, { consumerId, password });
  if (refusal) return refusal;
  return charge(core, order, { consumerId, funding: funding ?? fundingOf(core, consumerId, order.wallet) });
};

export const confirm = async (core: Core, confirmation: Confirmation): Promise<ConfirmOutcome> => {
  const order = orderById(core, confirmation.orderId);
  if (!order) return { kind: 'refused', reason: 'not-found' };
  return core.locked(lockOf(order), () => confirmOrder(core, confirmation));
};

/** The payer says no: a code payment has failed, a scanned order may still be paid by somebody. */
export const decline = async (core: Core, orderId: string): Promise<void> => {
  const known = orderById(core, orderId);
  if (!known) return;
  await core.locked(lockOf(known), async () => {
    const order = orderById(core, orderId);
    if (order?.state === 'paying') setState(core, order, 'failed', core.now());
  });
};

const lateMs = 7 * 24 * 3_600_000;

/** Money of a card goes back to the card after it left the merchant; until then it is written down that it must. */
const giveBack = async (core: Core, order: Order): Promise<boolean> => {
  const isTaken = core.store.atomically(() => {
    const back = {
      id: `${order.id}/back`,
      amountMinor: order.amountMinor,
      feeMinor: order.feeMinor,
      to: payerAccount(order),
    };
    if (!takeBack(core, order, { ...back, why: 'reversal' })) return false;
    core.store.run(`update charges set state = 'returning' where order_id = :id and state = 'done'`, { id: order.id });
    core.store.run(`update orders set state = 'reversed', ended_at = :at where id = :id`, {
      at: core.now(),
      id: order.id,
    });
    return true;
  });
  if (isTaken) await returnCharges(core);
  return isTaken;
};

const reverseOrder = async (core: Core, order: Order, notBeforeMs: number): Promise<ReverseOutcome> => {
  const { state } = order;
  if (state === 'reversed') return { kind: 'reversed', order };
  if (core.now() < order.askedAt + notBeforeMs) return { kind: 'refused', reason: 'too-early' };
  if (order.refundedMinor > 0n) return { kind: 'refused', reason: 'refunded' };
  if (state !== 'paid') return { kind: 'reversed', order: setState(core, order, 'reversed', core.now()) };
  if (core.now() > (order.paidAt ?? 0) + lateMs) return { kind: 'refused', reason: 'too-late' };
  if (!(await giveBack(core, order))) return { kind: 'refused', reason: 'not-enough' };
  const reversed = orderById(core, order.id) ?? order;
  core.emit({ kind: 'order', order: reversed });
  return { kind: 'reversed', order: reversed };
};

export const reverse = async (core: Core, name: OrderName, notBeforeMs: number): Promise<ReverseOutcome> => {
  const known = findOrder(core, name);
  if (!known) return { kind: 'refused', reason: 'not-found' };
  return core.locked(lockOf(known), () => reverseOrder(core, orderById(core, known.id) ?? known, notBeforeMs));
};
