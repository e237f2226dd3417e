import { CryptoError } from '@zhanggui/card-crypto';
import type { CommandCount } from './hsm.ts';
import { HsmError } from './hsm-error.ts';

/** Counts how commands end; the counts carry no values, only command names and outcomes. */
export class Counts {
  readonly #counts = new Map<string, Map<string, number>>();

  list(): CommandCount[] {
    return [...this.#counts].flatMap(([command, outcomes]) =>
      [...outcomes].map(([outcome, count]) => ({ command, outcome, count })),
    );
  }

  ended(command: string, result: unknown): void {
    this.#add(command, outcomeOf(result));
  }

  /** The error to throw in place of `error`: the calculations' errors become the module's own. */
  refused(command: string, error: unknown): unknown {
    const refusal = error instanceof CryptoError ? new HsmError(errorCodeOf(error)) : error;
    this.#add(command, refusal instanceof HsmError ? refusal.code : 'failed');
    return refusal;
  }

  #add(command: string, outcome: string): void {
    let outcomes = this.#counts.get(command);
    if (outcomes === undefined) {
      outcomes = new Map();
      this.#counts.set(command, outcomes);
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
}

const outcomeOf = (result: unknown): string => {
  if (result === false) return 'mismatch';
  return result === 'mismatch' || result === 'format-error' ? result : 'ok';
};

const errorCodeOf = ({ code }: CryptoError) => (code === 'pin-format' || code === 'key-length' ? code : 'data-format');
