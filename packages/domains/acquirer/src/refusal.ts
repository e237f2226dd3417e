/** The codes this host refuses with by itself (Q/CUP 009.1). */
export type RefusalCode =
  | '03' // merchant closed, or not this terminal's
  | '12' // not a transaction that can be done
  | '13' // amount
  | '14' // card number
  | '25' // no original
  | '30' // format
  | '40' // kind not supported
  | '64' // amount differs from the original's
  | '77' // batch: sign in again
  | '94' // duplicate number
  | '96' // this host failed
  | '97' // terminal unknown
  | '98' // no answer in time, and reversed
  | 'A0'; // MAC, or not signed in: sign in again

/** A request refused by this host before it was journaled: the answer code, and why for the log. */
export class Refusal {
  readonly code: RefusalCode;
  readonly why: string;

  constructor(code: RefusalCode, why: string) {
    this.code = code;
    this.why = why;
  }
}
