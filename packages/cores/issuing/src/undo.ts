import type { Transfer } from '@zhanggui/ledger';
import type { BusinessDate } from '@zhanggui/time';
import {
  type Booking,
  type Card,
  type CardAccount,
  checkPin,
  debitTransfer,
  type Policy,
  type Verdicts,
} from './authorise.ts';
import type { ResponseCode } from './codes.ts';

/**
 * Where a transaction stands. `awaited`: its reversal came first, so the request itself is still to come and will be refused.
 * `voided` and `reversed` differ: a void can itself be reversed, which brings the sale back; a reversal is for good.
 */
export type TransactionState = 'approved' | 'declined' | 'voided' | 'reversed' | 'awaited';

/** A sale as the journal remembers it. */
export type PastSale = Readonly<{
  state: TransactionState;
  amountMinor: bigint;
  /** The debit or hold in force; after a reversed void, the second one. */
  transfer?: Transfer;
}>;

export type PastVoid = Readonly<{ state: TransactionState; sale?: PastSale }>;

/** Gives a sale's money back: a posted debit by a credit, a hold by voiding it. */
const giveBack = (sale: PastSale, booking: Booking): Transfer[] => {
  const { transfer } = sale;
  if (!transfer) return [];
  if (transfer.kind === 'pending')
    return [{ ...transfer, id: booking.transferId, kind: 'void', amountMinor: 0n, pendingId: transfer.id }];
  const back = { debitAccountId: booking.settlementAccountId, creditAccountId: transfer.debitAccountId };
  return [{ id: booking.transferId, kind: 'posted', amountMinor: transfer.amountMinor, ...back }];
};

export type VoidRequest = Readonly<{
  card: Card;
  sale: PastSale | undefined;
  amountMinor: bigint;
  pin: Verdicts['pin'];
  policy: Policy;
  booking: Booking;
  day: BusinessDate;
}>;

export type VoidOutcome = Readonly<{
  code: ResponseCode;
  card: Card;
  transfers: readonly Transfer[];
  saleState?: 'voided';
}>;

/** Decides the void of a sale: it gives money back, so the card's status does not matter; a PIN that is sent must be right. */
export const voidSale = ({ card, sale, amountMinor, pin, policy, booking, day }: VoidRequest): VoidOutcome => {
  const tried = checkPin({ card, pin, isNeeded: false, policy, day });
  const refuse = (code: ResponseCode): VoidOutcome => ({ code, card: tried.card, transfers: [] });
  if (tried.code !== undefined) return refuse(tried.code);
  if (sale === undefined || sale.state === 'declined' || sale.state === 'awaited') return refuse('25');
  if (sale.state !== 'approved') return refuse('12');
  if (sale.amountMinor !== amountMinor) return refuse('64');
  return { code: '00', card: tried.card, transfers: giveBack(sale, booking), saleState: 'voided' };
};

export type ReversalOutcome = Readonly<{ transfers: readonly Transfer[] }>;

/** Reverses a sale, in whatever state it is; what is already given back stays so. */
export const reverseSale = (sale: PastSale, booking: Booking): ReversalOutcome => ({
  transfers: sale.state === 'approved' ? giveBack(sale, booking) : [],
});

/**
 * Reverses a void: the sale is debited again, past the bound if need be, because the customer has the goods. A sale that was
 * reversed in the meantime stays reversed.
 */
export const reverseVoid = (
  past: PastVoid,
  account: CardAccount,
  booking: Booking,
): ReversalOutcome & { saleState?: 'approved' } => {
  const { sale } = past;
  if (past.state !== 'approved' || sale?.state !== 'voided') return { transfers: [] };
  return {
    transfers: [{ ...debitTransfer(account, booking, sale.amountMinor), forced: true }],
    saleState: 'approved',
  };
};
