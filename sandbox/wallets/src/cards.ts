export type FundingCard = Readonly<{
  id: string;
  title: Readonly<{ zh: string; en: string }>;
  maskedPan: string;
  kind: 'debit' | 'credit';
}>;
type CardMovement = Readonly<{ cardId: string; amountMinor: bigint; id: string }>;
export type CardOutcome = Readonly<{ kind: 'done' }> | Readonly<{ kind: 'refused'; code: string }>;

/** The consumer's bank cards, kept by somebody else: an issuer. One `id` moves money once, however often it is asked for. */
export interface FundingCards {
  cards(): Promise<readonly FundingCard[]>;
  debit(movement: CardMovement): Promise<CardOutcome>;
  credit(movement: CardMovement): Promise<CardOutcome>;
}
