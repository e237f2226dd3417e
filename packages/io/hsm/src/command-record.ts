import type { AuditTrail } from './audit.ts';
import { Counts } from './counts.ts';
import type { CommandCount } from './hsm.ts';
import { HsmError } from './hsm-error.ts';

type Subject = Readonly<{ ref: string; person?: string }>;

/** Counts how every command ends, and puts on record what belongs there. */
export class CommandRecord {
  readonly #counts = new Counts();
  readonly #trail: AuditTrail | undefined;

  constructor(trail: AuditTrail | undefined) {
    this.#trail = trail;
  }

  counts(): CommandCount[] {
    return this.#counts.list();
  }

  ended(command: string, result: unknown): void {
    this.#counts.ended(command, result);
  }

  /** The error to throw in place of `error`; a refusal goes on record. */
  refused(command: string, error: unknown, person = ''): unknown {
    const refusal = this.#counts.refused(command, error);
    if (refusal instanceof HsmError)
      this.#trail?.note({ command, outcome: refusal.code, ref: refusal.ref ?? '', person });
    return refusal;
  }

  /** A command of the keeper's: it is done when it is on record. */
  async keep<Result>(command: string, { ref, person = '' }: Subject, run: () => Promise<Result>): Promise<Result> {
    try {
      const result = await run();
      await this.#trail?.record({ command, outcome: 'ok', ref, person });
      this.#counts.ended(command, result);
      return result;
    } catch (error) {
      throw this.refused(command, error, person);
    }
  }
}
