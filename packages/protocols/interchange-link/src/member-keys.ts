import type { Hsm } from '@zhanggui/hsm';
import type { Clock } from '@zhanggui/time';
import type { InterchangeMessage } from './identity.ts';
import { takeWorkingKey } from './key-delivery.ts';
import { newKeyOf, type WorkingKeyKind, workingKeyKind } from './management.ts';
import { verified } from './port.ts';
import { createWorkingKey, type WorkingKey } from './working-keys.ts';

type Options = Readonly<{ institution: string; hsm: Hsm; zmk: string; clock: Clock; windowMs: number }>;

type Arrival = { kind: WorkingKeyKind; arrived: () => void };

/** The working keys a member has been sent, and who waits for the next one. */
export class MemberKeys {
  readonly pin: WorkingKey;
  readonly mac: WorkingKey;
  readonly #hsm: Hsm;
  readonly #zmk: string;
  #awaited: Arrival[] = [];

  constructor({ institution, hsm, zmk, clock, windowMs }: Options) {
    this.pin = createWorkingKey({ prefix: `member.${institution}.zpk`, clock, windowMs });
    this.mac = createWorkingKey({ prefix: `member.${institution}.zak`, clock, windowMs });
    this.#hsm = hsm;
    this.#zmk = zmk;
  }

  /**
   * Takes in the key of a reset. Returns the reference that signs the answer, or `undefined` when the message proves no common key
   * (most likely the two sides hold different member keys): then no answer goes out and both keep what they have.
   */
  async accept(reset: InterchangeMessage): Promise<string | undefined> {
    const kind = workingKeyKind(reset.fields[53]);
    const cryptogram = newKeyOf(reset);
    if (!kind || !cryptogram) return undefined;
    const key = this[kind];
    const proof = await takeWorkingKey(this.#hsm, kind, { ref: key.offer(), zmk: this.#zmk, cryptogram });
    if (await verified(this.#hsm, [proof], reset)) {
      key.turn();
      return proof;
    }
    key.withdraw();
    return undefined;
  }

  /** To be called when the answer to a reset has been sent: the key is in use on both sides. */
  settled(reset: InterchangeMessage): void {
    const kind = workingKeyKind(reset.fields[53]);
    for (const waiting of this.#awaited) if (waiting.kind === kind) waiting.arrived();
    this.#awaited = this.#awaited.filter((waiting) => waiting.kind !== kind);
  }

  /** Resolves when the next key of this kind is in use; rejects after `timeoutMs`. */
  next(kind: WorkingKeyKind, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${kind} key came`)), timeoutMs);
      timer.unref();
      const arrived = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#awaited.push({ kind, arrived });
    });
  }
}
