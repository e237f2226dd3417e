import { xor } from '@zhanggui/bytes';
import { adjustParity } from '@zhanggui/card-crypto';
import { HsmError } from './hsm-error.ts';
import { isLengthOf, type KeyInfo, type KeyUse, keyUses } from './key.ts';
import { checkValue, isCheckValue } from './ready-key.ts';

export type CeremonyOrder = Readonly<{ ref: string; use: KeyUse; bytes: number; people: 2 | 3 }>;

/**
 * A key that two or three people bring together: each enters one component with its check value, alone at the keyboard;
 * nobody but the module ever has the key. Components live in this object until it ends, and are then wiped.
 */
export interface Ceremony {
  /** A new component for somebody to write down and carry to the other party, with the first three bytes of its check value. */
  makeComponent(): Readonly<{ component: Uint8Array; kcv: Uint8Array }>;
  /**
   * Throws `component-person` when this person has entered one already, `kcv-mismatch` (mistyped, to be entered again),
   * `key-length`, `ceremony-state` when all are there or the ceremony has ended. The answer is how many are still missing.
   */
  enter(part: { person: string; component: Uint8Array; kcv: Uint8Array }): number;
  /** Makes and keeps the key. Throws `ceremony-state` before the last component, `kcv-mismatch` against the key's own check value. */
  finish(check?: { kcv: Uint8Array }): Promise<KeyInfo>;
  /** Wipes what was entered. */
  cancel(): void;
}

type Host = Readonly<{
  random: (bytes: number) => Uint8Array;
  /** Keeps the key under the ceremony's ref; `people` are put on record. */
  keep: (clear: Uint8Array, people: string, kcv: Uint8Array | undefined) => Promise<KeyInfo>;
}>;

const kcvBytes = 3;

export const openCeremony = (host: Host, { ref, use, bytes, people }: CeremonyOrder): Ceremony => {
  if (!isLengthOf(use, bytes)) throw new HsmError('key-length', ref);
  const entered = new Map<string, Uint8Array>();
  let hasEnded = false;

  const wipe = (): void => {
    hasEnded = true;
    for (const component of entered.values()) component.fill(0);
    entered.clear();
  };

  return {
    makeComponent: () => {
      const component = Uint8Array.from(host.random(bytes));
      const fitting = keyUses[use].algorithm === 'des' ? adjustParity(component) : component;
      return { component: fitting, kcv: checkValue(use, fitting).slice(0, kcvBytes) };
    },

    enter: ({ person, component, kcv }) => {
      if (hasEnded || entered.size === people) throw new HsmError('ceremony-state', ref);
      if (component.length !== bytes) throw new HsmError('key-length', ref);
      if (person === '' || entered.has(person)) throw new HsmError('component-person', ref);
      if (!isCheckValue(use, component, kcv)) throw new HsmError('kcv-mismatch', ref);
      // A Buffer's slice would be the caller's own bytes, which are wiped at the end.
      entered.set(person, Uint8Array.from(component));
      return people - entered.size;
    },

    finish: async (check) => {
      if (hasEnded || entered.size < people) throw new HsmError('ceremony-state', ref);
      const names = [...entered.keys()].join(', ');
      const clear = [...entered.values()].reduce(xor);
      wipe();
      return host.keep(clear, names, check?.kcv);
    },

    cancel: wipe,
  };
};
