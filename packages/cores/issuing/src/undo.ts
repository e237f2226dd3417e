import type { BusinessDate } from '@zhanggui/time';
import {
  type Card,
  type CardAccount,
  checkPin,
  type Movement,
  type Outcome,
  type Policy,
  take,
  type Verdicts,
} from './authorise.ts';
import type { ResponseCode } from './codes.ts';

/**
 * Where a transaction stands. `awaited`: its reversal came first, so the request itself is still to come and will be refused.
 * `voided` and `reversed` differ: a void can itself be reversed, which brings the sale back; a reversal is for good.
 */
export type TransactionState = 'approved' | 'declined' | 'voided' | 'reversed' | 'awaited';

/** A sale as the journal remembers it. */
export type PastSale = Readonly<{ state: TransactionState; amountMinor: bigint }>;

export type PastVoid = Readonly<{ state: TransactionState; sale: PastSale | undefined }>;

const giveBack = (account: CardAccount, { amountMinor }: PastSale): Movement => ({
  kind: account.kind === 'debit' ? 'credit' : 'release',
  amountMinor,
});

export type VoidRequest = Readonly<{
  card: Card;
  account: CardAccount;
  sale: PastSale | undefined;
  amountMinor: bigint;
  pin: Verdicts['pin'];
  policy: Policy;
  day: BusinessDate;
}>;

/**
 * Decides the void of a sale, which is `voided` when the answer is 00. It gives money back, so the card's status does not matter;
 * a PIN that is sent must be right.
 */
export const voidSale = ({ card, account, sale, amountMinor, pin, policy, day }: VoidRequest): Outcome => {
  const tried = checkPin({ card, pin, isNeeded: false, policy, day });
  const refuse = (code: ResponseCode): Outcome => ({ code, card: tried.card });
  if (tried.code !== undefined) return refuse(tried.code);
  if (sale === undefined || sale.state === 'declined' || sale.state === 'awaited') return refuse('25');
  if (sale.state !== 'approved') return refuse('12');
  if (sale.amountMinor !== amountMinor) return refuse('64');
  return { code: '00', card: tried.card, movement: giveBack(account, sale) };
};

/** Reverses a sale, in whatever state it is; what is already given back stays so. */
export const reverseSale = (account: CardAccount, sale: PastSale): Movement | undefined =>
  sale.state === 'approved' ? giveBack(account, sale) : undefined;

/**
 * Reverses a void: when money moves, the sale is `approved` again. It is taken past the bound if need be, because the customer has
 * the goods. A sale that was reversed in the meantime stays reversed.
 */
export const reverseVoid = (account: CardAccount, { state, sale }: PastVoid): Movement | undefined =>
  state === 'approved' && sale?.state === 'voided' ? { ...take(account, sale.amountMinor), forced: true } : undefined;
