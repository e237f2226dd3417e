/** A request refused by this host: its answer code, and why for the log. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, why: string) {
    super(why);
    this.code = code;
  }
}

/** The codes this host refuses with by itself (facts china §1.10). */
export type RefusalCode =
  | '03' // merchant unknown, closed, or not this terminal's
  | '12' // not a transaction that can be done (void of a void, of what is voided already; a request reversed before it came)
  | '13' // amount
  | '14' // card number
  | '25' // no original
  | '30' // format
  | '40' // kind not supported
  | '64' // amount differs from the original's
  | '77' // batch: sign in again
  | '96' // this host failed
  | '97' // terminal unknown
  | '98' // no answer in time, and reversed
  | '99' // PIN block: sign in again
  | 'A0'; // MAC: sign in again
