/** `created`: journaled, not asked for yet. `refunding`: the wallet is at it. `unknown`: nobody can say yet; it is asked. */
export type RefundState = 'created' | 'refunding' | 'refunded' | 'refused' | 'unknown';
