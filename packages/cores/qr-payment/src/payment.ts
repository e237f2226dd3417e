/**
 * - `created`: journaled; the wallet has not said anything yet.
 * - `awaiting-payer`: the payer types a password, or has not scanned our code yet.
 * - `paid`: the money is ours, all or what was not refunded.
 * - `closed`: nobody paid and nobody can any more.
 * - `reversed`: cancelled at the wallet; what was paid went back.
 * - `refunding`: a refund has no end yet.
 * - `refunded`: all went back by refunds.
 * - `unknown`: nobody can say yet; it is asked, or undone.
 */
export type PaymentState =
  | 'created'
  | 'awaiting-payer'
  | 'paid'
  | 'closed'
  | 'reversed'
  | 'refunding'
  | 'refunded'
  | 'unknown';

/**
 * - `late-money`: paid after it had ended without money; it is sent back.
 * - `other-amount`: the wallet named another amount; that word was not taken.
 * - `undone`: the wallet took back what had been paid, and not because we asked.
 */
export type Alarm = 'late-money' | 'other-amount' | 'undone';
