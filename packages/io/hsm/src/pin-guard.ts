import { HsmError } from './hsm-error.ts';

/** At most `guesses` wrong answers about one card within `windowMs`; then nothing more is learnt about its PIN. */
export type PinLimit = Readonly<{ guesses: number; windowMs: number }>;

export const usualPinLimit: PinLimit = { guesses: 10, windowMs: 600_000 };

const cardsMax = 100_000;

type Tally = { from: number; guesses: number };

/**
 * Counts wrong guesses per card, so that whoever can put questions to the module cannot try PINs with it. The count is
 * not started again by a right answer: an old block that is known to be right can be played as often as one likes.
 * It lives in this process; the issuer's own count of tries, which is stored, comes long before it.
 */
export class PinGuard {
  readonly #limit: PinLimit;
  readonly #now: () => number;
  readonly #tallies = new Map<string, Tally>();

  constructor(limit: PinLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Throws `pin-limit`. */
  demand(pan: string): void {
    if (this.isShut(pan)) throw new HsmError('pin-limit');
  }

  isShut(pan: string): boolean {
    if (this.#tallies.size === 0) return false;
    const tally = this.#tallies.get(pan);
    if (tally === undefined || tally.guesses < this.#limit.guesses) return false;
    if (!this.#isOver(tally)) return true;
    this.#tallies.delete(pan);
    return false;
  }

  guessed(pan: string): void {
    const tally = this.#tallies.get(pan);
    if (tally && !this.#isOver(tally)) {
      tally.guesses += 1;
      return;
    }
    if (this.#tallies.size >= cardsMax) this.#makeRoom();
    this.#tallies.set(pan, { from: this.#now(), guesses: 1 });
  }

  #isOver(tally: Tally): boolean {
    return this.#now() - tally.from >= this.#limit.windowMs;
  }

  /** The longest known card goes: a flood of cards loses counts, not memory. */
  #makeRoom(): void {
    const [oldest] = this.#tallies.keys();
    if (oldest !== undefined) this.#tallies.delete(oldest);
  }
}
