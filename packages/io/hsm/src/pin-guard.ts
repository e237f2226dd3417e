import { HsmError } from './hsm-error.ts';

/** At most `guesses` wrong answers about one card within `windowMs`; then nothing more is learnt about its PIN. */
export type PinLimit = Readonly<{ guesses: number; windowMs: number }>;

export const usualPinLimit: PinLimit = { guesses: 10, windowMs: 600_000 };

const cardsMax = 100_000;

export type Tally = { from: number; guesses: number };

/** A wrong guess put into the count that processes share; what that count is now. */
export type SharedCount = (pan: string, at: number, windowMs: number) => Promise<Tally>;

/**
 * Counts wrong guesses per card, so that whoever can put questions to the module cannot try PINs with it. The count is
 * not started again by a right answer: an old block that is known to be right can be played as often as one likes.
 * Right PINs cost nothing: the count that processes share is asked with each wrong one, so that a process that has not met
 * a card yet gives one answer about it that the others would not.
 */
export class PinGuard {
  readonly #limit: PinLimit;
  readonly #now: () => number;
  readonly #shared: SharedCount | undefined;
  readonly #tallies = new Map<string, Tally>();
  #counting: Promise<void> | undefined;

  constructor(limit: PinLimit, now: () => number, shared?: SharedCount) {
    this.#limit = limit;
    this.#now = now;
    this.#shared = shared;
  }

  /** The shared count of the guess just made, if it is under way: a verdict waits for it, so that it cannot be outrun. */
  takeCounting(): Promise<void> | undefined {
    const counting = this.#counting;
    this.#counting = undefined;
    return counting;
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
    this.#countHere(pan);
    if (this.#shared !== undefined) this.#counting = this.#countTogether(pan, this.#shared);
  }

  async #countTogether(pan: string, shared: SharedCount): Promise<void> {
    const together = await shared(pan, this.#now(), this.#limit.windowMs);
    const here = this.#tallies.get(pan);
    if (here === undefined || together.guesses > here.guesses) this.#tallies.set(pan, together);
  }

  #countHere(pan: string): void {
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
