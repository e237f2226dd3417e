import { HsmError } from './hsm-error.ts';

/** At most `guesses` wrong answers about one card within `windowMs`; then nothing more is learnt about its PIN. */
export type PinLimit = Readonly<{ guesses: number; windowMs: number }>;

export const usualPinLimit: PinLimit = { guesses: 10, windowMs: 600_000 };

const cardsMax = 100_000;

export type Tally = { from: number; guesses: number };

/** A card that was shut, by its name in the store, and when its window began. */
export type ShutCard = Readonly<{ card: string; from: number }>;

/** The count that processes share. */
export interface SharedGuesses {
  /** What a card is called there, which is not its PAN. */
  nameOf(pan: string): string;
  /** Counts one more wrong guess; what the count is now. */
  count(card: string, at: number, windowMs: number): Promise<Tally>;
  /** Cards with at least so many guesses in windows that began after `since`. */
  shut(since: number, guesses: number): Promise<readonly ShutCard[]>;
}

/** So old may be what a process knows of the cards that others have shut. */
const refreshMs = 1000;

/**
 * Counts wrong guesses per card, so that whoever can put questions to the module cannot try PINs with it. The count is
 * not started again by a right answer: an old block that is known to be right can be played as often as one likes.
 * Where processes share a count, every wrong PIN is put into it before it is answered, and each process looks up what is
 * shut once a second while it is asked about PINs: right ones cost nothing more.
 */
export class PinGuard {
  readonly #limit: PinLimit;
  readonly #now: () => number;
  readonly #shared: SharedGuesses | undefined;
  readonly #tallies = new Map<string, Tally>();
  #shutElsewhere: ReadonlyMap<string, number> = new Map();
  #counting: Promise<void> | undefined;
  #loading: Promise<void> | undefined;
  #loadedAt: number | undefined;

  constructor(limit: PinLimit, now: () => number, shared?: SharedGuesses) {
    this.#limit = limit;
    this.#now = now;
    this.#shared = shared;
  }

  /** Before a question about a PIN: sees to it that what others have shut is known. Only the first time there is something to wait for. */
  refreshed(): Promise<void> | undefined {
    const shared = this.#shared;
    if (shared === undefined) return undefined;
    const isOld = this.#loadedAt === undefined || this.#now() - this.#loadedAt >= refreshMs;
    if (isOld && this.#loading === undefined) {
      this.#loading = this.#load(shared).finally(() => (this.#loading = undefined));
      // Whoever waits for it hears of a failure; later ones are tried again with the next question.
      this.#loading.catch(() => undefined);
    }
    return this.#loadedAt === undefined ? this.#loading : undefined;
  }

  async #load(shared: SharedGuesses): Promise<void> {
    const at = this.#now();
    const shut = await shared.shut(at - this.#limit.windowMs, this.#limit.guesses);
    this.#shutElsewhere = new Map(shut.map(({ card, from }) => [card, from]));
    this.#loadedAt = at;
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
    return this.#isShutHere(pan) || this.#isShutElsewhere(pan);
  }

  #isShutElsewhere(pan: string): boolean {
    if (this.#shared === undefined || this.#shutElsewhere.size === 0) return false;
    const from = this.#shutElsewhere.get(this.#shared.nameOf(pan));
    return from !== undefined && this.#now() - from < this.#limit.windowMs;
  }

  #isShutHere(pan: string): boolean {
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

  async #countTogether(pan: string, shared: SharedGuesses): Promise<void> {
    const together = await shared.count(shared.nameOf(pan), this.#now(), this.#limit.windowMs);
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
